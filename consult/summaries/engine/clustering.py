"""Groups of points in a plane: seeded k-means, and how good and how repeatable its groups are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.intp]

MOST_GROUPS = 5
SMALLEST_GROUP = 3
_SEED = 20210
_STARTS = 10
_ROUNDS = 100
# Silhouettes need every distance; beyond this many points, evenly taken ones stand for all.
_SILHOUETTE_POINTS = 1000
_RESAMPLES = 20
_RESAMPLED = 0.8


class Clustering(Struct, frozen=True):
    """The best clustering of some points."""

    labels: Labels
    """Each point's group: 0 is the largest one."""
    silhouettes: dict[int, float]
    """Mean silhouette of every number of groups that was possible."""

    @property
    def groups(self) -> int:
        """Return how many groups there are."""
        return int(self.labels.max()) + 1


def cluster(points: Floats) -> Clustering | None:
    """Return the clustering of ``points`` into 2–5 groups with the best silhouette.

    As in Polis there are at most 2 groups more than whole dozens of points. Clusterings with a
    group of fewer than three points are not considered: they find loners, not groups, and would
    show how a single person voted. None when no clustering is possible. The same points in the
    same order give the same result.
    """
    distinct = len(np.unique(points, axis=0))
    found: dict[int, Labels] = {}
    for k in range(2, min(MOST_GROUPS, 2 + len(points) // 12, distinct) + 1):
        labels = _k_means(points, k)
        if np.bincount(labels, minlength=k).min() >= SMALLEST_GROUP:
            found[k] = labels
    if not found:
        return None
    sample = np.linspace(0, len(points) - 1, min(len(points), _SILHOUETTE_POINTS)).astype(np.intp)
    distances = _distances(points[sample], points[sample])
    silhouettes = {k: silhouette(distances, labels[sample]) for k, labels in found.items()}
    best = max(found, key=lambda k: (silhouettes[k], -k))
    return Clustering(_largest_first(found[best], points), silhouettes)


def _largest_first(labels: Labels, points: Floats) -> Labels:
    centres = [points[labels == group].mean(axis=0) for group in range(labels.max() + 1)]
    sizes = np.bincount(labels)
    order = sorted(range(len(sizes)), key=lambda group: (-sizes[group], *centres[group]))
    place = np.empty(len(order), dtype=np.intp)
    place[order] = np.arange(len(order))
    return place[labels]


def _k_means(points: Floats, k: int) -> Labels:
    """Return the labels of Lloyd's algorithm, the best of several k-means++ starts."""
    random = np.random.default_rng(_SEED)
    best: tuple[float, Labels] | None = None
    for _ in range(_STARTS):
        centres = _first_centres(points, k, random)
        labels = np.zeros(len(points), dtype=np.intp)
        for turn in range(_ROUNDS):
            nearest = _distances(points, centres).argmin(axis=1)
            if turn and (nearest == labels).all():
                break
            labels = nearest
            member = (labels[:, None] == np.arange(k)).astype(np.float64)
            sizes = member.sum(axis=0)[:, None]
            centres = np.where(sizes > 0, (member.T @ points) / np.maximum(sizes, 1), centres)
        spread = float(((points - centres[labels]) ** 2).sum())
        if best is None or spread < best[0]:
            best = (spread, labels)
    assert best is not None
    return best[1]


def _first_centres(points: Floats, k: int, random: np.random.Generator) -> Floats:
    """Return k of the points, each drawn by its squared distance from those drawn before."""
    centres = [points[int(random.random() * len(points))]]
    for _ in range(k - 1):
        nearest = _distances(points, np.array(centres)).min(axis=1) ** 2
        sums = np.cumsum(nearest)
        at = np.count_nonzero(sums <= random.random() * sums[-1])
        centres.append(points[min(at, len(points) - 1)])
    return np.array(centres)


def _distances(points: Floats, others: Floats) -> Floats:
    return np.sqrt(((points[:, None, :] - others[None, :, :]) ** 2).sum(axis=2))


def silhouette(distances: Floats, labels: Labels) -> float:
    """Return the mean silhouette, within [-1, 1] (Rousseeuw 1987), 0 where only one group is.

    ``distances`` are those between all points. A point alone in its group counts 0.
    """
    groups: Labels = np.unique(labels)
    if len(groups) < 2:
        return 0.0
    own = np.searchsorted(groups, labels)
    member = (labels[:, None] == groups).astype(np.float64)
    sizes: Floats = member.sum(axis=0)
    sums = distances @ member
    rows = np.arange(len(own))
    inside = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    outside = means.min(axis=1)
    larger = np.maximum(inside, outside)
    scores = np.where(larger > 0, (outside - inside) / np.where(larger > 0, larger, 1), 0.0)
    return float(np.where(sizes[own] > 1, scores, 0.0).mean())


def adjusted_rand(one: Labels, other: Labels) -> float:
    """Return how far two clusterings of the same points agree: 1 wholly, about 0 by chance.

    Hubert and Arabie, "Comparing partitions", Journal of Classification 2, 1985.
    """
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)

    def pairs(counts: Floats) -> float:
        return float((counts * (counts - 1) / 2).sum())

    together, all_pairs = pairs(table), pairs(np.array([float(len(one))]))
    rows, columns = pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    by_chance = rows * columns / all_pairs if all_pairs else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == by_chance else (together - by_chance) / (most - by_chance)


def repeatability(
    labels: Labels, anew: Callable[[Labels], Clustering | None]
) -> tuple[float, list[float]]:
    """Return how far clusterings of resamples agree with ``labels``: their mean, and each.

    ``anew`` clusters the people at the given places from their votes. Each of twenty resamples
    leaves a fifth of the people out; the agreement is the adjusted Rand index on those that
    stay, 0 where they form no groups.
    """
    random = np.random.default_rng(_SEED)
    share = round(len(labels) * _RESAMPLED)
    agreements: list[float] = []
    for _ in range(_RESAMPLES):
        stay = np.sort(random.permutation(len(labels))[:share])
        again = anew(stay)
        agreements.append(adjusted_rand(labels[stay], again.labels) if again else 0.0)
    return float(np.mean(agreements)), agreements

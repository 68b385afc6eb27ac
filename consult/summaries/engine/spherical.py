"""Directions: many-term rows brought down to a few dimensions, and k-means over them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

_SEED = 20260101
_SPARE, _POWERS = 10, 3
_ROUNDS = 50


def reduced(table: Any, dimensions: int) -> Floats:
    """Return the rows of a sparse table in at most so many dimensions, each of length 1.

    Latent semantic analysis (Deerwester et al. 1990) by a randomised singular value
    decomposition with a fixed seed (Halko, Martinsson and Tropp 2011, algorithm 4.4).
    """
    size = min(dimensions + _SPARE, *table.shape)
    start = np.random.default_rng(_SEED).standard_normal((table.shape[1], size))
    basis: Floats = np.linalg.qr(table @ start)[0]
    for _ in range(_POWERS):
        basis = np.linalg.qr(table @ np.linalg.qr(table.T @ basis)[0])[0]
    turned, weights, _ = np.linalg.svd((table.T @ basis).T, full_matrices=False)
    return directions(basis @ (turned * weights)[:, :dimensions])


def directions(rows: Floats) -> Floats:
    """Return the rows with length 1; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def k_means(points: Floats, many: int, *, starts: int) -> Labels:
    """Return the labels 0 to ``many`` - 1 of spherical k-means (Dhillon and Modha 2001).

    ``points`` have length 1; of several seeded starts the one with the greatest sum of
    cosines counts. The same points in the same order give the same labels.
    """
    random = np.random.default_rng(_SEED)
    best, chosen = -np.inf, np.zeros(len(points), np.int64)
    for _ in range(starts):
        centres = _first_centres(points, many, random)
        labels = np.full(len(points), -1, np.int64)
        for _ in range(_ROUNDS):
            nearest = np.argmax(points @ centres.T, axis=1)
            if (nearest == labels).all():
                break
            labels = nearest
            sums = (labels == np.arange(many)[:, None]).astype(np.float64) @ points
            centres = np.where(sums.any(axis=1, keepdims=True), directions(sums), centres)
        value = float((points * centres[labels]).sum())
        if value > best:
            best, chosen = value, labels
    return chosen


def _first_centres(points: Floats, many: int, random: np.random.Generator) -> Floats:
    """Return ``many`` of the points, each drawn by its distance from those drawn before."""
    chosen = [int(random.random() * len(points))]
    far = np.full(len(points), np.inf)
    for _ in range(many - 1):
        far = np.minimum(far, np.maximum(1 - points @ points[chosen[-1]], 0))
        sums = np.cumsum(far)
        at = int(np.count_nonzero(sums <= random.random() * sums[-1]))
        chosen.append(min(at, len(points) - 1))
    return points[chosen]

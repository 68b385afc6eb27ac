"""Tables of how often each term stands in each text or sentence: the door to sparse matrices."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# scipy has no types.

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy import sparse

from consult.summaries.engine.terms import Numbers

# More terms than these say nothing more about a theme, and would fill the memory.
_MOST_TERMS = 20_000


class Counts(Struct, frozen=True):
    """``table[row, column]`` is how often the term ``codes[column]`` stands in the row."""

    table: Any
    codes: Numbers

    def frequencies(self) -> NDArray[np.int64]:
        """Return for each term in how many rows it stands."""
        return np.bincount(self.table.indices, minlength=len(self.codes))


def count(rows: Sequence[Numbers], *, fewest: int = 1) -> Counts:
    """Return how often each code stands in each of the ``rows``.

    Codes in fewer than ``fewest`` rows are left out, and of very many all but the most
    frequent ones.
    """
    sizes = np.array([len(row) for row in rows], np.int64)
    flat = np.concatenate(rows) if len(rows) else np.array([], np.int64)
    codes, columns = np.unique(flat, return_inverse=True)
    owners = np.repeat(np.arange(len(rows)), sizes)
    ones = np.ones(len(flat), np.float64)
    table = sparse.csr_matrix((ones, (owners, columns)), shape=(len(rows), len(codes)))
    table.sum_duplicates()
    frequencies = np.bincount(table.indices, minlength=len(codes))
    kept = np.flatnonzero(frequencies >= fewest)
    if len(kept) > _MOST_TERMS:
        order = np.lexsort((kept, -frequencies[kept]))
        kept = np.sort(kept[order[:_MOST_TERMS]])
    if len(kept) < len(codes):
        table, codes = table[:, kept].tocsr(), codes[kept]
    return Counts(table, codes)


def weighted(counts: Counts) -> Any:
    """Return the table as TF-IDF, (1 + ln tf) (1 + ln((1 + n) / (1 + df))), rows of length 1."""
    table = counts.table.copy()
    rows = table.shape[0]
    rarity = 1 + np.log((1 + rows) / (1 + counts.frequencies()))
    table.data = (1 + np.log(table.data)) * rarity[table.indices]
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return sparse.diags(1 / lengths) @ table


def nearness(table: Any, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Any:
    """Return the cosines of some rows (down) with others (across), as a dense array."""
    return (table[rows] @ table[columns].T).toarray()


def gathered(labels: NDArray[np.int64], table: Any) -> Any:
    """Return for each label 0, 1, … the sum of its rows with length 1; -1 is left out."""
    sums = _choice(labels) @ table
    lengths = np.sqrt(np.asarray(sums.multiply(sums).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return sparse.diags(1 / lengths) @ sums


def nearness_to(centres: Any, table: Any, rows: NDArray[np.int64]) -> Any:
    """Return the cosines of some rows of ``table`` (down) with centres (across), dense."""
    return (table[rows] @ centres.T).toarray()


def holders(counts: Counts, columns: Sequence[int]) -> list[NDArray[np.int64]]:
    """Return for each of the columns the rows in which its term stands, in order."""
    table = counts.table.tocsc()
    table.sort_indices()
    return [
        table.indices[table.indptr[column] : table.indptr[column + 1]].astype(np.int64)
        for column in columns
    ]


def rows_of(counts: Counts, rows: NDArray[np.int64]) -> Counts:
    """Return the counts of some rows only."""
    return Counts(counts.table[rows], counts.codes)


def occurrence(counts: Counts) -> Any:
    """Return the table with 1 for every term that stands in a row."""
    table = counts.table.copy()
    table.data[:] = 1
    return table


def total_by(labels: NDArray[np.int64], counts: Counts) -> NDArray[np.float64]:
    """Return how often each term stands in the rows of each label 0, 1, …; -1 is left out."""
    return (_choice(labels) @ counts.table).toarray()


def _choice(labels: NDArray[np.int64]) -> Any:
    """Return the table of labels (down) by rows (across) with 1 where the row has the label."""
    many = int(labels.max(initial=-1)) + 1
    rows = np.flatnonzero(labels >= 0)
    return sparse.csr_matrix((np.ones(len(rows)), (labels[rows], rows)), shape=(many, len(labels)))

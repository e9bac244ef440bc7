"""Coded answers counted: weighted counts of each code in each drawn unit, several questions at a time."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from quantri.engine.design import FloatArray, IntArray
from quantri.engine.joint import CELLS, Slots, joined
from quantri.engine.recode import CodeBook

ROWS = 120_000  # at a time: codes of a column below the 128 KB that are asked of the system anew each time


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Sums of V coded variables over G units, or over runs of rows that bear the same labels.

    Parameters
    ----------
    labels : polars.DataFrame
        Labels of each.
    y, r, x : ndarray of float, shape (G, V)
        Weighted sums of values, of those who have one, and of squares.
    n : ndarray of int, shape (G, V)
    undeclared : ndarray of int, shape (G,)
        Answers whose code is not declared.

    Examples
    --------
    >>> frame = pl.DataFrame({"u": [1, 1, 2], "q": pl.Series([1, 2, 1], dtype=pl.Int8), "_w": [1.0, 2.0, 4.0]})
    >>> found = tally(frame.lazy(), ["u"], [("q", CodeBook(worth={1: 1.0, 2: 0.0}))])
    >>> found.y[:, 0].tolist(), found.r[:, 0].tolist()
    ([1.0, 4.0], [3.0, 4.0])
    """

    labels: pl.DataFrame
    y: FloatArray
    r: FloatArray
    x: FloatArray
    n: IntArray
    undeclared: IntArray

    def by(self, labels: pl.DataFrame) -> "Tally":
        """Add runs up by unit, in the order of `labels`, each of which some run bears."""
        places = labels.with_row_index("_place")
        found = self.labels.join(places, on=labels.columns, how="left", nulls_equal=True, maintain_order="left")
        place = found["_place"].to_numpy()
        order = np.argsort(place, kind="stable")
        starts = np.searchsorted(place[order], np.arange(len(labels)))
        y, r, x, n, undeclared = (
            np.add.reduceat(part[order], starts, axis=0) for part in (self.y, self.r, self.x, self.n, self.undeclared)
        )
        return Tally(labels=labels, y=y, r=r, x=x, n=n, undeclared=undeclared)


def tally(frame: pl.LazyFrame, keys: Sequence[str], questions: Sequence[tuple[str, CodeBook]]) -> Tally:
    """Count coded answers by the labels of `keys`, weighted by the column ``_w``.

    Parameters
    ----------
    frame : polars.LazyFrame
        Labels, weights and answers in columns of whole numbers; null is no answer.
    keys : sequence of str
    questions : sequence of (column, CodeBook)
        V variables; a column may come twice.

    Returns
    -------
    Tally
        Runs in the order of the rows; labels that come again later make another run.

    Notes
    -----
    Answers of several questions make one joint code, whose weights are summed by one pass of `numpy.bincount`; sums of
    one question are margins of that table. Data that do not lie together by unit are sorted, a chunk at a time.
    """
    filled = frame.with_columns(
        pl.col(column).fill_null(book.silent[0]) for column, book in dict(questions).items() if book.silent
    )
    slots = {number: Slots(book) for number, book in {id(book): book for _, book in questions}.items()}
    coded = [(column, slots[id(book)]) for column, book in questions]
    with np.errstate(invalid="ignore"):  # of weights without end, which are refused once they are seen
        parts = [_counted(chunk, keys, coded) for chunk in _chunks(filled, keys)]
    return Tally(
        labels=pl.concat(part.labels for part in parts), y=np.concatenate([part.y for part in parts]),
        r=np.concatenate([part.r for part in parts]), x=np.concatenate([part.x for part in parts]),
        n=np.concatenate([part.n for part in parts]), undeclared=np.concatenate([part.undeclared for part in parts]),
    )  # fmt: skip


def _chunks(frame: pl.LazyFrame, keys: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Fetch a chunk while the one before is counted."""
    batches = iter(frame.collect_batches(chunk_size=ROWS, engine="streaming"))
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, batches, None)
        while (chunk := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            if len(chunk):
                yield chunk if _runs(chunk, keys)[-1] < len(chunk) / 4 else chunk.sort(keys)


def _runs(chunk: pl.DataFrame, keys: Sequence[str]) -> IntArray:
    """Give each row (rows,) the number of its run, which ends where any label changes."""
    number = chunk.select(pl.struct(keys).rle_id()).to_series()
    return number.to_numpy().astype(np.int64)


def _counted(chunk: pl.DataFrame, keys: Sequence[str], questions: Sequence[tuple[str, Slots]]) -> Tally:
    """Sum a chunk by run; a joint table is small, and not larger than twice the rows that fill it."""
    run, weight = _runs(chunk, keys), chunk["_w"].to_numpy()
    n_runs = int(run[-1]) + 1
    weighted, counted = np.empty((n_runs, 3, len(questions))), np.empty((n_runs, 2, len(questions)))
    starts: dict[int, IntArray] = {}  # of the part of a table that is of each row's run
    index = np.empty(len(chunk), dtype=np.int64)
    for joint in joined(questions, room=min(CELLS, 2 * len(chunk) // n_runs)):
        if joint.cells not in starts:
            starts[joint.cells] = run * joint.cells
        np.add(starts[joint.cells], joint.read(chunk), out=index)
        shape = (n_runs, joint.cells)
        sums = np.bincount(index, weights=weight, minlength=n_runs * joint.cells).reshape(shape)
        weighted[:, :, joint.span] = (sums @ joint.weighted).reshape(n_runs, 3, -1)
        count = np.bincount(index, minlength=n_runs * joint.cells).reshape(shape)
        counted[:, :, joint.span] = (count @ joint.counted).reshape(n_runs, 2, -1)
    n, undeclared = counted.astype(np.int64).transpose(1, 0, 2)
    first = np.flatnonzero(np.diff(run, prepend=-1))
    return Tally(
        labels=chunk.select(keys)[first], y=weighted[:, 0], r=weighted[:, 1], x=weighted[:, 2], n=n,
        undeclared=undeclared.sum(axis=1),
    )  # fmt: skip

"""Coded answers counted: weighted counts of each code in each drawn unit, several questions at a time."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from quantri.engine.design import FloatArray, IntArray
from quantri.engine.recode import CodeBook

ROWS = 262_144  # at a time: two megabytes a column
CELLS = 64  # of a joint table, which should stay in the processor's cache
_SILENT, _UNDECLARED, _FIRST = 0, 1, 2  # slots; the values follow


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Sums of V coded variables over runs of rows that bear the same labels.

    Parameters
    ----------
    labels : polars.DataFrame
        Labels of the G runs.
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
    with np.errstate(invalid="ignore"):  # of weights without end, which are refused once they are seen
        parts = [_counted(chunk, keys, questions) for chunk in _chunks(filled, keys)]
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


def _counted(chunk: pl.DataFrame, keys: Sequence[str], questions: Sequence[tuple[str, CodeBook]]) -> Tally:
    run, weight = _runs(chunk, keys), chunk["_w"].to_numpy()
    n_runs, v = int(run[-1]) + 1, len(questions)
    sums = {kind: np.zeros((n_runs, v)) for kind in "yrxnu"}
    sizes = [len(book.worth) + _FIRST for _, book in questions]
    bases: dict[int, IntArray] = {}
    for group in _packed(sizes, len(chunk) // n_runs):
        shape = [n_runs, *(sizes[k] for k in group)]
        cells = int(np.prod(shape[1:]))
        base = bases.setdefault(cells, run * cells)
        joint: NDArray[Any] = np.zeros(len(chunk), dtype=np.uint8 if cells <= 256 else np.int64)
        for k in group:
            cells //= sizes[k]
            joint += _slots(chunk[questions[k][0]], questions[k][1], joint.dtype.type(cells))
        index, n_cells = base + joint, int(np.prod(shape))
        weighted = np.bincount(index, weights=weight, minlength=n_cells).reshape(shape)
        counted = np.bincount(index, minlength=n_cells).reshape(shape)
        for axis, k in enumerate(group, 1):
            others = tuple(a for a in range(1, len(shape)) if a != axis)
            _enter(sums, k, questions[k][1], weighted.sum(axis=others), counted.sum(axis=others))
    first = np.flatnonzero(np.diff(run, prepend=-1))
    return Tally(
        labels=chunk.select(keys)[first], y=sums["y"], r=sums["r"], x=sums["x"], n=sums["n"].astype(np.int64),
        undeclared=sums["u"].sum(axis=1).astype(np.int64),
    )  # fmt: skip


def _enter(sums: dict[str, FloatArray], k: int, book: CodeBook, weighted: FloatArray, counted: IntArray) -> None:
    """Write the margins of one question, (runs, slots), as its sums."""
    worth = np.array(list(book.worth.values()))
    held = weighted[:, _FIRST:]
    sums["y"][:, k] = held @ worth
    sums["r"][:, k] = held.sum(axis=1)
    sums["x"][:, k] = held @ worth**2
    sums["n"][:, k] = counted[:, _FIRST:].sum(axis=1)
    sums["u"][:, k] = counted[:, _UNDECLARED]


def _packed(sizes: Sequence[int], rows_a_run: int) -> list[list[int]]:
    """Put questions together whose joint table is small, and not larger than twice the rows that fill it.

    Examples
    --------
    >>> _packed([4, 4, 4, 4], rows_a_run=1000), _packed([4, 4], rows_a_run=5)
    ([[0, 1, 2], [3]], [[0], [1]])
    """
    room, cells = max(min(CELLS, 2 * rows_a_run), 1), 0
    groups: list[list[int]] = []
    for k, size in enumerate(sizes):
        if groups and cells * size <= room:
            groups[-1].append(k)
            cells *= size
        else:
            groups.append([k])
            cells = size
    return groups


def _slots(column: pl.Series, book: CodeBook, stride: Any) -> NDArray[Any]:
    """Slot of each answer, shape (rows,), times a stride: silent, undeclared, or the place of its code."""
    nulls = column.is_null().to_numpy() if column.null_count() else None
    values = column.to_numpy() if nulls is None else column.fill_null(0).to_numpy()
    places = dict.fromkeys(book.silent, _SILENT) | {code: _FIRST + i for i, code in enumerate(book.worth)}
    width = 8 * values.itemsize
    if width <= 16:
        table = np.full(1 << width, _UNDECLARED * stride)
        for code, place in places.items():
            table[code & ((1 << width) - 1)] = place * stride  # a negative code lies at the upper end, as its bits say
        slots = table.take(values.view(f"u{values.itemsize}"))
    else:
        slots = np.full(len(values), _UNDECLARED * stride)
        for code, place in places.items():
            slots[values == code] = place * stride
    if nulls is not None:
        slots[nulls] = _SILENT
    return slots

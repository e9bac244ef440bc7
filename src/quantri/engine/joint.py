"""Several coded questions as one joint code, and the margins that a table of it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from quantri.engine.design import FloatArray
from quantri.engine.recode import CodeBook

CELLS = 256  # of a joint table at most: the code is a byte, and a unit's part of the table stays in a near cache
_SILENT, _UNDECLARED, _FIRST = 0, 1, 2  # slots; the values follow


class Slots:
    """A code book as arrays over its S slots: silent, undeclared, then a place for each declared code.

    Parameters
    ----------
    book : CodeBook

    Attributes
    ----------
    size : int
        S.
    weighted : ndarray of float, shape (3, S)
        What a weight in each slot adds to the sums of values, of those who have one, and of squares.
    counted : ndarray of float, shape (2, S)
        What an answer in each slot adds to those who have a value, and to undeclared codes.

    Examples
    --------
    >>> slots = Slots(CodeBook(worth={1: 1.0, 2: 0.0}, silent=(9,)))
    >>> slots.read(pl.Series([1, 2, 9, 7, None], dtype=pl.Int8)).tolist()
    [2, 3, 0, 1, 0]
    """

    def __init__(self, book: CodeBook) -> None:
        self.size = _FIRST + len(book.worth)
        slot, worth = np.arange(self.size), np.array([0.0, 0.0, *book.worth.values()])
        self.weighted: FloatArray = np.stack([worth, slot >= _FIRST, worth**2])
        self.counted: FloatArray = np.stack([slot >= _FIRST, slot == _UNDECLARED]).astype(np.float64)
        self._places = dict.fromkeys(book.silent, _SILENT) | {code: _FIRST + i for i, code in enumerate(book.worth)}
        self._kind = np.uint8 if self.size <= CELLS else np.int64
        self._tables: dict[int, NDArray[Any]] = {}

    def read(self, column: pl.Series) -> NDArray[Any]:
        """Slot of each answer, shape (rows,); null is silent."""
        nulls = column.is_null().to_numpy() if column.null_count() else None
        values = column.to_numpy() if nulls is None else column.fill_null(0).to_numpy()
        if values.itemsize <= 2:
            slots = self._table(8 * values.itemsize).take(values.view(f"u{values.itemsize}"))
        else:
            slots = np.full(len(values), _UNDECLARED, dtype=self._kind)
            for code, place in self._places.items():
                slots[values == code] = place
        if nulls is not None:
            slots[nulls] = _SILENT
        return slots

    def _table(self, width: int) -> NDArray[Any]:
        """Slot of each pattern of 8 or 16 bits; a negative code lies at the upper end, as its bits say."""
        if width not in self._tables:
            table = self._tables[width] = np.full(1 << width, _UNDECLARED, dtype=self._kind)
            for code, place in self._places.items():
                table[code & ((1 << width) - 1)] = place
        return self._tables[width]


@dataclass(frozen=True, kw_only=True)
class Joint:
    """Neighbouring questions that are counted together.

    Parameters
    ----------
    span : slice
        Their places among all questions.
    columns : tuple of str
    slots : tuple of Slots
    weighted, counted : ndarray of float, shape (cells, 3·Q) and (cells, 2·Q)
        Times a table of the joint code, the `Slots.weighted` and `Slots.counted` of each question.
    """

    span: slice
    columns: tuple[str, ...]
    slots: tuple[Slots, ...]
    weighted: FloatArray
    counted: FloatArray

    @property
    def cells(self) -> int:
        """Number of joint codes."""
        return len(self.weighted)

    def read(self, chunk: pl.DataFrame) -> NDArray[Any]:
        """Joint code of each row, shape (rows,)."""
        joint = self.slots[0].read(chunk[self.columns[0]])
        for column, slots in zip(self.columns[1:], self.slots[1:], strict=True):
            joint *= joint.dtype.type(slots.size)
            joint += slots.read(chunk[column])
        return joint


def joined(questions: Sequence[tuple[str, Slots]], room: int) -> list[Joint]:
    """Put neighbouring questions together whose joint table has no more than `room` cells.

    Examples
    --------
    >>> slots = Slots(CodeBook(worth={1: 1.0, 2: 0.0}))
    >>> [found.columns for found in joined([("a", slots), ("b", slots), ("c", slots)], room=16)]
    [('a', 'b'), ('c',)]
    """
    made: dict[tuple[Slots, ...], tuple[FloatArray, FloatArray]] = {}
    groups = []
    for start, stop in _spans([slots.size for _, slots in questions], room):
        slots = tuple(slots for _, slots in questions[start:stop])
        if slots not in made:
            made[slots] = _margins([s.weighted for s in slots]), _margins([s.counted for s in slots])
        weighted, counted = made[slots]
        columns = tuple(column for column, _ in questions[start:stop])
        groups.append(Joint(span=slice(start, stop), columns=columns, slots=slots, weighted=weighted, counted=counted))
    return groups


def _spans(sizes: Sequence[int], room: int) -> list[tuple[int, int]]:
    """First and last-but-one places of runs whose sizes multiply to no more than `room`; one alone may be larger.

    Examples
    --------
    >>> _spans([4, 4, 4, 4], 64), _spans([4, 400], 8)
    ([(0, 3), (3, 4)], [(0, 1), (1, 2)])
    """
    starts, cells = [0], 1
    for k, size in enumerate(sizes):
        if k > starts[-1] and cells * size > room:
            starts.append(k)
            cells = 1
        cells *= size
    return list(zip(starts, [*starts[1:], len(sizes)], strict=True))


def _margins(parts: Sequence[FloatArray]) -> FloatArray:
    """Values (P, S) of the slots of each of Q questions, for every cell of their joint table: (cells, P·Q)."""
    sizes = [part.shape[1] for part in parts]
    spread = [
        np.tile(np.repeat(part, int(np.prod(sizes[q + 1 :])), axis=1), int(np.prod(sizes[:q])))
        for q, part in enumerate(parts)
    ]
    return np.ascontiguousarray(np.stack(spread, axis=1).reshape(-1, int(np.prod(sizes))).T)

"""Known totals of a population by category, and the categories of a sample as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from quantri.errors import DataError, DesignError, refuse
from quantri.said import Said, listed

Floats = NDArray[np.float64]
SUM_TOLERANCE = 1e-6  # published totals are rounded


@dataclass(frozen=True, kw_only=True)
class Margin:
    """Known totals of the categories of one variable, or of several crossed.

    Parameters
    ----------
    variables : tuple of str
        Columns of the data.
    totals : mapping of str to float
        Total of each category, above 0, in people (or shares); categories of crossed variables are joined by ``/``.

    Raises
    ------
    DesignError
        If there is no variable or category, or a total is not above 0.

    Examples
    --------
    >>> Margin(variables=("sex", "area"), totals={"f/urban": 3.0, "f/rural": 7.0}).name
    'sex/area'
    """

    variables: tuple[str, ...]
    totals: Mapping[str, float]

    def __post_init__(self) -> None:
        if not self.variables or not self.totals:
            raise DesignError("margin {name!r}: needs a variable and a table of totals", name=self.name)
        for category, total in self.totals.items():
            if isinstance(total, bool) or not isinstance(total, (int, float)) or not (isfinite(total) and total > 0):
                raise DesignError(
                    "margin {name!r}: the total of {category!r} must be above 0, not {total!r}",
                    name=self.name,
                    category=category,
                    total=total,
                )

    @property
    def name(self) -> str:
        """The variables, joined by ``/``."""
        return "/".join(self.variables)

    @property
    def sum(self) -> float:
        """Sum of the totals."""
        return float(sum(self.totals.values()))


def check_sums(margins: Sequence[Margin]) -> None:
    """Refuse margins that count different populations."""
    first = margins[0]
    faults = [
        DesignError(
            "margin {name!r} sums to {sum:.10g}, but {first!r} to {total:.10g}; take both from one source",
            name=m.name,
            sum=m.sum,
            first=first.name,
            total=first.sum,
        )
        for m in margins[1:]
        if abs(m.sum - first.sum) > SUM_TOLERANCE * first.sum
    ]
    refuse(faults)


@dataclass(frozen=True, kw_only=True)
class Cells:
    """The combinations of categories of several margins that occur in the data.

    Parameters
    ----------
    columns : float array (G, Q)
        For each combination, a 1 in the column of each of its categories; Q categories of all margins in all.
    totals : float array (Q,)
        Known totals, scaled, by less than a millionth, to the sum of the first margin.
    names : tuple of str
        Of the Q categories.
    cell : int array (n,)
        Combination of each row.
    """

    columns: Floats
    totals: Floats
    names: tuple[str, ...]
    cell: NDArray[np.int64]


def cells_of(labels: Sequence[NDArray[np.str_]], margins: Sequence[Margin]) -> Cells:
    """Write the categories of margins as columns of 0 and 1.

    Parameters
    ----------
    labels : sequence of text array (n,)
        Category of each row, one array for each margin.
    margins : sequence of Margin

    Raises
    ------
    DataError
        If a category of the data has no total, or one with a total has nobody; one line for each margin at fault.
    DesignError
        If the sums disagree.

    Examples
    --------
    >>> sex = Margin(variables=("sex",), totals={"m": 5.0, "f": 6.0})
    >>> got = cells_of([np.array(["f", "m", "f"])], [sex])
    >>> got.columns.tolist(), got.cell.tolist()
    ([[0.0, 1.0], [1.0, 0.0]], [0, 1, 0])
    """
    check_sums(margins)
    faults = [fault for label, margin in zip(labels, margins, strict=True) for fault in _mismatches(label, margin)]
    refuse(faults)
    code = np.zeros(len(labels[0]), dtype=np.int64)
    for label in labels:
        values, own = np.unique(label, return_inverse=True)
        code = np.unique(code * len(values) + own, return_inverse=True)[1]
    first = np.unique(code, return_index=True)[1]
    pairs = [(label[first], margin) for label, margin in zip(labels, margins, strict=True)]
    columns = [label == category for label, margin in pairs for category in margin.totals]
    totals = [total * margins[0].sum / margin.sum for margin in margins for total in margin.totals.values()]
    return Cells(
        columns=np.column_stack(columns).astype(np.float64), totals=np.array(totals, dtype=np.float64), cell=code,
        names=tuple(f"{margin.name} = {category}" for margin in margins for category in margin.totals),
    )  # fmt: skip


def _mismatches(label: NDArray[np.str_], margin: Margin) -> list[DataError]:
    seen, n = np.unique(label, return_counts=True)
    found = dict(zip(map(str, seen), map(int, n), strict=True))
    without = [
        Said("{category!r} ({n} rows)", category=category, n=rows)
        for category, rows in found.items()
        if category not in margin.totals
    ]
    empty = [repr(category) for category in margin.totals if category not in found]
    faults = []
    if without:
        faults.append(
            DataError(
                "margin {name!r}: no total for {categories} of the data; add it or recode the data",
                name=margin.name, categories=listed(without),
            )
        )  # fmt: skip
    if empty:
        faults.append(
            DataError(
                "margin {name!r}: nobody in the data is {categories}; join it with another category",
                name=margin.name, categories=listed(empty),
            )
        )  # fmt: skip
    return faults

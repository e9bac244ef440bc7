"""Weights of a sample: from the draw, for those who did not answer, trimmed, and calibrated to known margins."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from quantri.engine.calibration import UNBOUNDED, Calibration, Floats, calibrate, check_base
from quantri.engine.margins import Margin, cells_of
from quantri.errors import DataError, DesignError

Labels = NDArray[np.str_]


def base_weights(probabilities: Floats, prior: Floats | None = None) -> Floats:
    """Give each drawn row the number of people that it stands for.

    Parameters
    ----------
    probabilities : float array (n, S)
        Inclusion probability at each of S stages, given the unit above; above 0, at most 1.
    prior : float array (n,), optional
        Weight from a draw before.

    Returns
    -------
    float array (n,)

    Raises
    ------
    DataError
        If a probability is not above 0 and at most 1.

    References
    ----------
    .. [1] Horvitz, Thompson (1952), J. Am. Stat. Assoc. 47(260).

    Examples
    --------
    >>> base_weights(np.array([[0.5, 0.1], [1.0, 0.25]]))
    array([20.,  4.])
    """
    bad = ~((probabilities > 0) & (probabilities <= 1))
    if bad.any():
        row, stage = (int(n[0]) for n in np.nonzero(bad))
        raise DataError(
            "row {row}, stage {stage}: a probability lies above 0 and up to 1, not {found}",
            row=row + 1,
            stage=stage + 1,
            found=probabilities[row, stage],
        )
    weights = 1.0 / probabilities.prod(axis=1)
    return np.asarray(weights if prior is None else weights * prior)


def adjust_for_nonresponse(weights: Floats, responded: NDArray[np.bool_], cells: Labels) -> Floats:
    """Let those who answered stand for those of their cell who did not.

    Parameters
    ----------
    weights : float array (n,)
        Base weights of all who were drawn.
    responded : bool array (n,)
    cells : text array (n,)
        The cell that each lies in.

    Returns
    -------
    float array (n,)
        Weights whose sum in each cell is unchanged; 0 for those who did not answer.

    Raises
    ------
    DataError
        If nobody of a cell answered.

    Notes
    -----
    Weighting-class adjustment: unbiased so far as who answers does not depend on the answers within a cell [1]_.

    References
    ----------
    .. [1] Oh, Scheuren (1983), in Incomplete Data in Sample Surveys, vol. 2.

    Examples
    --------
    >>> adjust_for_nonresponse(np.ones(4), np.array([True, False, True, True]), np.array(["a", "a", "b", "b"]))
    array([2., 0., 1., 1.])
    """
    names, code = np.unique(cells, return_inverse=True)
    drawn = np.bincount(code, weights)
    answered = np.bincount(code, weights * responded)
    if (answered == 0).any():
        empty = ", ".join(repr(str(name)) for name in names[answered == 0][:5])
        raise DataError("nobody answered in the non-response cell {empty}; join it with another cell", empty=empty)
    return np.asarray(weights * responded * (drawn / answered)[code])


def trim_weights(weights: Floats, low: float, high: float) -> Floats:
    """Cut weights at two bounds, sharing what is cut among the others; their sum stays.

    Parameters
    ----------
    weights : float array (n,)
    low, high : float
        Bounds, in the unit of the weights; the mean weight must lie between them.

    Returns
    -------
    float array (n,)
        Weights within the bounds.

    Raises
    ------
    DesignError
        If the mean weight does not lie between the bounds.

    Notes
    -----
    What is cut is shared equally among the weights that were not, and cut again until none lies outside; equal to R
    `survey`'s ``trimWeights`` with ``strict = TRUE``. It trades bias for variance; the bias is not estimated.

    References
    ----------
    .. [1] Potter (1990), Proc. ASA Section on Survey Research Methods, on trimming extreme weights.

    Examples
    --------
    >>> trim_weights(np.array([1.0, 2.0, 9.0]), 0.5, 6.0)
    array([2.5, 3.5, 6. ])
    """
    mean = float(weights.mean())
    if not low <= mean <= high:
        raise DesignError(
            "trim bounds {low:g} and {high:g} leave out the mean weight {mean:g}; widen them",
            low=low,
            high=high,
            mean=mean,
        )
    for _ in range(1000):  # each round cuts what the last one pushed over a bound; the rest dwindles to rounding
        cut = np.clip(weights, low, high)
        outside = cut != weights
        if not outside.any():
            break
        surplus = float((weights - cut).sum())
        takers = ~outside if not outside.all() else (cut < high if surplus > 0 else cut > low)
        weights = np.where(takers, cut + surplus / takers.sum(), cut) if takers.any() else cut
    return np.asarray(np.clip(weights, low, high))


def post_stratify(base: Floats, labels: Labels, margin: Margin) -> Calibration:
    """Scale the weights of each post-stratum to its known total.

    Parameters
    ----------
    base : float array (n,)
    labels : text array (n,)
        Post-stratum of each row.
    margin : Margin
        Totals of the post-strata.

    Returns
    -------
    Calibration

    Raises
    ------
    DataError
        If a post-stratum of the data has no total, or one with a total has nobody.

    References
    ----------
    .. [1] Holt, Smith (1979), J. R. Stat. Soc. A 142(1), on post-stratification.

    Examples
    --------
    >>> sex = Margin(variables=("sex",), totals={"f": 30.0, "m": 20.0})
    >>> post_stratify(np.ones(3), np.array(["f", "m", "m"]), sex).weights
    array([30., 10., 10.])
    """
    check_base(base)
    cells = cells_of([labels], [margin])
    sums = np.bincount(cells.cell, base)
    ratio = (cells.columns @ cells.totals) / sums
    return Calibration(
        base=base, weights=base * ratio[cells.cell], patterns=cells.columns, pattern=cells.cell, regression=base,
        iterations=0, gap=0.0,
    )  # fmt: skip


def rake(
    base: Floats,
    labels: Sequence[Labels],
    margins: Sequence[Margin],
    *,
    bounds: tuple[float, float] = UNBOUNDED,
    tolerance: float = 1e-10,
) -> Calibration:
    """Multiply weights so that several margins hold at once.

    Parameters
    ----------
    base : float array (n,)
    labels : sequence of text array (n,)
        Category of each row, one array for each margin.
    margins : sequence of Margin
    bounds : (float, float)
        Least and greatest ratio of a weight to its base.
    tolerance : float
        Largest gap allowed, as a share of a total.

    Returns
    -------
    Calibration

    Raises
    ------
    DataError
        If a category of the data has no total, or one with a total has nobody.
    DesignError
        If the sums of the margins disagree, or no weights within the bounds reach them.

    Notes
    -----
    The limit of iterative proportional fitting [1]_, found by `calibrate`; within bounds, the nearest weights that hold
    the margins. Residuals come from a regression weighted by `base`, as after R's ``calibrate``; for one as after
    R's ``rake`` replace `regression` by ones.

    References
    ----------
    .. [1] Deming, Stephan (1940), Ann. Math. Stat. 11(4).

    Examples
    --------
    >>> sex = Margin(variables=("sex",), totals={"f": 30.0, "m": 30.0})
    >>> age = Margin(variables=("age",), totals={"old": 20.0, "young": 40.0})
    >>> labels = [np.array(["f", "f", "m", "m"]), np.array(["old", "young", "old", "young"])]
    >>> rake(np.ones(4), labels, [sex, age]).weights.round(6)
    array([10., 20., 10., 20.])
    """
    check_base(base)
    cells = cells_of(labels, margins)
    sums = np.bincount(cells.cell, base).astype(np.float64)  # rows of one cell change alike: their sum stands for them
    got = calibrate(
        sums, cells.columns, cells.totals,
        distance="raking", bounds=bounds, tolerance=tolerance, names=cells.names,
    )  # fmt: skip
    return replace(got, base=base, weights=base * got.ratio[cells.cell], pattern=cells.cell, regression=base)

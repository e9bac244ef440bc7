"""Weights that reproduce known totals, and the residuals that carry this into a variance."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from quantri.errors import DataError, DesignError
from quantri.said import Said

Floats = NDArray[np.float64]
Distance = Literal["raking", "linear"]
DISTANCES: tuple[str, ...] = get_args(Distance)
UNBOUNDED = (-np.inf, np.inf)
STEPS = 100  # Newton needs about ten; more help only where no weights exist


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Calibrated weights and what they were made from.

    Parameters
    ----------
    base, weights : float array (n,)
        Weights before and after, in units of the population.
    patterns : float array (G, Q)
        Each combination of the Q auxiliaries that occurs; for margins there are far fewer than rows.
    pattern : int array (n,)
        Which of them each row has.
    regression : float array (n,)
        Weights of the regression that makes residuals.
    iterations : int
        Newton steps; 0 where the weights have a closed form.
    gap : float
        Largest distance from a known total, as a share of it.
    """

    base: Floats
    weights: Floats
    patterns: Floats
    pattern: NDArray[np.int64]
    regression: Floats
    iterations: int
    gap: float

    @property
    def ratio(self) -> Floats:
        """How much each weight was changed: weight by base, float (n,)."""
        return self.weights / self.base

    @property
    def auxiliaries(self) -> Floats:
        """What the totals are known of, float (n, Q); indicator columns for margins."""
        return self.patterns[self.pattern]

    def residuals(self, influence: Floats) -> Floats:
        """Give what is left of influence values, float (n, K), when the auxiliaries are known.

        Multiply by the weights and sum by PSU before a variance is taken; see `calibrated_residuals`.
        """
        size = np.bincount(self.pattern, self.regression, len(self.patterns))
        sums = np.zeros((len(self.patterns), influence.shape[1]))
        np.add.at(sums, self.pattern, influence * self.regression[:, None])
        gram = self.patterns.T @ (self.patterns * size[:, None])
        return influence - (self.patterns @ _slopes(gram, self.patterns.T @ sums))[self.pattern]


def calibrate(
    base: Floats,
    auxiliaries: Floats,
    totals: Floats,
    *,
    distance: Distance,
    bounds: tuple[float, float] = UNBOUNDED,
    tolerance: float = 1e-10,
    names: Sequence[str] = (),
) -> Calibration:
    """Change weights as little as possible so that they reproduce known totals.

    Parameters
    ----------
    base : float array (n,)
        Weights before, above 0.
    auxiliaries : float array (n, Q)
        In the units of their totals.
    totals : float array (Q,)
    distance : {'raking', 'linear'}
        ``raking`` multiplies, so that no weight becomes negative; ``linear`` is generalised regression.
    bounds : (float, float)
        Least and greatest ratio of a weight to its base.
    tolerance : float
        Largest gap allowed, as a share of the total (or of the sum without signs, if that is larger).
    names : sequence of str
        What the auxiliaries are called in a message.

    Returns
    -------
    Calibration

    Raises
    ------
    DesignError
        If the bounds leave out every ratio or no weights within them reach the totals.
    DataError
        If a weight is not above 0, or an auxiliary is missing.

    Notes
    -----
    The ratios are F(x'λ): exp (raking) or 1 + (linear), cut at the bounds, which gives the nearest weights within them
    [1]_. λ minimises a convex function; Newton's step is halved until the function falls. Equal to R `survey`'s
    ``calibrate``, and for margins without bounds to its ``rake`` at convergence. Where two auxiliaries say the same
    (margins share their sum), the least-squares step is taken. Residuals come from a regression weighted by `base`.

    References
    ----------
    .. [1] Deville, Särndal (1992), J. Am. Stat. Assoc. 87(418), on calibration estimators.

    Examples
    --------
    >>> x = np.array([[1.0, 20.0], [1.0, 40.0], [1.0, 60.0]])
    >>> got = calibrate(np.full(3, 10.0), x, np.array([30.0, 1260.0]), distance="linear")
    >>> got.weights.round(4), got.iterations
    (array([ 8.5, 10. , 11.5]), 1)
    """
    check_base(base)
    if not np.isfinite(auxiliaries).all():
        raise DataError("an auxiliary is missing; impute it or leave the row out")
    if not bounds[0] < 1 < bounds[1]:
        raise DesignError("bounds must lie on both sides of 1, such as [0.3, 3.0], not {found}", found=list(bounds))
    dual = _Dual(base=base, auxiliaries=auxiliaries, totals=totals, distance=distance, bounds=bounds)
    at: Floats | None = np.zeros(len(totals))
    for step in range(STEPS + 1):
        if at is None:
            break
        ratio, misfit = dual.ratio(auxiliaries @ at), dual.misfit(at)
        gap = float(np.max(misfit, initial=0.0))
        if gap <= tolerance:
            return Calibration(
                base=base, weights=base * ratio, patterns=auxiliaries, pattern=np.arange(len(base)), regression=base,
                iterations=step, gap=gap,
            )  # fmt: skip
        at = dual.descend(at)
    worst = int(np.argmax(misfit))
    name = names[worst] if names else Said("known total {n}", n=worst + 1)
    reached = float((base * ratio) @ auxiliaries[:, worst])
    raise DesignError(
        "no weights were found in {step} steps: {name} is to be {total:.6g}, reached {reached:.6g}; "
        "widen the bounds, join small categories, check the totals, or say scale = true where the weights sum to "
        "another population than the margins",
        step=step,
        name=name,
        total=float(totals[worst]),
        reached=reached,
    )


def calibrated_residuals(influence: Floats, auxiliaries: Floats, regression: Floats) -> Floats:
    """Take from influence values what the auxiliaries explain.

    Parameters
    ----------
    influence : float array (n, K)
        Influence of each row on each estimate, or the variables themselves for totals; 0 outside a domain.
    auxiliaries : float array (n, Q)
    regression : float array (n,)
        Weights of the regression.

    Returns
    -------
    float array (n, K)
        In the unit of `influence`. Multiply by the calibrated weights and sum by PSU.

    Notes
    -----
    Linearisation of the calibrated estimator [1]_: a total that is known has no error, so only the residual varies. R
    `survey` takes the base weights after ``calibrate`` and ``postStratify``, and no weights in ten sweeps over the
    margins after ``rake``; with `regression` all ones this is the limit of those sweeps. Weights are taken as
    calibrated once to totals without error; that non-response was adjusted before is not in it.

    References
    ----------
    .. [1] Deville, Särndal (1992), J. Am. Stat. Assoc. 87(418), section 3.

    Examples
    --------
    >>> sex = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> calibrated_residuals(np.array([[1.0], [3.0], [5.0]]), sex, np.ones(3)).ravel().round(9) + 0.0
    array([-1.,  1.,  0.])
    """
    gram = auxiliaries.T @ (auxiliaries * regression[:, None])
    cross = auxiliaries.T @ (influence * regression[:, None])
    return residual_totals(influence, auxiliaries, gram, cross)


def residual_totals(influence: Floats, auxiliaries: Floats, gram: Floats, cross: Floats) -> Floats:
    """Take from rows or PSU totals what the auxiliaries explain, from sums alone.

    Parameters
    ----------
    influence : float array (P, K)
        Weighted sums of influence values by PSU, Σ w z (or values row by row).
    auxiliaries : float array (P, Q)
        Weighted sums of the auxiliaries by PSU, Σ w a (or values row by row).
    gram : float array (Q, Q)
        Σ q a a' over all rows, q the weights of the regression.
    cross : float array (Q, K)
        Σ q a z over all rows. As z is linear in an answer x and in having one, it comes from Σ q a x and Σ q a.

    Returns
    -------
    float array (P, K)

    Examples
    --------
    >>> a, z = np.array([[2.0], [3.0]]), np.array([[4.0], [9.0]])
    >>> residual_totals(z, a, np.array([[5.0]]), np.array([[13.0]])).ravel().round(4)
    array([-1.2,  1.2])
    """
    return np.asarray(influence - auxiliaries @ _slopes(gram, cross))


def _slopes(gram: Floats, cross: Floats) -> Floats:
    """Coefficients of the regression (Q, K); of two auxiliaries that say the same, each takes a part."""
    scale = np.sqrt(np.where(np.diag(gram) > 0, np.diag(gram), 1.0))[:, None]
    return np.asarray(np.linalg.lstsq(gram / (scale * scale.T), cross / scale, rcond=1e-11)[0] / scale)


def check_base(base: Floats) -> None:
    """Refuse base weights that are not above 0, with a DataError."""
    if not (np.isfinite(base).all() and (base > 0).all()):
        raise DataError("base weights must be above 0; leave out those who bear none")


@dataclass(frozen=True, kw_only=True)
class _Dual:
    """The convex function of Q multipliers whose lowest point gives the ratios; its slope is the misfit."""

    base: Floats
    auxiliaries: Floats
    totals: Floats
    distance: str
    bounds: tuple[float, float]

    @cached_property
    def scale(self) -> Floats:
        """Size of each total before and after, for a step that units do not matter to, (Q,)."""
        size = np.maximum(np.abs(self.totals), self.base @ np.abs(self.auxiliaries))
        return np.asarray(np.where(size > 0, size, 1.0))

    def free(self, u: Floats) -> Floats:
        """Ratios before they are cut, (n,)."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(u) if self.distance == "raking" else 1.0 + u)

    def ratio(self, u: Floats) -> Floats:
        """Ratio of each weight to its base, (n,)."""
        return np.clip(self.free(u), *self.bounds)

    def misfit(self, at: Floats) -> Floats:
        """Distance from each total, as a share of it, (Q,)."""
        weights = self.base * self.ratio(self.auxiliaries @ at)
        size = np.maximum(np.abs(self.totals), weights @ np.abs(self.auxiliaries))
        return np.asarray(np.abs(self._missing(at)) / np.where(size > 0, size, 1.0))

    def descend(self, at: Floats) -> Floats | None:
        """Take Newton's step, halved until the function falls; None if it never does."""
        u = self.auxiliaries @ at
        free = self.free(u)
        inside = (free > self.bounds[0]) & (free < self.bounds[1])
        slope = np.where(inside, free if self.distance == "raking" else 1.0, 0.0)
        curvature = self.auxiliaries.T @ (self.auxiliaries * (self.base * slope)[:, None])
        step = np.linalg.lstsq(curvature / self.scale[:, None], self._missing(at) / self.scale, rcond=1e-12)[0]
        here = self._height(at)
        for halvings in range(60):
            there = np.asarray(at + step * 0.5**halvings)
            value = self._height(there)
            if np.isfinite(value) and value <= here + 1e-12 * abs(here):
                return there
        return None

    def _missing(self, at: Floats) -> Floats:
        return np.asarray(self.totals - (self.base * self.ratio(self.auxiliaries @ at)) @ self.auxiliaries)

    def _height(self, at: Floats) -> float:
        u = self.auxiliaries @ at
        ratio = self.ratio(u)
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.distance == "linear":
                potential = ratio * (1 + u) - ratio**2 / 2
            else:
                potential = ratio + np.where(ratio > 0, ratio * (u - np.log(ratio)), 0.0)
        return float(self.base @ potential - self.totals @ at)

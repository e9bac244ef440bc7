"""How scores move: what lasts of a unit's standing, what all units share, and how heavy the tails are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from quantri.engine.panel import Panel
from quantri.engine.results import FloatArray

PRIOR_YEARS = 4.0  # a component's signal and common shock weigh as its years against these years of its level
PRIOR_UNITS = 10.0  # an edition's spread weighs as its units against these of the usual spread
LAGS = (1, 2, 3, 4)
HISTORY = 5  # editions that a prediction looks back on, the base included
_SIGNAL = np.linspace(0.30, 1.0, 36)
_PERSISTENCE = np.linspace(0.70, 1.0, 31)


@dataclass(frozen=True, kw_only=True)
class Movement:
    """How one component moves; the shock's variance is of the 0–1 form, the rest has no unit.

    Parameters
    ----------
    code : str
    signal : float
        Share of the variance between units of an edition that is not gone by the next (0–1).
    persistence : float
        What remains of that signal after each further year (0–1).
    inflation : float
        Mean squared standardised error of the predictions of earlier years; 1 if the model were exact.
    tail_df : float
        Degrees of freedom of the Student distribution of a unit's own error.
    shock_variance : float
        Variance of a year's change that all units share.
    shock_df : float
        Degrees of freedom of that estimate: years, not pairs.
    """

    code: str
    signal: float
    persistence: float
    inflation: float
    tail_df: float
    shock_variance: float
    shock_df: float

    def predict(self, panel: Panel, year: int, horizon: int) -> tuple[FloatArray, FloatArray]:
        """Predict the deviations of all units some years after an edition.

        Parameters
        ----------
        panel : Panel
            Scores of editions after `year` are not looked at, nor of those that cannot be compared with it; of the
            comparable ones in the panel, the spread is, for what is usual.
        year : int
        horizon : int
            Years ahead.

        Returns
        -------
        mean, variance : ndarray of float, shape (U,)
            Of the deviation from the mean of the coming edition, in 0–1 form (variance: its square); NaN for a unit
            without a score in `year`.

        Notes
        -----
        Deviations are divided by the spread of their edition. What is left is a stationary series whose correlation
        is 1 at lag 0 and ``signal · persistence**lag`` after it; its best linear prediction from the editions that
        the unit has [1]_ is given the spread of the edition of `year`: where units lie close, they move little.

        References
        ----------
        .. [1] Harville (1976), The Annals of Statistics 4(2), on prediction with random effects.
        """
        base = panel.years.index(year)
        rows = [y for y in range(base + 1) if panel.comparable[y, base] and panel.years[y] > year - HISTORY]
        lags = year - np.array([panel.years[y] for y in rows])
        spreads = _spreads(panel)[rows]
        seen = panel.deviations[rows] / spreads[:, None]  # (history, U)
        known = ~np.isnan(seen)
        mean = np.full(len(panel.keys), np.nan)
        variance = np.full(len(panel.keys), np.nan)
        for pattern in np.unique(known.T, axis=0):
            if not pattern[-1]:  # the last row is the base itself
                continue
            units = (pattern == known.T).all(axis=1)
            weights, share = self._weights(lags[pattern], horizon)
            mean[units] = spreads[-1] * (weights @ seen[pattern][:, units])
            variance[units] = spreads[-1] ** 2 * share * self.inflation
        return mean, variance

    def _weights(self, lags: np.ndarray, horizon: int) -> tuple[FloatArray, float]:
        between = np.abs(lags[:, None] - lags[None, :])
        matrix = np.where(between == 0, 1.0, self._correlation(between))
        ahead = self._correlation(lags + horizon)
        weights = np.linalg.solve(matrix, ahead).astype(np.float64)
        return weights, float(1.0 - ahead @ weights)

    def _correlation(self, lag: np.ndarray) -> FloatArray:
        return self.signal * self.persistence ** lag.astype(float)


@dataclass(frozen=True, kw_only=True)
class Movements:
    """Movements of K components of one index, and how their errors go together.

    `error_correlation` and `shock_correlation` have shape (K, K), in the order of `codes`.
    """

    codes: tuple[str, ...]
    by_code: Mapping[str, Movement]
    error_correlation: FloatArray
    shock_correlation: FloatArray

    def __getitem__(self, code: str) -> Movement:
        return self.by_code[code]

    def __contains__(self, code: str) -> bool:
        return code in self.by_code


def fit(panels: Sequence[Panel]) -> Movements:
    """Learn how the components of an index move, with partial pooling inside each level.

    Parameters
    ----------
    panels : sequence of Panel
        K components, all up to the same edition.

    Returns
    -------
    Movements
        Only of components with at least one comparable pair of consecutive years.

    Notes
    -----
    Signal and persistence come from the correlations, at lags of 1–4 years, of deviations divided by the spread of
    their edition. A component's signal and common shock are means of its own figure and its level's, weighted by its
    years and by `PRIOR_YEARS`: the sample is years, not pairs of province and year. The common shock is a random
    walk without drift. Size and tails of the errors are those of the predictions of earlier years in the level.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> from quantri.engine.panel import panel
    >>> papi = load_archive("papi")
    >>> d5 = fit([panel(papi, code, 2017) for code in ("D4", "D5", "D6")])["D5"]
    >>> 0.3 < d5.signal < 1 and d5.shock_variance > 0
    True
    """
    summaries = [s for s in map(_Summary, panels) if s.n_years]
    movements: dict[str, Movement] = {}
    errors: dict[str, dict[int, FloatArray]] = {}
    for level in dict.fromkeys(s.panel.level for s in summaries):
        of_level = [s for s in summaries if s.panel.level == level]
        drafts = _drafts(of_level)
        made = {s.panel.code: _errors(s.panel, drafts[s.panel.code]) for s in of_level}
        movements |= _with_errors(drafts, made)
        errors |= made
    return Movements(
        codes=tuple(s.panel.code for s in summaries),
        by_code=movements,
        error_correlation=_error_correlation(summaries, errors),
        shock_correlation=_shock_correlation(summaries),
    )


class _Summary:
    """Moments of one panel."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.shocks = {panel.years[a]: self._shock(a, b) for a, b in panel.pairs(1)}
        self.n_years = len(self.shocks)

    def _shock(self, a: int, b: int) -> float:
        return float(np.nanmean(self.panel.score01[b] - self.panel.score01[a]))

    @cached_property
    def correlations(self) -> dict[int, tuple[float, int]]:
        """By lag: correlation of deviations, and the number of pairs of years behind it."""
        standing = self.panel.deviations / _spreads(self.panel)[:, None]
        found = {}
        for lag in LAGS:
            pairs = list(self.panel.pairs(lag))
            if pairs:
                found[lag] = float(np.nanmean([standing[a] * standing[b] for a, b in pairs])), len(pairs)
        return found


def _spreads(panel: Panel) -> FloatArray:
    """Measure how far units lie apart in each edition, shape (Y,), drawn a little to the usual of comparable ones."""
    squares = np.nansum(panel.deviations**2, axis=1)
    n_units = (~np.isnan(panel.deviations)).sum(axis=1)
    alike = panel.comparable.astype(float)
    usual = (alike @ squares) / (alike @ n_units)
    spreads: FloatArray = np.sqrt((squares + PRIOR_UNITS * usual) / (n_units + PRIOR_UNITS))
    return spreads


def _drafts(summaries: list[_Summary]) -> dict[str, Movement]:
    """Movements of one level, before their errors are known."""
    years = np.array([s.n_years for s in summaries], dtype=float)
    signal, persistence = _decay(summaries)
    shock = float(np.average([np.mean(np.square(list(s.shocks.values()))) for s in summaries], weights=years))
    return {s.panel.code: _pooled(s, signal, persistence, shock) for s in summaries}


def _with_errors(drafts: Mapping[str, Movement], errors: Mapping[str, dict[int, FloatArray]]) -> dict[str, Movement]:
    """Size and tails of the errors, from all that were made in the level."""
    made = np.concatenate([error for by_year in errors.values() for error in by_year.values()])
    inflation = float(np.nanmean(made**2))
    excess = float(np.nanmean(made**4)) / inflation**2 - 3.0
    tail_df = float(np.clip(4.0 + 6.0 / max(excess, 0.05), 5.0, 50.0))  # the fourth moment of a Student distribution
    return {code: replace(m, inflation=inflation, tail_df=tail_df) for code, m in drafts.items()}


def _pooled(s: _Summary, signal: float, persistence: float, shock: float) -> Movement:
    n, own_weight = s.n_years, s.n_years / (s.n_years + PRIOR_YEARS)
    lags = [(r / persistence**lag, pairs) for lag, (r, pairs) in s.correlations.items()]
    own_signal = float(np.average([r for r, _ in lags], weights=[pairs for _, pairs in lags]))
    own_shock = float(np.mean(np.square(list(s.shocks.values()))))
    return Movement(
        code=s.panel.code,
        signal=float(np.clip(own_weight * own_signal + (1 - own_weight) * signal, 0.05, 0.98)),
        persistence=persistence,
        inflation=1.0,
        tail_df=30.0,
        shock_variance=own_weight * own_shock + (1 - own_weight) * shock,
        shock_df=n + PRIOR_YEARS,
    )


def _decay(summaries: list[_Summary]) -> tuple[float, float]:
    """Signal and persistence of a level: the decay that fits the correlations best, weighted by pairs of years."""
    lags = [(lag, r, n) for s in summaries for lag, (r, n) in s.correlations.items()]
    lag, r, n = (np.array(column, dtype=float) for column in zip(*lags, strict=True))
    fitted = _SIGNAL[:, None, None] * _PERSISTENCE[None, :, None] ** lag
    misfit = (n * (fitted - r) ** 2).sum(axis=2)
    i, j = np.unravel_index(int(misfit.argmin()), misfit.shape)
    return float(_SIGNAL[i]), float(_PERSISTENCE[j])


def _errors(panel: Panel, movement: Movement) -> dict[int, FloatArray]:
    """Standardised errors of the one-year predictions inside the panel, shape (U,), by start year."""
    return {panel.years[a]: _error(panel, movement, a, b) for a, b in panel.pairs(1)}


def _error(panel: Panel, movement: Movement, a: int, b: int) -> FloatArray:
    mean, variance = movement.predict(panel, panel.years[a], 1)
    error: FloatArray = (panel.deviations[b] - mean) / np.sqrt(variance)
    return error


def _error_correlation(summaries: list[_Summary], errors: Mapping[str, dict[int, FloatArray]]) -> FloatArray:
    cells: dict[tuple[int, str], int] = {}
    rows = []
    for s in summaries:
        found: dict[tuple[int, str], float] = {}
        for year, error in errors[s.panel.code].items():
            found |= {(year, key): e for key, e in zip(s.panel.keys, error, strict=True) if e == e}
        rows.append(found)
        for cell in found:
            cells.setdefault(cell, len(cells))
    table = np.full((len(rows), len(cells)), np.nan)
    for k, found in enumerate(rows):
        table[k, [cells[c] for c in found]] = list(found.values())
    return _correlation(table, prior=60.0)


def _shock_correlation(summaries: list[_Summary]) -> FloatArray:
    years = sorted({year for s in summaries for year in s.shocks})
    table = np.array([[s.shocks.get(year, np.nan) for year in years] for s in summaries])
    return _correlation(table, prior=PRIOR_YEARS)


def _correlation(table: FloatArray, *, prior: float) -> FloatArray:
    """Correlations of rows about zero, shape (K, K), drawn towards none by `prior` observations, made positive."""
    known = (~np.isnan(table)).astype(float)
    values = np.nan_to_num(table)
    products, n = values @ values.T, known @ known.T
    squares = (values**2) @ known.T
    size = np.sqrt(squares * squares.T)
    correlation = np.divide(products, size, out=np.zeros_like(products), where=size > 0) * n / (n + prior)
    np.fill_diagonal(correlation, 1.0)
    roots, axes = np.linalg.eigh(correlation)
    positive = (axes * np.clip(roots, 1e-6, None)) @ axes.T
    scale = np.sqrt(np.diag(positive))
    made: FloatArray = positive / scale[:, None] / scale[None, :]
    return made

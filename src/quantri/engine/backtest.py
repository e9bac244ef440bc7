"""How good the outlook would have been: made year by year from what was known then, and compared with what came."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from quantri.engine.outlook import LEAST_START_YEARS, LEVELS, OutlookModel, learn
from quantri.engine.panel import Panel, panel
from quantri.engine.results import Archive, FloatArray

MOVES = (0.0, 0.5, 1.0, 1.5)  # asked-for rises, in medians of the sizes of earlier moves
DRAWS = 2000


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One component predicted from one base year; Brier scores are means over units and asked-for rises.

    `inside` is the share of units inside the central interval of each level (percent), from the model and, for
    comparison, nothing else.
    """

    code: str
    level: str
    base_year: int
    horizon: int
    brier: float
    brier_climatology: float
    brier_no_change: float
    brier_mean_change: float
    inside: dict[int, float]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Trials of one level and horizon together; errors are of means over base years, the unit of the sample."""

    level: str
    horizon: int
    n_years: int
    n_trials: int
    skill: float
    skill_error: float
    skill_no_change: float
    skill_mean_change: float
    coverage: dict[int, float]
    coverage_error: dict[int, float]


def trials(
    archive: Archive, base_years: Iterable[int], horizons: Sequence[int], *, rng: np.random.Generator
) -> Iterator[Trial]:
    """Predict every comparable component of every unit from each base year.

    Parameters
    ----------
    archive : Archive
    base_years : iterable of int
        Only editions up to the base year are looked at.
    horizons : sequence of int
        Years ahead.
    rng : numpy.random.Generator
    """
    for base_year in base_years:
        model = learn(archive, base_year)
        for code in model.movements.codes:
            for horizon in horizons:
                if base_year + horizon in archive.years:
                    trial = _trial(model, code, horizon, rng)
                    if trial is not None:
                        yield trial


def verdict(level: str, horizon: int, made: Sequence[Trial]) -> Verdict:
    """Sum up trials; `level` and `horizon` name them.

    Notes
    -----
    Skill is 1 − Brier / Brier of climatology. Errors are standard errors of the mean over base years, since all
    units and components of one year share its shock.
    """
    years = sorted({t.base_year for t in made})
    brier = _by_year(made, years, lambda t: t.brier)
    climatology = _by_year(made, years, lambda t: t.brier_climatology)
    inside = {p: _by_year(made, years, lambda t, p=p: t.inside[p]) for p in LEVELS}
    total = float(np.mean([t.brier_climatology for t in made]))
    return Verdict(
        level=level, horizon=horizon, n_years=len(years), n_trials=len(made),
        skill=1 - float(np.mean([t.brier for t in made])) / total,
        skill_error=_error(1 - brier / climatology),
        skill_no_change=1 - float(np.mean([t.brier_no_change for t in made])) / total,
        skill_mean_change=1 - float(np.mean([t.brier_mean_change for t in made])) / total,
        coverage={p: float(np.mean([t.inside[p] for t in made])) for p in LEVELS},
        coverage_error={p: _error(inside[p]) for p in LEVELS},
    )  # fmt: skip


def _trial(model: OutlookModel, code: str, horizon: int, rng: np.random.Generator) -> Trial | None:
    base_year, then = model.base_year, model.panels[code]
    later = panel(model.archive, code, base_year + horizon) if _is_in(model, code, horizon) else None
    past = then.moves(horizon)
    if later is None or len(past) < LEAST_START_YEARS or not _is_comparable(later, base_year, horizon):
        return None
    base = then.score01[then.years.index(base_year)]
    came = later.score01[-1, [later.keys.index(key) for key in then.keys]]
    draws = _predicted(model, then, horizon, rng)
    known = ~np.isnan(came) & ~np.isnan(base)
    base, came, draws = base[known], came[known], draws[:, known]
    moves = np.concatenate(list(past.values()))
    asked = np.array(MOVES)[:, None] * np.median(np.abs(moves))
    event = came >= base + asked
    below = (draws < came).mean(axis=0)
    return Trial(
        code=code, level=then.level, base_year=base_year, horizon=horizon,
        brier=_brier(np.array([(draws >= base + a).mean(axis=0) for a in asked]), event),
        brier_climatology=_brier(np.array([[(moves >= a).mean()] for a in asked[:, 0]]), event),
        brier_no_change=_brier((asked <= 0).astype(float), event),
        brier_mean_change=_brier((moves.mean() >= asked).astype(float), event),
        inside={p: float((np.abs(below - 0.5) <= p / 200).mean()) for p in LEVELS},
    )  # fmt: skip


def _is_in(model: OutlookModel, code: str, horizon: int) -> bool:
    return code in model.archive.edition(model.base_year + horizon).definition


def _is_comparable(later: Panel, base_year: int, horizon: int) -> bool:
    return bool(later.comparable[later.years.index(base_year), later.years.index(base_year + horizon)])


def _predicted(model: OutlookModel, then: Panel, horizon: int, rng: np.random.Generator) -> FloatArray:
    """Draws in 0–1 form, shape (B, U)."""
    m = model.movements[then.code]
    mean, variance = m.predict(then, model.base_year, horizon)
    shock = _student(m.shock_df, (DRAWS, 1), rng) * np.sqrt(horizon * m.shock_variance)
    level = then.means[then.years.index(model.base_year)] + shock
    draws: FloatArray = np.clip(level + mean + np.sqrt(variance) * _student(m.tail_df, (DRAWS, 1), rng), 0, 1)
    return draws


def _student(df: float, shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    """Student draws of variance 1."""
    draws: FloatArray = rng.standard_t(df, shape) * np.sqrt((df - 2) / df)
    return draws


def _brier(chance: FloatArray, event: np.ndarray) -> float:
    return float(((chance - event) ** 2).mean())


def _by_year(made: Sequence[Trial], years: Sequence[int], figure) -> FloatArray:  # type: ignore[no-untyped-def]
    return np.array([np.mean([figure(t) for t in made if t.base_year == year]) for year in years])


def _error(by_year: FloatArray) -> float:
    return float(by_year.std(ddof=1) / np.sqrt(len(by_year))) if len(by_year) > 1 else float("nan")

"""How likely a target is, from what units achieved before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quantri.engine.comparability import Link
from quantri.engine.definition import Component
from quantri.engine.groups import CUTS, rank
from quantri.engine.movement import Movements, fit
from quantri.engine.panel import Panel, panel
from quantri.engine.precedents import Precedent, like_starts
from quantri.engine.results import Archive, EditionResults, FloatArray, Unit
from quantri.engine.targets import TargetSpec, check_target
from quantri.errors import DataError

Flags = NDArray[np.bool_]

DRAWS = 4000
SEED = 2019  # one seed for all answers, so that the same question gets the same answer
N_SIMILAR = 6
LEAST_START_YEARS = 3
LEVELS = (50, 80, 95)


@dataclass(frozen=True, kw_only=True)
class ComponentOutlook:
    """What may become of one component of one unit; scores are in points.

    `draws`, shape (B,), are equally likely scores, and `reached` says which of them meet the target; empty when there
    is no number, and then `note` says why. `shares` is the share of units that made such a move, by start year.
    """

    component: Component
    base: float | None
    link: Link
    target: TargetSpec | None
    target_value: float | None
    n_pairs: int
    n_years: int
    draws: FloatArray = field(default_factory=lambda: np.empty(0))
    reached: Flags = field(default_factory=lambda: np.empty(0, dtype=bool))
    shares: Mapping[int, float] = field(default_factory=dict)
    similar: tuple[Precedent, ...] = ()
    note: str | None = None
    note_vi: str | None = None

    @property
    def expected(self) -> float | None:
        """Mean of the predicted distribution, in points."""
        return float(self.draws.mean()) if self.draws.size else None

    @property
    def chance(self) -> float | None:
        """Share of the draws that reach the target; None without a target or a number."""
        return float(self.reached.mean()) if self.reached.size else None

    @property
    def is_thin(self) -> bool:
        """No more start years stand behind the number than are needed for one at all."""
        return self.draws.size > 0 and self.n_years <= LEAST_START_YEARS

    def interval(self, level: int) -> tuple[float, float] | None:
        """Central interval in points that holds `level` percent of the draws."""
        if not self.draws.size:
            return None
        tail = (100 - level) / 200
        low, high = np.quantile(self.draws, [tail, 1 - tail])
        return float(low), float(high)

    def value_with_chance(self, chance: float) -> float | None:
        """Score in points that is reached with a chance (0–1)."""
        return float(np.quantile(self.draws, 1 - chance)) if self.draws.size else None


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Outlooks of one unit, in the order of the base edition."""

    index: str
    unit: Unit
    base_year: int
    year: int
    hindsight: bool
    components: tuple[ComponentOutlook, ...]

    def __getitem__(self, code: str) -> ComponentOutlook:
        try:
            return next(c for c in self.components if c.component.code == code)
        except StopIteration:
            raise KeyError(code) from None

    def among(self, codes: Iterable[str]) -> "Outlook":
        """Outlook of some components only, drawn together as before."""
        wanted = frozenset(codes)
        return replace(self, components=tuple(c for c in self.components if c.component.code in wanted))

    @cached_property
    def _with_chance(self) -> Flags:
        return np.array([c.reached for c in self.components if c.reached.size])

    @property
    def chance_all(self) -> float | None:
        """Chance that every target with a chance is reached."""
        return float(self._with_chance.all(axis=0).mean()) if self._with_chance.size else None

    @property
    def expected_reached(self) -> float | None:
        """Expected number of targets reached, of those with a chance."""
        return float(self._with_chance.sum(axis=0).mean()) if self._with_chance.size else None

    @property
    def n_targets(self) -> int:
        """Number of targets that have a chance."""
        return len(self._with_chance)


@dataclass(frozen=True, kw_only=True)
class OutlookModel:
    """What was learnt of an index from the editions up to a year; serves every unit and target year.

    Parameters
    ----------
    archive : Archive
    base_year : int
        The edition that targets start from.
    known_until : int
        Newest edition that was looked at: the base year, or a later one in hindsight.
    panels : mapping of str to Panel
        By component of the base edition.
    movements : Movements
    """

    archive: Archive
    base_year: int
    known_until: int
    panels: Mapping[str, Panel]
    movements: Movements


def learn(archive: Archive, base_year: int, *, known_until: int | None = None) -> OutlookModel:
    """Learn how scores move from the editions published by the base year.

    Parameters
    ----------
    archive : Archive
    base_year : int
    known_until : int, optional
        A later edition to learn from in hindsight.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> learn(load_archive("papi"), 2017).known_until
    2017
    """
    until = base_year if known_until is None else max(known_until, base_year)
    base = archive.edition(base_year).definition
    panels = {c.code: panel(archive, c.code, until) for c in base}
    return OutlookModel(
        archive=archive, base_year=base_year, known_until=until, panels=panels, movements=fit(list(panels.values()))
    )


def outlook(
    model: OutlookModel, unit: Unit, year: int, targets: Mapping[str, TargetSpec], *, rng: np.random.Generator
) -> Outlook:
    """Say how likely a unit's targets are.

    Parameters
    ----------
    model : OutlookModel
    unit : Unit
        A unit of the base edition.
    year : int
        The edition in which the targets are to be reached.
    targets : mapping of str to TargetSpec
        By component; the others get an outlook without a target.
    rng : numpy.random.Generator
        Source of chance; the same seed gives the same answer.

    Returns
    -------
    Outlook

    Raises
    ------
    DataError
        If the year is not after the base year, or a target lies outside its bounds.
    DefinitionError
        If a target's component is not in the base edition.

    Notes
    -----
    A coming score is the base edition's mean, a shock that all units share, the best linear prediction of the
    unit's deviation from its own past (regression to the mean), and an error of its own with heavy tails; deviation
    and error are as wide as the spread between units in the base edition. Shocks and errors of different components
    are drawn together with their correlations, so that the chance of reaching all targets is not a product. Fewer
    than three start years: no number.
    `docs/explanation/outlook.md` shows how good it is.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> from quantri.engine.targets import parse_target
    >>> papi = load_archive("papi")
    >>> answer = outlook(learn(papi, 2017), papi.edition(2017).unit("89"), 2019,
    ...                  {"D3": parse_target("5"), "D5": parse_target("7.3")}, rng=np.random.default_rng(1))
    >>> answer["D3"].chance is None, 0.3 < answer["D5"].chance < 0.7
    (True, True)
    """
    targets = {code: spec.over(year - model.base_year) for code, spec in targets.items()}
    _check(model, unit, year, targets)
    shocks, errors = _draws(model.movements, rng)
    forecast = _Forecast(model=model, unit=unit, year=year, shocks=shocks, errors=errors, rng=rng)
    return Outlook(
        index=model.archive.index, unit=unit, base_year=model.base_year, year=year,
        hindsight=model.known_until > model.base_year,
        components=tuple(forecast.component(c, targets.get(c.code)) for c in forecast.edition.definition),
    )  # fmt: skip


def _check(model: OutlookModel, unit: Unit, year: int, targets: Mapping[str, TargetSpec]) -> None:
    """Refuse what cannot be asked."""
    if year <= model.base_year:
        raise DataError(
            "the target year {year} must lie after the base year {base_year}", year=year, base_year=model.base_year
        )
    edition = model.archive.edition(model.base_year)
    for code, spec in targets.items():
        check_target(spec, edition.definition[code], edition.score(unit.key, code), edition.column(code))


def _draws(movements: Movements, rng: np.random.Generator) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Shocks and standardised errors, each of shape (B,) by component, correlated across components."""
    shocks = _normal(movements.shock_correlation, rng)
    errors = _normal(movements.error_correlation, rng)
    by_shock, by_error = {}, {}
    for n, code in enumerate(movements.codes):
        m = movements[code]
        by_shock[code] = shocks[n] * np.sqrt(m.shock_variance) * _tail(m.shock_df, (DRAWS,), rng)
        by_error[code] = errors[n] * _tail(m.tail_df, (DRAWS,), rng)
    return by_shock, by_error


def _normal(correlation: FloatArray, rng: np.random.Generator) -> FloatArray:
    draws: FloatArray = np.linalg.cholesky(correlation) @ rng.standard_normal((len(correlation), DRAWS))
    return draws


def _tail(df: float, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    """Make normal draws Student draws of the same variance by these factors."""
    factors: FloatArray = np.sqrt((df - 2) / rng.chisquare(df, shape))
    return factors


@dataclass(frozen=True, kw_only=True)
class _Forecast:
    """One unit's future, drawn once; shocks and standardised errors, shape (B,), by component."""

    model: OutlookModel
    unit: Unit
    year: int
    shocks: Mapping[str, FloatArray]
    errors: Mapping[str, FloatArray]
    rng: np.random.Generator

    @property
    def horizon(self) -> int:
        return self.year - self.model.base_year

    @property
    def edition(self) -> EditionResults:
        return self.model.archive.edition(self.model.base_year)

    def component(self, component: Component, target: TargetSpec | None) -> ComponentOutlook:
        code = component.code
        base = self.edition.score(self.unit.key, code)
        moves = self.model.panels[code].moves(self.horizon)
        silent = ComponentOutlook(
            component=component, base=base, link=self.model.archive.links.path(code, self.model.base_year, self.year),
            target=target, target_value=None if target is None or base is None else target.points(base),
            n_pairs=sum(m.size for m in moves.values()), n_years=len(moves),
        )  # fmt: skip
        refused = _refusal(silent, self.horizon)
        if refused:
            return replace(silent, note=refused[0], note_vi=refused[1])
        warned = _warnings(self.unit, self.year, silent.link)
        drawn = replace(
            silent, draws=self._draws_of(component), similar=self._precedents(code),
            note="; ".join(en for en, _ in warned) or None, note_vi="; ".join(vi for _, vi in warned) or None,
        )  # fmt: skip
        return drawn if target is None else self._with_target(drawn, target, moves)

    def _with_target(
        self, drawn: ComponentOutlook, target: TargetSpec, moves: Mapping[int, FloatArray]
    ) -> ComponentOutlook:
        low, high = drawn.component.bounds
        strictly = target.kind == "better"
        if drawn.target_value is None:
            reached, value = self._among_others(drawn.component, target, drawn.draws)
        else:
            value = drawn.target_value
            reached = drawn.draws > value if strictly else drawn.draws >= value
        needed = (value - (drawn.base or 0.0)) / (high - low) + (1e-12 if strictly else -1e-12)
        shares = {year: float((move >= needed).mean()) for year, move in moves.items()}
        return replace(drawn, target_value=value, reached=reached, shares=shares)

    def _precedents(self, code: str) -> tuple[Precedent, ...]:
        model = self.model
        return like_starts(model.archive, model.panels[code], self.unit.key, model.base_year, self.horizon)[:N_SIMILAR]

    def _draws_of(self, component: Component) -> FloatArray:
        panel = self.model.panels[component.code]
        mean, variance = self.model.movements[component.code].predict(panel, self.model.base_year, self.horizon)
        place = panel.keys.index(self.unit.key)
        own = self._level(component.code) + mean[place] + np.sqrt(variance[place]) * self.errors[component.code]
        return _points(component, own)

    def _level(self, code: str) -> FloatArray:
        panel = self.model.panels[code]
        level: FloatArray = panel.means[panel.years.index(self.model.base_year)] + self.shocks[code] * np.sqrt(
            self.horizon
        )
        return level

    def _among_others(self, component: Component, target: TargetSpec, own: FloatArray) -> tuple[Flags, float]:
        """Whether a group or a rank is reached, shape (B,), when all units move; and the median score it takes."""
        panel, movement = self.model.panels[component.code], self.model.movements[component.code]
        mean, variance = movement.predict(panel, self.model.base_year, self.horizon)
        others = np.array([key != self.unit.key for key in panel.keys]) & ~np.isnan(mean)
        shape = int(others.sum()), DRAWS
        errors = self.rng.standard_normal(shape) * _tail(movement.tail_df, shape, self.rng)
        theirs = self._level(component.code) + mean[others, None] + np.sqrt(variance[others, None]) * errors
        everyone = np.vstack([own, _points(component, theirs)])
        if target.kind == "group":
            cut = np.quantile(everyone, CUTS[int(target.amount) - 1], axis=0)
        else:
            cut = -np.sort(-everyone, axis=0)[self._wanted_rank(component, target) - 1]
        return own >= cut, float(np.median(cut))

    def _wanted_rank(self, component: Component, target: TargetSpec) -> int:
        scores = self.edition.column(component.code)
        return rank(float(scores[self.edition.row(self.unit.key)]), scores) - int(target.amount)


def _points(component: Component, score01: FloatArray) -> FloatArray:
    low, high = component.bounds
    points: FloatArray = low + (high - low) * np.clip(score01, 0, 1)
    return points


def _refusal(c: ComponentOutlook, horizon: int) -> tuple[str, str] | None:
    if c.base is None:
        return "no score in the base edition", "năm gốc không có điểm"
    if c.link.comparable == "no":
        return f"no chance: the editions cannot be compared ({c.link.reason_en})", (
            f"không tính khả năng: hai bộ chỉ số không so sánh được ({c.link.reason_vi})"
        )
    if c.n_years < LEAST_START_YEARS:
        return (
            f"no chance: too few years ({c.n_years}) that can be compared with the year {horizon} after them",
            f"không tính khả năng: quá ít năm ({c.n_years}) so sánh được với năm thứ {horizon} sau đó",
        )
    return None


def _warnings(unit: Unit, year: int, link: Link) -> list[tuple[str, str]]:
    found = []
    if link.comparable == "doubtful":
        found.append((f"had the frame continued ({link.reason_en})", f"nếu bộ chỉ số giữ nguyên ({link.reason_vi})"))
    if unit.ended_in is not None and year >= unit.ended_in:
        found.append((
            f"as if the unit had gone on after its merger in {unit.ended_in}",
            f"như thể đơn vị vẫn tồn tại sau khi sáp nhập năm {unit.ended_in}",
        ))  # fmt: skip
    return found

"""Synthetic microdata: people in a sample design who answer so that the expected scores are those given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from quantri.engine.answering import Answers, plan_answers
from quantri.engine.definition import IndexDefinition
from quantri.engine.goals import Goals, leaf_forms
from quantri.engine.layout import SampleLayout
from quantri.engine.likeness import AREAS, Tendencies, likeness
from quantri.engine.measure import Code
from quantri.engine.responding import Responding, States
from quantri.errors import DataError, DefinitionError

BLOCK = 32_768  # rows drawn at a time
DESIGN = (
    "respondent",
    "province",
    "stratum",
    "psu",
    "ssu",
    "village",
    "fpc",
    "fpc2",
    "weight",
    "sex",
    "age",
    "synthetic",
)
SEXES = ("female", "male")


def simulate(
    definition: IndexDefinition,
    goals: Goals,
    layout: SampleLayout,
    *,
    rng: np.random.Generator,
    tendencies: Tendencies | None = None,
) -> pl.DataFrame:
    """Make up one survey round.

    Parameters
    ----------
    definition : IndexDefinition
        Its measured leaves say what is asked.
    goals : Goals
        Scores that the answers shall have in expectation; every unit of the layout is among its units.
    layout : SampleLayout
    rng : numpy.random.Generator
        The same state gives the same answers.
    tendencies : Tendencies, optional

    Returns
    -------
    polars.DataFrame
        One row for each respondent: ``respondent`` (Int32), ``province``, ``stratum``, ``psu``, ``ssu``, ``village``
        (Enum), ``fpc``, ``fpc2`` (Int16, numbers of units), ``weight`` (Float64, people), ``sex`` (Enum), ``age``
        (Int8, years), one column for each question (Int8, Int16 or Int32 by its codes; Enum for words), and
        ``synthetic`` (Boolean, all true).

    Raises
    ------
    DataError, DefinitionError
        If a unit has no goals, a goal cannot be reached, or a question has the name of a column of the design.

    Notes
    -----
    Behind each answer stands a standard normal number: a sum of effects of PSU, commune, village and person and
    a rest. Cut points turn it into the answer, and are set so that every indicator's mean has exactly the wanted
    expectation: ``any`` and ``all`` are drawn as a whole first, then question by question; a ratio's numerator is
    binomial given its denominator; missing answers and weights do not depend on answers; questions that a skip reads
    have effects of their own. So the expected means are exact, and so are scores that are linear in them; those of a
    geometric roll-up are the scores of the expected means. The expectation is over populations as well as samples, so
    an interval for it has no finite-population correction. The model is simpler than people: within a part all
    indicators agree equally, and areas differ in level only.

    References
    ----------
    .. [1] Emrich and Piedmonte (1991), The American Statistician 45(4), on correlated binary answers from cut normals.

    Examples
    --------
    >>> from quantri.engine.goals import drawn_goals
    >>> from quantri.engine.loading import DATA, load_definition
    >>> demo = load_definition(DATA / "indices" / "demo" / "satisfaction-demo.toml")
    >>> layout = SampleLayout(units=("89",), districts=(3,), districts_in_all=(11,), respondents=(16,))
    >>> rng = np.random.default_rng(7)
    >>> data = simulate(demo, drawn_goals(demo, ("89",), rng=rng), layout, rng=rng)
    >>> data.shape, data["hl101"].dtype, bool(data["synthetic"].all())
    ((192, 31), Int8, True)
    """
    return pl.concat(blocks(definition, goals, layout, rng=rng, tendencies=tendencies), rechunk=True)


def blocks(
    definition: IndexDefinition,
    goals: Goals,
    layout: SampleLayout,
    *,
    rng: np.random.Generator,
    tendencies: Tendencies | None = None,
) -> Iterator[pl.DataFrame]:
    """Make up the same round piece by piece, each of fewer than twice `BLOCK` rows, in bounded memory.

    Everything that can be wrong is found before the first piece. Parameters, columns and errors are those of
    `simulate`.
    """
    unknown = [unit for unit in layout.units if unit not in goals.units]
    if unknown:
        raise DataError("goals: no scores for unit {unit}; give each unit of the layout its own", unit=unknown[0])
    rows = [goals.units.index(unit) for unit in layout.units]
    own = Goals(units=layout.units, scores=goals.scores[rows])
    answers = plan_answers(definition, leaf_forms(definition, own, rng=rng))
    clash = [q.code for q in answers.questions if q.code in DESIGN]
    if clash:
        raise DefinitionError("question {code!r} has the name of a column of the design; rename it", code=clash[0])
    tendencies = tendencies or Tendencies()
    missing = (
        tendencies.missing
        * rng.uniform(0.2, 1.8, len(answers.questions))
        * [q.n_missing > 0 for q in answers.questions]
    )
    round_ = _Round(
        answers=answers,
        layout=layout,
        tendencies=tendencies,
        responding=Responding(
            answers=answers, likeness=likeness(answers, tendencies), missing=missing.astype(np.float32)
        ),
        people=rng.lognormal(13.8, 0.3, len(layout.units)) * np.array(layout.districts_in_all) / 11,
    )
    return round_.frames(rng.spawn(len(layout.units)))


@dataclass(frozen=True, kw_only=True)
class _People:
    """Some respondents of one province: where they live, their weight, sex and age, and their answers (Q, n)."""

    village: NDArray[np.int64]
    weight: NDArray[np.float64]
    sex: NDArray[np.int8]
    age: NDArray[np.int8]
    states: States


@dataclass(frozen=True, kw_only=True)
class _Round:
    """What all provinces of a round share."""

    answers: Answers
    layout: SampleLayout
    tendencies: Tendencies
    responding: Responding
    people: NDArray[np.float64]

    def frames(self, chances: Sequence[np.random.Generator]) -> Iterator[pl.DataFrame]:
        """Ask one province after the other, each with its own chance, and put small ones together."""
        waiting: list[_People] = []
        done = 0
        for unit, rng in enumerate(chances):
            for people in self._province(unit, rng):
                waiting.append(people)
                n = sum(len(some.village) for some in waiting)
                if n >= BLOCK:
                    yield self._frame(waiting, done)
                    waiting, done = [], done + n
        if waiting:
            yield self._frame(waiting, done)

    def _province(self, unit: int, rng: np.random.Generator) -> Iterator[_People]:
        at = self.layout.sample
        own = np.flatnonzero(at.unit == unit)
        codes = {"psu": self._psu[own], "commune": at.commune[own], "village": own}
        areas = np.sum([self._effects(level, codes[level], rng) for level in AREAS], axis=0)
        share = self.people[unit] / at.size[own].sum()
        weight = share * rng.lognormal(0, self.tendencies.weight_village, len(own))
        rows = np.repeat(np.arange(len(own)), at.size[own])
        for start in range(0, len(rows), BLOCK):
            some = rows[start : start + BLOCK]
            yield _People(
                village=own[some],
                weight=weight[some] * rng.lognormal(0, self.tendencies.weight_person, len(some)),
                sex=rng.integers(len(SEXES), size=len(some), dtype=np.int8),
                age=(18 + 72 * rng.beta(1.6, 2.4, len(some))).astype(np.int8),
                states=self.responding.states(unit, areas[:, some], rng),
            )

    def _effects(self, level: str, codes: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float32]:
        found, which = np.unique(codes, return_inverse=True)
        return self.responding.likeness.effects(level, len(found), rng)[:, which]

    def _frame(self, people: Sequence[_People], done: int) -> pl.DataFrame:
        village = np.concatenate([some.village for some in people])
        states = np.concatenate([some.states for some in people], axis=1)
        at = self.layout.sample
        columns: dict[str, object] = {
            "respondent": np.arange(done + 1, done + 1 + len(village), dtype=np.int32),
            "province": self._units.gather(at.unit[village]),
        }
        columns |= {column: words.gather(village) for column, words in self._places.items()}
        columns |= {
            "fpc": at.fpc[village].astype(np.int16),
            "fpc2": at.fpc2[village].astype(np.int16),
            "weight": np.concatenate([some.weight for some in people]),
            "sex": pl.Series(SEXES, dtype=pl.Enum(SEXES)).gather(np.concatenate([some.sex for some in people])),
            "age": np.concatenate([some.age for some in people]),
        }
        asked = zip(self._words, states, strict=True)
        columns |= {words.name: words.gather(state) for words, state in asked}
        return pl.DataFrame(columns).with_columns(synthetic=True)

    @cached_property
    def _psu(self) -> NDArray[np.int64]:
        """Number of the PSU of each village."""
        return np.unique(np.array(self.layout.sample.psu), return_inverse=True)[1]

    @cached_property
    def _units(self) -> pl.Series:
        return pl.Series(self.layout.units, dtype=pl.Enum(self.layout.units))

    @cached_property
    def _places(self) -> dict[str, pl.Series]:
        """Labels of each village's stratum, PSU, second-stage unit and itself."""
        names = {column: getattr(self.layout.sample, column) for column in ("stratum", "psu", "ssu", "village")}
        return {column: pl.Series(of, dtype=pl.Enum(list(dict.fromkeys(of)))) for column, of in names.items()}

    @cached_property
    def _words(self) -> list[pl.Series]:
        """Labels of each question, in the smallest type that holds them."""
        return [_column(question.code, question.labels) for question in self.answers.questions]


def _column(code: str, words: tuple[Code | None, ...]) -> pl.Series:
    known = [word for word in words if word is not None]
    if any(isinstance(word, str) for word in known):
        texts = [None if word is None else str(word) for word in words]
        return pl.Series(code, texts, dtype=pl.Enum(list(dict.fromkeys(t for t in texts if t is not None))))
    if any(isinstance(word, float) for word in known):
        return pl.Series(code, words, dtype=pl.Float64)
    reach = max(max(known), -min(known) - 1)  # type: ignore[operator]  # whole numbers by now
    kind = next(
        kind for kind, most in ((pl.Int8, 7), (pl.Int16, 15), (pl.Int32, 31), (pl.Int64, 63)) if reach < 2**most
    )
    return pl.Series(code, words, dtype=kind)

"""How alike answers are: neighbours, and the answers of one person, share a part of what stands behind them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantri.engine.answering import Answers
from quantri.errors import DataError

FloatArray = NDArray[np.float32]
AREAS = ("psu", "commune", "village")
LEVELS = (*AREAS, "person")


@dataclass(frozen=True, kw_only=True)
class Tendencies:
    """How people resemble themselves and their neighbours, how often they do not answer, how unequal their weights are.

    Parameters
    ----------
    psu, commune, village, person : float
        Share of the variance behind an answer that is common to the people of a PSU, to those of a commune beyond
        that, to those of a village beyond that, and to one person's answers; together below 1.
    common_area, common_person : float
        Share of an area's, and of a person's, part that runs through all answers; the rest of it differs from one part
        of the index to the next.
    missing : float
        Mean share of questions without an answer.
    weight_village, weight_person : float
        Standard deviation of the logarithm of the weights, between villages and inside them.

    Raises
    ------
    DataError
        If a share is none.

    Notes
    -----
    With 64 people in a district, half of them in each commune, the defaults give single indicators a design effect of
    about 2 to 3, clustering and unequal weights together. A district that is in the sample with certainty has no effect
    of its own, for it would be there in each sample: its communes, which are PSUs, have one in its place.

    Examples
    --------
    >>> round(Tendencies().rest, 3)
    0.66
    """

    psu: float = 0.02
    commune: float = 0.01
    village: float = 0.01
    person: float = 0.30
    common_area: float = 0.05
    common_person: float = 0.25
    missing: float = 0.03
    weight_village: float = 0.25
    weight_person: float = 0.40

    def __post_init__(self) -> None:
        if min(getattr(self, level) for level in LEVELS) < 0 or self.rest <= 0:
            raise DataError("tendencies: psu, commune, village and person must be shares that sum to less than 1")
        if not all(0 <= share <= 1 for share in (self.common_area, self.common_person)):
            raise DataError("tendencies: common_area and common_person must be shares from 0 to 1")
        if not 0 <= self.missing <= 0.25 or min(self.weight_village, self.weight_person) < 0:
            raise DataError("tendencies: missing lies between 0 and 0.25, and no spread of weights is negative")

    @property
    def rest(self) -> float:
        """Share of the variance that nobody shares."""
        return 1 - self.psu - self.commune - self.village - self.person


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Which effects move which question.

    Parameters
    ----------
    part : ndarray of int, shape (Q,)
        The effect, from 1, of the question's own part of the index.
    joined : ndarray of float, shape (Q,)
        1 where effect 0, which runs through all answers, moves the question too; 0 for questions that a skip reads.
    scale : mapping of level to ndarray of float, shape (F,)
        Standard deviation of each effect at that level.
    rest : float
        Standard deviation of what nobody shares.
    """

    part: NDArray[np.int64]
    joined: FloatArray
    scale: Mapping[str, FloatArray]
    rest: float

    def effects(self, level: str, n: int, rng: np.random.Generator) -> FloatArray:
        """Draw the F effects of n areas or people, shape (F, n)."""
        drawn = rng.standard_normal((len(self.scale[level]), n), dtype=np.float32)
        return np.asarray(self.scale[level][:, None] * drawn)

    def behind(self, areas: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Draw what stands behind the answers of n people, standard normal, shape (Q, n); `areas` has shape (F, n)."""
        shared = areas + self.effects("person", areas.shape[1], rng)
        own = np.float32(self.rest) * rng.standard_normal((len(self.part), areas.shape[1]), dtype=np.float32)
        own += shared[self.part]
        own += self.joined[:, None] * shared[0]
        return own


def likeness(answers: Answers, tendencies: Tendencies) -> Likeness:
    """Tie each question to its part of the index, and those that a skip reads to an effect of their own.

    Notes
    -----
    An answer that decides whether another is asked must not go along with it, or the mean of those who are asked would
    not be the one that was tuned. So such a question shares no effect with any other indicator, and what a ratio is
    counted out of shares none with what is counted.
    """
    part = {q: i.component.parent or "" for i in answers.indicators for q in i.questions}
    alone = {q: f"skip {q}" for q in range(len(answers.questions)) if q not in part}
    for indicator in answers.indicators:
        if answers.filters & set(indicator.questions):
            alone |= dict.fromkeys(indicator.questions, f"skip {indicator.component.code}")
        if indicator.measure.combine == "ratio":
            alone[indicator.questions[1]] = f"count {indicator.component.code}"
    names = list(dict.fromkeys([*part.values(), *alone.values()]))
    by_itself = np.array([name in set(alone.values()) for name in names])
    scale = {}
    for level in LEVELS:
        share = getattr(tendencies, level)
        common = tendencies.common_person if level == "person" else tendencies.common_area
        variance = np.append(share * common, np.where(by_itself, share, share * (1 - common)))
        scale[level] = np.sqrt(variance).astype(np.float32)
    return Likeness(
        part=np.array([1 + names.index(alone.get(q, part.get(q, ""))) for q in range(len(answers.questions))]),
        joined=np.array([q not in alone for q in range(len(answers.questions))], dtype=np.float32),
        scale=scale,
        rest=float(np.sqrt(tendencies.rest)),
    )

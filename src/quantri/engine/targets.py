"""What a target asks for: a score, a rise, to keep, to be better, a group, or places in the ranking."""

import re
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from quantri.engine.definition import Component
from quantri.engine.groups import GROUPS, cuts, rank
from quantri.engine.results import FloatArray
from quantri.errors import DataError

Kind = Literal["score", "delta", "keep", "better", "group", "rank", "rank_per_year"]
FORMS = "5.40, +0.20, keep, better, group:mid_high, rank:+3 or rank:+5/year"
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, kw_only=True)
class TargetSpec:
    """A target as it was written, understood.

    Parameters
    ----------
    text : str
        The specification in its plain form.
    kind : {'score', 'delta', 'keep', 'better', 'group', 'rank', 'rank_per_year'}
    amount : float
        Points for `score` and `delta`, places for `rank`, places a year for `rank_per_year`, number of cuts to pass
        for `group`; else 0.
    """

    text: str
    kind: Kind
    amount: float = 0.0

    def points(self, base: float) -> float | None:
        """Score in points that meets the target from a base in points; None where that depends on the others."""
        if self.kind == "score":
            return self.amount
        return None if self.kind in ("group", "rank", "rank_per_year") else base + self.amount

    def over(self, years: int) -> "TargetSpec":
        """Say what it asks for after some years: so many places a year on average become places in all.

        Examples
        --------
        >>> parse_target("rank:+5/year").over(4).amount
        20.0
        """
        return replace(self, kind="rank", amount=self.amount * years) if self.kind == "rank_per_year" else self


def parse_target(text: str) -> TargetSpec:
    """Read a target.

    Parameters
    ----------
    text : str
        ``5.40`` or ``5,40`` (points), ``+0.20`` (points above the base), ``keep`` (not below the base), ``better``
        (above the base), ``group:mid_high`` (that group or a higher one), ``rank:+3`` (three places up),
        ``rank:+5/year`` (five places up a year, on average from the base to the target year).

    Raises
    ------
    DataError
        If it is none of these.

    Examples
    --------
    >>> parse_target("+0,20")
    TargetSpec(text='+0.20', kind='delta', amount=0.2)
    >>> parse_target("group:high").amount
    3.0
    """
    plain = text.strip().lower().replace(",", ".")
    if plain == "keep":
        return TargetSpec(text=plain, kind="keep")
    if plain == "better":
        return TargetSpec(text=plain, kind="better")
    if plain.startswith("group:") and plain[6:] in GROUPS[1:]:
        return TargetSpec(text=plain, kind="group", amount=float(GROUPS.index(plain[6:])))
    if re.fullmatch(r"rank:\+[1-9][0-9]{0,2}", plain):
        return TargetSpec(text=plain, kind="rank", amount=float(plain[6:]))
    if re.fullmatch(r"rank:\+[1-9][0-9]?/year", plain):
        return TargetSpec(text=plain, kind="rank_per_year", amount=float(plain[6:].removesuffix("/year")))
    sign, number = plain[:1], plain.removeprefix("+")
    if _NUMBER.fullmatch(number) and len(number) <= 12:
        return TargetSpec(text=plain, kind="delta" if sign == "+" else "score", amount=float(number))
    raise DataError("target {text!r} is not understood; write {forms}", text=text, forms=FORMS)


def check_target(spec: TargetSpec, component: Component, base: float | None, scores: FloatArray) -> None:
    """Refuse a target that nobody could reach from here, whether or not it gets a chance.

    Parameters
    ----------
    spec : TargetSpec
        As it stands over the years to the target year (`TargetSpec.over`).
    component : Component
    base : float or None
        Score of the unit in the base edition, in points; None where it is withheld.
    scores : ndarray of float, shape (U,)
        Of all units in the base edition, in points; NaN where withheld.

    Raises
    ------
    DataError
        If it lies outside the bounds of the component, or asks for more places than there are above the unit.

    Examples
    --------
    >>> import numpy as np
    >>> d1 = Component(code="D1", level="dimension", name_vi="T", name_en="T", bounds=(1, 10))
    >>> check_target(parse_target("rank:+1"), d1, 5.2, np.array([5.2, 6.0]))
    """
    if spec.kind == "rank":
        _check_places(int(spec.amount), component, base, scores)
        return
    points = None if base is None and spec.kind != "score" else spec.points(base or 0.0)
    low, high = component.bounds
    if points is not None and not low <= points <= high:
        raise DataError(
            "{code}: a target of {points:g} lies outside {low:g} to {high:g}",
            code=component.code, points=points, low=low, high=high,
        )  # fmt: skip


def _check_places(places: int, component: Component, base: float | None, scores: FloatArray) -> None:
    now = None if base is None else rank(base, scores)
    most = int((~np.isnan(scores)).sum()) if now is None else now
    if places < most:
        return
    facts = {"code": component.code, "places": places, "n": int((~np.isnan(scores)).sum())}
    if now == 1:
        raise DataError("{code}: rank 1 of {n} cannot rise {places} places; ask to keep it", **facts)
    if now is None:
        raise DataError("{code}: nobody can rise {places} places among {n}", **facts)
    raise DataError(
        "{code}: rank {rank} of {n} cannot rise {places} places; ask for {most} at most",
        **facts,
        rank=now,
        most=now - 1,
    )


def met(spec: TargetSpec, *, base: float, score: float, base_scores: FloatArray, scores: FloatArray) -> bool:
    """Say whether a published score meets a target.

    Parameters
    ----------
    spec : TargetSpec
        As it stands over the years between the two editions (`TargetSpec.over`).
    base, score : float
        Of the unit in the base and in the target edition, in points.
    base_scores, scores : ndarray of float, shape (U,)
        Of all units in the two editions, in points; NaN where withheld.

    Notes
    -----
    It only compares figures; whether the two editions may be compared is another question.

    Examples
    --------
    >>> import numpy as np
    >>> among = np.array([5.0, 6.0, 7.0, 8.0])
    >>> met(parse_target("rank:+1"), base=6.0, score=7.5, base_scores=among, scores=np.array([5.0, 7.5, 7.0, 8.0]))
    True
    >>> met(parse_target("better"), base=6.0, score=6.0, base_scores=among, scores=among)
    False
    """
    if spec.kind == "group":
        return score >= float(cuts(scores)[int(spec.amount) - 1])
    if spec.kind == "rank":
        return rank(score, scores) <= rank(base, base_scores) - spec.amount
    points = spec.points(base)
    return points is not None and (score > points if spec.kind == "better" else score >= points)

"""What a draw is asked to do: its stages, read from TOML and checked when made."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from quantri.errors import DesignError, QuantriError, placed, refuse

Method = Literal["srs", "systematic", "pps_systematic", "all"]
METHODS: tuple[str, ...] = get_args(Method)
Count = int | str | Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of a draw: which units, in which strata, by which method, how many.

    Parameters
    ----------
    unit : str
        Column of the frame that names the unit. A name need be unique only inside the unit of the stage above.
    strata : tuple of str
        Columns that part the units; each stratum is drawn on its own, inside each unit of the stage above.
    certainty : str, optional
        Column of truths: such units are taken with certainty, besides those that `take` counts.
    method : {'srs', 'systematic', 'pps_systematic', 'all'}
        Simple random; every k-th in order; every k-th along the sizes; every unit.
    size : str, optional
        Column of sizes for ``pps_systematic``: the unit's own number, or one on each row, which is then summed.
    take : int, str or mapping of stratum to int, optional
        How many units to draw from each stratum: a number, a column of the frame, or a table whose keys are strata
        (values joined by ``/``) or values of one of the strata's columns. Not with ``all``.
    reserve : int, str or mapping of stratum to int
        How many more to draw as substitutes, as `take`; only in the last stage.
    order : tuple of str
        Columns that sort the units before a systematic draw; then the unit's name.

    Raises
    ------
    DesignError
        If a part is missing, unknown or contradicts another.

    Examples
    --------
    >>> Stage(unit="village", method="srs", take=20, reserve=10).columns
    ('village',)
    """

    unit: str
    method: str
    strata: tuple[str, ...] = ()
    certainty: str | None = None
    size: str | None = None
    take: Count | None = None
    reserve: Count = 0
    order: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise DesignError(
                "method must be one of {choices}, not {method!r}", choices=", ".join(METHODS), method=self.method
            )
        if self.method == "all" and (self.take is not None or self.certainty or self.reserve):
            raise DesignError("method all takes every unit; leave out take, certainty and reserve")
        if self.method != "all" and self.take is None:
            raise DesignError(
                "method {method} needs take: a number, a column or a table by stratum", method=self.method
            )
        if (self.method == "pps_systematic") != (self.size is not None):
            raise DesignError("size goes with method pps_systematic, and only with it")
        _check_count("take", self.take, self.strata)
        _check_count("reserve", self.reserve, self.strata)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the frame that the stage reads."""
        counts = (c for c in (self.take, self.reserve) if isinstance(c, str))
        singles = (c for c in (self.certainty, self.size) if c)
        return tuple(dict.fromkeys((self.unit, *self.strata, *singles, *counts, *self.order)))


@dataclass(frozen=True, kw_only=True)
class DrawDesign:
    """The stages of a draw, from the largest unit to the last.

    Parameters
    ----------
    stages : tuple of Stage
    prior_weight : str, optional
        Column with the weight that each row of the frame already bears from a draw before; base weights are multiplied
        by it.

    Raises
    ------
    DesignError
        If there is no stage, two stages name one unit, or a stage above the last has a reserve.

    Examples
    --------
    >>> DrawDesign(stages=(Stage(unit="person", method="srs", take=20),)).columns
    ('person',)
    """

    stages: tuple[Stage, ...]
    prior_weight: str | None = None

    def __post_init__(self) -> None:
        if not self.stages:
            raise DesignError("no [[stage]]; describe at least one")
        units = [s.unit for s in self.stages]
        if len(set(units)) < len(units):
            raise DesignError(
                "two stages draw the same unit among {units}; give each its own column", units=", ".join(units)
            )
        if any(s.reserve for s in self.stages[:-1]):
            raise DesignError("reserve goes only with the last stage; draw the substitutes of larger units by hand")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the frame that the draw reads."""
        prior = (self.prior_weight,) if self.prior_weight else ()
        return tuple(dict.fromkeys((*(c for s in self.stages for c in s.columns), *prior)))


def read_draw_design(text: str, name: str) -> DrawDesign:
    r"""Read the stages of a draw from TOML text; `name` stands for the file in messages.

    Raises
    ------
    DesignError
        If the text is not TOML or describes no possible draw; one line for each stage at fault.

    Examples
    --------
    >>> text = '[[stage]]\nunit = "village"\nmethod = "srs"\ntake = 3'
    >>> read_draw_design(text, "design.toml").stages[0].take
    3
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise DesignError(
            "{file}: is not TOML ({reason}); mend the quotes, brackets or commas there", file=name, reason=fault
        ) from None
    faults: list[QuantriError] = [placed("{file}: {fault}", fault, file=name) for fault in _top_faults(content)]
    blocks = content.get("stage", [])
    stages: list[Stage] = []
    for n, block in enumerate(blocks if isinstance(blocks, list) else [blocks], 1):
        try:
            stages.append(_stage(block))
        except DesignError as fault:
            faults.append(placed("{file}: stage {n}: {fault}", fault, file=name, n=n))
    refuse(faults)
    try:
        return DrawDesign(stages=tuple(stages), prior_weight=content.get("prior_weight"))
    except DesignError as fault:
        raise placed("{file}: {fault}", fault, file=name) from None


def _top_faults(content: Mapping[str, Any]) -> list[DesignError]:
    unknown = sorted(set(content) - {"seed_required", "prior_weight", "stage"})
    faults = [
        DesignError("no field {field!r} is known beside seed_required, prior_weight and [[stage]]", field=field)
        for field in unknown
    ]
    if content.get("seed_required", True) is not True:
        faults.append(DesignError("seed_required can only be true: a draw that cannot be repeated cannot be checked"))
    if "prior_weight" in content and not (isinstance(content["prior_weight"], str) and content["prior_weight"]):
        faults.append(DesignError("prior_weight must be the name of a column"))
    return faults


def _stage(block: Any) -> Stage:
    if not isinstance(block, Mapping):
        raise DesignError("must be a table under [[stage]]")
    known = {f.name for f in fields(Stage)}
    for field in block:
        if field not in known:
            raise DesignError(
                "no field {field!r}; choose among {choices}", field=field, choices=", ".join(sorted(known))
            )
    for field in ("unit", "method"):
        if field not in block:
            raise DesignError("needs a field {field!r}", field=field)
    for field in ("unit", "method", "certainty", "size"):
        if field in block and not (isinstance(block[field], str) and block[field]):
            raise DesignError("{field} must be a text, not {found!r}", field=field, found=block[field])
    lists = {field: _names(block[field], field) for field in ("strata", "order") if field in block}
    return Stage(**{**block, **lists})


def _names(value: Any, field: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise DesignError('{field} must be a list of columns, such as ["province"]', field=field)
    return tuple(value)


def _check_count(field: str, count: Count | None, strata: tuple[str, ...]) -> None:
    """Refuse a count that is no number of units, no column and no table of numbers."""
    if count is None or (isinstance(count, str) and count):
        return
    if isinstance(count, Mapping) and not strata:
        raise DesignError("{field} is a table by stratum, but the stage has no strata; name their columns", field=field)
    numbers = list(count.values()) if isinstance(count, Mapping) else [count]
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise DesignError("{field} must be whole numbers from 0 up, not {number!r}", field=field, number=number)
    if field == "take" and not any(numbers):
        raise DesignError("take is 0; draw at least one unit somewhere")

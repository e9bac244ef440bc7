"""How a sample is to be weighted: read from TOML, checked when made."""

import tomllib
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from quantri.engine.margins import Margin, check_sums
from quantri.errors import DesignError, placed
from quantri.text import nfc

WeightingMethod = Literal["post_stratification", "raking"]
WEIGHTING_METHODS: tuple[str, ...] = get_args(WeightingMethod)


@dataclass(frozen=True, kw_only=True)
class Nonresponse:
    """Who answered, and in which cells those who did stand for the others.

    Parameters
    ----------
    responded : str
        Column of truths.
    cells : tuple of str
        Columns whose values make the cells; all rows are one cell without any.
    """

    responded: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WeightingPlan:
    """How a sample is to be weighted.

    Parameters
    ----------
    base : str
        Column of base weights.
    method : {'post_stratification', 'raking'}
    margins : tuple of Margin
        One for post-stratification.
    bounds : (float, float), optional
        Least and greatest ratio of a calibrated weight to the weight before; only with raking.
    trim : (float, float), optional
        Bounds of the weights before they are calibrated, in multiples of their mean.
    scale : bool
        Whether the weights are first multiplied by one factor so that they sum to the margins.
    nonresponse : Nonresponse, optional

    Raises
    ------
    DesignError
        If a part is unknown or contradicts another; the sums of the margins must agree to a millionth.

    Examples
    --------
    >>> sex = Margin(variables=("sex",), totals={"f": 3.0, "m": 7.0})
    >>> WeightingPlan(base="w", method="raking", margins=(sex,)).columns
    ('w', 'sex')
    """

    base: str
    method: str
    margins: tuple[Margin, ...]
    bounds: tuple[float, float] | None = None
    trim: tuple[float, float] | None = None
    scale: bool = False
    nonresponse: Nonresponse | None = None

    def __post_init__(self) -> None:
        if self.method not in WEIGHTING_METHODS:
            raise DesignError(
                "method must be one of {choices}, not {method!r}",
                choices=", ".join(WEIGHTING_METHODS),
                method=self.method,
            )
        if not self.margins:
            raise DesignError("no [[margin]]; give the known totals of at least one variable")
        if self.method == "post_stratification" and (len(self.margins) > 1 or self.bounds):
            raise DesignError("post_stratification takes one [[margin]] and no bounds; cross its variables, or rake")
        for field, pair in (("bounds", self.bounds), ("trim", self.trim)):
            if pair is not None and not 0 <= pair[0] < 1 < pair[1]:
                raise DesignError(
                    "{field} must lie on both sides of 1, such as [0.3, 3.0], not {found}",
                    field=field,
                    found=list(pair),
                )
        check_sums(self.margins)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the data that weighting reads."""
        told = self.nonresponse
        answered = (told.responded, *told.cells) if told else ()
        return tuple(dict.fromkeys((self.base, *answered, *(v for m in self.margins for v in m.variables))))


def read_weighting_plan(text: str, name: str) -> WeightingPlan:
    r"""Read how to weight from TOML text; `name` stands for the file in messages.

    Raises
    ------
    DesignError
        If the text is not TOML or describes no possible weighting.

    Examples
    --------
    >>> text = 'base = "w"\nmethod = "raking"\n[[margin]]\nvariable = "sex"\ntotals = { f = 3, m = 7 }'
    >>> read_weighting_plan(text, "margins.toml").margins[0].totals
    {'f': 3, 'm': 7}
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise DesignError(
            "{file}: is not TOML ({reason}); mend the quotes, brackets or commas there", file=name, reason=fault
        ) from None
    try:
        return _plan(content)
    except DesignError as fault:
        raise placed("{file}: {fault}", fault, file=name) from None


def _plan(content: dict[str, Any]) -> WeightingPlan:
    blocks = content.pop("margin", [])
    known = {f.name for f in fields(WeightingPlan)} - {"margins"}
    for field in content:
        if field not in known:
            raise DesignError(
                "no field {field!r}; choose among {choices} and [[margin]]",
                field=field,
                choices=", ".join(sorted(known)),
            )
    for field in ("base", "method"):
        if not isinstance(content.get(field), str):
            raise DesignError("needs {field} = a text", field=field)
    if not isinstance(content.get("scale", False), bool):
        raise DesignError("scale must be true or false")
    pairs: dict[str, Any] = {field: _pair(content[field], field) for field in ("bounds", "trim") if field in content}
    answered: dict[str, Any] = {"nonresponse": _nonresponse(content["nonresponse"])} if "nonresponse" in content else {}
    margins = tuple(_margin(block) for block in (blocks if isinstance(blocks, list) else [blocks]))
    return WeightingPlan(**{**content, **pairs, **answered, "margins": margins})


def _margin(block: Any) -> Margin:
    if not isinstance(block, dict) or set(block) != {"variable", "totals"} or not isinstance(block["totals"], dict):
        raise DesignError('[[margin]] needs variable = "sex" and totals = { male = 1, female = 2 }, and nothing else')
    totals = {nfc(str(category)): total for category, total in block["totals"].items()}
    return Margin(variables=_names(block["variable"], "variable"), totals=totals)


def _nonresponse(block: Any) -> Nonresponse:
    if not isinstance(block, dict) or "responded" not in block or set(block) - {"responded", "cells"}:
        raise DesignError('[nonresponse] needs responded = "answered" and may have cells = ["province"]')
    responded, *more = _names(block["responded"], "responded")
    if more:
        raise DesignError("responded must be one column")
    return Nonresponse(responded=responded, cells=_names(block.get("cells", []), "cells"))


def _names(value: Any, field: str) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise DesignError("{field} must be a column or a list of columns", field=field)
    return tuple(names)


def _pair(value: Any, field: str) -> tuple[float, float]:
    is_pair = isinstance(value, list) and len(value) == 2
    if not is_pair or not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in value):
        raise DesignError("{field} must be two numbers, such as [0.3, 3.0]", field=field)
    return float(value[0]), float(value[1])

"""TOML to a measure: how a definition writes down the way from answers to an indicator."""

from collections.abc import Iterator, Mapping
from math import inf, isfinite
from typing import Any

from quantri.engine.definition import OBSERVED
from quantri.engine.measure import Measure
from quantri.errors import DefinitionError

FIELDS = ("questions", "combine", "values", "missing", "not_asked", "only_if")


def measure_of(block: Mapping[str, Any]) -> Measure:
    """Make a measure of a block without faults; DefinitionError when its parts contradict each other."""
    return Measure(
        questions=tuple(block["questions"]), combine=block.get("combine", "mean"),
        values={str(code): float(value) for code, value in block.get("values", {}).items()},
        missing=tuple(block.get("missing", ())), not_asked=tuple(block.get("not_asked", ())),
        only_if=block.get("only_if", ""),
    )  # fmt: skip


def measure_faults(where: DefinitionError, block: object) -> Iterator[DefinitionError]:
    """Say which fields of a measure are missing, unknown or of another kind."""
    if not isinstance(block, dict):
        yield DefinitionError("{where}: [component.measure] must be a table", where=where)
        return
    for field in sorted(block.keys() - set(FIELDS)):
        yield DefinitionError("{where}: a measure has no field {field!r}", where=where, field=field)
    if not _are_texts(block.get("questions")):
        yield DefinitionError('{where}: a measure needs questions, such as ["q101"]', where=where)
    for field in ("combine", "only_if"):
        if not isinstance(block.get(field, ""), str):
            yield DefinitionError(
                "{where}: {field} must be a text, not {found!r}", where=where, field=field, found=block[field]
            )
    values = block.get("values", {})
    if not isinstance(values, dict) or not all(_is_number(value) for value in values.values()):
        yield DefinitionError("{where}: values give each code a number, such as {{ 1 = 1, 2 = 0 }}", where=where)
    for field in ("missing", "not_asked"):
        codes = block.get(field, [])
        if not isinstance(codes, list) or not all(isinstance(code, str) or _is_number(code) for code in codes):
            yield DefinitionError("{where}: {field} must list codes, such as [888, 999]", where=where, field=field)


def bounds_of(block: Mapping[str, Any]) -> tuple[float, float]:
    """Bounds as written; those of a measured leaf may be left out, and are then its goalposts.

    Of goalposts that cannot be, the component tells the fault, and bounds add none.
    """
    if "bounds" in block:
        low, high = block["bounds"]
        return float(low), float(high)
    written = [block[post] for post in ("worst", "best") if post in block]
    if OBSERVED in written:
        return -inf, inf
    posts = sorted({float(post) for post in written if _is_number(post) and isfinite(post)})
    return (posts[0], posts[1]) if len(posts) == 2 else (0.0, 1.0)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) and text for text in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

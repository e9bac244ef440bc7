"""Legal rules, most with a time limit, read from data; one without document, validity or certainty does not load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from quantri.engine.parsing import parsed_toml
from quantri.errors import DataError, DefinitionError, placed, refuse
from quantri.web.deadlines.counting import Limit, Unit

TIMED = ("clock", "duration", "before")  # to be done within · to last so long · to be done so long before
COUNTED = ("count", "cycle", "format")  # a number of something · how often · how a document looks
STATED = ("method", "duty")  # without a number: how is counted · what is to be done
KINDS = (*TIMED, *COUNTED, *STATED)
BOUNDS = ("at_most", "at_least", "more_than")
TEXTS = ("id", "name_vi", "name_en", "document", "article", "scope")
FIELDS = {*TEXTS, "starts_on", "kind", "amount", "of", "bound", "unit", "extensions", "pauses"}
FIELDS |= {"valid_from", "valid_to", "certainty", "checked_on"}
OTHERS = ("document_types.toml", "reporting.toml", "reminders.toml")  # rules of another shape
UNITS = tuple(unit.value for unit in Unit)
THINGS = ("person", "item", "part", "a_quarter", "a_year", "month", "millimetre", "point", "dpi")


@dataclass(frozen=True, kw_only=True)
class Extension:
    """By how much a rule itself lets a limit be extended, and how often."""

    limit: Limit
    times: int


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One version of a rule of law (quy định)."""

    id: str
    kind: str
    name_vi: str
    name_en: str
    amount: int | None  # none where the law states no number
    unit: str
    of: int | None  # 2 of 3
    bound: str
    starts_on: str
    document: str
    article: str
    scope: str
    valid_from: date
    valid_to: date | None
    certainty: str
    checked_on: date
    extensions: tuple[Extension, ...] = ()
    pauses: tuple[str, ...] = ()  # grounds on which the rule itself lets the limit stand still


def rules_in(text: str, name: str) -> tuple[Rule, ...]:
    """Read rules; DataError tells every fault, one line each."""
    try:
        content = parsed_toml(text, name)
    except DefinitionError as fault:
        raise DataError("{fault}", fault=fault) from None
    blocks = content.get("rule")
    if not isinstance(blocks, list) or not all(isinstance(b, dict) for b in blocks):
        raise DataError("{file}: needs [[rule]] blocks", file=name)
    try:
        refuse([fault for n, block in enumerate(blocks, 1) for fault in _faults(str(block.get("id", f"#{n}")), block)])
    except DataError as fault:
        raise placed("{file}: {fault}", fault, file=name) from None
    return tuple(_rule(block) for block in blocks)


@cache
def package_rules() -> tuple[Rule, ...]:
    """Read the rules that come with the package."""
    folder = resources.files("quantri").joinpath("data/rules")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml") and f.name not in OTHERS), key=str)
    return tuple(rule for f in files for rule in rules_in(f.read_text("utf-8"), f.name))


def _rule(block: Mapping[str, Any]) -> Rule:
    return Rule(
        **{name: block[name] for name in (*TEXTS, "kind", "valid_from", "certainty", "checked_on")},
        **{name: block.get(name, "") for name in ("unit", "bound", "starts_on")},
        amount=block.get("amount"), of=block.get("of"), valid_to=block.get("valid_to"),
        extensions=tuple(Extension(limit=_limit(e), times=e["times"]) for e in block.get("extensions", ())),
        pauses=tuple(block.get("pauses", ())),
    )  # fmt: skip


def _limit(block: Mapping[str, Any]) -> Limit:
    return Limit(amount=block["amount"], unit=Unit(block["unit"]))


def _faults(where: str, block: Mapping[str, Any]) -> Iterator[DataError]:
    for field in sorted(block.keys() - FIELDS):
        yield DataError("{where}: {field!r} is no field; is it misspelt?", where=where, field=field)
    for field in TEXTS:
        if not isinstance(block.get(field), str) or not block[field].strip():
            yield DataError("{where} needs a field {field!r}", where=where, field=field)
    for field, choices in (("kind", KINDS), ("certainty", ("A", "B", "C"))):
        if block.get(field) not in choices:
            yield DataError(
                "{where}: {field} must be one of {choices}, not {found!r}", where=where, field=field,
                choices=", ".join(choices), found=block.get(field),
            )  # fmt: skip
    for field in ("valid_from", "checked_on"):
        if not _is_day(block.get(field)):
            yield DataError("{where}: {field} must be a date such as 2026-07-01", where=where, field=field)
    if "valid_to" in block and not (_is_day(block["valid_to"]) and _is_day(block.get("valid_from"))
                                    and block["valid_to"] > block["valid_from"]):  # fmt: skip
        yield DataError("{where}: valid_to must be a date after valid_from", where=where)
    yield from _number_faults(where, block)
    pauses, extensions = block.get("pauses", []), block.get("extensions", [])
    if not isinstance(pauses, list) or not all(isinstance(ground, str) and ground.strip() for ground in pauses):
        yield DataError("{where}: pauses must list the grounds that the rule names", where=where)
    if not isinstance(extensions, list) or not all(isinstance(e, dict) for e in extensions):
        yield DataError("{where}: extensions must be a list of amount, unit and times", where=where)
        return
    for more in extensions:
        yield from _limit_faults(where, more)
        if type(more.get("times")) is not int or not 1 <= more["times"] <= 12:
            yield DataError("{where}: times must be a whole number from 1 to 12", where=where)


def _number_faults(where: str, block: Mapping[str, Any]) -> Iterator[DataError]:
    """Tell what is wrong with the number of a rule; a rule that states none has neither amount, unit nor bound."""
    kind = block.get("kind")
    if kind not in TIMED and "amount" not in block:
        return
    if block.get("bound") not in BOUNDS:
        yield DataError(
            "{where}: {field} must be one of {choices}, not {found!r}", where=where, field="bound",
            choices=", ".join(BOUNDS), found=block.get("bound"),
        )  # fmt: skip
    yield from _limit_faults(where, block, UNITS if kind in TIMED else THINGS)
    if kind in TIMED and not (isinstance(block.get("starts_on"), str) and block["starts_on"].strip()):
        yield DataError("{where} needs a field {field!r}", where=where, field="starts_on")
    if (block.get("unit") == "part") != (type(block.get("of")) is int and block["of"] >= 1):
        yield DataError("{where}: of belongs to a part, and says of how many", where=where)


def _limit_faults(where: str, block: Mapping[str, Any], units: Sequence[str] = UNITS) -> Iterator[DataError]:
    if type(block.get("amount")) is not int or not 1 <= block["amount"] <= 3650:
        yield DataError("{where}: amount must be a whole number from 1 to 3650", where=where)
    if block.get("unit") not in units:
        yield DataError("{where}: unit must be one of {choices}", where=where, choices=", ".join(units))


def _is_day(found: object) -> bool:
    return isinstance(found, date) and not isinstance(found, datetime)

"""A scoring sheet as it is written in TOML; every fault is told with its line of the sheet."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from quantri.engine.parsing import parsed_toml
from quantri.errors import DefinitionError, placed, refuse
from quantri.web.appraisal.rules import CONDITIONS, Band, Criterion, Extra, Sheet

Block = Mapping[str, Any]
LARGEST = 200_000  # signs; a sheet of a province has some hundred lines
FIELDS = {
    "sheet": {"code", "name_vi", "name_en", "document", "demonstration", "sources", "lowering"},
    "group": {"code", "name_vi", "name_en"},
    "criterion": {"code", "name_vi", "name_en", "points", "group", "needs_evidence"},
    "class": {"code", "name_vi", "name_en", "at_least", "conditions"},
}
LISTS = ("group", "criterion", "bonus", "penalty", "class")


def sheet_of(text: str, name: str) -> Sheet:
    """Read a sheet; DefinitionError tells every fault, one line each."""
    if len(text) > LARGEST:
        raise DefinitionError("{file}: is longer than a scoring sheet can be; is it the right file?", file=name)
    content = parsed_toml(text, name)
    try:
        return _sheet(content)
    except DefinitionError as fault:
        raise placed("{file}: {fault}", fault, file=name) from None


def _sheet(content: Block) -> Sheet:
    refuse([*_shape_faults(content)])
    head = content["sheet"]
    return Sheet(
        code=head["code"], name_vi=head["name_vi"], name_en=head["name_en"], document=head["document"],
        demonstration=head.get("demonstration", ""),
        groups=tuple(_line(b) for b in content.get("group", ())),
        criteria=tuple(_line(b) for b in content["criterion"]),
        bonus=_extra(content, "bonus"), penalty=_extra(content, "penalty"),
        bands=tuple(_band(b) for b in content["class"]), lowering=dict(head.get("lowering", {})),
    )  # fmt: skip


def _shape_faults(content: Block) -> Iterator[DefinitionError]:
    """Say what is missing, misspelt or of the wrong kind, before anything is made of it."""
    for field in sorted(content.keys() - {"sheet", "bonus_cap", "penalty_cap", *LISTS}):
        yield DefinitionError("{field!r} is no part of a scoring sheet; is it misspelt?", field=field)
    if not isinstance(content.get("sheet"), dict):
        yield DefinitionError("needs a table [sheet] with code, name_vi, name_en and document")
    else:
        yield from _text_faults("[sheet]", content["sheet"], ("code", "name_vi", "name_en", "document"), "sheet")
        yield from _lowering_faults(content["sheet"].get("lowering", {}))
    for kind in LISTS:
        blocks = content.get(kind, [])
        if not isinstance(blocks, list) or not all(isinstance(b, dict) for b in blocks):
            yield DefinitionError("{kind} must be [[{kind}]] blocks", kind=kind)
            continue
        if kind in ("criterion", "class") and not blocks:
            yield DefinitionError("needs [[{kind}]] blocks", kind=kind)
        for n, block in enumerate(blocks, 1):
            yield from _block_faults(f"{kind} {block.get('code', f'#{n}')}", block, kind)
    for cap in ("bonus_cap", "penalty_cap"):
        yield from _number_faults(cap, content.get(cap, 0))


def _block_faults(where: str, block: Block, kind: str) -> Iterator[DefinitionError]:
    fields = kind if kind in FIELDS else "criterion"
    yield from _text_faults(where, block, ("code", "name_vi", "name_en"), fields)
    if fields == "criterion":
        yield from _number_faults(f"{where} points", block.get("points"))
    if kind == "class":
        if "at_least" in block:
            yield from _number_faults(f"{where} at_least", block["at_least"])
        found = block.get("conditions", [])
        if not isinstance(found, list) or any(c not in CONDITIONS for c in found):
            yield DefinitionError(
                "{where}: conditions must be a list of {known}, not {found!r}", where=where,
                known=", ".join(CONDITIONS), found=found,
            )  # fmt: skip


def _text_faults(where: str, block: Block, needed: tuple[str, ...], kind: str) -> Iterator[DefinitionError]:
    for field in sorted(block.keys() - FIELDS[kind]):
        yield DefinitionError("{where}: {field!r} is no field; is it misspelt?", where=where, field=field)
    for field in needed:
        found = block.get(field)
        if not isinstance(found, str) or not found.strip():
            yield DefinitionError("{where} needs a field {field!r}", where=where, field=field)


def _lowering_faults(lowering: object) -> Iterator[DefinitionError]:
    for fact, steps in lowering.items() if isinstance(lowering, dict) else [("lowering", None)]:
        if type(steps) is not int or not 1 <= steps <= 9:
            yield DefinitionError(
                "[sheet] lowering: {fact} must be a number of classes from 1 to 9, not {found!r}",
                fact=fact,
                found=steps,
            )


def _number_faults(where: str, found: object) -> Iterator[DefinitionError]:
    if decimal_of(found) is None:
        yield DefinitionError(
            "{where} must be a number from 0 to 1000 with at most two decimals, not {found!r}", where=where, found=found
        )


def decimal_of(found: object) -> Decimal | None:
    """Read points: a number of TOML, or a text; None when it is no such number."""
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        value = Decimal(str(found))
    except InvalidOperation:
        return None
    fits = value.is_finite() and 0 <= value <= 1000 and -value.as_tuple().exponent <= 2
    return value if fits else None


def _line(block: Block) -> Criterion:
    return Criterion(
        code=block["code"], name_vi=block["name_vi"], name_en=block["name_en"],
        points=decimal_of(block.get("points", 0)), parent=block.get("group", ""),
        needs_evidence=block.get("needs_evidence", True),
    )  # fmt: skip


def _extra(content: Block, kind: str) -> Extra:
    return Extra(items=tuple(_line(b) for b in content.get(kind, ())), cap=decimal_of(content.get(f"{kind}_cap", 0)))


def _band(block: Block) -> Band:
    return Band(
        code=block["code"], name_vi=block["name_vi"], name_en=block["name_en"],
        at_least=decimal_of(block["at_least"]) if "at_least" in block else None,
        conditions=tuple(block.get("conditions", ())),
    )  # fmt: skip

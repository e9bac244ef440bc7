"""TOML to a definition: every fault is found, and told with the file and the line of its component."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from quantri.engine.definition import LEVELS, Component, IndexDefinition, tree_faults, weight_fault
from quantri.engine.measuring import bounds_of, measure_faults, measure_of
from quantri.errors import DefinitionError, QuantriError, refuse

Block = Mapping[str, Any]
INDEX = ("code", "year", "name_vi", "name_en", "official", "synthetic", "sources")
TEXTS = ("code", "level", "name_vi", "name_en")
OPTIONAL = ("concept", "parent", "rollup", "component_weight", "unseen", "worst", "best")
YEARS = range(1900, 2201)
_HEAD = re.compile(r"\s*\[\[\s*component\s*\]\]\s*(?:#.*)?")
_PLACE = re.compile(r"at line (\d+), column (\d+)")


@dataclass(frozen=True)
class Source:
    """The file that a definition is read from, by the name that messages give it."""

    name: str
    text: str

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """Lines on which components begin."""
        return tuple(n for n, line in enumerate(self.text.splitlines(), 1) if _HEAD.fullmatch(line))

    def of_index(self, fault: QuantriError) -> DefinitionError:
        """Say in which file a fault lies."""
        return DefinitionError("{file}: {fault}", file=self.name, fault=fault)

    def of_component(self, n: int, fault: QuantriError) -> DefinitionError:
        """Say on which line the component begins that a fault is of."""
        if n >= len(self.lines):  # written in another way, as a list of inline tables
            return self.of_index(fault)
        return DefinitionError("{file}, line {line}: {fault}", file=self.name, line=self.lines[n], fault=fault)


def parsed_toml(text: str, name: str) -> dict[str, Any]:
    """Read TOML; DefinitionError says where it is not."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        found = _PLACE.search(str(fault))
        line, column = (int(found[1]), int(found[2])) if found else (text.rstrip().count("\n") + 1, 1)
        raise DefinitionError(
            "{file}: is not TOML at line {line}, column {column} ({reason}); mend the quotes, brackets or commas there",
            file=name, line=line, column=column, reason=str(fault).partition(" (at ")[0],
        ) from None  # fmt: skip
    except RecursionError:
        raise DefinitionError(
            "{file}: lists or tables lie inside each other too deeply; write each component as a block",
            file=name,
        ) from None
    except ValueError as fault:  # a number that Python does not read, such as one of thousands of digits
        raise DefinitionError("{file}: holds a value that cannot be read ({reason})", file=name, reason=fault) from None


def definition_in(content: Block, source: Source) -> IndexDefinition:
    """Make a definition of what a file holds; DefinitionError tells all faults, one line each."""
    blocks = _blocks(content)
    faults = [source.of_index(fault) for fault in _index_faults(content)]
    components: list[Component] = []
    for n, block in enumerate(blocks):
        try:
            components.append(_component(n, block))
        except DefinitionError as fault:
            faults += [source.of_component(n, single) for single in fault.faults]
    faults += [source.of_component(n, fault) for n, fault in tree_faults(_nodes(blocks))]
    faults += [source.of_component(n, fault) for n, fault in _weight_faults(blocks)]
    faults += [source.of_component(n, fault) for n, fault in _level_faults(blocks)]
    refuse(_in_order(faults))
    index = content["index"]
    return IndexDefinition(
        code=index["code"], year=index["year"], name_vi=index["name_vi"], name_en=index["name_en"],
        official=index.get("official", False), synthetic=index.get("synthetic", False),
        sources=tuple(index.get("sources", ())), components=tuple(components),
    )  # fmt: skip


def _in_order(faults: list[DefinitionError]) -> list[DefinitionError]:
    """Faults by their line, and those of the whole file first."""
    return sorted(faults, key=lambda fault: fault.fields.get("line", 0))  # type: ignore[arg-type, return-value]


def _blocks(content: Block) -> list[Block]:
    """Components as they are written; what is none is told by the faults of the index."""
    found = content.get("component", ())
    return [block for block in found if isinstance(block, dict)] if isinstance(found, list) else []


def _nodes(blocks: Sequence[Block]) -> list[tuple[str, str | None]]:
    return [
        (str(block.get("code", f"#{n}")), str(block["parent"]) if "parent" in block else None)
        for n, block in enumerate(blocks, 1)
    ]


def _index_faults(content: Block) -> Iterator[DefinitionError]:
    index, components = content.get("index"), content.get("component")
    if not isinstance(components, list) or not components or not all(isinstance(c, dict) for c in components):
        yield DefinitionError("needs [[component]] blocks, one for each component")
    if not isinstance(index, dict):
        yield DefinitionError("needs a table [index] with code, year, name_vi and name_en")
        return
    for field in sorted(index.keys() - set(INDEX)):
        yield DefinitionError(
            "{where}: {field!r} is no field; is it misspelt?", where=DefinitionError("[index]"), field=field
        )
    for field in ("code", "name_vi", "name_en"):
        yield from _text_faults(DefinitionError("[index]"), index, field)
    year = index.get("year")
    if type(year) is not int or year not in YEARS:
        yield DefinitionError("[index] year must be a whole number such as 2024, not {found!r}", found=year)
    for field in ("official", "synthetic"):
        if not isinstance(index.get(field, False), bool):
            yield DefinitionError(
                "[index] {field} must be true or false, not {found!r}", field=field, found=index[field]
            )
    sources = index.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
        yield DefinitionError('[index] sources must be a list of texts, such as ["papi.org.vn"]')


def _text_faults(where: DefinitionError, block: Block, field: str) -> Iterator[DefinitionError]:
    if field not in block:
        yield DefinitionError("{where} needs a field {field!r}", where=where, field=field)
    elif not isinstance(block[field], str) or not block[field].strip():
        yield DefinitionError(
            "{where}: {field} must be a text, not {found!r}", where=where, field=field, found=block[field]
        )


def _component(n: int, block: Block) -> Component:
    refuse(list(_block_faults(n, block)))
    optional = {k: block[k] for k in OPTIONAL if k in block}
    measure = measure_of(block["measure"]) if "measure" in block else None
    texts = {field: block[field] for field in TEXTS}
    return Component(**texts, **optional, bounds=bounds_of(block), measure=measure)


def _block_faults(n: int, block: Block) -> Iterator[DefinitionError]:
    """Say which fields are missing or of another kind."""
    code = block.get("code")
    where = DefinitionError("component {n} ({code})", n=n + 1, code=code if isinstance(code, str) else "?")
    for field in TEXTS:
        yield from _text_faults(where, block, field)
    for field in ("concept", "parent", "rollup"):
        if field in block:
            yield from _text_faults(where, block, field)
    for field in sorted(block.keys() - {*TEXTS, *OPTIONAL, "bounds", "measure"}):
        yield DefinitionError("{where}: {field!r} is no field; is it misspelt?", where=where, field=field)
    if "measure" in block:
        yield from measure_faults(where, block["measure"])
    if "bounds" not in block and "measure" in block:
        pass  # a measured leaf's goalposts are its bounds
    elif "bounds" not in block:
        yield DefinitionError("{where} needs a field {field!r}", where=where, field="bounds")
    elif not _is_pair(block["bounds"]):
        yield DefinitionError(
            "{where}: bounds must be two numbers such as [1, 10], not {found!r}", where=where, found=block["bounds"]
        )
    for field in ("component_weight", "unseen"):
        if field in block and not _is_number(block[field]):
            yield DefinitionError(
                "{where}: {field} must be a number, not {found!r}", where=where, field=field, found=block[field]
            )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))


def _weight_faults(blocks: Sequence[Block]) -> Iterator[tuple[int, DefinitionError]]:
    """Find parents whose parts do not weigh 1 together; `unseen` of a parent names the weight of what is not there."""
    places = {str(block.get("code")): n for n, block in reversed(list(enumerate(blocks)))}
    with_parent = sorted((b for b in blocks if isinstance(b.get("parent"), str)), key=lambda b: str(b["parent"]))
    for parent, parts in groupby(with_parent, key=lambda b: str(b["parent"])):
        if parent in places:
            n = places[parent]
            fault = _weights_of(blocks[n], [part.get("component_weight") for part in parts])
            if fault:
                yield n, fault


def _level_faults(blocks: Sequence[Block]) -> Iterator[tuple[int, DefinitionError]]:
    """Find components whose level is not below their parent's; an indicator may have indicators as its parts."""
    levels = {str(block.get("code")): block.get("level") for block in reversed(blocks)}
    for n, block in enumerate(blocks):
        level, above = block.get("level"), levels.get(str(block["parent"])) if "parent" in block else None
        if level not in LEVELS or above not in LEVELS or level == above == LEVELS[-1]:
            continue
        if LEVELS.index(level) <= LEVELS.index(above):
            yield (
                n,
                DefinitionError(
                    "{code}: its level {level!r} is not below {above!r}, that of its parent {parent!r}",
                    code=str(block.get("code")), level=level, above=above, parent=str(block["parent"]),
                ),
            )  # fmt: skip


def _weights_of(parent: Block, weights: Sequence[object]) -> DefinitionError | None:
    code, given = parent.get("code"), [float(w) for w in weights if isinstance(w, int | float)]
    if not given:
        return None
    unseen = parent.get("unseen", 0)
    rest = float(unseen) if _is_number(unseen) else 0.0
    return weight_fault(str(code), str(parent.get("rollup")), rest, given, len(weights))

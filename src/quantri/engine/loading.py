"""Files to values: definitions, links and published results; errors name the file and the place."""

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from quantri.engine.comparability import Link, Links
from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.measure import Measure
from quantri.engine.results import Archive, EditionResults, Unit
from quantri.errors import DataError, DefinitionError
from quantri.text import fold

DATA = Path(__file__).resolve().parent.parent / "data"


def load_definition(path: Path) -> IndexDefinition:
    """Read one edition of an index from TOML.

    Parameters
    ----------
    path : Path
        A file with an ``[index]`` table and ``[[component]]`` blocks, parents first.

    Raises
    ------
    DefinitionError
        If the file cannot be read, is not TOML, lacks a field or contradicts itself; the text names the file.

    Examples
    --------
    >>> load_definition(DATA / "indices" / "papi-2017.toml").top.bounds
    (6.0, 60.0)
    """
    return read_definition(_text(path), path.name)


def read_definition(text: str, name: str) -> IndexDefinition:
    """Read one edition of an index from TOML text; `name` stands for the file in messages.

    Raises
    ------
    DefinitionError
        As `load_definition`.
    """
    content = _toml(text, name)
    try:
        index = content["index"]
        return IndexDefinition(
            code=str(index["code"]),
            year=int(index["year"]),
            name_vi=str(index["name_vi"]),
            name_en=str(index["name_en"]),
            official=bool(index.get("official", False)),
            synthetic=bool(index.get("synthetic", False)),
            sources=tuple(index.get("sources", ())),
            components=tuple(_component(n, block) for n, block in enumerate(content.get("component", ()), 1)),
        )
    except KeyError as missing:
        raise DefinitionError(f"{name}: [index] needs a field {missing}") from None
    except (TypeError, AttributeError):
        raise DefinitionError(f"{name}: [index] must be a table and [[component]] a list of tables") from None
    except DefinitionError as fault:
        raise DefinitionError(f"{name}: {fault}") from None
    except ValueError:
        raise DefinitionError(f"{name}: [index] year must be a whole number") from None


def load_links(path: Path) -> tuple[Link, ...]:
    """Read the links between editions from TOML; DefinitionError names the file and the number of the link."""
    links = []
    for n, block in enumerate(_toml(_text(path), path.name).get("link", ()), 1):
        try:
            before, after = block["from"], block["to"]
            links.append(
                Link(
                    from_year=int(before["year"]), from_code=before["code"],
                    to_year=int(after["year"]), to_code=after["code"],
                    comparable=block["comparable"], certainty=block.get("certainty", ""),
                    reason_vi=block["reason_vi"], reason_en=block["reason_en"],
                )
            )  # fmt: skip
        except KeyError as missing:
            raise DefinitionError(f"{path.name}: link {n} needs a field {missing}") from None
        except DefinitionError as fault:
            raise DefinitionError(f"{path.name}: {fault}") from None
    return tuple(links)


def load_results(path: Path, definition: IndexDefinition, units: Mapping[str, Unit]) -> EditionResults:
    """Read the published results of one edition from CSV: unit, code, score, derived, note and, if printed, low, high.

    An empty score is withheld; `low` and `high` are an interval as printed. Raises DataError naming the file and the
    line of an unknown unit or component, a score that is no number or lies outside the bounds, or a figure given twice.
    """
    return read_results(_text(path), path.name, definition, units)


def read_results(text: str, name: str, definition: IndexDefinition, units: Mapping[str, Unit]) -> EditionResults:
    """Read published results from CSV text, as `load_results`; `name` stands for the file in messages."""
    rows = list(csv.DictReader(io.StringIO(text)))
    keys = list(dict.fromkeys(row["unit"] for row in rows))
    place = {key: n for n, key in enumerate(keys)}
    scores = np.full((len(keys), len(definition.components)), np.nan)
    derived = np.zeros(scores.shape, dtype=bool)
    notes: dict[tuple[str, str], str] = {}
    intervals: dict[tuple[str, str], tuple[float, float]] = {}
    seen: set[tuple[str, str]] = set()
    for n, row in enumerate(rows, 2):
        where, cell = f"{name}, line {n}", (row["unit"], row["code"])
        if row["unit"] not in units:
            raise DataError(f"{where}: unknown unit {row['unit']!r}")
        if row["code"] not in definition:
            raise DataError(f"{where}: {definition.code}-{definition.year} has no component {row['code']!r}")
        if cell in seen:
            raise DataError(f"{where}: {cell[0]} {cell[1]} is given twice")
        seen.add(cell)
        at = place[row["unit"]], definition.column(row["code"])
        scores[at] = _score(row["score"], definition[row["code"]], where)
        derived[at] = row["derived"] == "1"
        if row["note"]:
            notes[cell] = row["note"]
        if row.get("low") and row.get("high"):
            intervals[cell] = _number(row["low"], where), _number(row["high"], where)
    return EditionResults(
        definition=definition, units=tuple(units[k] for k in keys), scores=scores, derived=derived, notes=notes,
        intervals=intervals,
    )  # fmt: skip


def load_units(path: Path, on: date) -> dict[str, Unit]:
    """Read all units by key, with the names that they bore on a day (the last one after their end).

    Examples
    --------
    >>> from datetime import date
    >>> load_units(DATA / "places" / "provinces.csv", date(2024, 12, 31))["vn63-46"].name_vi
    'Thừa Thiên Huế'
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    open_keys = {row["unit"] for row in rows if not row["valid_to"]}  # renamed units end a row and begin another
    units = {}
    for row in sorted(rows, key=lambda row: row["valid_from"]):
        started = not row["valid_from"] or date.fromisoformat(row["valid_from"]) <= on
        if started or row["unit"] not in units:
            units[row["unit"]] = Unit(
                key=row["unit"], code=row["code"], name_vi=row["name_vi"], name_en=row["name_en"],
                region=row["region"],
                ended_in=None if row["unit"] in open_keys else date.fromisoformat(row["valid_to"]).year,
            )  # fmt: skip
    return units


def load_archive(index: str, *folders: Path) -> Archive:
    """Read all editions of an index, oldest first.

    Parameters
    ----------
    index : str
        Code of the index, in any case.
    *folders : Path
        Hold ``indices/`` and ``results/``; the package data when none is given. An edition in a later folder stands
        in the place of the same edition in an earlier one.

    Raises
    ------
    DataError
        If the index is not known.

    Examples
    --------
    >>> load_archive("papi").years[0], load_archive("papi").years[-1]
    (2011, 2024)
    """
    code = fold(index)
    paths: dict[str, Path] = {}
    for folder in folders or (DATA,):
        found = (folder / "results").glob("*-[0-9][0-9][0-9][0-9].csv")
        paths |= {path.stem: path for path in found}
    own = sorted(path for stem, path in paths.items() if stem.rpartition("-")[0] == code)
    if not own:
        known = sorted({stem.rpartition("-")[0] for stem in paths})
        raise DataError(f"no index {index!r}; choose one of {', '.join(known)}")
    texts = [
        (path.stem, _text(path.parent.parent / "indices" / f"{path.stem}.toml"), _text(path))
        for path in sorted(own, key=lambda path: path.stem)
    ]
    return read_archive(code, texts)


def read_archive(index: str, editions: Iterable[tuple[str, str, str]]) -> Archive:
    """Make an archive from texts.

    Parameters
    ----------
    index : str
        Code of the index.
    editions : iterable of (name, definition, results)
        TOML and CSV text of each edition, oldest first; the name stands for the file in messages.
    """
    results = []
    for name, definition_text, results_text in editions:
        definition = read_definition(definition_text, f"{name}.toml")
        units = load_units(DATA / "places" / "provinces.csv", date(definition.year, 12, 31))
        results.append(read_results(results_text, f"{name}.csv", definition, units))
    links = DATA / "indices" / f"{index}-links.toml"
    declared = load_links(links) if links.exists() else ()
    return Archive(index=index, editions=tuple(results), links=Links((e.definition for e in results), declared))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as fault:
        raise DefinitionError(f"{path}: cannot be read ({fault.strerror}); check the name and the rights") from None
    except UnicodeDecodeError:
        raise DefinitionError(f"{path.name}: is not UTF-8 text; save it as UTF-8") from None


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise DefinitionError(f"{name}: is not TOML: {fault}") from None


def _component(n: int, block: Mapping[str, Any]) -> Component:
    known = {
        "code", "level", "name_vi", "name_en", "concept", "parent", "rollup", "component_weight", "unseen", "worst",
        "best",
    }  # fmt: skip
    try:
        fields = {k: v for k, v in block.items() if k in known}
        if "measure" in block:
            fields["measure"] = _measure(block["measure"], str(block["code"]))
        return Component(**{**fields, "bounds": _bounds(block), "code": str(block["code"])})
    except KeyError as missing:
        raise DefinitionError(f"component {n} ({block.get('code', 'no code')}) needs a field {missing}") from None
    except (TypeError, ValueError) as fault:
        if isinstance(fault, DefinitionError):
            raise
        name = block.get("code", "no code")
        raise DefinitionError(
            f"component {n} ({name}) needs level, name_vi, name_en and bounds = [low, high]"
        ) from None


def _bounds(block: Mapping[str, Any]) -> tuple[float, float]:
    """Bounds as written; those of a measured leaf may be left out and are then its goalposts."""
    if "bounds" in block or "measure" not in block:
        low, high = (float(bound) for bound in block["bounds"])
        return low, high
    posts = [post for post in (block.get("worst"), block.get("best")) if isinstance(post, (int, float))]
    return (float(min(posts)), float(max(posts))) if len(set(posts)) == 2 else (-np.inf, np.inf)


def _measure(block: Any, code: str) -> Measure:
    if not isinstance(block, Mapping):
        raise DefinitionError(f"{code}: [component.measure] must be a table")
    unknown = sorted(set(block) - {"questions", "combine", "values", "missing", "not_asked", "only_if"})
    if unknown:
        raise DefinitionError(f"{code}: [component.measure] has no field {unknown[0]!r}")
    try:
        return Measure(
            questions=_columns(block["questions"]), combine=block.get("combine", "mean"),
            values={str(k): float(v) for k, v in block.get("values", {}).items()},
            missing=tuple(block.get("missing", ())), not_asked=tuple(block.get("not_asked", ())),
            only_if=block.get("only_if", ""),
        )  # fmt: skip
    except KeyError as missing:
        raise DefinitionError(f"{code}: [component.measure] needs a field {missing}") from None
    except DefinitionError as fault:
        raise DefinitionError(f"{code}: {fault}") from None
    except (TypeError, ValueError, AttributeError):
        raise DefinitionError(f'{code}: [component.measure] needs questions = ["…"] and numbers for codes') from None


def _columns(names: Any) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise TypeError
    return tuple(names)


def _number(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise DataError(f"{where}: score {text!r} is no number") from None


def _score(text: str, component: Component, where: str) -> float:
    if not text:
        return np.nan
    score = _number(text, where)
    low, high = component.bounds
    if not low - 0.005 <= score <= high + 0.005:  # thirds are printed as 0.33, and scores lie just below 1/3
        raise DataError(f"{where}: score {score} of {component.code} lies outside {low:g} to {high:g}")
    return score

"""Files to values: definitions, links and published results; errors name the file and the place."""

import csv
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from quantri.engine.comparability import Link, Links
from quantri.engine.definition import Component, IndexDefinition
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
    content = _toml(path)
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
        raise DefinitionError(f"{path.name}: [index] needs a field {missing}") from None
    except (TypeError, AttributeError):
        raise DefinitionError(f"{path.name}: [index] must be a table and [[component]] a list of tables") from None
    except DefinitionError as fault:
        raise DefinitionError(f"{path.name}: {fault}") from None
    except ValueError:
        raise DefinitionError(f"{path.name}: [index] year must be a whole number") from None


def load_links(path: Path) -> tuple[Link, ...]:
    """Read the links between editions from TOML; DefinitionError names the file and the number of the link."""
    links = []
    for n, block in enumerate(_toml(path).get("link", ()), 1):
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
    """Read the published results of one edition from CSV with columns unit, code, score, derived, note.

    An empty score is withheld. Raises DataError naming the file and the line of an unknown unit or
    component, a score that is no number or lies outside the bounds, or a figure given twice.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    keys = list(dict.fromkeys(row["unit"] for row in rows))
    place = {key: n for n, key in enumerate(keys)}
    scores = np.full((len(keys), len(definition.components)), np.nan)
    derived = np.zeros(scores.shape, dtype=bool)
    notes: dict[tuple[str, str], str] = {}
    seen: set[tuple[str, str]] = set()
    for n, row in enumerate(rows, 2):
        where, cell = f"{path.name}, line {n}", (row["unit"], row["code"])
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
    return EditionResults(
        definition=definition, units=tuple(units[k] for k in keys), scores=scores, derived=derived, notes=notes
    )


def load_units(path: Path, on: date) -> dict[str, Unit]:
    """Read the units by key, with the names that they bore on a day.

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
    for row in rows:
        started = not row["valid_from"] or date.fromisoformat(row["valid_from"]) <= on
        ended = row["valid_to"] and date.fromisoformat(row["valid_to"]) <= on
        if started and not ended:
            units[row["unit"]] = Unit(
                key=row["unit"], code=row["code"], name_vi=row["name_vi"], name_en=row["name_en"],
                region=row["region"],
                ended_in=None if row["unit"] in open_keys else date.fromisoformat(row["valid_to"]).year,
            )  # fmt: skip
    return units


def load_archive(index: str, folder: Path = DATA) -> Archive:
    """Read all editions of an index that the folder holds, oldest first.

    Parameters
    ----------
    index : str
        Code of the index, in any case.
    folder : Path
        Holds ``indices/``, ``results/`` and ``places/``; the package data by default.

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
    paths = sorted((folder / "results").glob(f"{code}-[0-9][0-9][0-9][0-9].csv")) if code.isidentifier() else []
    if not paths:
        known = sorted({p.stem.rsplit("-", 1)[0] for p in (folder / "results").glob("*-*.csv")})
        raise DataError(f"no index {index!r}; choose one of {', '.join(known)}")
    editions = []
    for path in paths:
        definition = load_definition(folder / "indices" / f"{path.stem}.toml")
        units = load_units(folder / "places" / "provinces.csv", date(definition.year, 12, 31))
        editions.append(load_results(path, definition, units))
    links = load_links(folder / "indices" / f"{code}-links.toml")
    return Archive(index=code, editions=tuple(editions), links=Links((e.definition for e in editions), links))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise DefinitionError(f"{path}: cannot be read ({fault.strerror}); check the name and the rights") from None
    except UnicodeDecodeError:
        raise DefinitionError(f"{path.name}: is not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as fault:
        raise DefinitionError(f"{path.name}: is not TOML: {fault}") from None


def _component(n: int, block: Mapping[str, Any]) -> Component:
    known = {"code", "level", "name_vi", "name_en", "bounds", "concept", "parent", "rollup", "component_weight"}
    try:
        low, high = (float(bound) for bound in block["bounds"])
        fields = {k: v for k, v in block.items() if k in known}
        return Component(**{**fields, "bounds": (low, high), "code": str(block["code"])})
    except KeyError as missing:
        raise DefinitionError(f"component {n} ({block.get('code', 'no code')}) needs a field {missing}") from None
    except (TypeError, ValueError) as fault:
        if isinstance(fault, DefinitionError):
            raise
        name = block.get("code", "no code")
        raise DefinitionError(
            f"component {n} ({name}) needs level, name_vi, name_en and bounds = [low, high]"
        ) from None


def _score(text: str, component: Component, where: str) -> float:
    if not text:
        return np.nan
    try:
        score = float(text)
    except ValueError:
        raise DataError(f"{where}: score {text!r} is no number") from None
    low, high = component.bounds
    if not low - 0.005 <= score <= high + 0.005:  # thirds are printed as 0.33, and scores lie just below 1/3
        raise DataError(f"{where}: score {score} of {component.code} lies outside {low:g} to {high:g}")
    return score

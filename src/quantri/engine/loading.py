"""Files to values: definitions, links and published results; errors name the file and the place."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TypedDict

import numpy as np

from quantri.engine.comparability import Link, Links
from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.parsing import Source, definition_in, parsed_toml
from quantri.engine.results import Archive, EditionResults, Unit
from quantri.errors import DataError, DefinitionError
from quantri.text import fold


class Place(TypedDict):
    """Where a figure stands, for messages."""

    file: str
    line: int


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
        If the file cannot be read, is not TOML, lacks a field or contradicts itself; the text names the file. Its
        `faults` are all that were found, each with its line.

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
    return definition_in(parsed_toml(text, name), Source(name, text))


def load_links(path: Path) -> tuple[Link, ...]:
    """Read the links between editions from TOML; DefinitionError names the file and the number of the link."""
    links = []
    for n, block in enumerate(parsed_toml(_text(path), path.name).get("link", ()), 1):
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
            raise DefinitionError(
                "{file}: link {n} needs a field {field!r}", file=path.name, n=n, field=missing.args[0]
            ) from None
        except DefinitionError as fault:
            raise DefinitionError("{file}: {fault}", file=path.name, fault=fault) from None
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
        where: Place = {"file": name, "line": n}
        cell = row["unit"], row["code"]
        if row["unit"] not in units:
            raise DataError("{file}, line {line}: unknown unit {unit!r}", **where, unit=row["unit"])
        if row["code"] not in definition:
            raise DataError(
                "{file}, line {line}: {index}-{year} has no component {code!r}",
                **where, index=definition.code, year=definition.year, code=row["code"],
            )  # fmt: skip
        if cell in seen:
            raise DataError("{file}, line {line}: {unit} {code} is given twice", **where, unit=cell[0], code=cell[1])
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
        raise DataError("no index {index!r}; choose one of {known}", index=index, known=", ".join(known))
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
        raise DefinitionError(
            "{file}: cannot be read ({reason}); check the name and the rights",
            file=path,
            reason=DefinitionError(fault.strerror or ""),
        ) from None
    except UnicodeDecodeError:
        raise DefinitionError("{file}: is not UTF-8 text; save it as UTF-8", file=path.name) from None


def _number(text: str, where: Place) -> float:
    try:
        return float(text)
    except ValueError:
        raise DataError("{file}, line {line}: score {text!r} is no number", **where, text=text) from None


def _score(text: str, component: Component, where: Place) -> float:
    if not text:
        return np.nan
    score = _number(text, where)
    low, high = component.bounds
    if not low - 0.005 <= score <= high + 0.005:  # thirds are printed as 0.33, and scores lie just below 1/3
        raise DataError(
            "{file}, line {line}: score {score} of {code} lies outside {low:g} to {high:g}",
            **where, score=score, code=component.code, low=low, high=high,
        )  # fmt: skip
    return score

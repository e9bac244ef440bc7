"""Package data of places, read into plain rows: what exists, what it was called, where it lies, what it became."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

Fields = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """Rows by model; `unit`, `parent`, `before` and `after` hold keys."""

    units: dict[str, Fields] = field(default_factory=dict)
    names: list[Fields] = field(default_factory=list)
    codes: list[Fields] = field(default_factory=list)
    parents: list[Fields] = field(default_factory=list)
    successions: list[Fields] = field(default_factory=list)


def read_facts(folder: Path) -> Facts:
    facts = Facts()
    sources = {row["file"]: row["source"] for row in _rows(folder / "sources.csv")}
    for row in _rows(folder / "provinces.csv"):
        _unit(facts, row, level="province", source="", region=row["region"])
    for row in _rows(folder / "communes.csv"):
        _unit(facts, row, level="commune", source=row["source"] or sources["communes.csv"])
    for row in _rows(folder / "units_2024.csv"):
        _unit(facts, row, level=row["level"], source=sources["units_2024.csv"])
    for row in _rows(folder / "other_codes.csv"):
        other = {"system": "other", "source": sources["other_codes.csv"], "valid_from": None, "valid_to": None}
        facts.codes.append({"unit": row["unit"], "code": row["code"], **other})
    for name in ("succession.csv", "communes_succession.csv"):
        facts.successions.extend(_succession(row, sources.get(name, "")) for row in _rows(folder / name))
    return facts


def _unit(facts: Facts, row: dict[str, str], *, level: str, source: str, region: str = "") -> None:
    """Take a row of a list: one name, and one code and parent that last from its first to its last name."""
    key, begins, ends = row["unit"], _day(row.get("valid_from", "")), _day(row["valid_to"])
    facts.names.append(
        {
            "unit": key, "name_vi": row["name_vi"], "name_en": row.get("name_en", ""), "kind": row["kind"],
            "region": region, "valid_from": begins, "valid_to": ends, "decision": row.get("decision", ""),
            "source": source,
        }
    )  # fmt: skip
    if key in facts.units:
        for each in (facts.codes, facts.parents):
            if each and each[-1]["unit"] == key:
                each[-1]["valid_to"] = ends
        return
    facts.units[key] = {"key": key, "level": level, "code": row["code"]}
    lasting = {"unit": key, "valid_from": begins, "valid_to": ends}
    facts.codes.append({**lasting, "system": "nso", "code": row["code"], "source": source})
    if row.get("parent"):
        facts.parents.append({**lasting, "parent": row["parent"]})


def _succession(row: dict[str, str], source: str) -> Fields:
    return {
        "before": row["from_unit"], "after": row["to_unit"] or None, "effective_on": _day(row["effective_on"]),
        "kind": row["event"], "share": row["share"] or None, "decision": row["legal_basis"], "source": source,
        "certainty": row.get("certainty", ""),
    }  # fmt: skip


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

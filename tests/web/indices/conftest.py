import csv
from datetime import date
from types import ModuleType

import numpy as np
import pytest

import sheets_in_known_layouts
from quantri.engine.loading import DATA, load_units
from quantri.engine.results import EditionResults


@pytest.fixture(scope="session")
def layouts() -> ModuleType:
    return sheets_in_known_layouts


@pytest.fixture(scope="session")
def mapping() -> dict[str, tuple[str, str]]:
    """Code and name of the new province of each old one, by old code."""
    with (DATA / "places" / "provinces.csv").open(encoding="utf-8", newline="") as lines:
        units = {row["unit"]: row for row in csv.DictReader(lines) if not row["valid_to"] or row["unit"][:4] == "vn63"}
    with (DATA / "places" / "succession.csv").open(encoding="utf-8", newline="") as lines:
        merged = {row["from_unit"]: row["to_unit"] for row in csv.DictReader(lines)}
    old = [unit for unit in units if unit.startswith("vn63-")]
    new = {unit: units[merged.get(unit, unit)] for unit in old}
    return {units[unit]["code"]: (new[unit]["code"], new[unit]["name_vi"]) for unit in old}


@pytest.fixture
def since_mergers(papi, layouts) -> EditionResults:
    """2025 as it may come: the 34 provinces, with scores taken from any 34 of 2024."""
    known = papi.edition(2024)
    every = load_units(DATA / "places" / "provinces.csv", date(2025, 12, 31))
    units = tuple(unit for unit in every.values() if unit.key.startswith("vn34-") or unit.ended_in is None)
    full = known.scores[~np.isnan(known.scores).any(axis=1)]
    return layouts.edition_of(known.definition, units, full[: len(units)])

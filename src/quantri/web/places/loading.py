"""Package data of places into the database; a second load changes nothing."""

import csv
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from quantri.engine.loading import DATA
from quantri.engine.results import name_key
from quantri.errors import DataError
from quantri.web.places.models import Province, Succession, UnitName


@transaction.atomic
def load_places(folder: Path = DATA / "places") -> int:
    """Load provinces, their names and succession; return how many rows were new."""
    before = _count()
    rows = _rows(folder / "provinces.csv")
    for row in rows:
        province, _ = Province.objects.get_or_create(key=row["unit"], defaults={"code": row["code"]})
        names = {field: row[field] for field in ("name_vi", "name_en", "kind", "region")}
        UnitName.objects.get_or_create(
            unit=province, valid_from=_day(row["valid_from"]), defaults={**names, "valid_to": _day(row["valid_to"])}
        )
    provinces = {p.key: p for p in Province.objects.all()}
    for row in _rows(folder / "succession.csv"):
        Succession.objects.get_or_create(
            before=provinces[row["from_unit"]], after=provinces[row["to_unit"]],
            defaults={
                "effective_on": _day(row["effective_on"]), "kind": row["event"],
                "share": row["share"] or None, "decision": row["legal_basis"],
            },
        )  # fmt: skip
    return _count() - before


def find_province(name: str, day: date) -> Province:
    """Find a province that exists on a day by key, code or name; DataError when none or several fit."""
    known = list(Province.objects.on(day).named())
    exact = [p for p in known if name.strip() in (p.key, p.code)]
    wanted = name_key(name)
    found = exact or [p for p in known if wanted in (name_key(p.latest.name_vi), name_key(p.latest.name_en))]
    if len(found) != 1:
        fitting = ", ".join(f"{p.latest.name_vi} ({p.code})" for p in found) or "none"
        raise DataError(f"{name!r} is not one province of {day:%d/%m/%Y} ({fitting}); give a code or the full name")
    return found[0]


def home_province(day: date) -> Province:
    """Return the province that this site serves, by the setting QUANTRI_HOME_PROVINCE."""
    return find_province(settings.HOME_PROVINCE, day)


def _count() -> int:
    return Province.objects.count() + UnitName.objects.count() + Succession.objects.count()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

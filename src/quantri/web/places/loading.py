"""Package data of places into the database; a second load changes nothing."""

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from quantri.engine.loading import DATA
from quantri.engine.results import name_key
from quantri.errors import DataError
from quantri.said import Said
from quantri.web.places.models import Province, Succession, Unit, UnitCode, UnitName, UnitParent
from quantri.web.places.package import Fields, read_facts

KEY = re.compile(r"vn\d\d-\d\d")  # of a province
KEYS = {"unit", "parent", "before", "after"}


@transaction.atomic
def load_places(folder: Path = DATA / "places") -> int:
    """Load units, their names, codes, parents and succession; return how many rows were new or ended."""
    facts = read_facts(folder)
    known = dict(Unit.objects.values_list("key", "pk"))
    missing = [Unit(**fields) for key, fields in facts.units.items() if key not in known]
    Unit.objects.bulk_create(missing)
    known = dict(Unit.objects.values_list("key", "pk")) if missing else known
    return (
        len(missing)
        + _add(UnitName, facts.names, ("unit", "valid_from"), known)
        + _add(UnitCode, facts.codes, ("unit", "system", "code", "valid_from"), known)
        + _add(UnitParent, facts.parents, ("unit", "parent", "valid_from"), known)
        + _add(Succession, facts.successions, ("before", "after"), known)
    )


def _add(model: type[Model], wanted: list[Fields], identity: tuple[str, ...], known: dict[str, int]) -> int:
    """Add the rows that are not there, and end those that were open and have ended; nothing else is touched."""
    rows = [{_column(name): _value(name, value, known) for name, value in row.items()} for row in wanted]
    columns = [_column(name) for name in identity]
    is_dated = "valid_to" in rows[0]
    told = model.objects.values_list("pk", *columns, *(["valid_to"] if is_dated else []))
    there = {tuple(line[1 : len(columns) + 1]): line for line in told}
    n_ended, missing = 0, []
    for row in rows:
        line = there.get(tuple(row[c] for c in columns))
        if line is None:
            missing.append(model(**row))
        elif is_dated and line[-1] is None and row["valid_to"] is not None:
            n_ended += model.objects.filter(pk=line[0], valid_to=None).update(valid_to=row["valid_to"])
    model.objects.bulk_create(missing, batch_size=2000)
    return len(missing) + n_ended


def _column(name: str) -> str:
    return f"{name}_id" if name in KEYS else name


def _value(name: str, value: Any, known: dict[str, int]) -> Any:
    return known[value] if name in KEYS and value is not None else value


def find_province(name: str, day: date) -> Province:
    """Find a province that exists on a day by key, code or name; DataError when none or several fit."""
    known = list(Province.objects.on(day).named())
    exact = [p for p in known if name.strip() in (p.key, p.code)]
    wanted = name_key(name)
    found = exact or [p for p in known if wanted in (name_key(p.latest.name_vi), name_key(p.latest.name_en))]
    if len(found) != 1:
        fitting = ", ".join(f"{p.latest.name_vi} ({p.code})" for p in found) or Said("none")
        raise DataError(
            "{name!r} is not one province of {day:%d/%m/%Y} ({fitting}); give a code or the full name",
            name=name, day=day, fitting=fitting,
        )  # fmt: skip
    return found[0]


def home_province(day: date) -> Province:
    """Return the province that this site serves, by the setting QUANTRI_HOME_PROVINCE."""
    by_key = Province.objects.on(day).filter(key=settings.HOME_PROVINCE).first()
    return by_key or find_province(settings.HOME_PROVINCE, day)


def home_key() -> str:
    """Return the key of that province; where a name or a code is set, the database is asked once a day."""
    return (
        settings.HOME_PROVINCE
        if KEY.fullmatch(settings.HOME_PROVINCE)
        else _key_of(settings.HOME_PROVINCE, timezone.localdate())
    )


@cache
def _key_of(name: str, day: date) -> str:
    return find_province(name, day).key

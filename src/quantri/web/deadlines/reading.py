"""A year's calendar as it is written in TOML; every fault is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from quantri.engine.parsing import parsed_toml
from quantri.errors import DataError, DefinitionError, placed, refuse
from quantri.web.deadlines.counting import SATURDAY, SpecialDay

LARGEST = 100_000  # signs
HEAD = {"year", "notices", "certainty", "scope", "checked_on", "off", "worked"}
DAY = {"date", "name_vi", "name_en", "status", "certainty", "instead_of"}


@dataclass(frozen=True, kw_only=True)
class YearCalendar:
    """What is off and what is worked in a year; proposed days are told but do not count."""

    year: int
    notices: tuple[str, ...]
    certainty: str
    days: tuple[SpecialDay, ...]
    proposed: tuple[SpecialDay, ...]


def calendar_of(text: str, name: str) -> YearCalendar:
    """Read a year's calendar; DataError tells every fault, one line each."""
    if len(text) > LARGEST:
        raise DataError("{file}: is longer than the calendar of a year can be; is it the right file?", file=name)
    try:
        content = parsed_toml(text, name)
    except DefinitionError as fault:
        raise DataError("{fault}", fault=fault) from None
    try:
        refuse([*_faults(content)])
    except DataError as fault:
        raise placed("{file}: {fault}", fault, file=name) from None
    made = [(block.get("status", "final"), _day(content, block, kind)) for kind in ("off", "worked")
            for block in content.get(kind, ())]  # fmt: skip
    return YearCalendar(
        year=content["year"], notices=tuple(content["notices"]), certainty=content["certainty"],
        days=tuple(day for status, day in made if status == "final"),
        proposed=tuple(day for status, day in made if status == "proposed"),
    )  # fmt: skip


@cache
def package_calendars() -> Mapping[int, YearCalendar]:
    """Read the calendars that come with the package, by their year."""
    folder = resources.files("quantri").joinpath("data/calendars")
    found = [calendar_of(f.read_text("utf-8"), f.name) for f in folder.iterdir() if f.name.endswith(".toml")]
    return {each.year: each for each in found}


def _day(content: Mapping[str, Any], block: Mapping[str, Any], kind: str) -> SpecialDay:
    instead = block.get("instead_of")
    words = f"{instead.day}/{instead.month}/{instead.year}" if instead else ""
    return SpecialDay(
        date=block["date"], is_off=kind == "off", instead_of=instead,
        name_vi=block.get("name_vi") or f"Ngày làm bù cho ngày {words}",
        name_en=block.get("name_en") or f"Worked instead of {words}",
        document=", ".join(content["notices"]), certainty=block.get("certainty", content["certainty"]),
    )  # fmt: skip


def _faults(content: Mapping[str, Any]) -> Iterator[DataError]:
    for field in sorted(content.keys() - HEAD):
        yield DataError("{field!r} is no part of a calendar; is it misspelt?", field=field)
    year, notices = content.get("year"), content.get("notices")
    if type(year) is not int or not 2000 <= year <= 2100:
        yield DataError("year must be a year such as 2027, not {found!r}", found=year)
        return
    if not isinstance(notices, list) or not notices or not all(isinstance(n, str) and n.strip() for n in notices):
        yield DataError("notices must list the documents that decide the days")
    if content.get("certainty") not in ("A", "B", "C"):
        yield DataError("certainty must be A, B or C, not {found!r}", found=content.get("certainty"))
    seen: set[date] = set()
    for kind in ("off", "worked"):
        blocks = content.get(kind, [])
        if not isinstance(blocks, list) or not all(isinstance(b, dict) for b in blocks):
            yield DataError("{kind} must be [[{kind}]] blocks", kind=kind)
            continue
        for n, block in enumerate(blocks, 1):
            yield from _day_faults(kind, n, block, year, seen)


def _day_faults(kind: str, n: int, block: Mapping[str, Any], year: int, seen: set[date]) -> Iterator[DataError]:
    where = f"{kind} {n}"
    for field in sorted(block.keys() - DAY):
        yield DataError("{where}: {field!r} is no field; is it misspelt?", where=where, field=field)
    day = block.get("date")
    if not isinstance(day, date) or isinstance(day, datetime) or day.year != year:
        yield DataError("{where}: date must be a day of {year}, not {found!r}", where=where, year=year, found=day)
        return
    if day in seen:
        yield DataError("{where}: {day} stands there twice", where=where, day=day)
    seen.add(day)
    if kind == "off" and day.weekday() >= SATURDAY:
        yield DataError("{where}: {day} is a weekend day, which is off anyway", where=where, day=day)
    if kind == "worked" and day.weekday() < SATURDAY:
        yield DataError("{where}: {day} is no weekend day, so it is worked anyway", where=where, day=day)
    if kind == "off" and not isinstance(block.get("name_vi"), str):
        yield DataError("{where} needs a field {field!r}", where=where, field="name_vi")
    if kind == "worked" and (
        not isinstance(block.get("instead_of"), date) or isinstance(block["instead_of"], datetime)
    ):
        yield DataError("{where}: instead_of must be the day off that it stands for", where=where)
    if block.get("status", "final") not in ("final", "proposed"):
        yield DataError("{where}: status must be final or proposed, not {found!r}", where=where, found=block["status"])

"""Write docs/reference/working-calendar.md: python scripts/describe_calendar.py; needs the package `holidays`."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import holidays

from quantri.web.deadlines.counting import SATURDAY, SpecialDay
from quantri.web.deadlines.reading import YearCalendar, package_calendars

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "working-calendar.md"
HEAD = """# Working calendar

Made by `scripts/describe_calendar.py` from `src/quantri/data/calendars/*.toml`. How days are counted with it:
[how working time is counted](../explanation/working-time.md).

Weekdays off and weekend days worked in the public sector, days made up for weekends included. Certainty A: read in the
notice or in a document that restates it; B: from works that quote it; C: not checked, or proposed only.
"""
WHY = {  # what we know of a day on which we and the package differ
    date(
        2026, 1, 2
    ): "the national exchange of 12729/VPCP-KGVX; one province's own notice (200/TB-UBND, An Giang) does "
    "not hold it either: who follows such a notice sets both days apart",
    date(2026, 1, 10): "worked for 2/1/2026",
}


def page() -> str:
    known = package_calendars()
    parts = [HEAD, *(year_of(known[year]) for year in sorted(known)), compared(known)]
    return "\n".join(parts).rstrip() + "\n"


def year_of(found: YearCalendar) -> str:
    notices = ", ".join(found.notices)
    lines = [f"## {found.year}", "", f"{notices}; certainty {found.certainty}.", ""]
    lines += ["| day | | why | |", "|---|---|---|---|"]
    lines += [_row(day, "") for day in sorted(found.days, key=lambda d: d.date)]
    lines += [_row(day, "proposed, does not count") for day in sorted(found.proposed, key=lambda d: d.date)]
    return "\n".join([*lines, ""])


def _row(day: SpecialDay, mark: str) -> str:
    kind = "off" if day.is_off else "worked"
    return f"| {day.date:%a} {_day(day.date)} | {kind} | {day.name_vi} / {day.name_en} | {mark} |"


def compared(known: dict[int, YearCalendar]) -> str:
    rows = [f"| {_day(day)} | {ours} | {theirs} | {WHY.get(day, '')} |" for day, ours, theirs in differences(known)]
    return "\n".join([
        "## Compared with the package `holidays`", "",
        "A second source, made by others and used by our tests alone: its Viet Nam calendar of the same years, with",
        f"the weekend days that it names as worked. {len(rows)} days differ.", "",
        "| day | here | there | why |", "|---|---|---|---|", *rows,
    ])  # fmt: skip


def differences(known: dict[int, YearCalendar]) -> Iterator[tuple[date, str, str]]:
    """Give each day on which the two calendars differ, with what either says."""
    theirs = holidays.country_holidays("VN", years=sorted(known), language="vi")
    off = {day for day in theirs if day.weekday() < SATURDAY}
    worked = {day for day in theirs.weekend_workdays if day.year in known}
    here = {day.date: day.is_off for each in known.values() for day in each.days}
    there = dict.fromkeys(off, True) | dict.fromkeys(worked, False)
    for day in sorted(here.keys() | there.keys()):
        if here.get(day) != there.get(day):
            yield day, _said(day, here), _said(day, there)


def _said(day: date, known: dict[date, bool]) -> str:
    is_off = known.get(day, day.weekday() >= SATURDAY)
    return "off" if is_off else "worked"


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")

"""Calendars and rules as they are written: what the package holds, and how faults are told."""

from datetime import date
from pathlib import Path

import pytest

import quantri
from quantri.errors import DataError
from quantri.web.deadlines.reading import calendar_of, package_calendars
from quantri.web.deadlines.rules import package_rules, rules_in

DATA = Path(quantri.__file__).parent / "data"
YEAR = (DATA / "calendars/2026.toml").read_text("utf-8")
RULES = (DATA / "rules/boards.toml").read_text("utf-8")
OFF = {2021: 11, 2022: 11, 2023: 11, 2024: 12, 2025: 12, 2026: 14}


@pytest.mark.parametrize("year", OFF)
def test_each_year_has_its_days_off_and_worked_saturdays(year):
    found = package_calendars()[year]
    assert sum(d.is_off for d in found.days) == OFF[year]
    swapped = [d for d in found.days if "hoán đổi" in d.name_vi]
    assert {d.date for d in swapped} == {d.instead_of for d in found.days if not d.is_off}


def test_the_swap_of_november_2026_is_proposed_and_does_not_count():
    found = package_calendars()[2026]
    assert {d.date for d in found.proposed} == {date(2026, 11, 23), date(2026, 11, 28)}
    assert not {d.date for d in found.proposed} & {d.date for d in found.days}


def test_every_rule_of_the_package_names_document_validity_and_certainty():
    rules = package_rules()
    assert len(rules) > 30 and len({r.id for r in rules}) == len(rules)
    assert all(r.document and r.article and r.valid_from and r.certainty for r in rules)


def broken(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "year must be a year"),
        ("year = ", "is not TOML"),
        (broken(YEAR, "2026-01-01", "2025-01-01"), "date must be a day of 2026"),
        (broken(YEAR, "2026-01-01", "2026-01-03"), "weekend day, which is off anyway"),
        (broken(YEAR, "date = 2026-01-10", "date = 2026-01-12"), "is no weekend day"),
        (broken(YEAR, "date = 2026-01-02", "date = 2026-01-01"), "stands there twice"),
        (broken(YEAR, "date = 2026-01-02", "date = 2026-01-02T10:00:00"), "date must be a day"),
        (broken(YEAR, 'certainty = "B"', 'certainty = "D"'), "certainty must be A, B or C"),
        (broken(YEAR, 'scope = "public sector"', 'skope = "x"'), "'skope' is no part"),
        (broken(YEAR, 'status = "proposed"', 'status = "maybe"'), "status must be final or proposed"),
        ('year = 2027\nnotices = []\ncertainty = "A"', "notices must list"),
        ('year = 2027\nnotices = ["x"]\ncertainty = "A"\noff = 3', "off must be [[off]] blocks"),
        ("x = " + "[" * 5000 + "]" * 5000, "too deeply"),
        ("year = " + "9" * 5000, "cannot be read"),
        ("# " + "x" * 200_000, "longer than the calendar"),
    ],
)
def test_a_faulty_calendar_is_told_with_its_place(text, said):
    with pytest.raises(DataError) as fault:
        calendar_of(text, "c.toml")
    assert said in str(fault.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "needs [[rule]] blocks"),
        (broken(RULES, 'document = "10/2022/QH15"\n', ""), "needs a field 'document'"),
        (broken(RULES, "valid_from = 2023-07-01\n", ""), "valid_from must be a date"),
        (broken(RULES, 'certainty = "A"\n', ""), "certainty must be one of"),
        (broken(RULES, "amount = 15", "amount = 0"), "amount must be a whole number"),
        (broken(RULES, 'unit = "calendar_day"', 'unit = "day"'), "unit must be one of"),
        (broken(RULES, 'unit = "calendar_day"', 'unit = "person"'), "unit must be one of"),
        (broken(RULES, 'unit = "person"', 'unit = "hour"'), "unit must be one of"),
        (broken(RULES, 'unit = "person"', 'unit = "part"'), "of belongs to a part"),
        (broken(RULES, 'unit = "person"', 'unit = "person"\nof = 3'), "of belongs to a part"),
        (broken(RULES, 'starts_on = "recommendation.received"\n', ""), "needs a field 'starts_on'"),
        (broken(RULES, 'bound = "at_most"', 'bound = "about"'), "bound must be one of"),
        (broken(RULES, 'kind = "clock"', 'kind = "ban"'), "kind must be one of"),
        (broken(RULES, "amount = 15", 'amount = 15\npauses = "x"'), "pauses must list"),
        (broken(RULES, "amount = 15", "amount = 15\nextensions = [3]"), "extensions must be a list"),
        (
            broken(RULES, "amount = 15", 'amount = 15\nextensions = [{ amount = 1, unit = "month", times = 0 }]'),
            "times must",
        ),
        (broken(RULES, 'unit = "calendar_day"', 'unit = "calendar_day"\nvalid_to = 2020-01-01'), "valid_to must be"),
    ],
)
def test_a_rule_without_document_validity_or_certainty_does_not_load(text, said):
    with pytest.raises(DataError) as fault:
        rules_in(text, "r.toml")
    assert said in str(fault.value)

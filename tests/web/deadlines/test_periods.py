"""Report periods run from the 15th to the 14th, as the rule of the package says."""

from itertools import pairwise

from quantri.web.deadlines.periods import kinds, periods_of


def spans(kind):
    return [(p.starts_on.isoformat(), p.ends_on.isoformat()) for p in periods_of(kind, 2026)]


def test_the_periods_are_those_of_the_rule():
    assert spans("quarter") == [
        ("2025-12-15", "2026-03-14"), ("2026-03-15", "2026-06-14"), ("2026-06-15", "2026-09-14"),
        ("2026-09-15", "2026-12-14"),
    ]  # fmt: skip
    assert spans("half_year") == [("2025-12-15", "2026-06-14")]
    assert spans("nine_months") == [("2025-12-15", "2026-09-14")]
    assert spans("year") == [("2025-12-15", "2026-12-14")]
    assert spans("month")[0] == ("2025-12-15", "2026-01-14") and len(spans("month")) == 12


def test_months_follow_each_other_without_a_gap():
    found = periods_of("month", 2026)
    assert all((b.starts_on - a.ends_on).days == 1 for a, b in pairwise(found))


def test_units_send_by_the_seventeenth_and_the_province_by_the_twentieth():
    first = periods_of("quarter", 2026)[0]
    assert (first.cut_off_on.isoformat(), first.province_until.isoformat()) == ("2026-03-17", "2026-03-20")
    assert (first.name_vi, first.name_en) == ("quý 1/2026", "quarter 1/2026")
    assert kinds() == ("month", "quarter", "half_year", "nine_months", "year")

"""Report periods: everyone reads them; the province sets the days of sending from a day on."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation
from openpyxl import load_workbook

from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.core.models import AuditEntry
from quantri.web.deadlines import cutoffs
from quantri.web.deadlines.models import SendingDays

SENT = {"valid_from": "01/01/2027", "units_until": "10", "province_until": "15", "document": "3/KH-UBND"}


def test_the_days_of_sending_are_a_model_until_the_province_sets_its_own(client, db):
    page = client.get("/en/calendar/2026/reports/").content.decode()
    assert "not a rule for PAPI plans" in page and "06/2025/TT-TTCP" in page and "to be confirmed" in page
    assert "month 1/2026" in page and "nine months of 2026" in page


def test_a_keeper_sets_the_days_and_earlier_periods_keep_theirs(administrator, django_assert_max_num_queries):
    client = signed_in(administrator)
    with django_assert_max_num_queries(20):
        client.get("/calendar/2027/reports/")
    assert client.post("/calendar/2027/reports/", SENT).status_code == 302
    first = cutoffs.periods("quarter", 2027)[0]
    assert (first.cut_off_on, first.province_until) == (date(2027, 3, 10), date(2027, 3, 15))
    assert cutoffs.periods("year", 2026)[0].cut_off_on == date(2026, 12, 17)
    told = AuditEntry.objects.get(action="sending_days.set").details
    assert told["before"] == {"units_until": 17, "province_until": 20} and told["after"]["units_until"] == 10
    assert "3/KH-UBND" in client.get("/en/calendar/2027/reports/").content.decode()


def test_days_that_hold_from_one_day_are_set_once(administrator):
    client = signed_in(administrator)
    client.post("/calendar/2027/reports/", SENT)
    assert client.post("/calendar/2027/reports/", SENT | {"units_until": "11"}).status_code == 409
    assert SendingDays.objects.get().units_until == 10


def test_the_province_does_not_send_before_its_units(administrator):
    with translation.override("en"), pytest.raises(RuleViolation, match="before the units do"):
        cutoffs.set_sending_days(date(2027, 1, 1), units_until=20, province_until=15, document="x", by=administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        SendingDays.objects.create(valid_from=date(2027, 1, 1), units_until=20, province_until=15, document="x")


@pytest.mark.parametrize(
    "wrong", [{"units_until": "31"}, {"units_until": "0"}, {"province_until": "x"}, {"valid_from": "30/02/2027"}]
)
def test_what_was_typed_stays_when_days_are_refused(administrator, wrong):
    answer = signed_in(administrator).post("/calendar/2027/reports/", SENT | wrong)
    assert answer.status_code == 422 and "3/KH-UBND" in answer.content.decode()
    assert not SendingDays.objects.exists()


def test_others_set_no_days_of_sending(outsider, leader, former):
    for user in (outsider, leader, former, None):
        client = signed_in(user)
        assert client.get("/calendar/2027/reports/").status_code == 200
        assert client.post("/calendar/2027/reports/", SENT).status_code == 403
    with pytest.raises(PermissionDenied):
        cutoffs.set_sending_days(date(2027, 1, 1), units_until=1, province_until=2, document="x", by=outsider)


@pytest.mark.parametrize("year", [1999, 2101])
def test_periods_of_another_age_are_not_found(client, db, year):
    assert client.get(f"/calendar/{year}/reports/").status_code == 404


@pytest.mark.parametrize(
    ("address", "first", "n"), [("/calendar/2026/reports/", "tháng 1/2026", 19), ("/calendar/2026/", "2026-01-01", 16)]
)
def test_the_calendar_and_the_periods_are_given_as_workbooks(client, db, address, first, n):
    sheet = load_workbook(BytesIO(client.get(f"{address}?format=xlsx").content)).worksheets[0]
    assert sheet.cell(2, 1).value == first and sheet.max_row == n + 1

"""The calendar's pages: everyone reads, the keepers of the home province change; nothing is lost."""

from datetime import date
from time import monotonic

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.models import Membership, Role
from quantri.web.core.models import AuditEntry
from quantri.web.deadlines import actions, calendars
from quantri.web.deadlines.models import CalendarYear, DayOverride, LegalRule

NEXT = """year = 2027
notices = ["000/TB-BNV"]
certainty = "A"
[[off]]
date = 2027-01-01
name_vi = "Tết Dương lịch"
name_en = "New Year's Day"
"""


def test_everyone_reads_the_calendar_and_the_rules(client, db):
    page = client.get("/en/calendar/2026/").content.decode()
    assert "12729/VPCP-KGVX" in page and "to be confirmed" in page and "Lunar New Year" in page
    assert client.get("/calendar/").status_code == 302


@pytest.mark.parametrize("year", [1999, 2101, 999999])
def test_a_year_of_another_age_is_not_found(client, db, year):
    assert client.get(f"/calendar/{year}/").status_code == 404


def test_a_year_without_calendar_says_so(client, db):
    assert "2031" in client.get("/calendar/2031/").content.decode()


def test_from_october_the_missing_calendar_of_next_year_is_warned_of(db):
    assert calendars.missing_year(date(2026, 9, 30)) is None
    assert calendars.missing_year(date(2026, 10, 1)) == 2027
    assert calendars.missing_year(date(2027, 2, 1)) == 2027


def test_a_keeper_sets_a_day_apart_and_gives_it_back(administrator):
    client = signed_in(administrator)
    typed = {"date": "23/11/2026", "is_off": "off", "name": "Nghỉ hoán đổi", "document": "1/TB-UBND"}
    assert client.post("/calendar/2026/", typed).status_code == 302
    assert not calendars.current().is_working(date(2026, 11, 23))
    row = DayOverride.objects.get()
    assert client.post(f"/calendar/days/{row.pk}/retract/").status_code == 302
    assert calendars.current().is_working(date(2026, 11, 23))
    told = AuditEntry.objects.filter(subject="deadlines.dayoverride").values_list("action", flat=True)
    assert sorted(told) == ["day.given_back", "day.set_apart"]
    entry = AuditEntry.objects.get(action="day.set_apart")
    assert (entry.subject_name, entry.about) == ("2026-11-23: Nghỉ hoán đổi", "23/11/2026: Nghỉ hoán đổi")


def test_a_day_that_is_so_already_is_not_set_apart(administrator):
    with pytest.raises(RuleViolation):
        actions.override_day(date(2026, 3, 7), is_off=True, name="x", document="x", by=administrator)
    worked = actions.override_day(date(2026, 3, 7), is_off=False, name="x", document="x", by=administrator)
    assert calendars.current().is_working(worked.date)


def test_a_second_setting_of_a_day_replaces_the_first_and_keeps_it(administrator):
    for is_off in (False, True):
        actions.override_day(date(2026, 11, 24), is_off=is_off, name="x", document="x", by=administrator)
    rows = [(row.is_off, row.retracted_at is None) for row in DayOverride.objects.all()]
    assert rows == [(False, False), (True, True)]
    assert not calendars.current().is_working(date(2026, 11, 24))


def test_others_do_not_change_the_calendar(outsider, leader, former):
    for user in (outsider, leader, former, None):
        client = signed_in(user)
        typed = {"date": "23/11/2026", "is_off": "off", "name": "x", "document": "x"}
        assert client.post("/calendar/2026/", typed).status_code in (302, 403)
        assert client.post("/calendar/upload/").status_code in (302, 403)
    assert not DayOverride.objects.exists()
    with pytest.raises(PermissionDenied):
        actions.upload_calendar(NEXT, "n.toml", by=outsider)


def test_a_day_of_a_year_without_calendar_is_not_set_apart(administrator):
    typed = {"date": "01/02/2031", "is_off": "off", "name": "Nghỉ", "document": "1/TB"}
    answer = signed_in(administrator).post("/en/calendar/2026/", typed)
    assert answer.status_code == 409 and "no calendar of 2031" in answer.content.decode()
    assert not DayOverride.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"), [("date", "31/02/2026"), ("date", "23/11/20266"), ("name", ""), ("is_off", "maybe")]
)
def test_what_was_typed_stays_in_a_refused_form(administrator, field, typed):
    sent = {"date": "23/11/2026", "is_off": "off", "name": "Lý do", "document": "1/TB"} | {field: typed}
    answer = signed_in(administrator).post("/calendar/2026/", sent)
    assert answer.status_code == 422 and "1/TB" in answer.content.decode()


def test_a_new_calendar_is_looked_at_before_it_holds(administrator):
    client = signed_in(administrator)
    sent = client.post("/calendar/upload/", {"file": SimpleUploadedFile("2027.toml", NEXT.encode())})
    row = CalendarYear.objects.get()
    assert sent["Location"].endswith(f"/calendar/drafts/{row.pk}/")
    assert not calendars.current().knows(2027)
    assert f"/calendar/drafts/{row.pk}/" in client.get("/calendar/upload/").content.decode()
    assert "000/TB-BNV" in client.get(f"/calendar/drafts/{row.pk}/").content.decode()
    assert client.post(f"/calendar/drafts/{row.pk}/").status_code == 302
    assert not calendars.current().is_working(date(2027, 1, 1)) and calendars.current().is_working(date(2027, 1, 4))


def test_a_locked_calendar_is_superseded_and_kept(administrator):
    rows = [actions.upload_calendar(NEXT, "n.toml", by=administrator) for _ in range(2)]
    for row in rows:
        actions.lock_calendar(row, by=administrator)
    states = CalendarYear.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["superseded", "locked"]
    with pytest.raises(RuleViolation):
        actions.lock_calendar(rows[0], by=administrator)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"year = 2027", b"[" * 9000])
def test_a_broken_calendar_is_refused_with_its_fault(administrator, content):
    answer = signed_in(administrator).post("/calendar/upload/", {"file": SimpleUploadedFile("x.toml", content)})
    assert answer.status_code == 422
    assert not CalendarYear.objects.exists()


def test_rules_are_loaded_once_and_a_new_version_stands_beside_the_old(db):
    assert actions.load_rules(by=SYSTEM) == 0
    old = LegalRule.objects.get(rule="pib.answer")
    fields = {f.name: getattr(old, f.name) for f in LegalRule._meta.fields if f.name not in ("id", "valid_from")}
    LegalRule.objects.create(**fields | {"amount": 10}, valid_from=date(2027, 1, 1))
    assert actions.rule_on("pib.answer", date(2026, 5, 1)).amount == 15
    assert actions.rule_on("pib.answer", date(2027, 5, 1)).amount == 10
    with pytest.raises(RuleViolation):
        actions.rule_on("pib.answer", date(2020, 1, 1))


def test_the_narrowest_scope_of_a_rule_wins(db):
    old = LegalRule.objects.get(rule="pib.answer")
    fields = {f.name: getattr(old, f.name) for f in LegalRule._meta.fields if f.name not in ("id", "scope", "amount")}
    LegalRule.objects.create(**fields, scope="vn34-91", amount=7)
    assert actions.rule_on("pib.answer", date(2026, 5, 1), ("vn34-91",)).amount == 7
    assert actions.rule_on("pib.answer", date(2026, 5, 1), ("vn34-92",)).amount == 15


PAGES = ("/en/", "/en/follow/", "/en/agencies/", "/en/account/", "/en/rules/", "/en/calendar/2026/")
NOVEMBER = date(2026, 11, 29)  # the calendar of 2027 is waited for, and not there
WARNING = "The working calendar of 2027 is missing"


def let_it_be(monkeypatch, day: date) -> None:
    """Let it be another day, on which the people hold their roles already."""
    Membership.objects.filter(valid_to=None).update(valid_from="2026-01-01")
    monkeypatch.setattr(timezone, "localdate", lambda *_given: day)


def shown(user, address: str) -> str:
    return signed_in(user).get(address).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_who_keeps_the_calendar_is_warned_once_on_every_page_and_led_to_mend_it(
    administrator, coordinator, monkeypatch, address
):
    let_it_be(monkeypatch, NOVEMBER)
    for user in (administrator, coordinator):
        page = shown(user, address)
        if "/follow/" in address and user is administrator:
            continue  # which is not theirs
        assert page.count(WARNING) == 1 and 'href="/en/calendar/upload/"' in page


@pytest.mark.parametrize("address", ["/en/", "/en/account/", "/en/rules/", "/en/calendar/2026/"])
def test_who_cannot_load_a_calendar_is_not_warned(
    agency, director, officer, overseer, outsider, former, monkeypatch, address, client
):
    below = make_user(agency, Role.ADMINISTRATOR, "below")
    let_it_be(monkeypatch, NOVEMBER)
    for user in (below, director, officer, overseer, outsider, former):
        assert WARNING not in shown(user, address)
    assert WARNING not in client.get(address).content.decode()


def test_a_calendar_that_is_locked_ends_the_warning(administrator, monkeypatch):
    let_it_be(monkeypatch, NOVEMBER)
    draft = actions.upload_calendar(NEXT, "2027.toml", by=administrator)
    assert WARNING in shown(administrator, "/en/rules/")
    actions.lock_calendar(draft, by=administrator)
    assert WARNING not in shown(administrator, "/en/rules/")


def queries(user, address: str) -> int:
    reader = signed_in(user)
    with CaptureQueriesContext(connection) as asked:
        reader.get(address)
    return len(asked)


def test_the_warning_asks_one_question_a_minute_and_only_of_those_who_are_warned(administrator, officer, monkeypatch):
    calendars.believe_nothing()
    let_it_be(monkeypatch, date(2026, 9, 29))
    before = [queries(user, "/en/rules/") for user in (administrator, officer)]
    let_it_be(monkeypatch, NOVEMBER)
    after = [queries(user, "/en/rules/") for user in (administrator, officer)]
    assert after == [before[0] + 1, before[1]]
    assert [queries(user, "/en/rules/") for user in (administrator, officer)] == before
    monkeypatch.setattr(calendars, "monotonic", lambda: monotonic() + calendars.BELIEVED + 1)
    assert queries(administrator, "/en/rules/") == before[0] + 1


def test_a_calendar_that_another_process_locked_is_seen_on_its_page_at_once(administrator, monkeypatch):
    let_it_be(monkeypatch, NOVEMBER)
    assert WARNING in shown(administrator, "/en/rules/")
    CalendarYear.objects.create(year=2027, text=NEXT, state="locked", uploaded_by="x")
    assert WARNING not in shown(administrator, "/en/calendar/2027/") + shown(administrator, "/en/rules/")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMINISTRATOR])
def test_who_works_or_administers_in_a_single_agency_reads_the_calendar_but_sees_no_form(agency, role):
    page = signed_in(make_user(agency, role, "below")).get("/calendar/2026/").content.decode()
    assert 'name="document"' not in page


def test_an_administrator_of_a_single_agency_changes_no_day_of_the_province(agency, administrator):
    below = make_user(agency, Role.ADMINISTRATOR, "below")
    row = actions.override_day(date(2026, 3, 5), is_off=True, name="Nghỉ", document="1/TB", by=administrator)
    draft = actions.upload_calendar(NEXT, "2027.toml", by=administrator)
    with pytest.raises(PermissionDenied):
        actions.override_day(date(2026, 3, 6), is_off=True, name="Nghỉ", document="1/TB", by=below)
    with pytest.raises(PermissionDenied):
        actions.retract_override(row, by=below)
    with pytest.raises(PermissionDenied):
        actions.upload_calendar(NEXT, "2027.toml", by=below)
    with pytest.raises(PermissionDenied):
        actions.lock_calendar(draft, by=below)

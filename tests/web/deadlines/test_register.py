"""The register of time limits of the law: who keeps it, what it explains, and what nobody can do in it."""

from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency, Membership, Role, User
from quantri.web.accounts.open_work import approve, proposals
from quantri.web.core.models import AuditEntry, Message
from quantri.web.deadlines import actions, recounting, register
from quantri.web.deadlines.events import EVENTS
from quantri.web.deadlines.models import Clock, LegalRule
from quantri.web.deadlines.rules import TIMED, package_rules

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZONE)  # a Tuesday
FORWARD = "feedback.forward_outside"  # five working days; no pause, no extension
LONGER = "info.online_complex"  # fifteen working days, and once fifteen calendar days more
GROUND = "Chờ bổ sung hồ sơ"


@pytest.fixture
def now(coordinator, director, leader, officer, overseer, outsider, former, monkeypatch) -> None:
    """Let it be that Tuesday, on which the people hold their roles already."""
    Membership.objects.filter(valid_to=None).update(valid_from="2026-01-01")
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def typed(owing: Agency, **changes: object) -> dict[str, object]:
    told = {"rule": FORWARD, "matter": "Kiến nghị số 5", "agency": owing.pk, "day": "9/3/2026", "time": "16:00"}
    return told | changes


@pytest.fixture
def clock(now, agency, director) -> Clock:
    """A clock that started on Monday and ends on 16 March."""
    signed_in(director).post("/en/clocks/new/", typed(agency))
    return Clock.objects.get()


@pytest.fixture
def pausable(clock) -> Clock:
    """The same clock under a rule that names a ground for a pause, as a province's own rule may."""
    LegalRule.objects.filter(rule=FORWARD).update(pauses=[GROUND])
    return Clock.objects.get()


def act(user: User, clock: Clock, name: str, **form: object):
    return signed_in(user).post(f"/en/clocks/{clock.pk}/{name}/", form)


def page_of(user: User, clock: Clock) -> str:
    return signed_in(user).get(f"/en/clocks/{clock.pk}/").content.decode()


def told_to(user: User) -> list[str]:
    return list(Message.objects.filter(recipient_key=str(user.pk), channel="notice").values_list("body", flat=True))


def test_a_leader_starts_a_time_limit_for_the_own_agency_and_its_page_explains_it(now, agency, director):
    before_tet = typed(agency, day="13/2/2026")
    answer = signed_in(director).post("/en/clocks/new/", before_tet)
    clock = Clock.objects.get()
    assert answer["Location"].endswith(f"/clocks/{clock.pk}/") and clock.due_on == date(2026, 2, 27)
    page = page_of(director, clock)
    for words in ("20/2008/NĐ-CP", "9(1)(d)", "version of", "16:00", "the feedback was received", "Lunar New Year",
                  "9 days were not counted", "names no pause", "names no extension"):  # fmt: skip
        assert words in page, words


def test_the_version_of_the_rule_is_that_of_the_day_of_the_event(now, agency, director):
    old = LegalRule.objects.get(rule=FORWARD)
    fields = {f.name: getattr(old, f.name) for f in LegalRule._meta.fields if f.name != "id"}
    LegalRule.objects.create(**fields | {"valid_from": date(2026, 3, 5), "amount": 3})
    for day in ("4/3/2026", "5/3/2026"):
        signed_in(director).post("/clocks/new/", typed(agency, day=day))
    assert [c.rule.amount for c in Clock.objects.order_by("started_at")] == [5, 3]


def test_a_coordinator_starts_one_for_an_agency_of_the_province_and_its_people_are_told(now, coordinator, officer):
    owing = officer.memberships.get().agency
    assert signed_in(coordinator).post("/clocks/new/", typed(owing)).status_code == 302
    [body] = told_to(officer)
    assert "Kiến nghị số 5" in body and "16/3/2026" in body and told_to(coordinator) == []


def test_who_starts_one_for_the_own_agency_is_not_told_of_it(clock, director):
    assert told_to(director) == []


def test_nobody_starts_one_for_an_agency_of_others(now, agency, officer, outsider, overseer):
    for user in (officer, outsider):
        assert signed_in(user).post("/clocks/new/", typed(agency)).status_code == 422
    assert signed_in(overseer).post("/clocks/new/", typed(agency)).status_code == 403
    entry = register.Entry(rule=FORWARD, matter="x", agency=agency, moment=NOW)
    for user in (officer, outsider, overseer):
        with pytest.raises(PermissionDenied):
            register.start(entry, by=user)
    assert not Clock.objects.exists()


def test_the_agency_and_who_steers_the_province_see_it_and_nobody_else(
    clock, director, coordinator, leader, officer, overseer, outsider, former
):
    address = f"/clocks/{clock.pk}/"
    for user in (director, coordinator, leader):
        assert signed_in(user).get(address).status_code == 200
        assert "Kiến nghị số 5" in signed_in(user).get("/clocks/").content.decode()
    for user in (officer, overseer, outsider, former):
        assert signed_in(user).get(address).status_code == 404
        assert "Kiến nghị số 5" not in signed_in(user).get("/clocks/").content.decode()


def test_a_leader_of_the_province_reads_it_and_changes_nothing(clock, leader):
    assert "/close/" not in page_of(leader, clock)
    assert act(leader, clock, "close", on="10/3/2026").status_code == 403
    with pytest.raises(PermissionDenied):
        register.close(clock, date(2026, 3, 10), by=leader)


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"day": "11/3/2026"}, 409, "lies in the future"),
        ({"day": "10/3/2026", "time": "9:01"}, 409, "lies in the future"),
        ({"day": "3/3/2014"}, 409, "no working calendar of 2014"),
        ({"day": "31/2/2026"}, 422, 'href="#id_day"'),
        ({"day": "2/3/0001"}, 409, "holds on that day"),
        ({"time": "25:00"}, 422, 'href="#id_time"'),
        ({"matter": " "}, 422, 'href="#id_matter"'),
        ({"matter": "x" * 301}, 422, 'href="#id_matter"'),
        ({"rule": "democracy.posting"}, 422, 'href="#id_rule"'),  # which has to last, and is owed by no day
        ({"rule": "boundary.denunciation_settle"}, 422, 'href="#id_rule"'),
        ({"rule": "pib.deputies"}, 422, 'href="#id_rule"'),
        ({"agency": "0"}, 422, 'href="#id_agency"'),
    ],
)
def test_what_cannot_be_started_is_refused_with_its_reason(now, agency, director, changes, status, words):
    answer = signed_in(director).post("/en/clocks/new/", typed(agency, **changes))
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert not Clock.objects.exists()


@pytest.mark.parametrize("rule", ["boundary.denunciation_settle", "democracy.posting", "pib.deputies"])
def test_the_register_itself_refuses_what_its_form_does_not_offer(now, agency, director, rule):
    with pytest.raises(RuleViolation):
        register.start(register.Entry(rule=rule, matter="x", agency=agency, moment=NOW), by=director)


def test_an_agency_that_has_ended_owes_nothing_new(now, agency, director):
    Agency.objects.filter(pk=agency.pk).update(valid_to="2026-03-01")
    assert signed_in(director).post("/clocks/new/", typed(agency)).status_code == 422
    agency.refresh_from_db()
    with pytest.raises(RuleViolation):
        register.start(register.Entry(rule=FORWARD, matter="x", agency=agency, moment=NOW), by=director)


def test_what_comes_in_before_the_next_calendar_is_taken_in_and_said(now, agency, director, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 30, 9, tzinfo=ZONE))
    answer = signed_in(director).post("/en/clocks/new/", typed(agency, day="29/12/2026"), follow=True)
    assert Clock.objects.get().due_on is None
    assert "told once there is a working calendar of 2027" in answer.content.decode()


def test_what_must_lie_before_an_event_may_be_started_before_it(now, agency, director):
    signed_in(director).post("/clocks/new/", typed(agency, rule="pib.plan_notice", day="5/5/2026", time="8:00"))
    assert Clock.objects.get().due_on == date(2026, 4, 23)


def test_the_same_event_is_not_started_twice(clock, agency, director):
    again = signed_in(director).post("/en/clocks/new/", typed(agency))
    assert again.status_code == 409 and "runs already" in again.content.decode()
    assert Clock.objects.count() == 1 and AuditEntry.objects.filter(action="clock.started").count() == 1


def test_a_pause_is_offered_and_taken_only_where_the_rule_names_a_ground(clock, director):
    assert "/pause/" not in page_of(director, clock)
    assert act(director, clock, "pause", on="10/3/2026", ground=GROUND).status_code == 422
    with pytest.raises(RuleViolation):
        register.pause(clock, date(2026, 3, 10), ground=GROUND, by=director)
    assert clock.state == "running"


def test_a_pause_on_a_ground_of_the_rule_moves_the_day_by_the_days_between(pausable, director, monkeypatch):
    assert GROUND in page_of(director, pausable)
    assert act(director, pausable, "pause", on="10/3/2026", ground="Bận việc khác").status_code == 422
    assert act(director, pausable, "pause", on="10/3/2026", ground=GROUND, note="Công văn 7").status_code == 302
    page = page_of(director, pausable)
    assert "stands still" in page and f"{GROUND}: Công văn 7" in page and "/resume/" in page and "/pause/" not in page
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=3))
    assert act(director, pausable, "resume", on="12/3/2026").status_code == 302
    assert Clock.objects.get().due_on == date(2026, 3, 18)


@pytest.mark.parametrize(
    ("earlier", "name", "form", "words"),
    [
        ([], "resume", {"on": "10/3/2026"}, "does not stand still"),
        ([], "pause", {"on": "8/3/2026", "ground": GROUND}, "before the clock was started"),
        ([], "pause", {"on": "11/3/2026", "ground": GROUND}, "has not come yet"),
        ([("pause", "10/3/2026")], "resume", {"on": "9/3/2026"}, "cannot end before it began"),
        ([("pause", "9/3/2026")], "resume", {"on": "11/3/2026"}, "has not come yet"),
        ([("pause", "9/3/2026")], "pause", {"on": "10/3/2026", "ground": GROUND}, "stands still already"),
        ([("pause", "9/3/2026"), ("resume", "10/3/2026")], "close", {"on": "9/3/2026"}, "ran again"),
        ([("pause", "9/3/2026"), ("resume", "10/3/2026")], "pause", {"on": "9/3/2026", "ground": GROUND}, "ran again"),
        ([], "close", {"on": "8/3/2026"}, "before the day it was started"),
        ([], "close", {"on": "11/3/2026"}, "has not come yet"),
        ([("close", "10/3/2026")], "close", {"on": "10/3/2026"}, "is stopped"),
        ([("close", "10/3/2026")], "pause", {"on": "10/3/2026", "ground": GROUND}, "is stopped"),
        ([], "extend", {"document": "1/QĐ"}, "no further extension"),
    ],
)
def test_what_is_out_of_order_is_refused_and_changes_nothing(pausable, director, earlier, name, form, words):
    for done, day in earlier:
        assert act(director, pausable, done, on=day, ground=GROUND).status_code == 302
    told = AuditEntry.objects.count()
    answer = act(director, pausable, name, **form)
    assert (answer.status_code, words in answer.content.decode()) == (409, True)
    assert AuditEntry.objects.count() == told


def test_a_limit_that_has_ended_is_not_paused_away(pausable, director, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=9))
    answer = act(director, pausable, "pause", on="18/3/2026", ground=GROUND)
    assert answer.status_code == 409 and "ended before that day" in answer.content.decode()


def test_an_extension_is_granted_as_often_as_the_rule_says_and_names_its_document(now, agency, director):
    signed_in(director).post("/clocks/new/", typed(agency, rule=LONGER))
    clock = Clock.objects.get()
    before = clock.due_on
    assert "may be extended by 15 calendar days" in page_of(director, clock)
    assert act(director, clock, "extend", document=" ").status_code == 422
    assert act(director, clock, "extend", document="Thông báo 8: hồ sơ phức tạp").status_code == 302
    page = page_of(director, clock)
    assert "Thông báo 8" in page and "/extend/" not in page and "no further extension" in page
    assert Clock.objects.get().due_on > before and act(director, clock, "extend", document="9").status_code == 409


def test_a_limit_that_has_ended_is_not_extended(now, agency, director, monkeypatch):
    signed_in(director).post("/clocks/new/", typed(agency, rule=LONGER))
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=40))
    clock = Clock.objects.get()
    assert "/extend/" not in page_of(director, clock)
    answer = act(director, clock, "extend", document="8")
    assert answer.status_code == 409 and "has ended" in answer.content.decode()


def test_a_closed_one_leaves_what_runs_and_stays_in_the_register_and_its_file(clock, director):
    assert act(director, clock, "close", on="10/3/2026").status_code == 302
    reader = signed_in(director)
    assert "Kiến nghị số 5" not in reader.get("/en/clocks/").content.decode()
    assert "on time" in reader.get("/en/clocks/?state=closed").content.decode()
    page = page_of(director, clock)
    assert "Done on 10 March 2026: on time" in page and "/close/" not in page
    sheet = load_workbook(BytesIO(reader.get("/en/clocks/?format=xlsx").content)).worksheets[0]
    assert [cell.value for cell in sheet[2]][4:10] == [
        "2026-03-09", "2026-03-16", "2026-03-16", "stopped", "2026-03-10", "yes"
    ]  # fmt: skip


def test_a_matter_that_looks_like_a_formula_is_a_text_in_the_file(now, agency, director):
    signed_in(director).post("/clocks/new/", typed(agency, matter='=HYPERLINK("http://x")'))
    sheet = load_workbook(BytesIO(signed_in(director).get("/clocks/?format=xlsx").content)).worksheets[0]
    assert sheet["A2"].data_type == "s"


def test_an_unknown_act_is_not_found(clock, director):
    assert signed_in(director).get(f"/clocks/{clock.pk}/forget/").status_code == 404


def test_who_owes_it_is_told_of_each_move_of_the_calendar_once(clock, director, administrator, officer):
    Membership.objects.filter(valid_to=None).update(valid_from="2026-01-01")
    actions.override_day(date(2026, 3, 12), is_off=True, name="Nghỉ", document="1/TB", by=administrator)
    for _n in range(2):
        recounting.recount_open_clocks()
    [body] = told_to(director)
    assert "17/3/2026" in body and "16/3/2026" in body and told_to(officer) == []


def test_own_work_lists_what_runs_and_not_what_stands_still_or_is_closed(pausable, director, officer):
    assert "Kiến nghị số 5" in signed_in(director).get("/work/").content.decode()
    assert "Kiến nghị số 5" not in signed_in(officer).get("/work/").content.decode()
    act(director, pausable, "pause", on="10/3/2026", ground=GROUND)
    assert "Kiến nghị số 5" not in signed_in(director).get("/work/").content.decode()
    act(director, pausable, "resume", on="10/3/2026")
    assert "Kiến nghị số 5" in signed_in(director).get("/work/").content.decode()
    act(director, pausable, "close", on="10/3/2026")
    assert "Kiến nghị số 5" not in signed_in(director).get("/work/").content.decode()


def queries(user: User, address: str) -> int:
    reader = signed_in(user)
    with CaptureQueriesContext(connection) as asked:
        assert reader.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("address", ["/work/", "/clocks/", "/clocks/new/", "/clocks/{clock}/"])
def test_the_pages_ask_the_same_of_the_database_however_many_run(clock, agency, director, address):
    few = queries(director, address.format(clock=clock.pk))
    for n in range(40):
        register.start(register.Entry(rule=FORWARD, matter=f"Việc {n}", agency=agency, moment=NOW), by=director)
    assert few == queries(director, address.format(clock=clock.pk)) <= 20


def test_an_empty_register_explains_itself_with_an_example_and_leads_to_the_start(now, director, overseer):
    page = signed_in(director).get("/en/clocks/").content.decode()
    assert "An example:" in page and "/en/clocks/new/" in page
    assert "/clocks/new/" not in signed_in(overseer).get("/en/clocks/").content.decode()


def test_what_runs_goes_on_with_who_follows_an_agency(clock, agency, province, coordinator, director):
    after = ensure_agency(province, "Sở Nội vụ mới", by=SYSTEM)
    successor = make_user(after, Role.OFFICER, "successor")
    Membership.objects.filter(user=successor).update(valid_from="2026-01-01")
    [piece] = [p.piece for p in proposals(agency) if p.piece.holder == "clocks"]
    approve(agency, {piece.field: after}, by=coordinator)
    assert Clock.objects.get().agency == after and Clock.objects.get().due_on == clock.due_on
    assert "Kiến nghị số 5" in signed_in(successor).get("/work/").content.decode()


def test_every_event_of_a_rule_with_a_time_limit_has_words():
    assert {rule.starts_on for rule in package_rules() if rule.kind in TIMED} <= EVENTS.keys()

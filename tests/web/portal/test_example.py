"""The filled-in example: made up, marked, alive on the day of loading, and gone without a trace."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from people import SYSTEM, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency, Headship, User
from quantri.web.appraisal.models import Exercise
from quantri.web.core.field_words import label_of
from quantri.web.core.models import AuditEntry, Message
from quantri.web.core.uploads import path_of
from quantri.web.deadlines.clocks import Event, start_clock
from quantri.web.deadlines.models import Clock, LegalRule
from quantri.web.inspections.dating_back import date_findings_back, date_visit_back
from quantri.web.inspections.minutes import minutes_of
from quantri.web.inspections.models import Attachment, Finding, Programme, Visit
from quantri.web.places.models import Province, Unit
from quantri.web.plans.dating_back import date_opinion_back
from quantri.web.plans.faults import counted, faults_of
from quantri.web.plans.lines import sheet_of
from quantri.web.plans.models import Opinion, Plan
from quantri.web.portal.example import communes_of, load_example, load_example_agencies
from quantri.web.portal.logins import ensure_logins
from quantri.web.portal.removal import remove_demonstration
from quantri.web.tasks.counted import sums
from quantri.web.tasks.models import Assignment, Extension, Handover, Milestone, Progress, Task
from quantri.web.tasks.works import works_of

NUMBER = "VD01/KH-UBND"
TODAY = timezone.localdate()
UNCOUNTED = {"core.AuditEntry", "core.AuditHead", "core.Tick"}  # the trail stays; the clock's own rows are no data


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """Load the example once for this module, and take it back after it."""
    settings = override_settings(DATA_DIR=tmp_path_factory.mktemp("data"), DEMO=True)
    with django_db_blocker.unblock(), settings, transaction.atomic():
        home = Province.objects.get(key="vn34-91")
        load_example_agencies(home, TODAY)
        ensure_logins(home)
        load_example(home, TODAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def example(loaded, db) -> Plan:
    return Plan.objects.get(number=NUMBER)


def counts() -> dict[str, int]:
    return {m._meta.label: m._base_manager.count() for m in apps.get_models() if m._meta.label not in UNCOUNTED}


def person(name: str) -> Client:
    return signed_in(User.objects.get(username=name))


def fields_of(entry: AuditEntry) -> set[str]:
    """Names of what an entry notes, and of fields before and after."""
    sides = [entry.details.get(side) for side in ("before", "after")]
    return ({*entry.details} - {"before", "after"}).union(*(side for side in sides if isinstance(side, dict)))


def test_each_field_of_its_trail_has_words(example):
    bare = {
        (entry.action, name)
        for entry in AuditEntry.objects.iterator()
        for name in fields_of(entry)
        if label_of(entry.subject, name) == name.replace("_", " ")
    }
    assert bare == set()


def test_every_commune_has_its_committee_and_its_part(example, province):
    there = Unit.objects.filter(level="commune").within(province).on(TODAY)
    committees = communes_of(province)
    assert len(committees) == 102 and {a.unit_id for a in committees} == set(there.values_list("pk", flat=True))
    [given] = [t for t in example.tasks.all() if t.assignments.count() > 100]
    assert {a.agency_id for a in given.assignments.all()} == {a.pk for a in committees}


def test_heads_are_told_by_title_and_never_by_name(example):
    assert Headship.objects.count() > 102 and not Headship.objects.exclude(full_name="").exists()


def test_only_the_second_and_fifth_dimension_are_without_owner(example):
    tasks = Task.objects.filter(plan=example).with_assignments()
    faults = faults_of(example, sheet_of(example), works_of(tasks), today=TODAY)
    assert sorted(f.subject for f in faults if f.kind == "no_owner") == ["D2", "D5"]
    assert not counted(faults) & {"no_lead": 1, "no_date": 1, "no_deliverable": 1}.keys()


def test_reports_stand_in_every_state_and_some_are_silent(example):
    now = example.periods.get(locked_at=None)
    states = set(Progress.objects.filter(period=now).values_list("state", "kind"))
    assert states == {
        ("accepted", "worked"), ("accepted", "completed"), ("accepted", "nothing"), ("submitted", "worked"),
        ("returned", "worked"),
    }  # fmt: skip
    assert now.owed().count() > Progress.objects.filter(period=now).count()


def test_something_is_late_and_something_due_soon(example):
    open_parts = Assignment.objects.in_force().filter(task__plan=example).open().with_due()
    assert 3 <= open_parts.overdue(TODAY).count() <= 20
    assert open_parts.filter(due__range=(TODAY, TODAY + timedelta(days=7))).exists()
    assert Extension.objects.get().is_granted is None and Handover.objects.get().state == "asked"
    assert Milestone.objects.filter(task__plan=example).count() == 4 and Exercise.objects.get().is_demonstration


def test_no_milestone_is_passed_by_what_is_counted(example):
    counted = {}
    for task in example.tasks.all():
        counted |= {each.milestone.title: each for each in sums(task, Progress.objects.all())}
    assert len(counted) == 4 and max(each.percent for each in counted.values()) <= 100
    of_communes = counted["Mục đã niêm yết"]
    assert of_communes.milestone.wanted == 12 * 102 and 0 < of_communes.percent < 100


def test_the_days_of_the_plan_and_its_inspection_follow_each_other(example):
    opinions = list(example.opinions.all())
    visit = Programme.objects.get(plan=example).visits.get()
    answered = Finding.objects.filter(visit=visit).earliest("pk").answers.get()
    days = [
        max(o.asked_on for o in opinions), min(o.given_on for o in opinions),
        *(timezone.localdate(pick(o.answered_at for o in opinions)) for pick in (min, max)), example.issued_on,
        visit.programme.decided_on, visit.programme.starts_on, visit.choice.chosen_on,
        timezone.localdate(visit.announced_at), visit.held_on, timezone.localdate(visit.sent_at),
        timezone.localdate(answered.answered_at),
    ]  # fmt: skip
    assert all(a <= b for a, b in pairwise(days)) and len(set(days)) >= len(days) - 1
    assert visit.visit_on == visit.held_on and answered.finding.settled_on == TODAY
    assert {timezone.localdate(c.checked_at) for c in visit.checks.all()} == {visit.held_on}
    assert all(member.valid_from <= visit.choice.chosen_on for member in visit.programme.team.all())


def test_the_minutes_of_the_example_name_their_legal_bases_in_full(example):
    bases = minutes_of(Programme.objects.get(plan=example).visits.get(), today=TODAY)["legal_bases"]
    assert len(bases) == 2 and not any("[" in base for base in bases)
    assert all(" của Ủy ban nhân dân tỉnh An Giang về " in base for base in bases)


def test_the_days_of_an_answer_run_from_the_day_on_which_its_finding_was_sent(example):
    [waiting] = Finding.objects.awaited()
    clock = Clock.objects.running().get(rule=None)
    assert clock.started_at == waiting.visit.sent_at < timezone.now() - timedelta(hours=12)
    assert clock.due_on == clock.first_due_on == waiting.due_on == waiting.first_due_on


def told_on(prefix: str) -> set[date]:
    found = Message.objects.filter(key__contains=prefix)
    return {timezone.localdate(at) for at in found.values_list("put_at", flat=True)}


def test_no_notice_is_younger_than_what_it_tells(example):
    visit = Programme.objects.get(plan=example).visits.get()
    assert told_on("opinion-asked:") == {example.opinions.first().asked_on}
    assert not Message.objects.filter(key__contains="opinion-asked:", read_at=None).exists()
    assert told_on(f"visit-{visit.pk}-announced") == {timezone.localdate(visit.announced_at)}
    assert told_on(f"visit-{visit.pk}-sent") == {timezone.localdate(visit.sent_at)}


def test_what_was_found_does_not_contradict_the_checklist(example):
    finding = Finding.objects.filter(visit__programme__plan=example).earliest("pk")
    assert finding.visit.checks.get(question=finding.question).outcome == "partly"


def test_only_a_demonstration_is_dated_back(example):
    Plan.objects.filter(pk=example.pk).update(is_demonstration=False)
    Programme.objects.filter(plan=example).update(is_demonstration=False)
    opinion, visit = Opinion.objects.filter(plan=example).first(), Visit.objects.get(programme__plan=example)
    with pytest.raises(RuleViolation):
        date_opinion_back(opinion, TODAY, by=SYSTEM)
    with pytest.raises(RuleViolation):
        date_visit_back(visit, chosen_on=TODAY, announced_on=TODAY, by=SYSTEM)
    with pytest.raises(RuleViolation):
        date_findings_back(visit, TODAY, by=SYSTEM)


def test_the_plan_is_inspected_with_an_answered_finding_and_one_that_waits(example):
    programme = Programme.objects.get(plan=example)
    answered, waiting = Finding.objects.filter(visit__programme=programme).order_by("pk")
    assert programme.is_demonstration and programme.visits.get().is_sent
    assert answered.settled_on == TODAY and answered.answers.get().verdict == "accepted"
    assert list(Finding.objects.awaited()) == [waiting] and waiting.due_on > TODAY
    assert Clock.objects.running().get(rule=None).subject_key == str(waiting.pk)


def test_the_inspection_is_marked_and_found_by_who_has_to_do_with_it(example):
    programme = Programme.objects.get(plan=example)
    [waiting] = Finding.objects.awaited()
    for name in ("dieuphoi", "canbo-xa", "giamsat"):
        page = person(name).get(reverse("inspections:programme", args=[programme.pk])).content.decode()
        assert '<span class="demo-mark">trình diễn</span>' in page, name
    assert person("canbo-xa").get(reverse("inspections:answer", args=[waiting.pk])).status_code == 200
    codes = {risk.code: risk.count for risk in person("dieuphoi").get(reverse("followup:follow")).context["risks"]}
    assert codes["answers-due-soon"] == 1


def test_time_limits_of_the_law_run_marked_and_stand_on_the_work_of_who_owes_them(example):
    running = Clock.objects.of_law().running()
    assert running.count() == 2 and not running.filter(is_demonstration=False).exists()
    own = running.get(rule__rule="info.correct")
    page = person("canbo-so").get(reverse("work:mine")).content.decode()
    assert own.subject_name in page and own.subject_name.startswith("Ví dụ trình diễn")


def test_time_limits_go_with_the_demonstration_and_those_of_people_stay(example, province, coordinator):
    real = ensure_agency(province, "Sở Ngoại vụ", by=SYSTEM)
    event = Event(matter="Việc thật", moment=timezone.now(), agency=real)
    kept = start_clock(LegalRule.objects.get(rule="info.correct"), event, by=coordinator)
    gone = remove_demonstration(by=SYSTEM)
    assert len(gone.limits) == 2 and list(Clock.objects.of_law()) == [kept]
    assert AuditEntry.objects.filter(action="clock.removed").count() == 2


def test_clocks_and_files_of_the_inspection_go_with_the_demonstration(example, django_capture_on_commit_callbacks):
    [waiting] = Finding.objects.awaited()
    path_of("e" * 64).parent.mkdir(exist_ok=True)
    path_of("e" * 64).touch()
    Attachment.objects.create(finding=waiting, name="anh.jpg", sha256="e" * 64, media_type="image/jpeg", size=0)
    with django_capture_on_commit_callbacks(execute=True):
        gone = remove_demonstration(by=SYSTEM)
    assert not gone.kept and not Finding.objects.exists() and not Clock.objects.exists()
    assert not path_of("e" * 64).exists()


def test_a_second_load_changes_nothing(example, province):
    before, trail = counts(), AuditEntry.objects.count()
    load_example_agencies(province, TODAY)
    assert load_example(province, TODAY) is None
    assert (counts(), AuditEntry.objects.count()) == (before, trail)


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("dieuphoi", ["followup:follow", "agencies:list", "appraisal:list"]),
        ("lanhdao", ["followup:lead"]), ("canbo-so", ["work:mine"]), ("canbo-xa", ["work:mine"]), ("giamsat", []),
    ],
)  # fmt: skip
def test_each_account_finds_its_pages_with_few_queries(example, name, pages):
    client = person(name)
    addresses = [reverse(page) for page in pages] + [reverse("portal:plan", args=[example.pk])]
    if name == "dieuphoi":
        now = example.periods.get(locked_at=None)
        addresses += [reverse("work:overview", args=[now.pk]), reverse("work:periods", args=[example.pk])]
        addresses += [reverse("work:task", args=[t.pk]) for t in example.tasks.all()[10:12]]
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert answer.status_code == 200, address
        assert len(asked) <= 20, address


def test_pages_and_files_mark_what_is_made_up(example):
    client, now = person("dieuphoi"), example.periods.get(locked_at=None)
    mark = '<span class="demo-mark">trình diễn</span>'
    for address in (
        reverse("portal:plan", args=[example.pk]), reverse("portal:plans"), reverse("agencies:list"),
        reverse("work:overview", args=[now.pk]), reverse("work:task", args=[example.tasks.first().pk]),
        reverse("appraisal:exercise", args=[Exercise.objects.get().pk]),
        reverse("agencies:detail", args=[Agency.objects.get(name_vi="Sở Y tế", is_demonstration=True).pk]),
    ):  # fmt: skip
        assert mark in client.get(address).content.decode(), address
    assert mark in person("canbo-so").get(reverse("work:mine")).content.decode()
    for address in (
        reverse("work:overview-file", args=[now.pk]), reverse("followup:table", args=["overdue"]),
        reverse("work:task-file", args=[example.tasks.first().pk]), reverse("agencies:table"),
    ):  # fmt: skip
        book = load_workbook(io.BytesIO(client.get(address).content))
        assert any("Trình diễn" in str(row[0].value) or "Demonstration" in str(row[0].value) for row in book["Source"])


def test_what_people_built_on_it_is_kept_and_told(example, province, coordinator, old_an_giang):
    from quantri.web.plans.actions import make_plan, set_owners

    plan = make_plan(province, base_unit=old_an_giang, index="papi", base_year=2024, year=2027, by=coordinator)
    Plan.objects.filter(pk=plan.pk).update(is_demonstration=False)
    kept = Agency.objects.get(name_vi="Sở Y tế", is_demonstration=True)
    set_owners(plan, "D6", [kept], by=coordinator)
    gone = remove_demonstration(by=SYSTEM)
    assert {"Sở Y tế", "UBND tỉnh An Giang"} <= set(gone.kept)
    assert set(gone.kept) == set(Agency.objects.filter(is_demonstration=True).values_list("name_vi", flat=True))
    assert plan.owners.get().agency == kept and kept.subordinations.get().above.name_vi == "UBND tỉnh An Giang"

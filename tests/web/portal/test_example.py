"""The filled-in example: made up, marked, alive on the day of loading, and gone without a trace."""

import io
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from people import SYSTEM, signed_in
from quantri.web.accounts.models import Agency, Headship, User
from quantri.web.appraisal.models import Exercise
from quantri.web.core.models import AuditEntry
from quantri.web.places.models import Unit
from quantri.web.plans.faults import counted, faults_of
from quantri.web.plans.lines import sheet_of
from quantri.web.plans.models import Plan
from quantri.web.portal.example import communes_of, load_example, load_example_agencies
from quantri.web.portal.logins import LOGINS, ensure_logins
from quantri.web.portal.removal import remove_demonstration
from quantri.web.tasks.models import Assignment, Extension, Handover, Milestone, Progress, Task
from quantri.web.tasks.works import works_of

NUMBER = "VD01/KH-UBND"
TODAY = timezone.localdate()
UNCOUNTED = {"core.AuditEntry", "core.AuditHead", "core.Tick"}  # the trail stays; the clock's own rows are no data


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR, settings.DEMO = tmp_path, True
    return tmp_path


@pytest.fixture
def example(province) -> Plan:
    load_example_agencies(province, TODAY)
    ensure_logins(province)
    return load_example(province, TODAY)


def counts() -> dict[str, int]:
    return {m._meta.label: m._base_manager.count() for m in apps.get_models() if m._meta.label not in UNCOUNTED}


def person(name: str) -> Client:
    return signed_in(User.objects.get(username=name))


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


@pytest.mark.parametrize("day", [date(2026, 1, 5), date(2026, 3, 17), date(2026, 3, 18), date(2026, 12, 31)])
def test_it_can_be_loaded_on_any_day(province, day, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda moment=None: day if moment is None else moment.date())
    load_example_agencies(province, day)
    ensure_logins(province)
    plan = load_example(province, day)
    assert plan.periods.filter(locked_at=None, kind="quarter").first().cut_off_on >= day
    assert plan.issued_on == day - timedelta(days=100) and Progress.objects.filter(period__plan=plan).count() > 50


def test_a_second_load_changes_nothing(example, province):
    before, trail = counts(), AuditEntry.objects.count()
    load_example_agencies(province, TODAY)
    assert load_example(province, TODAY) is None
    assert (counts(), AuditEntry.objects.count()) == (before, trail)


def test_two_loads_make_the_same(example, province):
    def made() -> list[object]:
        reports = Progress.objects.order_by("assignment__agency__name_vi", "assignment__task__number", "period__number")
        return list(reports.values_list("assignment__agency__name_vi", "period__number", "state", "kind", "text"))

    first = made()
    remove_demonstration(by=SYSTEM)
    load_example_agencies(province, TODAY)
    ensure_logins(province)
    load_example(province, TODAY)
    assert made() == first


def test_another_province_gets_none_of_it(db):
    other = Agency.objects.none()
    elsewhere = apps.get_model("places", "Province").objects.get(key="vn34-82")
    load_example_agencies(elsewhere, TODAY)
    ensure_logins(elsewhere)
    assert load_example(elsewhere, TODAY) is None and not other
    assert not Plan.objects.filter(number=NUMBER).exists()


def test_a_persons_account_of_that_name_enters_nothing(province):
    User.objects.create_user("dieuphoi", password="a person's own")
    load_example_agencies(province, TODAY)
    ensure_logins(province)
    assert load_example(province, TODAY) is None


def test_a_configured_site_has_none_of_it(province, settings):
    settings.DEMO = False
    call_command("load", quiet=True, stdout=io.StringIO())
    assert not Plan.objects.filter(number=NUMBER).exists() and not User.objects.filter(username__in=LOGINS).exists()


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
        with CaptureQueriesContext(connection, ) as asked:
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


def test_all_of_it_goes_and_nothing_else(province, client, folder, django_capture_on_commit_callbacks):
    remove_demonstration(by=SYSTEM)
    bare = counts()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load", quiet=True, stdout=io.StringIO())
        call_command("tick", stdout=io.StringIO())
    assert Plan.objects.filter(number=NUMBER).exists() and list((folder / "files").rglob("*"))
    _work_as_commune_officer()
    with django_capture_on_commit_callbacks(execute=True):
        gone = remove_demonstration(by=SYSTEM)
    assert gone.kept == () and len(gone.agencies) > 110 and len(gone.exercises) == 1
    after = counts()
    assert {name: (n, bare[name]) for name, n in after.items() if n != bare[name] and name not in CLOCKWORK} == {}
    assert not [f for f in (folder / "files").rglob("*") if f.is_file()]
    assert AuditEntry.objects.filter(action="agency.removed").count() > 110


CLOCKWORK = {"followup.DigestRun", "sessions.Session", "core.SentForm", "surveys.SurveyRound"}


def _work_as_commune_officer() -> None:
    """Report on an open part with a picture, as somebody who tries it out does."""
    from PIL import Image

    from quantri.web.tasks.proof import add_file
    from quantri.web.tasks.reporting import Reported, save_draft

    user = User.objects.get(username="canbo-xa")
    part = Assignment.objects.held_by(user).open().first()
    period = part.task.plan.periods.get(locked_at=None)
    out = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(out, format="PNG")
    progress = save_draft(part, period, Reported(text="Đã niêm yết"), seen=0, by=user)
    add_file(progress, SimpleUploadedFile("anh.png", out.getvalue()), by=user)


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

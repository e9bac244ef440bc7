"""A plan in force with an inspection: team, checklist, communes to choose from, and a visit that took place."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from people import SYSTEM, make_user
from quantri.web.accounts.agencies import add_agency
from quantri.web.accounts.models import Agency, Role, User
from quantri.web.inspections.checklist import add_question
from quantri.web.inspections.findings import FindingDraft, add_finding, send_findings
from quantri.web.inspections.models import Choice, Finding, Programme, Question, Visit
from quantri.web.inspections.places import choose_places
from quantri.web.inspections.programmes import ProgrammeDraft, add_to_team, make_programme
from quantri.web.inspections.visits import VisitDraft, plan_visit, record_checks
from quantri.web.plans.issuing import issue_plan
from quantri.web.plans.models import Plan
from quantri.web.tasks.actions import TaskDraft, add_tasks

TODAY = timezone.localdate()
YEAR = timedelta(days=365)


@pytest.fixture
def issued(consulted_plan, colleague, coordinator) -> Plan:
    draft = TaskDraft(title="Niêm yết thủ tục hành chính", components=("D5",), leads=("Sở Y tế",), due_on=TODAY)
    add_tasks(consulted_plan, [draft], by=coordinator)
    return issue_plan(consulted_plan, number="15/KH-UBND", issued_on=TODAY, by=coordinator)


@pytest.fixture
def communes(province) -> list[Agency]:
    kind = Agency.Kind.PEOPLE_COMMITTEE
    return [add_agency(province, f"UBND xã mẫu {n}", kind=kind, by=SYSTEM) for n in range(1, 7)]


@pytest.fixture
def draft() -> ProgrammeDraft:
    return ProgrammeDraft(title="Kiểm tra năm 2026", starts_on=TODAY - YEAR, ends_on=TODAY + YEAR, answer_days=5)


@pytest.fixture
def programme(issued, draft, agency, coordinator) -> Programme:
    made = make_programme(issued, draft, by=coordinator)
    add_to_team(made, agency, None, part="head", by=coordinator)
    return made


@pytest.fixture
def inspector(agency) -> User:
    """An officer of the agency that inspects."""
    return make_user(agency, Role.OFFICER, "inspector")


@pytest.fixture
def question(programme, coordinator) -> Question:
    return add_question(programme, component="D5", text="Thủ tục có được niêm yết không?", by=coordinator)


@pytest.fixture
def choice(programme, communes, inspector) -> Choice:
    return choose_places(
        programme, method="random", kinds=["people_committee"], wanted=2, seed="2026-01", by=inspector
    )  # fmt: skip


@pytest.fixture
def place(choice) -> Agency:
    return Agency.objects.get(pk=choice.candidates[0]["key"])


@pytest.fixture
def inspected(place) -> User:
    """An officer of the commune that is visited."""
    return make_user(place, Role.OFFICER, "inspected")


@pytest.fixture
def visit(choice, place, inspector) -> Visit:
    return plan_visit(choice, place, VisitDraft(visit_on=TODAY, outline="Tình hình niêm yết"), by=inspector)


@pytest.fixture
def held(visit, question, inspector) -> Visit:
    return record_checks(visit, {}, held_on=TODAY, by=inspector)


@pytest.fixture
def finding(held, inspector, photo) -> Finding:
    draft = FindingDraft(text="Chưa niêm yết thủ tục đất đai", recommendation="Niêm yết ngay")
    return add_finding(held, draft, [photo], by=inspector)


@pytest.fixture
def sent(finding, inspector) -> Finding:
    send_findings(finding.visit, by=inspector)
    return Finding.objects.get(pk=finding.pk)


@pytest.fixture
def photo() -> SimpleUploadedFile:
    """A phone's picture that tells where it was taken."""
    out, picture = io.BytesIO(), Image.new("RGB", (60, 40), "teal")
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (10.0, 22.0, 0.0), 3: "E", 4: (105.0, 26.0, 0.0)}
    picture.save(out, format="JPEG", exif=exif)
    return SimpleUploadedFile("../../anh chup.jpg", out.getvalue(), content_type="image/jpeg")

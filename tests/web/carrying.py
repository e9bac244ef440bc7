"""A plan that is carried out: a task with two parts, its quarters, and a report to write."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from quantri.web.plans.issuing import issue_plan
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.models import Assignment, ReportingPeriod, Task
from quantri.web.tasks.periods import open_periods

TODAY = timezone.localdate()


@pytest.fixture
def task(consulted_plan, colleague, coordinator) -> Task:
    draft = TaskDraft(
        title="Niêm yết thủ tục hành chính", components=("D5",), leads=("Thanh tra tỉnh",), coordinating=("Sở Y tế",),
        due_on=TODAY + timedelta(days=30),
    )  # fmt: skip
    made = add_tasks(consulted_plan, [draft], by=coordinator)[0]
    issue_plan(consulted_plan, number="15/KH-UBND", issued_on=TODAY, by=coordinator)
    return Task.objects.get(pk=made.pk)


@pytest.fixture
def lead(task) -> Assignment:
    return task.assignments.get(part="lead")


@pytest.fixture
def part(task) -> Assignment:
    """The coordinating part of the colleague's agency."""
    return task.assignments.get(part="coordinating")


@pytest.fixture
def period(task, coordinator) -> ReportingPeriod:
    """A quarter that is under way, whatever the day."""
    open_periods(task.plan, "quarter", by=coordinator)
    found = task.plan.periods.first()
    found.starts_on, found.ends_on, found.cut_off_on = TODAY - timedelta(days=60), TODAY, TODAY + timedelta(days=3)
    found.save()
    return found


@pytest.fixture
def photo() -> SimpleUploadedFile:
    """A phone's picture that tells where it was taken."""
    out, picture = io.BytesIO(), Image.new("RGB", (60, 40), "teal")
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (10.0, 22.0, 0.0), 3: "E", 4: (105.0, 26.0, 0.0)}
    exif[0x010F] = "PhoneMaker"
    picture.save(out, format="JPEG", exif=exif)
    return SimpleUploadedFile("../../anh chup.jpg", out.getvalue(), content_type="image/jpeg")

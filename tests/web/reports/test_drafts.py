"""The urging letter and the decision on classes, as drafts in the official format."""

import io
from datetime import timedelta

from django.utils import timezone
from docx import Document

from carrying import lead, part, period, task  # noqa: F401 - fixtures
from people import SYSTEM, signed_in
from quantri.web.accounts.actions import ensure_agency
from quantri.web.appraisal import exercises
from quantri.web.appraisal.exercises import ExerciseDraft
from quantri.web.appraisal.models import Exercise
from quantri.web.appraisal.sheets import example_sheet
from quantri.web.tasks.models import Assignment

TODAY = timezone.localdate()


def words(answer) -> str:
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_letter_lists_what_is_late_and_goes_to_nobody_who_is_not(lead, coordinator, officer, outsider):  # noqa: F811
    address = f"/plans/letters/{lead.agency_id}/cong-van.docx"
    assert signed_in(coordinator).get(address).status_code == 404
    Assignment.objects.filter(pk=lead.pk).update(due_on=TODAY - timedelta(days=3))
    text = words(signed_in(coordinator).get(address))
    assert "Thanh tra tỉnh" in text and lead.task.title in text and "15/KH-UBND" in text
    assert signed_in(officer).get(address).status_code == 403
    assert signed_in(outsider).get(address).status_code == 404


def test_the_decision_has_its_table_once_the_classes_are_confirmed(province, coordinator, leader):
    days = {"scored_from": TODAY, "scored_until": TODAY, "appealed_until": TODAY}
    draft = ExerciseDraft(year=2026, title="Xếp loại", sheet_text=example_sheet(), **days)
    made = exercises.open_exercise(province, draft, [ensure_agency(province, "Sở Y tế", by=SYSTEM)], by=coordinator)
    address = f"/plans/classes/{made.pk}/quyet-dinh.docx"
    assert signed_in(coordinator).get(address).status_code == 404
    yesterday = TODAY - timedelta(days=1)
    Exercise.objects.update(scored_from=yesterday, scored_until=yesterday, appealed_until=yesterday)
    exercises.confirm(made, reason="Quyết định", by=leader)
    text = words(signed_in(leader).get(address))
    assert "Sở Y tế" in text and "Không hoàn thành" in text and "Điều 1." in text

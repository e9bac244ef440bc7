"""A year of classing for tests: an exercise, points for all lines, an appraisal, and days that pass."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from quantri.web.appraisal import actions
from quantri.web.appraisal.actions import Given
from quantri.web.appraisal.exercises import ExerciseDraft
from quantri.web.appraisal.models import Exercise
from quantri.web.appraisal.sheets import example_sheet

TODAY = timezone.localdate()
REASON = "Quyết định xếp loại năm"


def draft(**changes) -> ExerciseDraft:
    dates = {"scored_from": TODAY - timedelta(days=5), "scored_until": TODAY, "appealed_until": TODAY}
    return ExerciseDraft(
        **{"year": 2026, "title": "Xếp loại năm 2026", "sheet_text": example_sheet()} | dates | changes
    )


def full(entry, words="Báo cáo 12/BC-UBND", **changes):
    points = {c.code: c.points for c in entry.exercise.sheet.criteria}
    points |= {code.removeprefix("c"): Decimal(value) for code, value in changes.items()}
    return {code: Given(points=p, words=words) for code, p in points.items()}


def appraised(entry, by, **changes):
    entry.refresh_from_db()
    return actions.appraise(entry, full(entry, **changes), facts=[], seen=actions.mark(entry), by=by)


def move_on(exercise, *, are_appeals_over: bool = True):
    """Let the days of self-scoring pass, and those of appeals."""
    yesterday = TODAY - timedelta(days=1)
    Exercise.objects.filter(pk=exercise.pk).update(
        scored_from=TODAY - timedelta(days=9), scored_until=yesterday,
        appealed_until=yesterday if are_appeals_over else TODAY,
    )  # fmt: skip
    exercise.refresh_from_db()

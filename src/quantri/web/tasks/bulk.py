"""One task for many agencies at once, as 102 communes receive it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from quantri.web.accounts.models import Agency, User
from quantri.web.core import audit
from quantri.web.tasks import news
from quantri.web.tasks.models import Assignment, Task
from quantri.web.tasks.parts import check_day, dividable


@dataclass(frozen=True, kw_only=True)
class PartDraft:
    """What each of the agencies receives: its part, day and deliverable."""

    part: str = Assignment.Part.LEAD
    wording: str = ""
    due_on: date | None = None
    deliverable: str = ""


@transaction.atomic
def give_to_all(task: Task, agencies: Sequence[Agency], draft: PartDraft, *, by: User) -> int:
    """Give every agency its part, in a plan that is made or carried out; one line in the trail has the whole list.

    Agencies that have a part already keep theirs; the number of new parts is returned.
    """
    plan = dividable(task.plan, by=by)
    check_day(Task.objects.select_for_update().get(pk=task.pk), draft.due_on)
    there = set(task.assignments.filter(valid_to=None).values_list("agency_id", flat=True))
    new = [a for a in agencies if a.pk not in there and a.province_id == plan.province_id]
    today = timezone.localdate()
    made = Assignment.objects.bulk_create(
        [Assignment(task=task, agency=a, valid_from=today, **vars(draft)) for a in new], batch_size=1000
    )
    audit.record("part.given_to_all", task, by=by, agencies=audit.listed(new), due_on=str(draft.due_on or ""))
    news.parts_given(made)
    return len(new)

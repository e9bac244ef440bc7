"""What happened to a task: kept apart as the rows whose entries in the trail tell it."""

from django.db.models import QuerySet

from quantri.web.tasks.models import Assignment, Extension, Handover, OneUseLink, Task


def rows_of_task(task: Task) -> list[QuerySet]:
    """Give a task with all parts it ever had, and what was asked about them and decided."""
    return [Task.objects.filter(pk=task.pk), *_of_parts(Assignment.objects.filter(task=task))]


def rows_of_part(part: Assignment) -> list[QuerySet]:
    """Give a part, what was asked about it and decided, and its one-use links."""
    own = Assignment.objects.filter(pk=part.pk)
    return [*_of_parts(own), OneUseLink.objects.filter(assignment=part)]


def _of_parts(parts: QuerySet[Assignment]) -> list[QuerySet]:
    return [parts, *(model.objects.filter(assignment__in=parts.order_by()) for model in (Extension, Handover))]

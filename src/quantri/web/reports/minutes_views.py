"""The minutes of an inspection as an official draft."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from quantri.errors import DataError
from quantri.text import fold
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.inspections.minutes import minutes_of
from quantri.web.inspections.models import Programme, Visit
from quantri.web.reports.official import render
from quantri.web.reports.templating import file_of, template_for
from quantri.web.reports.views import DOCX, not_made


@for_roles(*Role)
@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the minutes of a visit that took place: for the team at once, for others when the findings were sent."""
    seen = Visit.objects.visible_to(request.user).filter(held_on__isnull=False)
    visit = get_object_or_404(seen.select_related("programme__plan__province", "agency"), pk=pk)
    if not visit.is_sent and not Programme.objects.inspected_by(request.user).filter(pk=visit.programme_id).exists():
        raise Http404
    template = file_of(template_for(visit.programme.plan.province, "bien-ban"))
    try:
        made = render("bien-ban", minutes_of(visit, today=timezone.localdate()), template=template)
    except DataError as fault:
        return not_made(request, fault)
    name = "-".join(fold(f"bien ban {visit.agency.name_vi}").replace("/", "-").split())
    headers = {"Content-Disposition": f'attachment; filename="{name}.docx"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type=DOCX, headers=headers)

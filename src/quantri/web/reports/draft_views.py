"""The urging letter of an agency that owes something, and the decision on classes, as official drafts."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import PROVINCE_LEADER, Agency, Role
from quantri.web.appraisal.models import Exercise
from quantri.web.deadlines import calendars
from quantri.web.followup import risks
from quantri.web.followup.answers import awaited_of
from quantri.web.followup.risks import Filters
from quantri.web.followup.silence import silences, told_periods
from quantri.web.followup.urging import letter_content
from quantri.web.places.models import Province
from quantri.web.reports.drafts import Content, class_decision, urging_letter
from quantri.web.reports.official import render
from quantri.web.reports.templating import file_of, template_for
from quantri.web.reports.views import DOCX

MOST = 200  # late parts that a letter lists
STEERING = (Role.COORDINATOR, PROVINCE_LEADER)


@for_roles(*STEERING)
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the letter that urges an agency; 404 when it owes nothing."""
    provinces, today = request.user.seats(*STEERING), timezone.localdate()
    agency = get_object_or_404(Agency.objects.visible_to(request.user).filter(province__in=provinces), pk=pk)
    late = list(risks.overdue(risks.parts_of(provinces, Filters()).filter(agency=agency), today)[:MOST])
    answers = list(awaited_of(provinces, Filters()).filter(agency=agency, due_on__lt=today)[:MOST])
    periods = told_periods(provinces, Filters(), today, calendars.current())
    silent = list(silences(periods, agency=agency))
    if not late and not answers and not silent:
        raise Http404
    told = letter_content(agency, late, today, answers=answers, silences=silent)
    content = urging_letter(agency.province, told, is_demonstration=settings.DEMO)
    return _word("cong-van", agency.province, content)


@for_roles(*STEERING)
@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the decision that classes the agencies of a confirmed exercise."""
    steered = Exercise.objects.visible_to(request.user).filter(province__in=request.user.seats(*STEERING))
    exercise = get_object_or_404(steered.filter(confirmed_at__isnull=False).select_related("province"), pk=pk)
    return _word("quyet-dinh", exercise.province, class_decision(exercise))


def _word(kind: str, province: Province, content: Content) -> HttpResponse:
    made = render(kind, content, template=file_of(template_for(province, kind)))
    headers = {"Content-Disposition": f'attachment; filename="{kind}.docx"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type=DOCX, headers=headers)

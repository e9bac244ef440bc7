"""What Quantri tells a person; each sees their own alone."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from quantri.web.core import outbox as actions
from quantri.web.core.models import Message
from quantri.web.core.paging import page_of


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    own = Message.objects.notices_of(request.user, timezone.now())
    page = page_of(request, own, "pk")
    return render(request, "core/notices.html", {"rows": page.rows, "older": page.older})


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember that a notice was seen; twice does no harm."""
    now = timezone.now()
    actions.mark_read(get_object_or_404(Message.objects.notices_of(request.user, now), pk=pk), now)
    return redirect("core:notices")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_all_read(request.user, timezone.now())
    return redirect("core:notices")

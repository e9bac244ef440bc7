"""The outbox on screen: how far each letter is, and what a person decides on those that stopped."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quantri.web.core import outbox as actions
from quantri.web.core.models import Message, Tick
from quantri.web.core.once import once
from quantri.web.core.paging import page_of

DEEDS = {"retry": actions.retry, "give-up": actions.give_up, "arrived": actions.mark_arrived}
SENDABLE = (Message.State.FAILED, Message.State.UNCERTAIN, Message.State.GIVEN_UP)
STOPPABLE = (Message.State.WAITING, Message.State.FAILED, Message.State.UNCERTAIN)


@login_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    if not request.user.reads_trail():
        raise PermissionDenied
    letters = Message.objects.overseen_by(request.user).filter(channel=Message.Channel.EMAIL)
    counted = dict(letters.order_by().values_list("state").annotate(n=Count("pk")))
    state = request.GET.get("state", "")
    page = page_of(request, letters.filter(state=state) if state in Message.State else letters, "pk")
    context = {
        "states": [(s, s.label, counted.get(s.value, 0)) for s in Message.State], "chosen": state,
        "rows": [(m, m.state in SENDABLE and m.address, m.state in STOPPABLE) for m in page.rows], "older": page.older,
        "has_server": bool(settings.MAIL_URL), "uncertain": counted.get(Message.State.UNCERTAIN, 0),
        "faults": Tick.objects.exclude(fault="") if "" in request.user.audit_scopes() else (),
    }  # fmt: skip
    return render(request, "core/outbox.html", context)


@login_required
@require_POST
@once
def decide(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    if not Message.objects.overseen_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    if deed not in DEEDS:
        raise Http404
    DEEDS[deed](message, by=request.user)
    messages.success(request, _("The letter is now: %(state)s.") % {"state": _state(pk)})
    return redirect("core:outbox")


def _state(pk: int) -> str:
    return Message.objects.get(pk=pk).get_state_display()

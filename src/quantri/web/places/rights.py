"""Who may bring boundaries, which public pages draw: who coordinates the home province or administers its committee."""

from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from quantri.web.core.audit import Actor, System
from quantri.web.places.loading import home_province

KEEPERS = ("coordinator", "province_administrator")  # roles, by their values: accounts stands above places


def may_keep_boundaries(actor: Any) -> bool:
    """Tell whether an actor is the system, or holds one of the roles in the home province today."""
    if isinstance(actor, System):
        return True
    if not actor.is_authenticated:
        return False
    seats = actor.seats(*KEEPERS)
    return seats.exists() and seats.filter(pk=home_province(timezone.localdate()).pk).exists()


def require_keeper(actor: Actor) -> None:
    if not may_keep_boundaries(actor):
        raise PermissionDenied


def for_keepers(view: Any) -> Any:
    """Let in who may keep boundaries; ask the others to sign in, or refuse."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        require_keeper(request.user)
        return view(request, *args, **kwargs)

    return guarded

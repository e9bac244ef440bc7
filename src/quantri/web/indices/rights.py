"""Who may publish results: they count for the whole site, so the home province's own coordinators alone."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from quantri.web.accounts.access import View
from quantri.web.accounts.models import Role
from quantri.web.core.audit import Actor, System
from quantri.web.places.loading import home_province


def may_publish(actor: Actor) -> bool:
    """Tell whether an actor is the system, or holds a coordinator's seat in the home province today."""
    if isinstance(actor, System):
        return True
    home = home_province(timezone.localdate())
    return actor.holds(home.pk, Role.COORDINATOR)


def for_publishers(view: View) -> View:
    """Let in who may publish results; ask the others to sign in, or refuse."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_publish(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded

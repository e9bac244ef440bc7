"""Who scores rounds of microdata: coordinators and analysts of the home province; freezing stays with publishers."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from quantri.web.accounts.access import View
from quantri.web.accounts.models import Role
from quantri.web.core.audit import Actor
from quantri.web.indices.rights import may_publish
from quantri.web.places.loading import home_province


def may_score(actor: Actor) -> bool:
    """Tell whether an actor may have a round scored as a draft."""
    if may_publish(actor):
        return True
    return actor.seats(Role.ANALYST).filter(pk=home_province(timezone.localdate()).pk).exists()


def for_scorers(view: View) -> View:
    """Let in who may have rounds scored; ask the others to sign in, or refuse."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_score(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded

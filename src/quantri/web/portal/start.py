"""Where a person begins after signing in: where the work of the role is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from quantri.web.accounts.models import PROVINCE_LEADER, Role, User

FIRST_PAGES = (  # by role; who holds several begins with the first of them
    (Role.COORDINATOR, "followup:follow"),
    (PROVINCE_LEADER, "followup:lead"),
    (Role.LEADER, "work:mine"),
    (Role.OFFICER, "work:mine"),
)
ELSE = "portal:home"


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return redirect(_first_page(request.user) if request.user.is_authenticated else ELSE)


def _first_page(user: User) -> str:
    held = {held.role for held in user.held(*Role, PROVINCE_LEADER)}
    return next((page for role, page in FIRST_PAGES if role in held), ELSE)

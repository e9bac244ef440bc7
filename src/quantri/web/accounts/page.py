"""What every page knows of the person who reads it."""

from django.http import HttpRequest

from quantri.web.accounts.models import PROVINCE_LEADER, Role


def member(request: HttpRequest) -> dict[str, object]:
    """Context of the base page: the roles that the reader holds today; none for a visitor."""
    if not getattr(request, "user", None) or request.user.is_anonymous:
        return {"roles": frozenset()}
    return {"roles": frozenset(held.role for held in request.user.held(*Role, PROVINCE_LEADER))}

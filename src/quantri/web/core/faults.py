"""Faults of input and rules as one clear page instead of a trace."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quantri.errors import DataError, DefinitionError, RuleViolation
from quantri.words import said


class FaultMiddleware:
    """Answer 404 for what is not known, and 409 for what a rule forbids, with the sentence that says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, RuleViolation):
            context = {"sentence": str(fault), "title": _("This cannot be done now")}
            return render(request, "core/fault.html", context, status=409)
        if isinstance(fault, DataError | DefinitionError):
            context = {"sentence": said(fault, get_language() or "vi"), "title": _("Not found")}
            return render(request, "core/fault.html", context, status=404)
        return None

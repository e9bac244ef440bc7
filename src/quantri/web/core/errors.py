"""Pages for what is not there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what was not found, when the view said so, and how to go on."""
    said = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    ours = " " in said and "matches the given query" not in said
    sentence = said if ours else _("This page does not exist, or you may not see it.")
    return render(request, "core/fault.html", {"sentence": sentence, "title": _("Not found")}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the reader's role does not allow this."""
    sentence = _("Your role does not allow this. Ask the coordinator of your province.")
    return render(request, "core/fault.html", {"sentence": sentence, "title": _("Not allowed")}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; the log holds the rest."""
    sentence = _("Something went wrong on our side. Nothing of what was saved before is lost; try again in a minute.")
    return render(request, "core/fault.html", {"sentence": sentence, "title": _("A fault of ours")}, status=500)

"""Acting on a form that was sent: done, or shown again with what was typed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quantri.errors import DataError, RuleViolation

Context = dict[str, Any]


def acted(
    request: HttpRequest, form: forms.Form, act: Callable[[], object], *, done: str, to: str | Callable[[], str],
    page: str, context: Context,
) -> HttpResponse:  # fmt: skip
    """Act on a form that holds and lead on; a form that is refused is shown again, nothing in it is lost."""
    problem, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act()
            except RuleViolation as refused:
                problem, status = str(refused), 409
            except DataError as fault:
                form.add_error("files", str(fault))
            else:
                messages.success(request, done)
                return redirect(to() if callable(to) else to)
    return render(request, f"inspections/{page}.html", {"form": form, "problem": problem, **context}, status=status)


def pressed(request: HttpRequest, act: Callable[[], object], *, done: str, to: str) -> HttpResponse:
    """Act on a button; where a rule forbids it, say so on the page that it leads to."""
    try:
        act()
    except RuleViolation as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(to)

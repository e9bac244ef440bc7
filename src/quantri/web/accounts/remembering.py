"""What a person may do is asked once while a page is made, not once for each list on it."""

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

T = TypeVar("T")
SAFE = ("GET", "HEAD")
_found: ContextVar[dict[Hashable, object] | None] = ContextVar("found", default=None)


def once_a_page(key: Hashable, ask: Callable[[], T]) -> T:
    """Return what was found under the key while this page is made, or ask; outside of a page always ask."""
    found = _found.get()
    if found is None:
        return ask()
    if key not in found:
        found[key] = ask()
    return found[key]


class RememberingMiddleware:
    """Remember while a page is made, and forget afterwards.

    A request that changes something remembers nothing: an action sees what holds at its moment.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            return self.get_response(request)
        token = _found.set({})
        try:
            return self.get_response(request)
        finally:
            _found.reset(token)

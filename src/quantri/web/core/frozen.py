"""Pages that change only when their figures do: the browser's copy is confirmed by a 304."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import condition

from quantri import __version__

View = Callable[..., HttpResponse]


def frozen(state: Callable[..., str]) -> Callable[[View], View]:
    """Answer a visitor with 304 while `state(request, …)`, the code and the language are the same.

    A signed-in reader's page holds forms of their own and is made each time.
    """

    def etag(request: HttpRequest, *args: object, **kwargs: object) -> str | None:
        if request.user.is_authenticated or request.method != "GET":
            return None
        parts = (state(request, *args, **kwargs), code_version(), get_language(), settings.DEMO)
        return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}"'

    def decorate(view: View) -> View:
        conditional = condition(etag_func=etag)(view)

        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            response = conditional(request, *args, **kwargs)
            response.setdefault("Cache-Control", "no-cache" if request.user.is_anonymous else "private, no-store")
            return response

        return answer

    return decorate


@cache
def code_version() -> str:
    """Version and newest change of the code, so that a new version makes every page anew."""
    web = Path(__file__).resolve().parents[1]
    newest = max(path.stat().st_mtime_ns for path in web.rglob("*") if path.suffix in {".py", ".html", ".mo"})
    return f"{__version__}-{newest}"

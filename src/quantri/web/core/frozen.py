"""Pages that change only when their figures do: made once, kept packed, and confirmed by a 304."""

import hashlib
from collections.abc import Callable
from functools import cache as once
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string
from django.utils.translation import get_language
from django.views.decorators.http import condition

from quantri import __version__
from quantri.web.core.shelf import Kept, Shelf

View = Callable[..., HttpResponse]
pages = Shelf(room=24_000_000)


def frozen(state: Callable[..., str], *parameters: str) -> Callable[[View], View]:
    """Keep a visitor's page while `state(request, …)`, its address, the code and the language are the same.

    `parameters` are those of the address that the page reads; an address with others leads to the one without them,
    so that a page is kept once and holds nothing that somebody made up. A signed-in reader's page holds forms of
    their own and is made each time. A visitor's page holds nothing that is secret or the visitor's own, so that it
    may be kept and packed.
    """

    def etag(request: HttpRequest, *args: object, **kwargs: object) -> str | None:
        own = {settings.SESSION_COOKIE_NAME, "messages"} & set(request.COOKIES)  # may hold words for this reader only
        if own or request.user.is_authenticated:
            return None
        parts = (
            request.get_full_path(),
            state(request, *args, **kwargs),
            code_version(),
            get_language(),
            settings.DEMO,
        )
        request.frozen_tag = f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
        return request.frozen_tag

    def decorate(view: View) -> View:
        @condition(etag_func=etag)
        def kept(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            tag = getattr(request, "frozen_tag", None)
            if tag is None:
                return view(request, *args, **kwargs)
            found = pages.get(tag)
            if found is None:
                made = view(request, *args, **kwargs)
                if made.status_code != 200:
                    return made
                found = Kept(content=made.content, packed=compress_string(made.content), headers=dict(made.items()))
                pages.put(tag, found)
            return _answer(request, found)

        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not set(request.GET) <= set(parameters):
                return HttpResponseRedirect(_canonical(request, parameters))
            response = kept(request, *args, **kwargs)
            response.setdefault("Cache-Control", "no-cache" if request.user.is_anonymous else "private, no-store")
            return response

        return answer

    return decorate


def _canonical(request: HttpRequest, parameters: tuple[str, ...]) -> str:
    """Address of the page with only the parameters that it reads."""
    read = request.GET.copy()
    for name in set(read) - set(parameters):
        del read[name]
    path = request.get_full_path().partition("?")[0]
    return f"{path}?{read.urlencode()}" if read else path


def _answer(request: HttpRequest, page: Kept) -> HttpResponse:
    """Answer with a kept page, packed where the browser takes that."""
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(page.packed if packs else page.content, headers=page.headers)
    patch_vary_headers(response, ["Accept-Encoding"])
    if packs:
        response["Content-Encoding"] = "gzip"
    return response


@once
def code_version() -> str:
    """Version and newest change of the code, so that a new version makes every page anew."""
    web = Path(__file__).resolve().parents[1]
    newest = max(path.stat().st_mtime_ns for path in web.rglob("*") if path.suffix in {".py", ".html", ".mo", ".docx"})
    return f"{__version__}-{newest}"

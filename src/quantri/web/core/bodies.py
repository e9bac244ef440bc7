"""What is sent is refused by its announced size, before any of it is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


class BodyMiddleware:
    """Answer 413 for what is too large, 411 without a size; a visitor sends files by one-use links only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            sentence = _("What was sent does not say its size. Send it again with a Content-Length.")
            return _refused(request, sentence, status=411)
        may_send = settings.SESSION_COOKIE_NAME in request.COOKIES or request.path_info.startswith(settings.LINK_PATHS)
        most = settings.LARGEST_UPLOAD if may_send else settings.LARGEST_FORM
        if _announced(request) > most:
            sentence = _(
                "What was sent is larger than %(most)s MB, so none of it was read. Send less; to hand in a file, "
                "sign in first."
            )
            return _refused(request, sentence % {"most": most // 1_000_000}, status=413)
        return self.get_response(request)


def _announced(request: HttpRequest) -> int:
    size = request.META.get("CONTENT_LENGTH") or "0"
    return int(size) if size.isascii() and size.isdigit() else 0


def _refused(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    context = {"title": _("Not accepted"), "sentence": sentence}
    return render(request, "core/fault.html", context, status=status)

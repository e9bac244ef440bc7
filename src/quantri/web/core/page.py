"""What every page knows: version, languages, and the same page in the other language."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language

from quantri import __version__
from quantri.web.core.models import Message


def frame(request: HttpRequest) -> dict[str, object]:
    """Context of the base page."""
    here = request.get_full_path()
    language = get_language()
    return {
        "n_unread": partial(unread, request),  # asked only by a page that shows it, and never for a visitor
        "version": __version__,
        "is_demo": settings.DEMO,
        "language": language,
        "other_languages": [
            (code, name, translate_url(here, code)) for code, name in settings.LANGUAGES if code != language
        ],
    }


def unread(request: HttpRequest) -> int:
    """Count the reader's notices that are new."""
    return Message.objects.notices_of(request.user, timezone.now()).filter(read_at=None).count()

"""What every page knows: version, languages, and the same page in the other language."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from quantri import __version__


def frame(request: HttpRequest) -> dict[str, object]:
    """Context of the base page."""
    here = request.get_full_path()
    language = get_language()
    return {
        "version": __version__,
        "is_demo": settings.DEMO,
        "language": language,
        "other_languages": [
            (code, name, translate_url(here, code)) for code, name in settings.LANGUAGES if code != language
        ],
    }

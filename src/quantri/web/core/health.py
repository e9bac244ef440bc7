"""A sign of life for whatever watches the site."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer without touching figures or database."""
    return HttpResponse("ok", content_type="text/plain")

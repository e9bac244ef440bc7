"""What pages of published results depend on."""

from django.conf import settings
from django.http import HttpRequest

from quantri.web.indices.archive import digest


def figures(request: HttpRequest, *args: object, **kwargs: object) -> str:
    """Name the figures that a page is made from."""
    return digest(settings.INDEX)

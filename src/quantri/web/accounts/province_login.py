"""The province's own login: there and back, with one sentence when its server fails."""

import logging
from collections.abc import Callable
from functools import wraps

from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


def told(view: View) -> View:
    """Say that the province's server is down, or answers what it should not; the log of the server says why."""

    @wraps(view)
    def guarded(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except (OSError, ValueError, KeyError, TypeError):  # no connection, no JSON, or an answer of another shape
            logger.warning("the login of the province failed", exc_info=True)
            return render(request, "socialaccount/authentication_error.html", status=502)

    return guarded


urlpatterns = [
    path("oidc/<slug:provider_id>/login/", told(views.login), name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", told(views.callback), name="openid_connect_callback"),
]

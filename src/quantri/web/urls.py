"""Addresses: Vietnamese without a prefix, English under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from quantri.web.core.health import health

urlpatterns = [path("health", health)]
urlpatterns += i18n_patterns(
    path("", include("quantri.web.portal.urls")),
    path("account/", include("quantri.web.accounts.urls")),
    path("", include("quantri.web.indices.urls")),
    path("rounds/", include("quantri.web.surveys.urls")),
    path("", include("quantri.web.deadlines.urls")),
    path("classes/", include("quantri.web.appraisal.urls")),
    path("plans/", include("quantri.web.plans.urls")),
    path("plans/", include("quantri.web.tasks.urls")),
    path("", include("quantri.web.tasks.work_urls")),
    path("plans/", include("quantri.web.reports.urls")),
    prefix_default_language=False,
)
handler403 = "quantri.web.core.errors.forbidden"
handler404 = "quantri.web.core.errors.not_found"
handler500 = "quantri.web.core.errors.broken"

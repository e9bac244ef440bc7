"""Addresses: Vietnamese without a prefix, English under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from quantri.web.core.health import health

urlpatterns = [
    path("health", health, name="health"),
    path("account/", include("quantri.web.accounts.province_login")),  # one address in each language
]
urlpatterns += i18n_patterns(
    path("", include("quantri.web.portal.urls")),
    path("", include("quantri.web.core.urls")),
    path("places/", include("quantri.web.places.urls")),
    path("account/", include("quantri.web.accounts.urls")),
    path("account/", include("quantri.web.accounts.sign_in_urls")),
    path("agencies/", include("quantri.web.accounts.agency_urls")),
    path("", include("quantri.web.indices.urls")),
    path("rounds/", include("quantri.web.surveys.urls")),
    path("", include("quantri.web.deadlines.urls")),
    path("classes/", include("quantri.web.appraisal.urls")),
    path("inspections/", include("quantri.web.inspections.urls")),
    path("commune-figures/", include("quantri.web.figures.urls")),
    path("plans/", include("quantri.web.plans.urls")),
    path("plans/", include("quantri.web.tasks.urls")),
    path("", include("quantri.web.tasks.work_urls")),
    path("", include("quantri.web.followup.urls")),
    path("plans/", include("quantri.web.reports.urls")),
    prefix_default_language=False,
)
handler403 = "quantri.web.core.errors.forbidden"
handler404 = "quantri.web.core.errors.not_found"
handler500 = "quantri.web.core.errors.broken"

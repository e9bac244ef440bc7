"""Addresses of places."""

from django.urls import path

from quantri.web.places.views import boundaries, units

app_name = "places"
urlpatterns = [
    path("", units.search, name="search"),
    path("boundaries/", boundaries.boundary_sets, name="boundary-sets"),
    path("boundaries/import/", boundaries.import_boundaries, name="import-boundaries"),
    path("boundaries/confirm/", boundaries.confirm_boundaries, name="confirm-boundaries"),
    path("boundaries/<int:pk>/", boundaries.boundary_set, name="boundary-set"),
    path("boundaries/<int:pk>/withdraw/", boundaries.withdraw_boundaries, name="withdraw-boundaries"),
    path("<slug:key>/", units.unit, name="unit"),
    path("<slug:key>/communes/", units.communes, name="communes"),
    path("<slug:key>/communes.xlsx", units.communes_table, name="communes-table"),
]

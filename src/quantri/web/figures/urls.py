"""Addresses of figures."""

from django.urls import path

from quantri.web.figures.views import bring, measures, sheets, tables

app_name = "figures"
urlpatterns = [
    path("", tables.periods, name="list"),
    path("bring/", bring.bring, name="bring"),
    path("bring/confirm/", bring.confirm, name="confirm"),
    path("template.xlsx", bring.blank, name="template"),
    path("measures/", measures.measures, name="measures"),
    path("measures/new/", measures.new, name="measure-new"),
    path("measures/<int:pk>/end/", measures.end, name="measure-end"),
    path("sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/decide/", sheets.decide, name="decide"),
    path("communes/<slug:key>/", tables.commune, name="commune"),
    path("components/<str:code>/", tables.component, name="component"),
    path("<slug:province>/<slug:key>/", tables.table, name="table"),
    path("<slug:province>/<slug:key>/table.xlsx", tables.export, name="export"),
]

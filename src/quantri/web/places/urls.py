"""Addresses of places."""

from django.urls import path

from quantri.web.places import views

app_name = "places"
urlpatterns = [
    path("", views.search, name="search"),
    path("<slug:key>/", views.unit, name="unit"),
    path("<slug:key>/communes/", views.communes, name="communes"),
    path("<slug:key>/communes.xlsx", views.communes_table, name="communes-table"),
]

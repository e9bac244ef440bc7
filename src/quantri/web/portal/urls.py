"""Addresses of the public pages."""

from django.urls import path

from quantri.web.portal import start, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", start.start, name="start"),
    path("provinces/", views.provinces, name="provinces"),
    path("plans/", views.plans, name="plans"),
    path("plans/<int:pk>/", views.plan, name="plan"),
    path("plans/<int:pk>/source/", views.source, name="source"),
    path("method/", views.method, name="method"),
]

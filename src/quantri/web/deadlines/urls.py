"""Addresses of working time."""

from django.urls import path

from quantri.web.deadlines import register_views, views

app_name = "deadlines"
urlpatterns = [
    path("calendar/", views.this_year, name="calendar"),
    path("calendar/upload/", views.upload, name="upload"),
    path("calendar/drafts/<int:pk>/", views.draft, name="draft"),
    path("calendar/days/<int:pk>/retract/", views.retract, name="retract"),
    path("calendar/<int:year>/", views.year, name="year"),
    path("calendar/<int:year>/reports/", views.periods, name="periods"),
    path("rules/", views.rules, name="rules"),
    path("clocks/", register_views.clocks, name="clocks"),
    path("clocks/new/", register_views.start, name="start"),
    path("clocks/<int:pk>/", register_views.clock, name="clock"),
    path("clocks/<int:pk>/<slug:act>/", register_views.change, name="change"),
]

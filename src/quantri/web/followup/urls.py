"""Addresses of following and urging."""

from django.urls import path

from quantri.web.followup import public_views, views

app_name = "followup"
urlpatterns = [
    path("follow/", views.follow, name="follow"),
    path("follow/<slug:code>/table.xlsx", views.table, name="table"),
    path("follow/agencies/<int:pk>/", views.agency, name="agency"),
    path("follow/letters/", views.letters, name="letters"),
    path("lead/", views.lead, name="lead"),
    path("follow/periods/<int:pk>/publish/", views.publish, name="publish"),
    path("follow/publications/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("plans/<int:pk>/progress/", public_views.progress, name="progress"),
]

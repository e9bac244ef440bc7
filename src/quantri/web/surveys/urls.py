"""Addresses of surveys."""

from django.urls import path

from quantri.web.surveys.views import change, place, rounds, staff, trying

app_name = "surveys"
urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("new/", staff.upload, name="upload"),
    path("jobs/<int:pk>/", staff.job, name="job"),
    path("jobs/<int:pk>/cancel/", staff.cancel, name="cancel"),
    path("<slug:key>/", rounds.one, name="round"),
    path("<slug:key>/freeze/", staff.freeze, name="freeze"),
    path("<slug:key>/table.<str:ending>", rounds.export, name="round-export"),
    path("<slug:key>/change/", change.change, name="change"),
    path("<slug:key>/change/table.<str:ending>", change.export, name="change-export"),
    path("<slug:key>/weights/", trying.weigh, name="weights"),
    path("<slug:key>/weights/table.<str:ending>", trying.weigh_export, name="weights-export"),
    path("<slug:key>/sample/", trying.detect, name="detect"),
    path("<slug:key>/places/<str:label>/", place.place, name="place"),
    path("<slug:key>/places/<str:label>/table.<str:ending>", place.export, name="place-export"),
]

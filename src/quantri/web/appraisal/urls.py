"""Addresses of classing."""

from django.urls import path

from quantri.web.appraisal.views import entries, exercises, proofs

app_name = "appraisal"
urlpatterns = [
    path("", exercises.exercises, name="list"),
    path("new/", exercises.new, name="new"),
    path("sheet.toml", exercises.sheet, name="sheet"),
    path("<int:pk>/", exercises.exercise, name="exercise"),
    path("<int:pk>/table.xlsx", exercises.export, name="export"),
    path("<int:pk>/decide/", exercises.decide, name="decide"),
    path("entries/<int:pk>/", entries.entry, name="entry"),
    path("entries/<int:pk>/score/", entries.score, name="score"),
    path("entries/<int:pk>/appraise/", entries.appraise, name="appraise"),
    path("entries/<int:pk>/return/", entries.give_back, name="return"),
    path("entries/<int:pk>/extend/", entries.extend, name="extend"),
    path("entries/<int:pk>/appeal/", entries.appeal, name="appeal"),
    path("entries/<int:pk>/files/", proofs.add, name="proof-add"),
    path("files/<int:pk>/", proofs.proof, name="proof"),
    path("files/<int:pk>/remove/", proofs.remove, name="proof-remove"),
    path("appeals/<int:pk>/answer/", entries.answer, name="answer"),
]

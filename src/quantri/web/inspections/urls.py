"""Addresses of inspections."""

from django.urls import path

from quantri.web.inspections.views import findings, outcomes, preparing, programmes, visits

app_name = "inspections"
urlpatterns = [
    path("", programmes.programmes, name="list"),
    path("new/", programmes.new, name="new"),
    path("<int:pk>/", programmes.programme, name="programme"),
    path("<int:pk>/visits.xlsx", programmes.export, name="export"),
    path("<int:pk>/change/", programmes.change, name="change"),
    path("<int:pk>/team/", programmes.team, name="team"),
    path("team/<int:pk>/end/", programmes.leave, name="team-end"),
    path("<int:pk>/questions/", preparing.questions, name="questions"),
    path("<int:pk>/questions/from-plan/", preparing.take_from_plan, name="from-plan"),
    path("questions/<int:pk>/", preparing.question, name="question"),
    path("questions/<int:pk>/end/", preparing.end_question, name="question-end"),
    path("<int:pk>/places/", preparing.choose, name="choose"),
    path("choices/<int:pk>/", preparing.choice, name="choice"),
    path("choices/<int:pk>/list.xlsx", preparing.choice_file, name="choice-file"),
    path("choices/<int:pk>/visits/<int:agency>/", visits.plan, name="plan"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/change/", visits.change, name="visit-change"),
    path("visits/<int:pk>/announce/", visits.announce, name="announce"),
    path("visits/<int:pk>/report/", visits.outline, name="outline"),
    path("visits/<int:pk>/cancel/", visits.cancel, name="cancel"),
    path("visits/<int:pk>/check/", visits.check, name="check"),
    path("visits/<int:pk>/send/", visits.send, name="send"),
    path("visits/<int:pk>/publish/", outcomes.publish, name="publish"),
    path("outcomes/<int:pk>/withdraw/", outcomes.withdraw, name="withdraw"),
    path("plans/<int:pk>/", outcomes.outcomes, name="outcomes"),
    path("visits/<int:pk>/findings/new/", findings.new, name="finding-new"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/change/", findings.change, name="finding-change"),
    path("findings/<int:pk>/take-back/", findings.take_back, name="finding-end"),
    path("findings/<int:pk>/answer/", findings.answer, name="answer"),
    path("findings/<int:pk>/again/", findings.again, name="again"),
    path("answers/<int:pk>/", findings.decide, name="decide"),
    path("files/<int:pk>/", findings.attachment, name="attachment"),
    path("files/<int:pk>/remove/", findings.remove_attachment, name="attachment-remove"),
]

"""Addresses of carrying a plan out: my work, reports by period, and what the coordinator follows."""

from django.urls import path

from quantri.web.tasks import bring_views, link_views, parts_views, steering_views, task_views, work_views

app_name = "work"
urlpatterns = [
    path("work/", work_views.mine, name="mine"),
    path("work/periods/<int:pk>/", work_views.period, name="period"),
    path("work/periods/<int:pk>/parts/<int:part>/", work_views.report, name="report"),
    path("work/periods/<int:pk>/parts/<int:part>/nothing/", work_views.nothing, name="nothing"),
    path("work/periods/<int:pk>/reports.xlsx", bring_views.reports_file, name="rows-file"),
    path("work/periods/<int:pk>/bring/", bring_views.bring_reports, name="bring"),
    path("work/periods/<int:pk>/bring/confirm/", bring_views.confirm_reports, name="bring-confirm"),
    path("work/parts/<int:pk>/", work_views.part, name="part"),
    path("work/parts/<int:pk>/change/", parts_views.change, name="part-change"),
    path("work/parts/<int:pk>/extension/", work_views.extension, name="extension"),
    path("work/parts/<int:pk>/handover/", work_views.handover, name="handover"),
    path("work/evidence/<int:pk>/", work_views.evidence, name="evidence"),
    path("work/evidence/<int:pk>/remove/", work_views.remove_evidence, name="evidence-remove"),
    path("work/evidence/<int:pk>/share/", steering_views.share_evidence, name="evidence-share"),
    path("work/plans/<int:pk>/periods/", steering_views.periods, name="periods"),
    path("work/periods/<int:pk>/all/", steering_views.overview, name="overview"),
    path("work/periods/<int:pk>/all.xlsx", steering_views.overview_file, name="overview-file"),
    path("work/periods/<int:pk>/lock/", steering_views.lock, name="lock"),
    path("work/periods/<int:pk>/reopen/", steering_views.reopen, name="reopen"),
    path("work/periods/<int:pk>/links/", steering_views.links, name="links"),
    path("work/reports/<int:pk>/", steering_views.decide, name="decide"),
    path("work/requests/extension/<int:pk>/", steering_views.answer_extension, name="answer-extension"),
    path("work/requests/handover/<int:pk>/", steering_views.answer_handover, name="answer-handover"),
    path("work/tasks/<int:pk>/", task_views.task, name="task"),
    path("work/tasks/<int:pk>/history/", task_views.task_history, name="task-history"),
    path("work/tasks/<int:pk>/table.xlsx", task_views.task_file, name="task-file"),
    path("work/tasks/<int:pk>/parts/", parts_views.parts, name="parts"),
    path("work/tasks/<int:pk>/give/", task_views.give, name="give"),
    path("work/links/<int:pk>/not-us/", link_views.disown, name="disown"),
    path("r/<str:token>/", link_views.report, name="link"),
]

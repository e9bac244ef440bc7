"""Addresses of tasks."""

from django.urls import path

from quantri.web.tasks import (
    amending_views,
    annex_views,
    bring_amendments_views,
    bring_parts_views,
    bring_views,
    plan_views,
    views,
)

app_name = "tasks"
urlpatterns = [
    path("<int:pk>/issue/", plan_views.issue, name="issue"),
    path("<int:pk>/next-year/", plan_views.next_year, name="next-year"),
    path("tasks/template.xlsx", views.sheet_template, name="template"),
    path("<int:pk>/annex/", annex_views.annex, name="annex"),
    path("<int:pk>/annex/confirm/", annex_views.confirm, name="annex-confirm"),
    path("<int:pk>/annex/phu-luc-ke-hoach.xlsx", annex_views.template, name="annex-template"),
    path("<int:pk>/tasks/", views.tasks, name="list"),
    path("<int:pk>/tasks/<int:task_pk>/", views.change, name="change"),
    path("<int:pk>/tasks/<int:task_pk>/remove/", views.remove, name="remove"),
    path("<int:pk>/tasks/moving/<int:task_pk>/", amending_views.amend, name="amend"),
    path("<int:pk>/tasks/moving/<int:task_pk>/drop/", amending_views.drop, name="amend-drop"),
    path("<int:pk>/tasks/moving/<int:task_pk>/undo/", amending_views.undo, name="amend-undo"),
    path("<int:pk>/tasks/copy/", views.copy, name="copy"),
    path("<int:pk>/tasks/adopt/", views.adopt, name="adopt"),
    path("<int:pk>/tasks/table.xlsx", bring_views.tasks_file, name="export"),
    path("<int:pk>/tasks/bring/", bring_views.bring_tasks, name="bring"),
    path("<int:pk>/tasks/bring/confirm/", bring_views.confirm_tasks, name="bring-confirm"),
    path("<int:pk>/tasks/parts.xlsx", bring_parts_views.file, name="export-parts"),
    path("<int:pk>/tasks/parts/", bring_parts_views.bring, name="bring-parts"),
    path("<int:pk>/tasks/parts/confirm/", bring_parts_views.confirm, name="bring-parts-confirm"),
    path("<int:pk>/tasks/<int:task_pk>/parts.xlsx", bring_parts_views.file, name="export-task-parts"),
    path("<int:pk>/tasks/<int:task_pk>/parts/", bring_parts_views.bring, name="bring-task-parts"),
    path("<int:pk>/tasks/<int:task_pk>/parts/confirm/", bring_parts_views.confirm, name="bring-task-parts-confirm"),
    path("<int:pk>/tasks/moving.xlsx", bring_amendments_views.file, name="export-amendments"),
    path("<int:pk>/tasks/moving/", bring_amendments_views.bring, name="bring-amendments"),
    path("<int:pk>/tasks/moving/confirm/", bring_amendments_views.confirm, name="bring-amendments-confirm"),
    path("<int:pk>/tasks/upload/", views.upload, name="upload"),
    path("<int:pk>/tasks/confirm/", views.confirm, name="confirm"),
]

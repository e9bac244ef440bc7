"""Addresses of making plans; the reading page of a plan is the portal's."""

from django.urls import path

from quantri.web.plans.views import about, bases, diagnosis, editing, opinions, owners, state, targets, trying

app_name = "plans"
urlpatterns = [
    path("diagnosis/", diagnosis.home, name="diagnosis-home"),
    path("diagnosis/<slug:key>/", diagnosis.diagnosis, name="diagnosis"),
    path("new/", editing.new, name="new"),
    path("<int:pk>/targets/", targets.targets, name="targets"),
    path("<int:pk>/targets/<str:code>/", targets.target, name="target"),
    path("<int:pk>/owners/", owners.owners, name="owners"),
    path("<int:pk>/owners/<int:owner_pk>/hand-over/", owners.take_over, name="hand-over"),
    path("<int:pk>/about/", about.about, name="about"),
    path("<int:pk>/state/", state.state, name="state"),
    path("<int:pk>/consultation/", state.send, name="send"),
    path("<int:pk>/opinions/<int:opinion_pk>/", opinions.opinion, name="opinion"),
    path("<int:pk>/opinions/<int:opinion_pk>/answer/", state.answer, name="answer"),
    path("<int:pk>/opinions.xlsx", opinions.table, name="opinions-table"),
    path("<int:pk>/revise/", state.revise, name="revise"),
    path("<int:pk>/close/", state.close, name="close"),
    path("<int:pk>/bases/", bases.bases, name="bases"),
    path("<int:pk>/bases/<int:basis_pk>/", bases.basis, name="basis"),
    path("<int:pk>/bases/<int:basis_pk>/end/", bases.end, name="basis-end"),
    path("<int:pk>/end/", editing.end, name="end"),
    path("<int:pk>/try/<str:code>/", trying.try_target, name="try"),
]

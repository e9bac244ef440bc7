"""Addresses of making plans; the reading page of a plan is the portal's."""

from django.urls import path

from quantri.web.plans.views import diagnosis, editing

app_name = "plans"
urlpatterns = [
    path("diagnosis/", diagnosis.home, name="diagnosis-home"),
    path("diagnosis/<slug:key>/", diagnosis.diagnosis, name="diagnosis"),
    path("new/", editing.new, name="new"),
    path("<int:pk>/targets/", editing.targets, name="targets"),
    path("<int:pk>/targets/<str:code>/", editing.target, name="target"),
    path("<int:pk>/owners/", editing.owners, name="owners"),
    path("<int:pk>/try/<str:code>/", editing.try_target, name="try"),
]

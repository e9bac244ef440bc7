"""Addresses of making plans; the reading page of a plan is the portal's."""

from django.urls import path

from quantri.web.plans.views import about, diagnosis, editing, owners, targets, trying

app_name = "plans"
urlpatterns = [
    path("diagnosis/", diagnosis.home, name="diagnosis-home"),
    path("diagnosis/<slug:key>/", diagnosis.diagnosis, name="diagnosis"),
    path("new/", editing.new, name="new"),
    path("<int:pk>/targets/", targets.targets, name="targets"),
    path("<int:pk>/targets/<str:code>/", targets.target, name="target"),
    path("<int:pk>/owners/", owners.owners, name="owners"),
    path("<int:pk>/about/", about.about, name="about"),
    path("<int:pk>/issue/", about.issue, name="issue"),
    path("<int:pk>/end/", editing.end, name="end"),
    path("<int:pk>/try/<str:code>/", trying.try_target, name="try"),
]

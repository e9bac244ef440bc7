"""Addresses of documents."""

from django.urls import path

from quantri.web.reports import draft_views, minutes_views, template_views, views
from quantri.web.reports import synthesis_views as synthesis

app_name = "reports"
urlpatterns = [
    path("<int:pk>/document/", views.documents, name="documents"),
    path("<int:pk>/document/<str:sha256>/ke-hoach.<str:ending>", views.file, name="file"),
    path("<int:pk>/decision/", views.decide, name="decide"),
    path("inspections/<int:pk>/bien-ban.docx", minutes_views.minutes, name="minutes"),
    path("letters/<int:pk>/cong-van.docx", draft_views.letter, name="letter"),
    path("classes/<int:pk>/quyet-dinh.docx", draft_views.decision, name="class-decision"),
    path("templates/", template_views.templates, name="templates"),
    path("templates/<int:pk>/sample.docx", template_views.sample, name="template-sample"),
    path("templates/<int:pk>/use/", template_views.use, name="template-use"),
    path("templates/<int:pk>/end/", template_views.end, name="template-end"),
    path("templates/<slug:kind>.docx", template_views.shipped, name="template-shipped"),
    path("<int:pk>/reports/", synthesis.reports, name="list"),
    path("<int:pk>/reports/<int:report_pk>/", synthesis.report, name="report"),
    path("<int:pk>/reports/<int:report_pk>/texts/<str:key>/", synthesis.text, name="text"),
    path("<int:pk>/reports/<int:report_pk>/freeze/", synthesis.freeze, name="freeze"),
    path("<int:pk>/reports/<int:report_pk>/decision/", synthesis.publish, name="publish"),
    path("<int:pk>/reports/<int:report_pk>/figures/", synthesis.traces, name="traces"),
    path("<int:pk>/reports/<int:report_pk>/bao-cao.<str:ending>", synthesis.report_file, name="report-file"),
]

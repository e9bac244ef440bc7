"""Addresses of documents."""

from django.urls import path

from quantri.web.reports import views

app_name = "reports"
urlpatterns = [
    path("<int:pk>/document/", views.documents, name="documents"),
    path("<int:pk>/document/<str:sha256>/ke-hoach.<str:ending>", views.file, name="file"),
    path("<int:pk>/decision/", views.decide, name="decide"),
]

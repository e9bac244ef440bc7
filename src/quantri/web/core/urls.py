"""Addresses of the trail, the outbox and notices."""

from django.urls import path

from quantri.web.core.views import notices, outbox, trail

app_name = "core"
urlpatterns = [
    path("audit/", trail.trail, name="trail"),
    path("audit/table.csv", trail.table, {"kind": "csv"}, name="trail-csv"),
    path("audit/table.xlsx", trail.table, {"kind": "xlsx"}, name="trail-xlsx"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/<slug:deed>/", outbox.decide, name="decide"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read-all"),
    path("notices/<int:pk>/read/", notices.read, name="read"),
]

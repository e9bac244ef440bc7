"""Addresses of accounts."""

from django.urls import path

from quantri.web.accounts.views import mine

app_name = "accounts"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("invitation/", mine.accept, name="accept"),
    path("invitation/<str:code>/", mine.invitation, name="invitation"),
]

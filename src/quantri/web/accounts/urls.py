"""Addresses of accounts."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from quantri.web.accounts.signing_in import SignIn

app_name = "accounts"
urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
]

"""Addresses of accounts."""

from allauth.account.views import logout
from django.urls import path

from quantri.web.accounts.signing_in import SignIn
from quantri.web.accounts.views import mine

app_name = "accounts"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", logout, name="logout"),
    path("invitation/", mine.accept, name="accept"),
    path("invitation/<str:code>/", mine.invitation, name="invitation"),
]

"""Addresses that allauth names itself; of its pages those that this site has."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as province_login
from allauth.usersessions.views import list_usersessions
from django.urls import path

from quantri.web.accounts.signing_in import SignIn

urlpatterns = [
    path("login/", SignIn.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("ended/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/code/", mfa.authenticate, name="mfa_authenticate"),
    path("second-factor/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-factor/application/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sessions/", list_usersessions, name="usersessions_list"),
    path("province/cancelled/", province_login.login_cancelled, name="socialaccount_login_cancelled"),
    path("province/failed/", province_login.login_error, name="socialaccount_login_error"),
]

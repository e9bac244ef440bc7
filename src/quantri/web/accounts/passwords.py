"""Passwords are confirmed and changed."""

from allauth.account.forms import ChangePasswordForm, ReauthenticateForm
from django import forms
from django.utils.translation import gettext as _


class ConfirmPasswordForm(ReauthenticateForm):
    """The password that confirms who sits there."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")


class NewPasswordForm(ChangePasswordForm):
    """The present password, and another one twice."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password, again")
        self.fields["password1"].help_text = _("12 characters or more.")

    def clean(self) -> dict[str, object]:
        cleaned = forms.Form.clean(self)
        if cleaned.get("password1") and cleaned.get("password2") not in (None, cleaned["password1"]):
            self.add_error("password2", _("The two new passwords differ."))
        return cleaned

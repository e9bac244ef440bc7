"""What is typed about agencies and people."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quantri.text import nfc
from quantri.web.accounts.agencies import Head
from quantri.web.accounts.invitations import Invited
from quantri.web.accounts.mergers import Change
from quantri.web.accounts.models import Agency, Role, User
from quantri.web.core import codes


class Text(forms.CharField):
    """A line of text, in one Unicode form and with single spaces."""

    def to_python(self, value: object) -> str:
        return " ".join(nfc(super().to_python(value)).split())


class AgencyForm(forms.Form):
    name_vi = Text(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Agency.Kind.choices)
    parent = forms.ModelChoiceField(Agency.objects.none(), label=gettext_lazy("Stands under"), required=False)

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = agencies
        self.agencies = agencies

    def clean_name_vi(self) -> str:
        name = self.cleaned_data["name_vi"]
        if self.agencies.filter(name_vi=name).exists():
            raise forms.ValidationError(_("Another agency of the province bears this name."))
        return name


class PlaceForm(forms.Form):
    parent = forms.ModelChoiceField(Agency.objects.none(), label=gettext_lazy("Stands under"), required=False)

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = agencies


class DayForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("From this day on"))
    legal_basis = Text(label=gettext_lazy("By which document"), max_length=200, required=False)


class RenameForm(DayForm):
    name_vi = Text(label=gettext_lazy("New name"), max_length=200)
    field_order = ("name_vi", "on", "legal_basis")


class HeadForm(DayForm):
    title = Text(label=gettext_lazy("Office"), max_length=120, help_text=gettext_lazy("Such as Giám đốc or Chủ tịch."))
    full_name = Text(label=gettext_lazy("Full name"), max_length=120, required=False)
    user = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Account, if there is one"), required=False)
    field_order = ("title", "full_name", "user", "on", "legal_basis")

    def __init__(self, *args: object, people: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people

    def head(self) -> Head:
        return Head(**{name: self.cleaned_data[name] for name in ("title", "full_name", "user", "legal_basis")})


class SuccessionForm(DayForm):
    before = forms.ModelMultipleChoiceField(Agency.objects.none(), label=gettext_lazy("Agencies that end"))
    after = forms.ModelMultipleChoiceField(
        Agency.objects.none(), label=gettext_lazy("Agencies that follow and are there already"), required=False
    )
    new_names = forms.CharField(
        label=gettext_lazy("New agencies that follow"), required=False, max_length=4000,
        help_text=gettext_lazy("One name a line."), widget=forms.Textarea,
    )  # fmt: skip
    field_order = ("before", "after", "new_names", "on", "legal_basis")

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["before"].queryset = self.fields["after"].queryset = agencies

    def clean_new_names(self) -> list[str]:
        names = [" ".join(nfc(line).split()) for line in self.cleaned_data["new_names"].splitlines()]
        names = list(dict.fromkeys(name for name in names if name))
        if any(len(name) > 200 for name in names):
            raise forms.ValidationError(_("A name has 200 letters at most."))
        return names

    def change(self) -> Change:
        data = self.cleaned_data
        return Change(
            before=list(data["before"]), after=list(data["after"]), new_names=data["new_names"], on=data["on"],
            legal_basis=data["legal_basis"],
        )  # fmt: skip


class InviteForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    full_name = Text(label=gettext_lazy("Full name"), max_length=120, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), required=False,
        help_text=gettext_lazy("Leave it empty to hand over a printed code."),
    )  # fmt: skip
    with_subtree = forms.BooleanField(label=gettext_lazy("Also for all agencies below it"), required=False)

    def __init__(self, *args: object, roles: tuple[Role, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(r.value, r.label) for r in roles]

    def invited(self) -> Invited:
        data = self.cleaned_data
        return Invited(
            role=Role(data["role"]), full_name=data["full_name"], email=data["email"], with_subtree=data["with_subtree"]
        )


class BulkForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices, initial=Role.OFFICER)
    kind = forms.ChoiceField(
        label=gettext_lazy("Agencies of this kind"), choices=Agency.Kind.choices, initial=Agency.Kind.PEOPLE_COMMITTEE
    )
    parent = forms.ModelChoiceField(
        Agency.objects.none(), label=gettext_lazy("Only those under"), required=False
    )  # fmt: skip

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = agencies


class LeaveForm(forms.Form):
    to = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Who takes the open work"), required=False,
        empty_label=gettext_lazy("back to the agency"),
    )  # fmt: skip

    def __init__(self, *args: object, people: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people


class CodeForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=60)

    def clean_code(self) -> str:
        code = codes.tidy(self.cleaned_data["code"])
        if not codes.is_whole(code):
            raise forms.ValidationError(_("This is mistyped somewhere. A code has 13 letters and digits."))
        return code


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("New password"), help_text=gettext_lazy("12 characters or more."), max_length=128,
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("New password, again"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, object]:
        data = super().clean()
        if data.get("password") and data.get("again") not in (None, data["password"]):
            self.add_error("again", _("The two new passwords differ."))
        if data.get("password"):
            try:
                validate_password(data["password"], User(username=data.get("username", "")))
            except forms.ValidationError as fault:
                self.add_error("password", fault)
        return data


class NewAccountForm(PasswordForm):
    full_name = Text(label=gettext_lazy("Full name"), max_length=120)
    username = forms.CharField(
        label=gettext_lazy("Account name"), max_length=60, validators=[UnicodeUsernameValidator()],
        help_text=gettext_lazy("To sign in with, such as chauphu.vp."),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )  # fmt: skip
    field_order = ("full_name", "username", "password", "again")

    def clean_username(self) -> str:
        name = nfc(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("This account name is taken; choose another one."))
        return name

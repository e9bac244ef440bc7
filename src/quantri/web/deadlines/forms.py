"""What people type about the calendar."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quantri.text import nfc


class OverrideForm(forms.Form):
    """One day that is set apart."""

    date = forms.DateField(label=gettext_lazy("Day"))
    is_off = forms.TypedChoiceField(
        label=gettext_lazy("On this day offices"), coerce=lambda v: v == "off",
        choices=[("off", gettext_lazy("are closed")), ("worked", gettext_lazy("work"))],
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
    document = forms.CharField(label=gettext_lazy("Document that says so"), max_length=200)

    def clean_name(self) -> str:
        return nfc(self.cleaned_data["name"])

    def clean_document(self) -> str:
        return nfc(self.cleaned_data["document"])


class CalendarForm(forms.Form):
    """A year's calendar as a file."""

    file = forms.FileField(label=gettext_lazy("Calendar of a year (TOML)"))

    def clean_file(self) -> tuple[str, str]:
        """Give the name and the text of the file."""
        file = self.cleaned_data["file"]
        try:
            return file.name[:120], nfc(file.read(400_000).decode("utf-8"))
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("The file is not a text in UTF-8. Save it as UTF-8 and choose it again.")
            ) from None


class SendingForm(forms.Form):
    """Days by which reports are sent."""

    valid_from = forms.DateField(label=gettext_lazy("They hold from"))
    units_until = forms.IntegerField(
        label=gettext_lazy("Units send by this day of the last month"), min_value=1, max_value=28
    )
    province_until = forms.IntegerField(
        label=gettext_lazy("The province sends by this day of the last month"), min_value=1, max_value=28
    )
    document = forms.CharField(label=gettext_lazy("Document that says so"), max_length=200)

    def clean_document(self) -> str:
        return nfc(self.cleaned_data["document"])

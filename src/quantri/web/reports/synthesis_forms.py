"""What people choose and type for a synthesis report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quantri.text import nfc
from quantri.web.reports.models import ReportDecision


class BeginForm(forms.Form):
    """The period of a report."""

    period = forms.ChoiceField(label=_("Period"))

    def __init__(self, *args: object, periods: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods


class TextForm(forms.Form):
    """One text of a report; each line is a paragraph."""

    text = forms.CharField(
        label=_("Text"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Each line becomes a paragraph."),
    )  # fmt: skip
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        return nfc(self.cleaned_data["text"]).replace("\r\n", "\n").strip()


class PublicationForm(forms.Form):
    """Whether others may read a report, and why."""

    kind = forms.ChoiceField(choices=ReportDecision.Kind)
    reason = forms.CharField(label=_("What is decided"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"]).strip()

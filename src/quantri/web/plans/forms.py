"""What people type about plans."""

import re
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from quantri.text import nfc
from quantri.web.accounts.models import Agency
from quantri.web.places.models import Province
from quantri.web.plans.models import PublicationDecision

LIST_MARK = re.compile(r"^\s*[-–•*+]\s+")


class NewPlanForm(forms.Form):
    """Base and year of a new plan."""

    base_unit = forms.ModelChoiceField(label=_("Province whose results are the base"), queryset=Province.objects.none())
    base_year = forms.TypedChoiceField(label=_("Base edition"), coerce=int)
    year = forms.IntegerField(label=_("Year of the plan"), min_value=2012, max_value=2100)

    def __init__(self, *args: object, bases: object, years: list[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base_unit"].queryset = bases
        self.fields["base_year"].choices = [(y, f"PAPI {y}") for y in years]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        base, year = cleaned.get("base_year"), cleaned.get("year")
        if base and year and year <= base:
            self.add_error("year", _("The year of the plan must lie after the base year."))
        if base and year and year > base + 5:
            self.add_error("year", _("A plan looks at most five years ahead of its base."))
        return cleaned


class OwnersForm(forms.Form):
    """Agencies that answer for a component: leads, and those that coordinate."""

    agencies = forms.ModelMultipleChoiceField(queryset=Agency.objects.none(), required=False)
    coordinating = forms.ModelMultipleChoiceField(queryset=Agency.objects.none(), required=False)
    new_name = forms.CharField(label=_("Another agency"), max_length=200, required=False)

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = agencies
        self.fields["coordinating"].queryset = agencies

    def clean_new_name(self) -> str:
        return nfc(self.cleaned_data["new_name"])


class LinesField(forms.CharField):
    """Lines of text, one point a line; marks of a list that came along from elsewhere are taken off."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(required=False, max_length=8000, **kwargs)

    def to_python(self, value: object) -> list[str]:
        lines = [nfc(LIST_MARK.sub("", line)) for line in super().to_python(value).splitlines()]
        return [line for line in lines if line]

    def run_validators(self, value: list[str]) -> None:
        super().run_validators("\n".join(value))
        if any(len(line) > 1000 for line in value) or len(value) > 20:
            raise forms.ValidationError(_("Write at most 20 lines of at most 1,000 letters each."))


class WordsForm(forms.Form):
    """What the document says about the plan; only the fields that were sent are judged."""

    title = forms.CharField(label=_("Title"), max_length=300)
    purposes = LinesField(label=_("Purpose"), help_text=_("One purpose a line."))
    requirements = LinesField(label=_("Requirements"), help_text=_("One requirement a line."))
    legal_bases = LinesField(
        label=_("Legal bases"),
        help_text=_("One basis a line, as it is to be printed. Without any, the draft leaves a place for them."),
    )

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__(data)
        for name in set(self.fields) - set(data):
            del self.fields[name]

    def clean_title(self) -> str:
        return nfc(" ".join(self.cleaned_data["title"].split()))


class ReasonForm(forms.Form):
    """Why a draft is withdrawn, or a plan closed."""

    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])


class DecisionForm(forms.Form):
    """The decision that makes a plan public, or takes it back."""

    kind = forms.ChoiceField(choices=PublicationDecision.Kind)
    reason = forms.CharField(
        label=_("What is decided, and why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    with_chances = forms.BooleanField(label=_("Show the chances of the targets to the public"), required=False)

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])

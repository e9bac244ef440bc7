"""What people type about plans."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quantri.text import nfc
from quantri.web.accounts.models import Agency
from quantri.web.places.models import Province
from quantri.web.plans.models import PublicationDecision


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
    """Agencies that answer for a component."""

    agencies = forms.ModelMultipleChoiceField(queryset=Agency.objects.none(), required=False)
    new_name = forms.CharField(label=_("Another agency"), max_length=200, required=False)

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = agencies

    def clean_new_name(self) -> str:
        return nfc(self.cleaned_data["new_name"])


class DecisionForm(forms.Form):
    """The decision that makes a plan public, or takes it back."""

    kind = forms.ChoiceField(choices=PublicationDecision.Kind)
    reason = forms.CharField(
        label=_("What is decided, and why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    with_chances = forms.BooleanField(label=_("Show the chances of the targets to the public"), required=False)

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])

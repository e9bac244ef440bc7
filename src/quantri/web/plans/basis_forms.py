"""What people type about further indices and bases of a plan."""

import re

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quantri.errors import RuleViolation
from quantri.text import nfc
from quantri.web.places.models import Province
from quantri.web.plans.outlooks import understood

SHORT_NAME = re.compile(r"[^\W_][\w .-]{0,18}")
CODE = re.compile(r"[^\W_][\w.-]{0,18}")


class BasisForm(forms.Form):
    """An index and the province and year that its targets start from."""

    index = forms.CharField(
        label=_("Index"), max_length=20, initial=settings.INDEX.upper(),
        help_text=_("PAPI, or the short name of another index, such as PCI, PAR INDEX, SIPAS."),
    )  # fmt: skip
    base_unit = forms.ModelChoiceField(label=_("Province whose results are the base"), queryset=Province.objects.none())
    base_year = forms.IntegerField(label=_("Base year"), min_value=2005, max_value=2100)

    def __init__(self, *args: object, units: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base_unit"].queryset = units

    def clean_index(self) -> str:
        name = nfc(" ".join(self.cleaned_data["index"].split()))
        if not SHORT_NAME.fullmatch(name):
            raise forms.ValidationError(_("Write the short name of an index in letters and digits, such as PCI."))
        return settings.INDEX if name.casefold() == settings.INDEX else name.upper()


class TypedTargetForm(forms.Form):
    """A target of an index whose results are not here, with the base that was published elsewhere."""

    code = forms.CharField(label=_("Short code"), max_length=20, help_text=_("Such as PCI, or a number of its part."))
    name = forms.CharField(label=_("Name of the index or its part"), max_length=200)
    base_value = forms.FloatField(label=_("Value in the base year"), required=False, localize=True)
    base_source = forms.CharField(
        label=_("Source of the base value"), max_length=300, required=False,
        help_text=_("The decision or report that published it, with its date."),
    )  # fmt: skip
    spec = forms.CharField(
        label=_("Target"), max_length=60, required=False,
        help_text=_("Points such as 68.5, a rise such as +0.5, keep, better, 3 places or 5 places a year."),
    )  # fmt: skip

    def clean_code(self) -> str:
        code = nfc("".join(self.cleaned_data["code"].split())).upper()
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("Write a short code in letters and digits, such as PCI or CSTP1."))
        return code

    def clean_name(self) -> str:
        return nfc(self.cleaned_data["name"])

    def clean_base_source(self) -> str:
        return nfc(self.cleaned_data["base_source"])

    def clean_base_value(self) -> float | None:
        value = self.cleaned_data["base_value"]
        if value is not None and not 0 <= value <= 1_000_000:
            raise forms.ValidationError(_("A base value lies between 0 and 1,000,000."))
        return value

    def clean_spec(self) -> str:
        try:
            spec = understood(self.cleaned_data["spec"])
        except RuleViolation as refused:
            raise forms.ValidationError(str(refused)) from None
        return spec.text if spec else ""

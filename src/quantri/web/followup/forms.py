"""A reason for a decision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quantri.text import nfc


class DecisionForm(forms.Form):
    """What is decided."""

    text = forms.CharField(
        label=_("What is decided, with the number of the decision if there is one"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )  # fmt: skip

    def clean_text(self) -> str:
        return nfc(self.cleaned_data["text"])

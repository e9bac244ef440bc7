"""What people type on a plan's way: whom it is sent to, what they think, number and date of issue."""

import re
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quantri.text import nfc
from quantri.web.accounts.models import Agency
from quantri.web.plans.models import Opinion

NUMBER = re.compile(r"[0-9]{1,6}[A-ZĐ]?/KH-[A-ZĐ]+")


class SendForm(forms.Form):
    """To whom a draft is sent, when, and by when opinions are to come."""

    agencies = forms.ModelMultipleChoiceField(
        label=_("Agencies"), queryset=Agency.objects.none(),
        error_messages={"required": _("Choose at least one agency.")},
    )  # fmt: skip
    asked_on = forms.DateField(label=_("Sent on"))
    answer_by = forms.DateField(label=_("Opinions by"), required=False)

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = agencies


class OpinionForm(forms.Form):
    """What an agency thinks of a draft, and when it said so."""

    text = forms.CharField(
        label=_("Opinion"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("An agency that agrees without remarks says just that."),
    )  # fmt: skip
    given_on = forms.DateField(label=_("Given on"))

    def clean_text(self) -> str:
        return nfc(self.cleaned_data["text"])


class AnswerForm(forms.Form):
    """What became of an opinion."""

    verdict = forms.ChoiceField(label=_("What became of it"), choices=Opinion.Verdict)
    answer = forms.CharField(
        label=_("Explanation"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_answer(self) -> str:
        return nfc(self.cleaned_data["answer"])


class IssueForm(forms.Form):
    """Number and date that the records office gave the plan."""

    number = forms.CharField(label=_("Number and symbol"), max_length=40)
    issued_on = forms.DateField(label=_("Date of issue"))

    def clean_number(self) -> str:
        number = "".join(nfc(self.cleaned_data["number"]).split()).upper()
        if number.isascii() and number.isdecimal():
            number = f"{number}/KH-UBND"
        if not NUMBER.fullmatch(number):
            raise forms.ValidationError(_("Write the number as the records office gave it, such as 15/KH-UBND."))
        return number

    def clean_issued_on(self) -> date:
        day = self.cleaned_data["issued_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Write the day on which the plan was issued."))
        return day

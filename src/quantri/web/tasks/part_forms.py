"""What a coordinator types about one part of a task."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quantri.text import nfc
from quantri.web.core.forms import DayInput
from quantri.web.tasks.models import Assignment
from quantri.web.tasks.report_forms import WordsField
from quantri.web.tasks.terms import Terms


def most(name: str) -> int:
    """Return how long a text of a part may be; one that stands for joined parts is longer than what one types."""
    return Assignment._meta.get_field(name).max_length


class TermsForm(forms.Form):
    """Wording, day and deliverable of a part; a reason once the agency works on it."""

    wording = forms.CharField(label=_("What its part is"), max_length=most("wording"), required=False)
    due_on = forms.DateField(
        label=_("Due date"), required=False, widget=DayInput,
        help_text=_("Such as 30/6/2026. Empty: the part is due with the task."),
    )  # fmt: skip
    deliverable = forms.CharField(
        label=_("Deliverable"),
        max_length=most("deliverable"),
        required=False,
        help_text=_("Empty: the deliverable of the task."),
    )
    reason = WordsField(label=_("Reason"), rows=2, max_length=1000, help_text=_("The agency reads it."))

    def __init__(self, *args: object, needs_reason: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if needs_reason:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]

    def clean_wording(self) -> str:
        return nfc(self.cleaned_data["wording"])

    def clean_deliverable(self) -> str:
        return nfc(self.cleaned_data["deliverable"])

    def terms(self) -> Terms:
        """Return what was typed, checked."""
        return Terms(**{name: value for name, value in self.cleaned_data.items() if name != "reason"})

"""What a coordinator types about a task that moves over to a revision: the form of a task, its source, and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quantri.text import nfc
from quantri.web.tasks.actions import TaskDraft
from quantri.web.tasks.forms import TaskForm
from quantri.web.tasks.report_forms import WordsField

OWN = ("source", "reason")


class AmendmentForm(TaskForm):
    """A task as the revision wants it."""

    source = forms.CharField(label=_("Source"), max_length=500, required=False)
    reason = WordsField(
        label=_("Reason"), rows=2, max_length=1000, help_text=_("Agencies whose work changes read it. It may be empty.")
    )

    def clean_source(self) -> str:
        return nfc(self.cleaned_data["source"])

    def draft(self, source: str = "") -> TaskDraft:
        """Return what was typed, checked."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in OWN}
        return TaskDraft(source=self.cleaned_data["source"] or source, **typed)


class DropForm(forms.Form):
    """Why a task is not taken over."""

    why = WordsField(
        label=_("Why it is dropped"), rows=2, max_length=1000, required=True,
        help_text=_("Its agencies read it, and it stands beside the task in the plan before."),
    )  # fmt: skip

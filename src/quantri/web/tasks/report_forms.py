"""What people type about their parts: a report with evidence, requests, answers, one task for many."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quantri.text import nfc
from quantri.web.accounts.models import Agency
from quantri.web.tasks.counted import carried
from quantri.web.tasks.handing_in import Delivery
from quantri.web.tasks.models import Assignment, Milestone, Progress
from quantri.web.tasks.reporting import Reported

PICKER = "image/*,.pdf,.docx,.xlsx"


class WordsField(forms.CharField):
    """Text of some lines."""

    def __init__(self, *, rows: int = 3, **kwargs: object) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "class": "form-control"})
        super().__init__(widget=widget, **{"max_length": 4000, "required": False, **kwargs})

    def clean(self, value: object) -> str:
        return nfc(super().clean(value))


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files, or none."""

    def clean(self, data: object, initial: object = None) -> list[object]:
        sent = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in sent if each]


class ReportForm(forms.Form):
    """A report on one part in one period."""

    kind = forms.ChoiceField(label=_("State of the work"), choices=Progress.Kind, widget=forms.RadioSelect)
    text = WordsField(label=_("What was done"))
    value = forms.DecimalField(
        label=_("Measured value"), max_digits=14, decimal_places=2, required=False, localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "form-control points-input"}),
    )  # fmt: skip
    unit = forms.CharField(
        label=_("Unit"), max_length=40, required=False, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    difficulty = WordsField(label=_("Difficulty"), rows=2)
    request = WordsField(label=_("Request"), rows=2)
    files = FilesField(
        label=_("Evidence: photo or file"), required=False,
        widget=ManyFiles(attrs={"accept": PICKER, "class": "form-control"}),
        help_text=_("PDF, Word, Excel or pictures, up to 20 MB each. Where a picture was taken is left out."),
    )  # fmt: skip
    link = forms.URLField(
        label=_("Evidence: address"), max_length=500, required=False, assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "form-control"}),
    )  # fmt: skip
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: object, part: Assignment, progress: Progress | None, **kwargs: object):
        super().__init__(*args, initial=_initial(progress), **kwargs)
        self.milestones = list(part.task.milestones.filter(ended_at=None))
        taken_over = carried(part) if self.milestones else {}
        for milestone in self.milestones:
            self.fields[f"count-{milestone.pk}"] = forms.IntegerField(
                label=milestone.title, min_value=0, max_value=10_000_000, required=False,
                help_text=_help(milestone, taken_over.get(str(milestone.pk), [])),
                initial=(progress.counts if progress else {}).get(str(milestone.pk)),
                widget=forms.NumberInput(attrs={"class": "form-control points-input"}),
            )  # fmt: skip

    def counts(self) -> list[forms.BoundField]:
        return [self[f"count-{milestone.pk}"] for milestone in self.milestones]

    def delivery(self) -> Delivery:
        """Return what was typed and chosen, checked."""
        typed = self.cleaned_data
        counts = {str(m.pk): typed[f"count-{m.pk}"] for m in self.milestones if typed[f"count-{m.pk}"] is not None}
        plain = {name: typed[name] for name in ("kind", "text", "value", "unit", "difficulty", "request")}
        return Delivery(
            typed=Reported(**plain, counts=counts), seen=typed["seen"], files=typed["files"], link=typed["link"]
        )


def _help(milestone: Milestone, taken_over: list[tuple[Agency, int]]) -> str:
    """Say what is counted here; of a part that was taken over also what was counted before and gives way to it."""
    said = gettext("What your agency has done so far; the whole task wants %(n)s.") % {"n": _whole(milestone.wanted)}
    counts = "; ".join(f"{agency} {_whole(n)}" for agency, n in taken_over)
    before = gettext("Counted before the part passed to you: %(counts)s. Your count stands for all of it.")
    return f"{said} {before % {'counts': counts}}" if counts else said


def _whole(n: int) -> str:
    return number_format(n, 0, force_grouping=True)


def _initial(progress: Progress | None) -> dict[str, object]:
    if progress is None:
        return {"kind": Progress.Kind.WORKED, "seen": 0}
    names = ("kind", "text", "value", "unit", "difficulty", "request")
    return {name: getattr(progress, name) for name in names} | {"seen": progress.mark}


class ReasonForm(forms.Form):
    """A reason, or an answer."""

    text = WordsField(label=_("Reason"), max_length=1000, required=True)


class ExtensionForm(forms.Form):
    """A later day that is asked for."""

    until = forms.DateField(label=_("New due date"))
    text = WordsField(label=_("Reason"), max_length=1000, required=True)

    def clean_until(self) -> date:
        if self.cleaned_data["until"] < timezone.localdate():
            raise forms.ValidationError(_("The due date has passed already."))
        return self.cleaned_data["until"]


class HandoverForm(forms.Form):
    """Another agency that shall carry a part; without one the part is refused."""

    after = forms.ModelChoiceField(
        label=_("Agency that shall carry it"), queryset=Agency.objects.none(), required=False,
        empty_label=_("none: we refuse this part"), widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    text = WordsField(label=_("Reason"), max_length=1000, required=True)

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = agencies


class AnswerHandoverForm(ReasonForm):
    """The answer to a request to hand a part over or to a refusal, with who carries it where that is agreed to."""

    after = forms.ModelChoiceField(
        label=_("Who carries it, if you agree"), queryset=Agency.objects.none(), required=False,
        empty_label=_("nobody"), widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("An agency that coordinates in the task already leads it where it takes the lead over."),
    )  # fmt: skip

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = agencies


class GiveForm(forms.Form):
    """One task for many agencies."""

    agencies = forms.ModelMultipleChoiceField(label=_("Agencies"), queryset=Agency.objects.none())
    part = forms.ChoiceField(label=_("Part"), choices=Assignment.Part)
    wording = forms.CharField(label=_("What its part is"), max_length=500, required=False)
    due_on = forms.DateField(label=_("Due date"), required=False)
    deliverable = forms.CharField(label=_("Deliverable"), max_length=300, required=False)

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = agencies

    def clean_wording(self) -> str:
        return nfc(self.cleaned_data["wording"])

    def clean_deliverable(self) -> str:
        return nfc(self.cleaned_data["deliverable"])


class PeriodsForm(forms.Form):
    """Which periods a plan has, and how many days after its end units still report."""

    kind = forms.ChoiceField(
        label=_("Units report"),
        choices=[("month", _("every month")), ("quarter", _("every quarter")), ("half_year", _("for the half year")),
                 ("year", _("for the year"))],
        initial="quarter",
    )  # fmt: skip
    cut_off_days = forms.IntegerField(
        label=_("Days after a period's end until which units report"), min_value=0, max_value=60, required=False,
        help_text=_("Empty: three days, the model of another field; no rule for PAPI plans is known."),
    )  # fmt: skip


class ReopenForm(ReasonForm):
    """Until when a locked period is open again."""

    until = forms.DateField(label=_("Open until"))

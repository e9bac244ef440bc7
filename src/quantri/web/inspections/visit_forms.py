"""What inspectors type at a place, and what the agency answers; made for a phone."""

from collections.abc import Iterable, Iterator

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quantri.text import nfc
from quantri.web.inspections.findings import FindingDraft
from quantri.web.inspections.forms import SELECT, DayField
from quantri.web.inspections.models import Answer, Check, Finding, Question, Visit
from quantri.web.inspections.visits import Seen, mark_of_check
from quantri.web.tasks.report_forms import PICKER, FilesField, ManyFiles, WordsField


def _files() -> FilesField:
    return FilesField(
        label=gettext_lazy("Photos or files"), required=False,
        widget=ManyFiles(attrs={"accept": PICKER, "class": "form-control"}),
        help_text=gettext_lazy(
            "PDF, Word, Excel or pictures, up to 20 MB each. Where a picture was taken is left out."
        ),
    )  # fmt: skip


class ChecklistForm(forms.Form):
    """What was seen at each question, and on which day; what is left empty stays as it is."""

    held_on = DayField(label=gettext_lazy("The visit took place on"))

    def __init__(self, *args: object, visit: Visit, questions: Iterable[Question], checks: dict[int, Check], **kwargs):
        super().__init__(*args, initial={"held_on": visit.held_on or timezone.localdate()}, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            check = checks.get(question.pk)
            self.fields[f"outcome-{question.pk}"] = forms.ChoiceField(
                label=question.text, choices=Check.Outcome, required=False, widget=forms.RadioSelect,
                initial=check and check.outcome,
            )  # fmt: skip
            self.fields[f"note-{question.pk}"] = WordsField(
                label=_("Note"), rows=2, max_length=2000, initial=check and check.note
            )
            self.fields[f"mark-{question.pk}"] = forms.CharField(
                max_length=16, widget=forms.HiddenInput, initial=mark_of_check(check)
            )

    def rows(self) -> Iterator[tuple[Question, forms.BoundField, forms.BoundField, forms.BoundField]]:
        for q in self.questions:
            yield q, self[f"outcome-{q.pk}"], self[f"note-{q.pk}"], self[f"mark-{q.pk}"]

    def clean(self) -> dict[str, object]:
        typed = super().clean()
        for q in self.questions:
            if typed.get(f"note-{q.pk}") and not typed.get(f"outcome-{q.pk}") and f"outcome-{q.pk}" not in self.errors:
                self.add_error(f"outcome-{q.pk}", _("Say what was seen, so that the note has its place."))
        return typed

    def seen(self) -> dict[int, Seen]:
        typed = self.cleaned_data
        return {
            q.pk: Seen(outcome=typed[f"outcome-{q.pk}"], note=typed[f"note-{q.pk}"], mark=typed[f"mark-{q.pk}"])
            for q in self.questions
        }

    def show_marks(self, theirs: dict[int, Check]) -> None:
        """Take over that the person has now seen what others wrote meanwhile."""
        self.data = self.data.copy()
        for key, check in theirs.items():
            self.data[f"mark-{key}"] = mark_of_check(check)


class FindingForm(forms.Form):
    """A finding with its photos."""

    text = WordsField(label=gettext_lazy("What was found"), required=True)
    question = forms.ModelChoiceField(
        label=gettext_lazy("Question"), queryset=Question.objects.none(), required=False,
        widget=forms.Select(attrs=SELECT),
    )  # fmt: skip
    files = _files()
    recommendation = WordsField(label=gettext_lazy("Recommendation"))
    needs_answer = forms.BooleanField(
        label=gettext_lazy("The agency has to answer"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip

    def __init__(self, *args: object, questions: object, finding: Finding | None = None, **kwargs: object) -> None:
        begun = kwargs.pop("initial", {})
        if finding:
            begun = {name: getattr(finding, name) for name in FindingDraft.__annotations__}
        super().__init__(*args, initial=begun, **kwargs)
        self.fields["question"].queryset = questions

    def draft(self) -> FindingDraft:
        return FindingDraft(**{name: self.cleaned_data[name] for name in FindingDraft.__annotations__})


class AnswerForm(forms.Form):
    """What the agency answers, with evidence."""

    text = WordsField(label=gettext_lazy("What was done about it"), required=True, max_length=8000)
    files = _files()


class VerdictForm(forms.Form):
    """Whether an answer is accepted; one that is returned needs its reason."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What becomes of the answer"), choices=Answer.Verdict, widget=forms.RadioSelect
    )
    reason = WordsField(label=gettext_lazy("Reason"), max_length=2000)

    def clean(self) -> dict[str, object]:
        typed = super().clean()
        if typed.get("verdict") == Answer.Verdict.RETURNED and not nfc(typed.get("reason") or ""):
            self.add_error("reason", _("Say why the answer is returned."))
        return typed


class PublishForm(forms.Form):
    """The decision that the public reads an outcome, by somebody who has read it."""

    text = WordsField(label=gettext_lazy("What is decided, and why"), required=True, max_length=2000)
    is_read = forms.BooleanField(label=gettext_lazy("I have read the text above; no person can be recognised in it"))


class WithdrawForm(forms.Form):
    """Why an outcome is taken back."""

    text = WordsField(label=gettext_lazy("What is decided, and why"), required=True, max_length=2000)

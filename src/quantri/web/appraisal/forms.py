"""What people type about classing: an exercise, points with words, reasons."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from quantri.errors import DefinitionError
from quantri.text import nfc
from quantri.web.accounts.kinds import names_of_groups
from quantri.web.appraisal.actions import Given
from quantri.web.appraisal.exercises import ExerciseDraft
from quantri.web.appraisal.models import Entry
from quantri.web.appraisal.parsing import sheet_of
from quantri.web.appraisal.rules import Criterion, Sheet
from quantri.web.appraisal.sheets import example_sheet
from quantri.web.core.picking import Item, groups_of
from quantri.words import said


class ExerciseForm(forms.Form):
    """A new exercise; without a file it takes the worked example."""

    title = forms.CharField(label=gettext_lazy("Title of the exercise"), max_length=300)
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2019, max_value=2100)
    scored_from = forms.DateField(label=gettext_lazy("Self-scoring from"))
    scored_until = forms.DateField(label=gettext_lazy("Self-scoring until"))
    appealed_until = forms.DateField(label=gettext_lazy("Appeals until"))
    sheet = forms.FileField(
        label=gettext_lazy("Scoring sheet (TOML)"), required=False,
        help_text=gettext_lazy("Without a file the worked example is taken, whose criteria are for demonstration."),
    )  # fmt: skip
    groups = forms.MultipleChoiceField(required=False)
    agencies = forms.TypedMultipleChoiceField(label=gettext_lazy("Agencies"), coerce=int, required=False)

    def __init__(self, *args: object, agencies: Sequence[Item], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.items = agencies
        self.fields["groups"].choices = [(g.code, f"{g.name} ({g.n})") for g in groups_of(agencies, names_of_groups())]
        self.fields["agencies"].choices = [(item.key, item.name) for item in agencies]

    def clean_sheet(self) -> str:
        """Read the sheet's text; every fault is told."""
        file = self.cleaned_data["sheet"]
        if not file:
            return example_sheet()
        try:
            text = nfc(file.read(300_000).decode("utf-8"))
            sheet_of(text, file.name)
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("The file is not a text in UTF-8. Save it as UTF-8 and choose it again.")
            ) from None
        except DefinitionError as fault:
            raise forms.ValidationError([said(each, "vi") for each in fault.faults]) from None
        return text

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if self.errors.keys().isdisjoint(("groups", "agencies")) and not self.chosen():
            self.add_error("agencies", _("Choose the agencies, or all of a kind."))
        first, last, end = (cleaned.get(k) for k in ("scored_from", "scored_until", "appealed_until"))
        if first and last and last < first:
            self.add_error("scored_until", _("The last day lies before the first one."))
        if last and end and end < last:
            self.add_error("appealed_until", _("Appeals end after self-scoring has ended."))
        return cleaned

    def chosen(self) -> list[int]:
        """Keys of the agencies that were chosen, one by one or all of a kind."""
        groups, keys = (set(self.cleaned_data[name]) for name in ("groups", "agencies"))
        return [item.key for item in self.items if item.key in keys or item.group in groups]

    def draft(self) -> ExerciseDraft:
        words = self.cleaned_data
        return ExerciseDraft(
            year=words["year"], title=nfc(words["title"]), sheet_text=words["sheet"], scored_from=words["scored_from"],
            scored_until=words["scored_until"], appealed_until=words["appealed_until"],
        )  # fmt: skip


class PointsForm(forms.Form):
    """Points and words for each line of a sheet; `words` is the evidence, or the explanation of the appraisal."""

    def __init__(self, *args: object, sheet: Sheet, words: str, initial: dict[str, Given], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        for n, (code, line) in enumerate(sheet.lines.items()):
            given = initial.get(code, Given(points=None))
            self.fields[f"points-{n}"] = forms.DecimalField(
                label=_("Points of %(code)s") % {"code": code}, min_value=Decimal(0), max_value=line.points,
                max_digits=6, decimal_places=2, required=False, localize=True, initial=given.points,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "form-control points-input"}),
            )  # fmt: skip
            self.fields[f"words-{n}"] = forms.CharField(
                label=words,
                max_length=1000,
                required=False,
                initial=given.words,
                widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
            )

    def rows(self) -> Iterator[tuple[Criterion, forms.BoundField, forms.BoundField]]:
        """Each line of the sheet with its two fields."""
        for n, line in enumerate(self.sheet.lines.values()):
            yield line, self[f"points-{n}"], self[f"words-{n}"]

    def given(self) -> dict[str, Given]:
        """Points by the code of their line."""
        return {
            code: Given(points=self.cleaned_data[f"points-{n}"], words=nfc(self.cleaned_data[f"words-{n}"]))
            for n, code in enumerate(self.sheet.lines)
        }


class ProofForm(forms.Form):
    """A file beside a line of the sheet."""

    code = forms.ChoiceField(label=gettext_lazy("Criterion"))
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("PDF, Word, Excel or a picture, at most 20 MB.")
    )

    def __init__(self, *args: object, sheet: Sheet, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        in_english = get_language() == "en"
        self.fields["code"].choices = [
            (code, f"{code}. {line.name_en if in_english else line.name_vi}") for code, line in sheet.lines.items()
        ]


class FactsForm(forms.Form):
    """What lowers a class, as the sheet names it."""

    facts = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: object, entry: Entry, **kwargs: object) -> None:
        super().__init__(*args, initial={"facts": entry.facts}, **kwargs)
        self.fields["facts"].choices = [(fact, FACTS.get(fact, fact)) for fact in entry.exercise.sheet.lowering]


class TextForm(forms.Form):
    """A reason or an answer."""

    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"})
    )

    def clean_text(self) -> str:
        return nfc(self.cleaned_data["text"])


class ExtensionForm(TextForm):
    """Another last day, with the reason."""

    until = forms.DateField(label=gettext_lazy("New last day"))


FACTS = {"leader_disciplined": gettext_lazy("the head was disciplined in the year")}

"""What people type about tasks; a row of a spreadsheet is checked by the same form."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from quantri.errors import DataError
from quantri.text import fold, nfc
from quantri.web.tasks.actions import TaskDraft
from quantri.web.tasks.due_days import DueDays
from quantri.web.tasks.milestones import read_line, read_lines
from quantri.web.tasks.models import Task

SEPARATORS = re.compile(r"[;\n]")
MOST_AGENCIES = 5_000  # of one task; the communes of the whole country are 3,321
FEW = 12  # agencies that are read at a glance; a longer list is folded
NAMED = 3  # agencies that the line of a folded list names
RHYTHMS = {
    "once": ("một lần", "once"), "month": ("hằng tháng", "every month"), "quarter": ("hằng quý", "every quarter"),
    "half_year": ("sáu tháng một lần", "every half year"), "year": ("hằng năm", "every year"),
}  # fmt: skip
_BY_WORD = {fold(word): key for key, words in RHYTHMS.items() for word in (key, *words)}


class TaskForm(forms.Form):
    """One task."""

    title = forms.CharField(label=_("What is to be done"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    components = forms.CharField(label=_("For which components"), max_length=200, required=False)
    leads = forms.CharField(label=_("Lead agency"), required=False)
    coordinating = forms.CharField(label=_("Coordinating agencies"), required=False)
    due_on = forms.DateField(label=_("Due date"), required=False)
    deliverable = forms.CharField(label=_("Deliverable"), max_length=300, required=False)
    rhythm = forms.CharField(label=_("How often"), max_length=40, required=False)
    milestones = forms.CharField(label=_("Milestones that can be counted"), max_length=4000, required=False)

    def __init__(self, *args: object, codes: frozenset[str], days: DueDays, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._codes, self.days = codes, days

    def fill(self, typed: dict[str, str]) -> None:
        """Take another row of a spreadsheet, and check it; making a form for each of thousands is slow."""
        self.data, self.is_bound = typed, True
        self.full_clean()

    def clean_title(self) -> str:
        return nfc(self.cleaned_data["title"])

    def clean_deliverable(self) -> str:
        return nfc(self.cleaned_data["deliverable"])

    def clean_components(self) -> tuple[str, ...]:
        asked = tuple(dict.fromkeys(c.upper() for c in re.split(r"[;,\s]+", self.cleaned_data["components"]) if c))
        unknown = [c for c in asked if c not in self._codes]
        if unknown:
            facts = {"unknown": ", ".join(unknown)}
            raise forms.ValidationError(
                _("The base edition has no component %(unknown)s. Write codes such as D1 or D3.2.") % facts
            )
        return asked

    def clean_leads(self) -> tuple[str, ...]:
        return _names(self.cleaned_data["leads"])

    def clean_coordinating(self) -> tuple[str, ...]:
        return _names(self.cleaned_data["coordinating"])

    def clean_due_on(self) -> date | None:
        return self._possible(self.cleaned_data["due_on"])

    def clean_rhythm(self) -> str:
        typed = self.cleaned_data["rhythm"]
        if typed and fold(typed) not in _BY_WORD:
            words = "; ".join(words[0] for words in RHYTHMS.values())
            raise forms.ValidationError(gettext("Write one of: %(words)s.") % {"words": words})
        return _BY_WORD[fold(typed)] if typed else "once"

    def clean_milestones(self) -> tuple[str, ...]:
        try:
            lines = read_lines(self.cleaned_data["milestones"])
        except DataError as fault:
            raise forms.ValidationError(str(fault)) from fault
        for line in lines:
            self._possible(read_line(line).due_on)
        return lines

    def agency_fields(self) -> list["AgencyField"]:
        """Offer the lists of agencies, long ones folded."""
        return [AgencyField(bound=self[name]) for name in ("leads", "coordinating")]

    def rhythms(self) -> list[tuple[str, str]]:
        """Offer the rhythms to choose from."""
        return Task.Rhythm.choices

    def draft(self, source: str = "") -> TaskDraft:
        """Return what was typed, checked."""
        return TaskDraft(source=source, **self.cleaned_data)

    def _possible(self, day: date | None) -> date | None:
        refusal = self.days.refusal(day) if day else ""
        if refusal:
            raise forms.ValidationError(refusal)
        return day


@dataclass(frozen=True, kw_only=True)
class AgencyField:
    """A list of agencies as a page shows it: a task of 102 communes is given a date without reading their names."""

    bound: forms.BoundField

    @cached_property
    def names(self) -> tuple[str, ...]:
        return _split(str(self.bound.value() or ""))

    @property
    def is_long(self) -> bool:
        return len(self.names) > FEW

    @property
    def first(self) -> str:
        return "; ".join(self.names[:NAMED])

    @property
    def n_unnamed(self) -> int:
        return len(self.names) - NAMED

    @property
    def lines(self) -> str:
        return "\n".join(self.names)


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in SEPARATORS.split(text) if (name := nfc(part))))


def _names(text: str) -> tuple[str, ...]:
    names = _split(text)
    if len(names) > MOST_AGENCIES:
        raise forms.ValidationError(_("A task has at most %(n)s agencies.") % {"n": MOST_AGENCIES})
    if any(len(name) > 200 for name in names):
        raise forms.ValidationError(
            _("The name of an agency has at most 200 letters. Put a semicolon between agencies.")
        )
    return names


def initial_of(draft: TaskDraft) -> dict[str, object]:
    """Return a task as it would be typed."""
    return {
        "title": draft.title, "components": "; ".join(draft.components), "leads": "; ".join(draft.leads),
        "coordinating": "; ".join(draft.coordinating), "due_on": draft.due_on, "deliverable": draft.deliverable,
        "rhythm": draft.rhythm, "milestones": "\n".join(draft.milestones),
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A field in which what was saved meanwhile and what was typed differ."""

    label: str
    theirs: str
    yours: str


def differences(form: TaskForm, now: TaskDraft) -> list[Difference]:
    """Compare what is typed with the task as it is now."""
    theirs, yours = words_beside(now, form.draft()), words_beside(form.draft(), now)
    return [
        Difference(label=form.fields[name].label, theirs=theirs[name], yours=yours[name])
        for name in theirs
        if theirs[name] != yours[name]
    ]


def words_beside(draft: TaskDraft, other: TaskDraft) -> dict[str, str]:
    """Write a task as people read it beside another one; of long lists of agencies only what the other lacks."""
    words = {name: words_of(value) for name, value in initial_of(draft).items()}
    for name in ("leads", "coordinating"):
        mine, theirs = getattr(draft, name), getattr(other, name)
        if max(len(mine), len(theirs)) > FEW and mine != theirs:
            words[name] = _agencies_beside(mine, theirs)
    return words


def _agencies_beside(mine: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    counted = ngettext("%(n)s agency", "%(n)s agencies", len(mine)) % {"n": len(mine)}
    known = set(theirs)
    own = [name for name in mine if name not in known]
    listed = "; ".join(own[:FEW]) + ("; …" if len(own) > FEW else "")
    return gettext("%(counted)s, here only: %(names)s") % {"counted": counted, "names": listed} if own else counted


def words_of(value: object) -> str:
    """Write a value as people read it."""
    if value in RHYTHMS:
        return str(Task.Rhythm(value).label)
    return (date_format(value) if isinstance(value, date) else str(value or "")) or "–"


class SheetForm(forms.Form):
    """A spreadsheet of tasks."""

    file = forms.FileField(label=_("Spreadsheet of tasks (.xlsx)"))

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > 2_000_000:
            raise forms.ValidationError(
                _("The file is larger than 2 MB. A list of tasks is far smaller; save only its sheet.")
            )
        return file


class WorkbookForm(SheetForm):
    """A workbook that went out from here and comes back."""

    file = forms.FileField(label=_("Workbook (.xlsx)"))

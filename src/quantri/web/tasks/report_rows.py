"""The reports of a period as rows of Excel: one row a part, written out with a mark and compared when it comes back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import localize_input
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from quantri.text import fold, nfc
from quantri.web.accounts.models import Reader, Role
from quantri.web.core.tables import Cell
from quantri.web.tasks.agenda import PartInPeriod, parts_in, with_reports_of
from quantri.web.tasks.bringing import (
    MARK,
    Brought,
    Preview,
    Table,
    changes_between,
    number_of,
    read_table,
    state_of,
    text_of,
)  # fmt: skip
from quantri.web.tasks.models import Assignment, Progress, ReportingPeriod
from quantri.web.tasks.models.task import CARRIERS
from quantri.web.tasks.report_forms import WordsField
from quantri.web.tasks.reporting import Reported

ABOUT = {"number": ("Số", "No."), "task": ("Nhiệm vụ", "Task"), "agency": ("Cơ quan", "Agency")}
FIELDS = {
    "kind": ("Tình hình", "State of the work"), "text": ("Kết quả thực hiện", "What was done"),
    "value": ("Số đo được", "Measured value"), "unit": ("Đơn vị tính", "Unit"),
    "difficulty": ("Khó khăn, vướng mắc", "Difficulty"), "request": ("Đề nghị", "Request"),
}  # fmt: skip
COLUMNS = FIELDS | {"mark": MARK}
KINDS = {
    "worked": ("đang thực hiện", "under way"), "completed": ("đã hoàn thành", "completed"),
    "nothing": ("không phát sinh", "nothing arose"),
}  # fmt: skip
_BY_WORD = {fold(word): key for key, words in KINDS.items() for word in (key, *words)}
EMPTY = dict.fromkeys(FIELDS, "")


class RowForm(forms.Form):
    """A row of a report, checked as what is typed in its page."""

    kind = forms.CharField(label=gettext_lazy("State of the work"), max_length=40, required=False)
    text = WordsField(label=gettext_lazy("What was done"))
    value = forms.DecimalField(
        label=gettext_lazy("Measured value"), max_digits=14, decimal_places=2, required=False, localize=True
    )
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=40, required=False)
    difficulty = WordsField(label=gettext_lazy("Difficulty"))
    request = WordsField(label=gettext_lazy("Request"))

    def clean_kind(self) -> str:
        typed = self.cleaned_data["kind"]
        if typed and fold(typed) not in _BY_WORD:
            words = "; ".join(words[0] for words in KINDS.values())
            raise forms.ValidationError(_("Write one of: %(words)s.") % {"words": words})
        return _BY_WORD[fold(typed)] if typed else "worked"

    def clean_unit(self) -> str:
        return nfc(self.cleaned_data["unit"])

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("kind") != "nothing" and not typed.get("text") and "text" not in self.errors:
            self.add_error("text", _("Say in a few words what was done, or choose “nothing arose”."))
        return typed


@dataclass(frozen=True, kw_only=True)
class Place:
    """A part in a period, and whether the person reports for its agency or enters what came on paper."""

    found: PartInPeriod
    is_own: bool

    @property
    def report(self) -> Progress | None:
        return self.found.report

    @property
    def is_hidden(self) -> bool:
        """Say whether the agency is writing a draft that only its own people read."""
        return bool(self.report and self.report.state == Progress.State.DRAFT and not self.is_own)

    @property
    def words(self) -> dict[str, str]:
        """Fields as people read them."""
        report = self.report
        if report is None or self.is_hidden:
            return EMPTY
        return words_of(Reported(**{name: getattr(report, name) for name in FIELDS}))


def words_of(typed: Reported) -> dict[str, str]:
    """Write a report field by field."""
    words = {name: str(getattr(typed, name)) for name in FIELDS}
    return words | {"kind": KINDS[typed.kind][int(get_language() == "en")], "value": _decimal(typed.value)}


def places_in(period: ReportingPeriod, reader: Reader) -> dict[str, Place]:
    """Parts that a person may report on, by key: those of the own agencies, for the coordinator all."""
    owed: QuerySet[Assignment] = period.owed()
    if not coordinates(period, reader):
        owed = owed.held_by(reader)
    own = set(reader.agencies(*CARRIERS).values_list("pk", flat=True))
    found = parts_in(period, with_reports_of(period, owed.order_by("task__pk", "pk")))
    return {str(each.part.pk): Place(found=each, is_own=each.part.agency_id in own) for each in found}


def coordinates(period: ReportingPeriod, reader: Reader) -> bool:
    return reader.holds(period.plan.province_id, Role.COORDINATOR)


def header() -> list[str]:
    """Names of the columns in the reader's language; both are read back."""
    at = int(get_language() == "en")
    return [names[at] for names in (ABOUT | COLUMNS).values()]


def cells_of(places: Iterable[Place]) -> list[list[Cell]]:
    """Write parts with what is reported on them."""
    return [_cells(place) for place in places]


def compare(places: Mapping[str, Place], content: bytes) -> Preview:
    """Say what each row of a file would report; DataError when it is no such file."""
    table = read_table(content, COLUMNS)
    found: dict[str, Brought] = {}
    for line, cells in table.rows():
        key, _dot, seen = text_of(cells["mark"]).partition(".")
        if key not in places:
            table.fault(line, "mark", _("Your agencies owe no report of this mark here. Take the Excel file anew."))
        elif key in found:
            table.fault(line, "mark", _("This mark stands in more than one row."))
        elif row := _read(table, line, cells, places[key], seen):
            found[key] = row
    return Preview(rows=tuple(found.values()), faults=tuple(table.faults[:100]))


def reported(plain: Mapping[str, Any]) -> Reported:
    """Take a report back from plain values."""
    return Reported(**plain | {"value": None if plain["value"] is None else Decimal(plain["value"])})


def _cells(place: Place) -> list[Cell]:
    part = place.found.part
    value = place.report.value if place.report and not place.is_hidden else None
    told = list((place.words | {"value": None if value is None else float(value)}).values())
    return [part.task.number, part.task.title, part.agency.name_vi, *told, f"{part.pk}.{place.found.mark}"]


def _read(table: Table, line: int, cells: Mapping[str, object], place: Place, seen: str) -> Brought | None:
    typed = {name: _text(cells[name]) for name in FIELDS}
    if not any(typed.values()) and not any(place.words.values()):
        return None
    form = RowForm(typed)
    for name, said in form.errors.items():
        table.fault(line, name, " ".join(said))
    if form.errors:
        return None
    after = Reported(**form.cleaned_data)
    labels = {name: str(form.fields[name].label) for name in FIELDS}
    changes = changes_between(place.words, words_of(after), labels)
    problem = _problem(place) if changes else ""
    if problem:
        table.fault(line, "text", problem)
        return None
    state = state_of(is_new=place.report is None, is_stale=seen != str(place.found.mark), changes=changes)
    part = place.found.part
    return Brought(
        line=line, key=str(part.pk), title=f"{part.agency}: {part.task.title}"[:160], state=state,
        seen=str(place.found.mark), plain={k: v for k, v in after.plain.items() if k != "counts"}, changes=changes,
    )  # fmt: skip


def _problem(place: Place) -> str:
    if place.is_hidden:
        return _("This agency is writing its report itself; ask it to hand it in.")
    if place.report and place.report.state == Progress.State.ACCEPTED:
        return _("This report was accepted; it changes no more.")
    return ""


def _text(cell: object) -> str:
    number = number_of(cell)
    return text_of(cell) if number is None else _decimal(number)


def _decimal(value: Decimal | None) -> str:
    """Write a number as the reader would type it, without zeros at its end."""
    return "" if value is None else localize_input(Decimal(f"{value.normalize():f}"))

"""A change of a task or a part in words: which field went from what to what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from quantri.web.tasks.forms import TaskForm, words_of

LABELS = {name: field.label for name, field in TaskForm.base_fields.items()} | {
    "source": _("Source"), "wording": _("What its part is"), "days": _("Own dates of parts"),
    "finished": _("Finished parts"),
}  # fmt: skip
AGENCIES = ("leads", "coordinating", "finished")


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A field before and after."""

    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.label}: {self.before} → {self.after}"


def shifts_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Shift]:
    """Return the fields that differ; of agencies those that go and those that come, for there may be thousands."""
    return [_shift(name, before.get(name), after.get(name)) for name in after if before.get(name) != after[name]]


def _shift(name: str, before: Any, after: Any) -> Shift:
    if name in AGENCIES:
        before, after = (_without(here, there) for here, there in ((before, after), (after, before)))
    if name == "days":
        before, after = (_days(here, there) for here, there in ((before, after), (after, before)))
    return Shift(label=str(LABELS[name]), before=_said(name, before), after=_said(name, after))


def _without(names: Iterable[str] | None, others: Iterable[str] | None) -> list[str]:
    there = set(others or ())
    return [name for name in names or () if name not in there]


def _days(days: Mapping[str, str] | None, others: Mapping[str, str] | None) -> list[str]:
    there = others or {}
    return [f"{name} {_said('due_on', day)}" for name, day in (days or {}).items() if there.get(name) != day]


def _said(name: str, value: Any) -> str:
    if name == "due_on" and isinstance(value, str) and value:
        value = date.fromisoformat(value)
    return "; ".join(value) or "–" if isinstance(value, list | tuple) else words_of(value)

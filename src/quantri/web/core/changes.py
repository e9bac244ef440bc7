"""What an audit entry says in words: which field went from what to what, and what else was noted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from quantri.web.core.field_words import FIELDS, IN_ORDER, LONE, label_of, value_of
from quantri.web.core.models import AuditEntry

NOTHING = (None, "", [], {})
LISTS = ("agencies", "parts", "rows", "tasks")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of a row, before and after an action."""

    field: str
    before: str
    after: str


def changes_of(entry: AuditEntry) -> list[Change]:
    """Return the fields that an action changed; a value alone is the field that the entry names."""
    before, after = entry.details.get("before"), entry.details.get("after")
    old, new = _by_field(before, entry), _by_field(after, entry)
    found = [
        Change(field=label_of(entry.subject, name), before=_said(entry, name, old), after=_said(entry, name, new))
        for name in dict.fromkeys([*old, *new])
    ]
    return [change for change in found if change.before != change.after]


def notes_of(entry: AuditEntry) -> list[tuple[str, str]]:
    """Return what else an entry holds, by name; what was left empty is not told."""
    told = {"before", "after"} | ({"field"} if changes_of(entry) else set())
    noted = {name: value for name, value in entry.details.items() if name not in told}
    return [(label_of(entry.subject, name), _said(entry, name, noted)) for name in noted if noted[name] not in NOTHING]


def kind_of(subject: str) -> str:
    """Name the kind of a row."""
    try:
        return str(apps.get_model(subject)._meta.verbose_name)
    except (LookupError, ValueError):
        return subject


def _by_field(value: Any, entry: AuditEntry) -> dict[str, Any]:
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return dict(value)
    named = entry.details.get("field") or LONE.get(entry.action)
    if named or not isinstance(value, list):
        return {str(named or ""): value}
    names = IN_ORDER.get((entry.action, len(value)), range(1, len(value) + 1))
    return {str(name): inner for name, inner in zip(names, value, strict=True)}


def _said(entry: AuditEntry, name: str, values: Mapping[str, Any]) -> str:
    """Write the value of a field; of rows of a bulk action their names."""
    value = values.get(name)
    if name in LISTS and isinstance(value, list):
        value = _names(value)
    if name == "field":
        return label_of(entry.subject, str(value))
    return _words(value_of(entry.subject, name, value))


def _names(rows: list[Any]) -> Any:
    """Return the names of rows, the last that is kept of each; how many they are, where an old entry has keys alone."""
    if rows and all(isinstance(row, int) for row in rows):
        return len(rows)
    return [row[-1] if isinstance(row, list) else row for row in rows]


def _words(value: Any) -> str:
    if value in NOTHING:
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(_words(inner) for inner in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{FIELDS.get(name, name)}: {_words(inner)}" for name, inner in value.items())
    return str(value)

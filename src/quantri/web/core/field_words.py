"""What the fields and values of an audit entry are called; a name without words is shown as the code has it."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIELDS = {
    "after": _("passed on to"), "agencies": _("agencies"),
    "agency": _("agency"), "announced_on": _("announced on"), "answer": _("answer"),
    "answer_by": _("answer by"), "asked_on": _("asked on"), "base_source": _("source of the base"),
    "base_value": _("points of the base"), "base_year": _("base year"), "by_email": _("by e-mail"),
    "candidates": _("candidates"), "chosen_on": _("chosen on"), "closed_on": _("closed on"),
    "criterion": _("criterion"), "ending": _("kind of file"), "sessions": _("sessions"),
    "component": _("component"), "components": _("components"), "coordinating": _("coordinating"),
    "day": _("day"), "deliverable": _("deliverable"),
    "document": _("document"), "due_on": _("due date"), "ended": _("ended"), "ended_on": _("ended on"),
    "ends_on": _("last day"), "entered_from_paper": _("entered from paper"), "facts": _("facts"),
    "failures": _("failed tries"), "field": _("field"), "file": _("file"), "findings": _("number of findings"),
    "held_on": _("held on"), "invitation": _("invitation"), "is_dropped": _("dropped"), "is_granted": _("granted"),
    "is_returned": _("report returned"),
    "is_off": _("day off"), "is_surprise": _("surprise visit"), "issued_on": _("date of issue"),
    "key": _("part of the text"), "kind": _("kind"), "leads": _("lead agencies"), "legal_bases": _("legal bases"),
    "legal_basis": _("legal basis"), "link": _("link"), "list_sha256": _("checksum of the list"),
    "method": _("how it was chosen"), "milestones": _("milestones"), "moment": _("moment"), "name": _("name"),
    "n": _("how many figures"), "n_units": _("how many units"), "note": _("note"), "number": _("number"),
    "on": _("day"), "on_time": _("on time"), "origin": _("origin"), "outcome": _("outcome"),
    "outline": _("what the agency reports beforehand"), "part": _("part"), "parts": _("parts"),
    "paused_on": _("paused on"), "people": _("number of people"), "periods": _("periods"), "plan": _("plan"),
    "points": _("points"), "priority": _("priority"), "programme": _("programme of inspections"),
    "province_until": _("last day of the province’s report"), "public": pgettext_lazy("field of the trail", "public"),
    "purposes": _("purposes"), "reason": _("reason"), "renews": _("renews the account"),
    "requirements": _("requirements"), "results_sha256": _("checksum of the results"),
    "revises": _("plan that it revises"), "revision": _("revision"), "rhythm": _("rhythm"), "role": _("role"),
    "rows": _("rows"), "seconds": _("seconds"), "seed": _("seed"), "sha256": _("checksum"),
    "sheet": _("number of the sheet"), "shows_chances": _("chances are shown to the public"), "size": _("bytes"),
    "source": _("source"),
    "spec": _("target"), "starts_on": _("first day"), "state": _("state"), "stopped_on": _("stopped on"),
    "superseded": _("replaced"), "tasks": _("tasks"), "text": _("text"), "title": _("title"),
    "to": _("passed on to"), "told": _("who was told"), "transfers": _("what was transferred"),
    "units_until": _("last day of the units’ reports"), "until": _("until the day"), "valid_from": _("valid from"),
    "version": _("version"), "visit_on": _("date of the visit"), "wanted": _("how many are wanted"),
    "was_late": _("was late"), "with_subtree": _("with the agencies below"), "withdrawn": _("withdrawn"),
    "work": _("work that was passed on"), "year": _("year"),
}  # fmt: skip

DAY = r"\d{4}-\d\d-\d\d"
WHOLE_DAY = re.compile(DAY, re.ASCII)
WHOLE_MOMENT = re.compile(DAY + r"[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)

OVERRULED = {"starts_on", "ends_on"}  # forms call them "from" and "until", which say nothing without the other

LONE = {
    "owner.added": "part", "owner.removed": "part", "part.extended": "due_on", "selfscore.extended": "due_on",
    "task.rhythm": "rhythm",
}  # fmt: skip
"""The field that an entry means with a value alone."""

IN_ORDER = {
    ("opinion.answered", 2): ("verdict", "answer"), ("opinion.given", 2): ("text", "given_on"),
    ("plan.issued", 2): ("number", "issued_on"), ("target.set", 2): ("priority", "spec"),
    ("target.set", 4): ("name", "spec", "base_value", "base_source"),
}  # fmt: skip
"""The fields that an entry means with a list of values."""


def label_of(subject: str, field: str) -> str:
    """Name a field as its form does, else as this module does; the name in the code where neither has words."""
    plain = field.replace("_", " ")
    found = _field(subject, field)
    label = str(getattr(found, "verbose_name", plain))
    return str(FIELDS.get(field, label)) if label == plain or field in OVERRULED else label


def value_of(subject: str, field: str, value: Any) -> Any:
    """Say a value in words where it is a choice of its field or a day, or where its kind of row has words for it."""
    said = getattr(_model(subject), "value_in_words", None)
    if said and isinstance(value, str):
        value = said(field, value)
    found = _field(subject, field)
    choices = dict(getattr(found, "flatchoices", ()))
    if isinstance(value, str) and value and value in choices:
        return str(choices[value])
    is_text = isinstance(found, models.CharField | models.TextField)  # such as a seed, which counts letter by letter
    return value if is_text else dated(value)


def subject_of(subject: str, name: str) -> str:
    """Say the name of a row as it was kept, in the reader's words where its kind has some."""
    said = getattr(_model(subject), "name_in_words", None)
    return said(name) if said else name


def dated(value: Any) -> Any:
    """Write days and moments in a value as its reader writes them."""
    if isinstance(value, list):
        return [dated(inner) for inner in value]
    if isinstance(value, Mapping):
        return {name: dated(inner) for name, inner in value.items()}
    try:
        return _written(value) if isinstance(value, str) else value
    except (ValueError, OverflowError):  # no day of the calendar
        return value


def _written(text: str) -> str:
    if WHOLE_DAY.fullmatch(text):
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    if not WHOLE_MOMENT.fullmatch(text):
        return text
    moment = datetime.fromisoformat(text)
    return date_format(timezone.localtime(moment) if moment.tzinfo else moment, "SHORT_DATETIME_FORMAT")


def _model(subject: str) -> type[models.Model] | None:
    try:
        return apps.get_model(subject)
    except (LookupError, ValueError):
        return None


def _field(subject: str, field: str) -> Any:
    model = _model(subject)
    try:
        return model._meta.get_field(field) if model else None
    except FieldDoesNotExist:
        return None

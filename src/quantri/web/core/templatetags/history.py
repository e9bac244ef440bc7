"""`{% history row %}`: who changed which field of a row from what to what, for those who may read it."""

import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import Model, QuerySet
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from quantri.web.core.changes import changes_of, notes_of
from quantri.web.core.models import AuditEntry

register = template.Library()
SHOWN = 20
PIECE = re.compile("([0-9a-f]{16})")  # of a checksum


@register.inclusion_tag("core/_history.html", takes_context=True)
def history(context: Context, row: Model) -> dict[str, Any]:
    """List the latest entries of a row; nothing at all for a reader who may not see its trail."""
    return _told(context, [row]) | {"subject": row._meta.label_lower, "key": row.pk}


@register.inclusion_tag("core/_history.html", takes_context=True)
def histories(context: Context, rows: Iterable[Model]) -> dict[str, Any]:
    """List the latest entries of several rows of one kind, such as the targets of a plan."""
    return _told(context, list(rows)) | {"names_rows": True}


@register.inclusion_tag("core/_history.html", takes_context=True)
def history_of(context: Context, kinds: Iterable[QuerySet], whole: str = "") -> dict[str, Any]:
    """List the latest entries of rows of several kinds, such as a task with its parts; `whole` leads to all of them."""
    return _latest(context, AuditEntry.objects.of_kinds(*kinds)) | {"names_rows": True, "whole": whole}


@register.filter
def foldable(text: str) -> SafeString:
    """Let a checksum break inside, so that no table grows wide by it; what is copied has no break."""
    pieces = [piece for piece in PIECE.split(text) if piece]
    return format_html_join(mark_safe("<wbr>"), "{}", ((piece,) for piece in pieces))


def _told(context: Context, rows: list[Model]) -> dict[str, Any]:
    return _latest(context, AuditEntry.objects.of(*rows))


def _latest(context: Context, theirs: QuerySet) -> dict[str, Any]:
    entries = list(theirs.visible_to(context["user"])[: SHOWN + 1])
    return {
        "entries": [(entry, changes_of(entry), notes_of(entry)) for entry in entries[:SHOWN]],
        "has_more": len(entries) > SHOWN,
    }

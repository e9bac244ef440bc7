"""Targets and owners as a spreadsheet annex holds them, each row checked, each fault named by its cell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.text import fold, nfc
from quantri.web.core.workbooks import CellFault, Sheet, address
from quantri.web.indices.archive import archive
from quantri.web.plans.models import Plan
from quantri.web.plans.outlooks import check_spec

TARGETS = ("Chỉ tiêu", "Targets")
OWNERS = ("Cơ quan", "Owners")
TARGET_COLUMNS = {
    "code": ("Mã", "Code"), "priority": ("Định hướng", "Priority"), "spec": ("Mục tiêu", "Target"),
}  # fmt: skip
OWNER_COLUMNS = {
    "code": ("Mã", "Code"), "leads": ("Cơ quan chủ trì", "Leads"),
    "coordinating": ("Cơ quan phối hợp", "Coordinating agencies"),
}  # fmt: skip
PRIORITIES = {
    "improve": ("ưu tiên cải thiện", "improve first", "improve"), "raise": ("nâng cao", "raise"),
    "hold": ("giữ vững và phát huy", "giữ vững", "hold and build on", "hold"),
}  # fmt: skip
_BY_WORD = {fold(word): value for value, words in PRIORITIES.items() for word in words}
LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The text of a cell, and where it stands."""

    sheet: str
    at: str
    text: str

    def fault(self, said: str) -> CellFault:
        return CellFault(sheet=self.sheet, cell=self.at, said=said)


@dataclass(frozen=True, kw_only=True)
class AnnexTarget:
    """A row of targets: what it asks for, and what stood in the plan when it was read."""

    code: str
    priority: str
    spec: str
    seen: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class AnnexOwners:
    """A row of owners, by name."""

    code: str
    leads: tuple[str, ...]
    coordinating: tuple[str, ...]


def read_targets(plan: Plan, sheet: Sheet | None) -> tuple[list[AnnexTarget], list[CellFault]]:
    """Read the targets of a plan; a component that stands twice is a fault."""
    known = archive(plan.index).edition(plan.base_year).definition
    kept = {t.code: (t.priority, t.spec) for t in plan.targets.all() if t.basis_id is None}
    found: dict[str, AnnexTarget] = {}
    faults: list[CellFault] = []
    for row in rows_of(sheet, TARGET_COLUMNS, faults):
        code = row["code"].text.upper()
        problem = _code_problem(code, known, found)
        if problem:
            faults.append(row["code"].fault(problem))
            continue
        priority = _BY_WORD.get(fold(row["priority"].text), "")
        if row["priority"].text and not priority:
            words = "; ".join(names[0] for names in PRIORITIES.values())
            faults.append(row["priority"].fault(_("Write one of: %(words)s.") % {"words": words}))
        try:
            spec = check_spec(plan, code, row["spec"].text)
        except RuleViolation as problem:
            faults.append(row["spec"].fault(str(problem)))
        else:
            found[code] = AnnexTarget(code=code, priority=priority, spec=spec, seen=kept.get(code, ("", "")))
    return [row for row in found.values() if (row.priority, row.spec) != row.seen], faults


def read_owners(plan: Plan, sheet: Sheet | None) -> tuple[list[AnnexOwners], list[CellFault]]:
    """Read who answers for which component; agencies are put apart by semicolons."""
    known = archive(plan.index).edition(plan.base_year).definition
    found: dict[str, AnnexOwners] = {}
    faults: list[CellFault] = []
    for row in rows_of(sheet, OWNER_COLUMNS, faults):
        code = row["code"].text.upper()
        problem = _code_problem(code, known, found)
        if problem:
            faults.append(row["code"].fault(problem))
            continue
        faults += [
            row[part].fault(_("The name of an agency has at most 200 letters. Put a semicolon between agencies."))
            for part in ("leads", "coordinating")
            if any(len(name) > LONGEST_NAME for name in _names(row[part]))
        ]
        found[code] = AnnexOwners(code=code, leads=_names(row["leads"]), coordinating=_names(row["coordinating"]))
    return list(found.values()), faults


def rows_of(
    sheet: Sheet | None, columns: dict[str, tuple[str, ...]], faults: list[CellFault]
) -> Iterator[dict[str, Cell]]:
    """Give the rows below the header as cells by field; a sheet without such a header is a fault."""
    if sheet is None:
        return
    header = next((n for n, line in enumerate(sheet.lines[:10]) if len(_fields(line, columns)) == len(columns)), None)
    if header is None:
        headings = "; ".join(names[0] for names in columns.values())
        said = _("No row of the first ten has these headings: %(headings)s. Take the template.")
        faults.append(CellFault(sheet=sheet.name, cell="A1", said=said % {"headings": headings}))
        return
    places = _fields(sheet.lines[header], columns)
    for number, line in enumerate(sheet.lines[header + 1 :], header + 2):
        if line:
            yield {
                name: Cell(
                    sheet=sheet.name, at=address(place, number), text=_text(line[place] if place < len(line) else None)
                )
                for name, place in places.items()
            }


def _fields(line: list[object], columns: dict[str, tuple[str, ...]]) -> dict[str, int]:
    keys = {fold(cell): place for place, cell in enumerate(line) if isinstance(cell, str)}
    return {name: keys[fold(h)] for name, headings in columns.items() for h in headings if fold(h) in keys}


def _code_problem(code: str, known: object, found: dict[str, object]) -> str:
    if code not in known:
        return _("The base edition has no component %(unknown)s. Write codes such as D1 or D3.2.") % {
            "unknown": code[:20] or "–"
        }
    return _("%(code)s stands in more than one row.") % {"code": code} if code in found else ""


def _names(cell: Cell) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in re.split(r"[;\n]", cell.text) if (name := nfc(part))))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return nfc(str(value))

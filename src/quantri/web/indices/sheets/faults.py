"""What was seen in a spreadsheet: faults forbid the import, remarks do not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

MOST = 50
_CELL = re.compile(r"(?P<sheet>.*)!(?P<cell>[A-Z]{1,3}[0-9]+(?::[A-Z]{1,3}[0-9]+)?)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing seen: `where` is a cell, range, sheet or file; `message` says what was found and how to mend it."""

    where: str
    message: str

    @property
    def sheet(self) -> str:
        """The tab, or the file when the fault is the file's."""
        match = _CELL.fullmatch(self.where)
        return match["sheet"] if match else self.where

    @property
    def cell(self) -> str:
        """The cell or range; empty when the fault is the whole sheet's or file's."""
        match = _CELL.fullmatch(self.where)
        return match["cell"] if match else ""


@dataclass(frozen=True, kw_only=True)
class SheetFaults:
    """What was seen in one sheet, in the order in which it was seen."""

    sheet: str
    faults: tuple[Fault, ...]


def by_sheet(faults: Iterable[Fault]) -> tuple[SheetFaults, ...]:
    """Gather what was seen by sheet, the sheet that was seen first on top."""
    gathered: dict[str, list[Fault]] = {}
    for fault in faults:
        gathered.setdefault(fault.sheet, []).append(fault)
    return tuple(SheetFaults(sheet=sheet, faults=tuple(found)) for sheet, found in gathered.items())


@dataclass(kw_only=True)
class Findings:
    """Everything seen so far."""

    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)

    def fault(self, where: str, message: str) -> None:
        """Note what forbids the import."""
        self.faults.append(Fault(where=where, message=message))

    def remark(self, where: str, message: str) -> None:
        """Note what people should know, though it forbids nothing."""
        self.remarks.append(Fault(where=where, message=message))


def cut(found: Iterable[Fault], name: str) -> tuple[Fault, ...]:
    """Keep the first ones; a last line says how many more there are."""
    every = tuple(dict.fromkeys(found))
    if len(every) <= MOST:
        return every
    more = _("There are %(n)s more; mend these first and import again.") % {"n": len(every) - MOST}
    return (*every[:MOST], Fault(where=name, message=more))

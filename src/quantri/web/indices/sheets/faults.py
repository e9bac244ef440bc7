"""What was seen in a spreadsheet: faults forbid the import, remarks do not."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

MOST = 50


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing seen: `where` is a cell, range, sheet or file; `message` says what was found and how to mend it."""

    where: str
    message: str


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

"""The chain of the audit trail: what is hashed, and how a break is found."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

START = ""  # what the first entry names as the hash before it
HASHED = (
    "key", "number", "at", "actor_key", "actor_name", "action", "subject", "subject_key", "subject_name", "scope",
    "details", "previous_hash",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Head:
    """The end of a chain, which printed or kept elsewhere proves all before it."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, kw_only=True)
class Break:
    """The first place where a chain does not hold, and why."""

    number: int
    reason: str


def plain(value: Any) -> Any:
    """Return a value as every database gives it back: lists, texts as keys, whole numbers without a point."""
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def hash_of(entry: Mapping[str, Any]) -> str:
    """Hash all fields of an entry in one canonical form."""
    fields = {name: entry[name] for name in HASHED}
    fields["at"] = _moment(entry["at"])
    fields["details"] = plain(entry["details"])
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(entries: Iterable[Mapping[str, Any]], kept: Head | None = None) -> Break | Head:
    """Walk a chain in its order; return its end, or the first place that does not hold.

    A head that was `kept` must be met on the way.
    """
    end = Head(number=0, hash=START)
    for entry in entries:
        fault = _fault(entry, end)
        if fault:
            return Break(number=end.number + 1, reason=fault)
        end = Head(number=entry["number"], hash=entry["hash"])
        if kept and kept.number == end.number and kept.hash != end.hash:
            return Break(number=end.number, reason="the kept head has another hash")
    if kept and kept.number > end.number:
        return Break(number=end.number + 1, reason="entries up to the kept head are missing")
    return end


def _fault(entry: Mapping[str, Any], end: Head) -> str:
    if entry["number"] != end.number + 1:
        return "an entry is missing"
    if entry["previous_hash"] != end.hash:
        return "it does not follow from the entry before"
    return "" if entry["hash"] == hash_of(entry) else "its content was changed"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")

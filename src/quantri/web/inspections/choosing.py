"""Choosing places openly; nothing here knows Django, a clock or chance of its own, so that anyone can make it again.

Candidates are put in the order of the method, and ties are settled by a digest that everybody can compute: the SHA-256
of "SEED|NUMBER", where NUMBER is the candidate's number in the list. A random choice has no other order than that.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Share:
    """A term of the risk: so many of so many; no share where there was nothing to count."""

    n: int
    of: int

    @property
    def value(self) -> float | None:
        return self.n / self.of if self.of else None


@dataclass(frozen=True, kw_only=True)
class Risk:
    """What the tasks of a plan show of an agency: late work, silent periods, returned reports."""

    late: Share
    silent: Share
    returned: Share

    @property
    def value(self) -> float | None:
        """Mean of the terms that could be counted; None when none could.

        Examples
        --------
        >>> Risk(late=Share(n=1, of=2), silent=Share(n=0, of=4), returned=Share(n=0, of=0)).value
        0.25
        """
        known = [term.value for term in (self.late, self.silent, self.returned) if term.value is not None]
        return sum(known) / len(known) if known else None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A place that could be chosen."""

    key: int
    name: str
    last_on: date | None = None  # day of its last inspection
    risk: Risk | None = None
    digest: str = ""
    taken: bool = False


def digest_of(seed: str, key: int) -> str:
    """Return the digest that settles the order of a candidate.

    Examples
    --------
    >>> digest_of("2026-01", 7)[:8]
    'd9bea0c0'
    """
    return hashlib.sha256(f"{seed}|{key}".encode()).hexdigest()


def choose(candidates: Iterable[Candidate], *, method: str, wanted: int, seed: str) -> list[Candidate]:
    """Return all candidates in the order of the method, the first of them marked as taken."""
    drawn = [replace(each, digest=digest_of(seed, each.key)) for each in candidates]
    ordered = sorted(drawn, key=_ORDERS[method])
    return [replace(each, taken=n < wanted) for n, each in enumerate(ordered)]


def _by_rotation(each: Candidate) -> tuple[date, str]:
    return each.last_on or date.min, each.digest


def _by_risk(each: Candidate) -> tuple[bool, float, str]:
    value = each.risk.value if each.risk else None
    return value is None, -(value or 0.0), each.digest


_ORDERS = {"rotation": _by_rotation, "risk": _by_risk, "random": lambda each: each.digest}

"""Sentences, and parts of them, that keep their template and fields so that they can be said in another language."""

from collections.abc import Sequence
from functools import reduce

SHOWN = 5


class Said(str):
    """English text made of a template and its fields; elsewhere a text like any other.

    Examples
    --------
    >>> note = Said("{n} weights lie on a bound", n=3)
    >>> note, note.template
    ('3 weights lie on a bound', '{n} weights lie on a bound')
    """

    __slots__ = ("fields", "template")
    template: str
    fields: dict[str, object]

    def __new__(cls, template: str, /, **fields: object) -> "Said":
        """Fill the template."""
        made = super().__new__(cls, template.format(**fields) if fields else template)
        made.template, made.fields = template, fields
        return made


def listed(items: Sequence[str], shown: int = SHOWN) -> str:
    """Name the first items, and how many more there are.

    Examples
    --------
    >>> listed(["a", "b"]), listed(["a", "b", "c"], 1)
    ('a, b', 'a and 2 more')
    """
    if not any(isinstance(item, Said) for item in items):
        first = ", ".join(items[:shown])
    else:
        first = reduce(lambda one, other: Said("{one}, {other}", one=one, other=other), items[:shown])
    more = len(items) - shown
    return Said("{first} and {n} more", first=first, n=more) if more > 0 else first


def reason(fault: OSError) -> str:
    """Say why the operating system refused."""
    return Said(fault.strerror or str(fault) or type(fault).__name__)

"""Sentences, and parts of them, that keep their template and fields so that they can be said in another language."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TypeVar

SHOWN = 5
Item = TypeVar("Item")


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


def listed(items: Sequence[Item], shown: int = SHOWN, *, write: Callable[[Item], str] = str) -> str:
    """Name the first items, each as `write` writes it, and how many more there are.

    Examples
    --------
    >>> listed(["a", "b"]), listed([0, 1, 2], 1, write=lambda n: f"row {n}")
    ('a, b', 'row 0 and 2 more')
    """
    first = reduce(lambda one, other: Said("{one}, {other}", one=one, other=other), map(write, items[:shown]))
    more = len(items) - shown
    return Said("{first} and {n} more", first=first, n=more) if more > 0 else first


def reason(fault: OSError) -> str:
    """Say why the operating system refused."""
    return Said(fault.strerror or str(fault) or type(fault).__name__)

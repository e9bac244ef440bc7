"""What the label of a line says: which component, an interval of one, something weighted, or none of these."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from quantri.text import fold

Kind = Literal["score", "low", "high", "error", "weighted", "clash", "other"]

_DIMENSION = re.compile(
    r"^(?:(?:dimension|chi so noi dung|noi dung|chi so thanh phan|d)\s*(?P<named>\d{1,2})(?!\d|\.\d)"
    r"|(?P<bare>\d{1,2})\s*:(?!\d))"
)
_PART = re.compile(
    r"^(?P<word>sub-?\s?dimension\s*|noi dung( thanh phan)?\s*|d)?(?P<code>\d{1,2}\.\d{1,2})(?!\d|\.\d)"
    r"(?P<mark>\s*[:)]|\.?\s|$)"
)
_TOP = re.compile(r"un-?\s?weighted.*papi|papi (score|index)|chi so papi|papi tong hop|^chi so tong hop")
_TOP_IN_ROWS = re.compile(r"papi|tong hop|tong diem")
_WEIGHTED = re.compile(r"(?<!un-)(?<!un )\bweighted|(?<!khong )\bco trong so")
_INTERVALS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("low", re.compile(r"\b(ci|confidence interval)\b.*\blow|-\s*diem thap$")),
    ("high", re.compile(r"\b(ci|confidence interval)\b.*\b(high|up)|-\s*diem cao$")),
    ("error", re.compile(r"\bstandard error|-\s*sai so( chuan)?$")),
)
_NUMBERING = re.compile(
    r"^((dimension|sub-?\s?dimension|chỉ số nội dung|nội dung( thành phần)?|chỉ số thành phần)\s*)?"
    r"d?\d{1,2}(\.\d{1,2})?\s*[:.)-]*\s*",
    re.IGNORECASE,
)
_D_WITH_STROKE = str.maketrans("đĐ", "dd")
_DASHES = str.maketrans("–—", "--")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a line is, and the code of its component when it is a score."""

    kind: Kind
    code: str = ""


def plain(text: str) -> str:
    """Lower case without marks, but with the punctuation that numbers need (`fold` drops it)."""
    decomposed = unicodedata.normalize("NFD", text.translate(_D_WITH_STROKE))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.lower().translate(_DASHES).split())


def read_labels(labels: Iterable[str], *, top: str, known: Container[str], names: Mapping[str, str]) -> Mark:
    """Say what a line is by its labels.

    `known` are the codes that need no colon behind their number. `names` are codes by folded name, for tables with
    provinces in rows: their columns bear names without numbers, and no indicators that could be taken for a component.
    """
    labels = tuple(labels)
    texts = [plain(label) for label in labels]
    if any(_WEIGHTED.search(text) for text in texts):
        return Mark(kind="weighted")
    for kind, pattern in _INTERVALS:
        if any(pattern.search(text) for text in texts):
            return Mark(kind=kind)
    codes = {code for text in texts if (code := _code(text, known))}
    if len(codes) > 1:
        return Mark(kind="clash", code=", ".join(sorted(codes)))
    if codes:
        return Mark(kind="score", code=codes.pop())
    named = {names[fold(label)] for label in labels if fold(label) in names}
    if len(named) == 1:
        return Mark(kind="score", code=named.pop())
    pattern = _TOP_IN_ROWS if names else _TOP
    return Mark(kind="score", code=top) if any(pattern.search(text) for text in texts) else Mark(kind="other")


def _code(text: str, known: Container[str]) -> str:
    part = _PART.match(text)
    if part:
        code = f"D{part['code']}"
        numbered = part["word"] or part["mark"].strip() in (":", ")") or part["mark"] == ""
        return code if numbered or code in known else ""
    dimension = _DIMENSION.match(text)
    return f"D{dimension['named'] or dimension['bare']}" if dimension else ""


def without_number(label: str) -> str:
    """Name in a label, as printed, without "Dimension N:" or "N.M:".

    Examples
    --------
    >>> without_number("Chỉ số nội dung 1: Tham gia"), without_number("1.1: Tri thức công dân")
    ('Tham gia', 'Tri thức công dân')
    """
    return _NUMBERING.sub("", label) or label

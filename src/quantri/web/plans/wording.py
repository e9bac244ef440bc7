"""Targets in the words that people use, to and from their plain form."""

import re

from django.utils.translation import get_language

from quantri.engine.targets import TargetSpec, parse_target
from quantri.errors import DataError
from quantri.text import fold

WORDS = {
    "keep": ("giữ", "giữ vững", "không thấp hơn", "hold"),
    "better": ("cao hơn", "tốt hơn", "higher"),
    "group:high": ("nhóm cao nhất", "nhóm cao", "high group"),
    "group:mid_high": ("nhóm trung bình cao", "mid-high group"),
    "group:mid_low": ("nhóm trung bình thấp", "mid-low group"),
}
_PLAIN = {fold(word): plain for plain, words in WORDS.items() for word in words}
_PLACES = re.compile(r"(?:tang |\+ ?)?([1-9][0-9]{0,2}) (?:bac|hang|places?|places up)")
_PLACES_A_YEAR = re.compile(
    r"(?:tang |\+ ?)?([1-9][0-9]?) (?:bac|hang|places?)(?: up)? (?:moi nam|mot nam|hang nam|a year|per year)"
)
_RISE = re.compile(r"\s*(?:tăng|tang|rise)\s+([0-9]+(?:[.,][0-9]+)?)(?:\s*(?:điểm|diem|points?))?\s*", re.IGNORECASE)


def plain_words(text: str) -> str:
    """Turn “nhóm trung bình cao”, “tăng 3 bậc”, “giữ” into the plain form; other text stays as it is.

    Examples
    --------
    >>> plain_words("Nhóm trung bình cao"), plain_words("tăng 3 bậc"), plain_words("tăng 5 bậc mỗi năm")
    ('group:mid_high', 'rank:+3', 'rank:+5/year')
    >>> plain_words("tăng 0,20 điểm"), plain_words("5,4")
    ('+0,20', '5,4')
    """
    key = fold(text)
    if key in _PLAIN:
        return _PLAIN[key]
    places, a_year, rise = _PLACES.fullmatch(key), _PLACES_A_YEAR.fullmatch(key), _RISE.fullmatch(text)
    if places:
        return f"rank:+{places[1]}"
    if a_year:
        return f"rank:+{a_year[1]}/year"
    return f"+{rise[1]}" if rise else text.strip()


def typed_words(spec: TargetSpec) -> str:
    """Write a target as it would be typed in the reader's language."""
    if get_language() != "vi":
        return spec.text
    if spec.kind == "rank":
        return f"tăng {spec.amount:.0f} bậc"
    if spec.kind == "rank_per_year":
        return f"tăng {spec.amount:.0f} bậc mỗi năm"
    return WORDS[spec.text][0] if spec.text in WORDS else spec.text.replace(".", ",")


def said_target(kept: str) -> str:
    """Write a kept target as it would be typed; what was never kept stays as it is."""
    try:
        return typed_words(parse_target(kept)) if kept else ""
    except DataError:
        return kept

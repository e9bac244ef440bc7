"""When a name in a sheet is another spelling of a province's name, or a part of it."""

from difflib import SequenceMatcher

from quantri.engine.results import Unit, name_key
from quantri.text import fold

ALIKE = 0.75


def name_keys(unit: Unit) -> tuple[str, str]:
    """Keys of a unit's names in both languages."""
    return name_key(unit.name_vi), name_key(unit.name_en)


def is_spelling_of(name: str, unit: Unit) -> bool:
    """Tell whether a name is another spelling: shortened (T.T. Huế, TP.HCM), longer, or off by a letter or two."""
    key = name_key(name)
    return len(key) > 2 and any(
        key in own or own in key or _shortens(key, own) or SequenceMatcher(None, key, own).ratio() >= ALIKE
        for own in name_keys(unit)
    )


def _shortens(short: str, long: str) -> bool:
    """Tell whether all letters of one come in the other, in order and from the first one on."""
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in short)


def ends_alike(name: str, other: str) -> bool:
    """Tell whether one name is the end of the other, as Huế is of Thừa Thiên Huế."""
    short, long = sorted((fold(name), fold(other)), key=len)
    return bool(short) and f" {long}".endswith(f" {short}")


def begins_alike(name: str, other: str) -> bool:
    """Tell whether one name begins the other, as Quảng, which without its marks ends Tuyên Quang, begins five."""
    short, long = sorted((fold(name), fold(other)), key=len)
    return bool(short) and f"{long} ".startswith(f"{short} ")

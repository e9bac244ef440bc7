"""Which body governs a province: its people's committee, known by its name when it is entered."""

from collections.abc import Iterable

from quantri.text import fold

_WORDS = ("ubnd", "uy ban nhan dan")
_CITY = ("thanh pho", "tp")


def names_the_committee(name_vi: str, borne: Iterable[tuple[str, str]]) -> bool:
    """Say whether a name is that of the people's committee of a province; `borne` are the province's kinds and names.

    Within tỉnh Cà Mau lay a thành phố Cà Mau: the word for a city counts only where the province itself is one.

    Examples
    --------
    >>> [names_the_committee(n, [("province", "Cà Mau")]) for n in ("UBND tỉnh", "Ủy ban nhân dân tỉnh Cà Mau")]
    [True, True]
    >>> [names_the_committee(n, [("province", "Cà Mau")]) for n in ("UBND thành phố Cà Mau", "UBND tỉnh An Giang")]
    [False, False]
    """
    return fold(name_vi) in {f"{word} {place}" for word in _WORDS for place in _places(borne)}


def _places(borne: Iterable[tuple[str, str]]) -> set[str]:
    found = {"tinh"}
    for kind, name in borne:
        words = ("tinh", *_CITY) if kind == "city" else ("tinh",)
        found |= {*words, *(f"{word} {fold(name)}" for word in words)}
    return found

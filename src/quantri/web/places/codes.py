"""Official codes of units, as files write them: a spreadsheet drops their leading zeros."""

LENGTHS = {"province": 2, "district": 3, "commune": 5}


def padded(text: str, level: str) -> str:
    """Give a code of a level with the zeros that it begins with; what is no number stays as it is.

    Examples
    --------
    >>> padded(" 1", "province"), padded("An Giang", "province")
    ('01', 'An Giang')
    """
    plain = text.strip()
    return plain.zfill(LENGTHS[level]) if plain.isascii() and plain.isdigit() else plain

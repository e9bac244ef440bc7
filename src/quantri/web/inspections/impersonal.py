"""Leave people out of a text that becomes public, as far as a program can tell; who decides reads the rest."""

import re
from collections.abc import Collection

GONE = "[…]"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
TELEPHONE = re.compile(r"(?<![\d./])(?:\+?84|0)(?:[ .-]?\d){8,10}(?![\d/])")
NUMBER = re.compile(r"(?<!\d)(?:\d{9}|\d{12})(?!\d)")  # of an identity card


def without_people(text: str, names: Collection[str]) -> str:
    """Put a mark where an e-mail address, a telephone or identity number or one of the names stands.

    A name of one word may be any word, so it stays.

    Examples
    --------
    >>> without_people("Ông Cán Bộ Mẫu, 0912 345 678, CCCD 089012345678, giải ngân 1.200.000.000 đồng",
    ...                ["Cán Bộ Mẫu"])
    'Ông […], […], CCCD […], giải ngân 1.200.000.000 đồng'
    """
    for pattern in (ADDRESS, TELEPHONE, NUMBER):
        text = pattern.sub(GONE, text)
    for name in sorted((n for n in names if " " in n.strip()), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name.strip())}(?!\w)", GONE, text, flags=re.IGNORECASE)
    return text

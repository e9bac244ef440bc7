"""Vietnamese text: one form on entry, one key for search."""

import textwrap
import unicodedata

_D_WITH_STROKE = str.maketrans("đĐ", "dd")
_SEPARATORS = str.maketrans(dict.fromkeys("-–—_.,'’()/", " "))


def nfc(text: str) -> str:
    r"""Compose marks and letters, as every text is stored (NFC), without outer spaces.

    Examples
    --------
    >>> nfc("Ha\u0300 No\u0323\u0302i ") == "Hà Nội"
    True
    """
    return unicodedata.normalize("NFC", text).strip()


def one_line(text: str) -> str:
    r"""Write a space where the text has line ends, tabs and other signs that steer a terminal.

    Examples
    --------
    >>> one_line("Tỉnh\nthành \x1b[1mphố ")
    'Tỉnh thành [1mphố'
    """
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())


def cut(text: str, most: int) -> str:
    """Cut a text between two words where it is longer, and show that more follows.

    Examples
    --------
    >>> cut("Niêm yết thu, chi ngân sách", 22), cut("Niêm yết", 22)
    ('Niêm yết thu, chi…', 'Niêm yết')
    """
    return textwrap.shorten(text, most, placeholder="…")


def bare(text: str) -> str:
    """Lower case, without marks, đ as d; signs and spaces stay.

    Examples
    --------
    >>> bare("Tỉnh_Đồng.1")
    'tinh_dong.1'
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_D_WITH_STROKE))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def fold(text: str) -> str:
    """Make the search key: lower case, without marks, đ as d, one space between words.

    Examples
    --------
    >>> fold("Bà Rịa - Vũng Tàu"), fold("Đồng-Tháp")
    ('ba ria vung tau', 'dong thap')
    """
    return " ".join(bare(text).translate(_SEPARATORS).split())


def spelling(text: str) -> str:
    """Make the key of a name: what `fold` drops is dropped, but not the marks, wherever in a word they are typed.

    Examples
    --------
    >>> spelling("Sở nội  vụ") == spelling("SỞ NỘI VỤ"), spelling("xã Tân Hòa") == spelling("Xã Tân Hoà")
    (True, True)
    >>> spelling("xã Tân Thạnh") == spelling("xã Tân Thành")
    False
    """
    words = unicodedata.normalize("NFD", text.lower().translate(_SEPARATORS)).split()
    return " ".join("".join(sorted(word, key=lambda letter: unicodedata.combining(letter) > 0)) for word in words)

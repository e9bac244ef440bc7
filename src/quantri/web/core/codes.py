"""Codes that people read from paper and type: no letter that looks like another, and a check sign at the end."""

import hashlib
import hmac
import unicodedata

from django.conf import settings
from django.utils.crypto import salted_hmac

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
LENGTH = 12  # 60 bits, before the check sign


def code_of(seed: str, purpose: str) -> str:
    """Make the code of a seed that a row keeps; without the site's key nobody can tell it from the row."""
    key = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    number = int.from_bytes(hmac.digest(key, seed.encode(), "sha256")[:8], "big")
    body = "".join(SIGNS[number >> 5 * n & 31] for n in range(LENGTH))
    return body + check_sign(body)


def check_sign(body: str) -> str:
    """Return the sign that makes a code whole (Luhn's sum in 32 signs): one wrong sign is always noticed."""
    total = 0
    for n, sign in enumerate(reversed(body)):
        value = SIGNS.index(sign) * (2 if n % 2 == 0 else 1)
        total += value // 32 + value % 32
    return SIGNS[-total % 32]


def tidy(typed: str) -> str:
    """Return what was meant: capitals, without spaces and hyphens, look-alikes as the sign that they look like."""
    letters = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum())
    return letters.translate(LOOKALIKES)


def is_whole(code: str) -> bool:
    """Say whether a tidied code has its length, its signs and its check sign."""
    return len(code) == LENGTH + 1 and set(code) <= set(SIGNS) and check_sign(code[:-1]) == code[-1]


def shown(code: str) -> str:
    """Write a code in groups of four, as it is printed."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def digest(code: str, purpose: str) -> str:
    """Return what a row keeps of a code to find it by."""
    return salted_hmac(f"quantri.codes.{purpose}", code, algorithm="sha256").hexdigest()

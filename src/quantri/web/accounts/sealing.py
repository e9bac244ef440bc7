"""Secrets of the second factor lie sealed in the database; keys come from the settings, the first one seals."""

import base64
import logging
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation

logger = logging.getLogger(__name__)
MARK = "sealed:"  # before what is sealed; what lay there before is read as it is
PURPOSE = b"quantri: secrets of the second factor"
SECRETS = ("secret", "seed")  # of a one-time code, of recovery codes


def seal(text: str) -> str:
    """Seal a secret with the first key."""
    return MARK + _box(keys()).encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    """Open a secret with any of the keys.

    Raises
    ------
    RuleViolation
        If no key opens it: the site's key was changed and the one before is not among the fallbacks.
    """
    if not text.startswith(MARK):
        return text
    try:
        return _box(keys()).decrypt(text.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        logger.error("a second factor was sealed with another key; name the key before in QUANTRI_SECRET_KEY_FALLBACKS")
        raise RuleViolation(
            _("Your second factor cannot be checked: a key of this site was changed. Tell those who run it.")
        ) from None


def seal_again(rows: Iterable[Any]) -> int:
    """Seal the secrets of some rows with the first key; return in how many something lay open or under another key."""
    changed = 0
    for row in rows:
        fresh = {name: seal(unseal(value)) for name, value in row.data.items() if _is_behind(name, value)}
        if fresh:
            row.data = row.data | fresh
            row.save(update_fields=["data"])
            changed += 1
    return changed


def keys() -> tuple[str, ...]:
    """Return the keys that open, the sealing one first."""
    own = [settings.FACTOR_KEY] if settings.FACTOR_KEY else []
    return (*own, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def _is_behind(name: str, value: object) -> bool:
    if name not in SECRETS or not isinstance(value, str):
        return False
    try:
        _box(keys()[:1]).decrypt(value.removeprefix(MARK).encode())
    except InvalidToken:
        return True
    return False


@lru_cache(maxsize=8)
def _box(of: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in of])


def _derived(key: str) -> bytes:
    """Derive a key of its own for this purpose, so that a signing key never seals."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())

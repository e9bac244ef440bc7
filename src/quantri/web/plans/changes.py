"""Two people at one plan: who began from what is no longer there is told, and overwrites nothing unseen."""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _

from quantri.errors import RuleViolation


class ChangedMeanwhile(RuleViolation):
    """Somebody saved another value, `theirs`, after this person began to type."""

    def __init__(self, theirs: Any) -> None:
        super().__init__(_("Somebody saved another value meanwhile. Look at both, and save again what is to stay."))
        self.theirs = theirs


def mark_of(value: Any) -> str:
    """Short name of a plain value, which a form carries to say what its reader had seen."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]

"""What the parts of the system that act by themselves are called; rows and the trail keep the names as the code has."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

WORDS = {
    "calendar": pgettext_lazy("part of the system", "calendar"),
    "demonstration": pgettext_lazy("part of the system", "demonstration"),
    "files": pgettext_lazy("part of the system", "files"),
    "load test": pgettext_lazy("part of the system", "load test"),
    "reminders": pgettext_lazy("part of the system", "reminders"),
    "sign-in": pgettext_lazy("part of the system", "sign-in"),
    "timer": pgettext_lazy("part of the system", "timer"),
    "worker": pgettext_lazy("part of the system", "worker"),
}
COMMAND = re.compile(r"manage (\w+)")
LINK = re.compile(r"one-use link (\d+)")
WHOLE = re.compile(r"Quantri \((.+)\)")


def part_of(name: str) -> str:
    """Name a part of the system in the reader's language."""
    if found := COMMAND.fullmatch(name):
        return _("command %(name)s") % {"name": found[1]}
    if found := LINK.fullmatch(name):
        return _("one-use link %(n)s") % {"n": found[1]}
    return str(WORDS.get(name, name))


def actor_of(kept: str) -> str:
    """Name who acted as it was kept: people as they are, the system in the reader's language."""
    found = WHOLE.fullmatch(kept)
    return f"Quantri ({part_of(found[1])})" if found else kept


def kept_as(shown: str) -> list[str]:
    """Return what the trail may have kept of an actor whom a reader calls so."""
    return [shown, *(name for name, words in WORDS.items() if str(words) == shown and name != shown)]

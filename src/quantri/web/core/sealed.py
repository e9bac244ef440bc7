"""Words that no row keeps, such as a code that opens something: put into a letter when it is carried."""

from django.conf import settings
from django.utils.module_loading import import_string

from quantri.web.core.models import Message


class Void(Exception):
    """What the letter would say holds no more."""


def words_of(message: Message) -> str:
    """Give the text of a letter with the words that only its app can tell; Void where they hold no more."""
    if not message.sealed:
        return message.body
    name, _colon, key = message.sealed.partition(":")
    return f"{message.body}\n\n{import_string(settings.SEALED_WORDS[name])(key)}"

"""What the commands of the site share."""

from django.conf import settings
from django.core.management.base import BaseCommand

from quantri.words import told


class SiteCommand(BaseCommand):
    """A command whose help is in the language of the site."""

    def __init__(self, *args: object, **choices: object) -> None:
        super().__init__(*args, **choices)
        self.help = told(self.help, settings.LANGUAGE_CODE)

"""Bring the Vietnamese catalogue of the pages up to the code, and say what has no translation yet.

    python3 scripts/messages.py

Needs gettext's programs. Texts that are no longer in the code go, new ones are added without a guess at their
translation, and what is complete is compiled.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import ClassVar

import django
from django.core.management import call_command
from django.core.management.commands.makemessages import Command

WEB = Path(__file__).resolve().parents[1] / "src" / "quantri" / "web"
CATALOGUE = WEB / "locale/vi/LC_MESSAGES/django.po"
HEADER = {"Project-Id-Version", "Language", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms"}


class Collect(Command):
    msgmerge_options: ClassVar = [*Command.msgmerge_options, "--no-fuzzy-matching"]
    msgattrib_options: ClassVar = [*Command.msgattrib_options, "--sort-output"]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quantri.web.settings")
    django.setup()
    os.chdir(WEB)
    call_command(Collect(), locale=["vi"], no_location=True, no_obsolete=True, verbosity=0)
    CATALOGUE.write_text(plain_header(CATALOGUE.read_text("utf-8")), "utf-8")
    missing = gettext("msgattrib", "--untranslated", "--no-wrap", CATALOGUE)
    print(missing or "nothing is missing")
    if not missing:
        gettext("msgfmt", "--check", "-o", CATALOGUE.with_suffix(".mo"), CATALOGUE)


def plain_header(text: str) -> str:
    """Return the catalogue without dates and names in its first entry, so that only texts make a difference."""
    head, rest = text.split("\n\n", 1)
    lines = [line for line in head.splitlines() if not line.startswith("#")]
    fields = [line for line in lines if not re.match(r'"[\w-]+: ', line) or line[1:].split(":")[0] in HEADER]
    return "\n".join(["#", *fields]) + "\n\n" + rest


def gettext(*command: object) -> str:
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()

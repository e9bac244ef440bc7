"""Bring an official result spreadsheet in: all of it, or nothing."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from quantri.errors import RuleViolation
from quantri.said import Said, reason
from quantri.web.core.audit import System
from quantri.web.core.commands import SiteCommand
from quantri.web.indices.actions import publish_draft
from quantri.web.indices.importing import Preview, preview_results
from quantri.words import say


class Command(SiteCommand):
    """`manage import_results FILE.xlsx [--year Y] [--dry-run]`."""

    help = Said("Import an official PAPI result spreadsheet as a release; faults are listed with their cells.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--year", type=int, help=say("edition; read from the file's name when left out", settings.LANGUAGE_CODE)
        )
        parser.add_argument(
            "--dry-run", action="store_true", help=say("show the preview and keep nothing", settings.LANGUAGE_CODE)
        )

    def handle(self, *, file: Path, year: int | None, dry_run: bool, **_options: object) -> None:
        language = settings.LANGUAGE_CODE
        preview = preview_results(_content(file), file.name, year)
        for remark in preview.sheet.remarks if preview.sheet else ():
            self.stdout.write(say("note: {note}", language, note=f"{remark.where}: {remark.message}"))
        if preview.faults:
            faults = [f"{fault.where}: {fault.message}" for fault in preview.faults]
            raise CommandError("\n".join([*faults, say("nothing was imported", language)]))
        self.stdout.write(_summary(preview))
        if dry_run:
            self.stdout.write(say("nothing was imported (--dry-run)", language))
            return
        stands = preview.stands and preview.stands.pk
        try:
            release = publish_draft(preview.draft, instead_of=stands, by=System("manage import_results"))
        except RuleViolation as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(say("{release} is in", language, release=release))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise CommandError(
            say("{file}: cannot be read ({reason}); check the name and the rights", settings.LANGUAGE_CODE,
                file=file, reason=reason(fault))
        ) from None  # fmt: skip


def _summary(preview: Preview) -> str:
    sheet = preview.sheet
    return say(
        "{edition}: {units} provinces, {components} components, {indicators} indicators, {withheld} withheld, "
        "{intervals} intervals, {changed} figures differ from what stands",
        settings.LANGUAGE_CODE, edition=f"{sheet.index}-{sheet.year}", units=sheet.n_units,
        components=sheet.n_components, indicators=sheet.n_indicators, withheld=sheet.n_withheld,
        intervals=sheet.n_intervals, changed=len(preview.differences),
    )  # fmt: skip

"""Bring an official result spreadsheet in: all of it, or nothing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quantri.errors import RuleViolation
from quantri.web.core.audit import System
from quantri.web.indices.actions import publish_draft
from quantri.web.indices.importing import preview_results


class Command(BaseCommand):
    """`manage import_results FILE.xlsx [--year Y] [--dry-run]`."""

    help = "Import an official PAPI result spreadsheet as a release; faults are listed with their cells."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, help="edition; read from the file's name when left out")
        parser.add_argument("--dry-run", action="store_true", help="show the preview and keep nothing")

    def handle(self, *, file: Path, year: int | None, dry_run: bool, **_options: object) -> None:
        try:
            content = file.read_bytes()
        except OSError as fault:
            raise CommandError(f"{file}: cannot be read ({fault.strerror}); check the name and the rights") from None
        preview = preview_results(content, file.name, year)
        for remark in preview.sheet.remarks if preview.sheet else ():
            self.stdout.write(f"note: {remark.where}: {remark.message}")
        if preview.faults:
            raise CommandError("\n".join(f"{f.where}: {f.message}" for f in preview.faults) + "\nnothing was imported")
        sheet = preview.sheet
        self.stdout.write(
            f"{sheet.index}-{sheet.year}: {sheet.n_units} provinces, {sheet.n_components} components, "
            f"{sheet.n_indicators} indicators, {sheet.n_withheld} withheld, {sheet.n_intervals} intervals, "
            f"{len(preview.differences)} figures differ from what stands"
        )
        if dry_run:
            self.stdout.write("nothing was imported (--dry-run)")
            return
        stands = preview.stands and preview.stands.pk
        try:
            release = publish_draft(preview.draft, instead_of=stands, by=System("manage import_results"))
        except RuleViolation as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"{release} is in")

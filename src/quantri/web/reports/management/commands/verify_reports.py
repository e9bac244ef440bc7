"""Check that the program of today makes the files of frozen reports as they were made first."""

import sys

from django.conf import settings

from quantri.errors import DataError
from quantri.said import Said
from quantri.web.core.commands import SiteCommand
from quantri.web.reports.frozen_files import compare, is_kept
from quantri.web.reports.models import FrozenFile
from quantri.words import say

ALONG = ("report__plan", "report__template", "report__shipped")


class Command(SiteCommand):
    """`manage verify_reports`: 0 when all files are the same, or 1 and those that differ."""

    help = Said("Make the files of frozen reports again and compare them with the first ones.")

    def handle(self, **_options: object) -> None:
        keys = list(FrozenFile.objects.order_by("report", "ending").values_list("pk", flat=True))
        differing = sum(not self._is_same(key) for key in keys)  # one by one: a report is large
        language, same = settings.LANGUAGE_CODE, len(keys) - differing
        self.stdout.write(say("files of frozen reports: {n} the same, {m} different", language, n=same, m=differing))
        if differing:
            sys.exit(1)

    def _is_same(self, key: int) -> bool:
        row = FrozenFile.objects.select_related(*ALONG).get(pk=key)
        language, file = settings.LANGUAGE_CODE, f"{row.report} v{row.report.version}, {row.ending}"
        if not is_kept(row):
            self.stdout.write(say("{file}: the first file is not on the disk, or not whole", language, file=file))
        try:
            is_same = compare(row)
        except DataError as fault:
            self.stdout.write(say("{file}: could not be made: {fault}", language, file=file, fault=fault))
            return False
        if not is_same:
            day = f"{row.made_at:%Y-%m-%d}"
            self.stdout.write(say("{file}: differs from the one of {day}", language, file=file, day=day))
        return is_same

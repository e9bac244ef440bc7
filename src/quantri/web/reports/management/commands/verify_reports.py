"""Check that the program of today makes the files of frozen reports as they were made first."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from quantri.errors import DataError
from quantri.web.reports.frozen_files import compare, is_kept
from quantri.web.reports.models import FrozenFile
from quantri.words import say

ALONG = ("report__plan", "report__template", "report__shipped")


class Command(BaseCommand):
    """`manage verify_reports`: 0 when all files are the same, or 1 and those that differ."""

    help = "Make the files of frozen reports again and compare them with the first ones."

    def handle(self, **_options: object) -> None:
        keys = list(FrozenFile.objects.order_by("report", "ending").values_list("pk", flat=True))
        differing = sum(not self._is_same(key) for key in keys)  # one by one: a report is large
        self._say("files of frozen reports: {n} the same, {m} different", n=len(keys) - differing, m=differing)
        if differing:
            sys.exit(1)

    def _is_same(self, key: int) -> bool:
        row = FrozenFile.objects.select_related(*ALONG).get(pk=key)
        told = {"file": f"{row.report} v{row.report.version}, {row.ending}"}
        if not is_kept(row):
            self._say("{file}: the first file is not on the disk, or not whole", **told)
        try:
            is_same = compare(row)
        except DataError as fault:
            self._say("{file}: could not be made: {fault}", fault=fault, **told)
            return False
        if not is_same:
            self._say("{file}: differs from the one of {day}", day=f"{row.made_at:%Y-%m-%d}", **told)
        return is_same

    def _say(self, text: str, **told: object) -> None:
        self.stdout.write(say(text, settings.LANGUAGE_CODE, **told))

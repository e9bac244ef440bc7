"""The timer: does the regular work once, or again and again until it is ended."""

import os
import signal
import time

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import DatabaseError, connection

from quantri.said import Said
from quantri.web.core import timer
from quantri.web.core.commands import SiteCommand
from quantri.words import say


class Command(SiteCommand):
    """`manage tick`: for cron or a systemd timer; `serve` starts it with `--every 60`."""

    help = Said("Do the regular work that is due: letters, reminders, periods.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every", type=int, default=0, metavar="SECONDS", help=say("go on until ended", settings.LANGUAGE_CODE)
        )

    def handle(self, *, every: int, **_options: object) -> None:
        parent = os.getppid()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            while os.getppid() == parent:  # a server that was killed takes its timer along
                self._pass()
                if not every:
                    return
                self._wait(every, parent)
        except KeyboardInterrupt:
            return

    def _pass(self) -> None:
        try:
            timer.tick()
        except DatabaseError as fault:  # away for a moment: the next pass asks again
            self.stderr.write(say("timer: {fault}", settings.LANGUAGE_CODE, fault=fault))
            connection.close()

    def _wait(self, seconds: int, parent: int) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and os.getppid() == parent:
            time.sleep(min(1.0, seconds))

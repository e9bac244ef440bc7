"""The worker: takes one job after the other, each in a child process, until it is ended."""

import os
import signal
import subprocess
import sys
import time

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import DatabaseError, connection

from quantri.said import Said
from quantri.web.core import jobs
from quantri.web.core.commands import SiteCommand
from quantri.web.core.models import Job
from quantri.words import say

PAUSE = 1.0  # seconds between two looks
LONGEST = 3600.0  # seconds for one job
BROKEN = {
    "en": "the file could not be read to its end: it is damaged or not of its kind; save it anew and send it again",
    "vi": "không đọc được hết tệp: tệp hỏng hoặc không đúng loại; hãy lưu lại và gửi lại",
}


class Command(SiteCommand):
    """`manage work`: started by `serve` and ended with it."""

    help = Said("Do the jobs that pages put in the queue, one at a time.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help=say("do what waits, then end", settings.LANGUAGE_CODE))

    def handle(self, *, once: bool, **_options: object) -> None:
        parent = os.getppid()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            while os.getppid() == parent:  # a server that was killed takes its worker along
                if not self._work() and once:
                    return
                if not once:
                    time.sleep(PAUSE)
        except KeyboardInterrupt:
            return

    def _work(self) -> bool:
        """Do one job if there is one; a database that is away for a moment is asked again."""
        try:
            jobs.fail_lost()
            job = jobs.take()
            if job:
                do(job)
            return job is not None
        except DatabaseError as fault:
            self.stderr.write(say("worker: {fault}", settings.LANGUAGE_CODE, fault=fault))
            connection.close()
            return False


def do(job: Job) -> None:
    """Run a job in a child, and say again and again that it lives; a child that breaks fails the job."""
    child = subprocess.Popen([sys.executable, "-m", "quantri.web", "run_job", str(job.pk)])  # noqa: S603 - our own words
    ends = time.monotonic() + LONGEST
    try:
        while child.poll() is None:
            if not jobs.seen(job) or time.monotonic() > ends:
                child.kill()
            time.sleep(PAUSE / 4)
    except BaseException:  # the worker is ended: its child goes first
        child.kill()
        child.wait()
        jobs.fail(job, jobs.LOST)
        raise
    jobs.fail(job, BROKEN)  # has no effect on a job that has ended in order

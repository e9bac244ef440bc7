"""Do one job, in a process of its own: what a damaged file does to it harms nobody else."""

import sys
from functools import partial

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.module_loading import import_string

from quantri.errors import QuantriError
from quantri.said import Said
from quantri.web.core import jobs
from quantri.web.core.commands import SiteCommand
from quantri.web.core.models import Job
from quantri.words import LANGUAGES, said


class Command(SiteCommand):
    """`manage run_job PK`: called by the worker."""

    help = Said("Do one job that the worker has taken; people have no use for it.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pk", type=int)

    def handle(self, *, pk: int, **_options: object) -> None:
        job = Job.objects.get(pk=pk, state=Job.State.RUNNING)
        work = import_string(settings.JOBS[job.kind])
        try:
            work(job, partial(jobs.report, job))
        except jobs.Cancelled:
            sys.exit(0)
        except QuantriError as fault:
            jobs.fail(job, {language: _with_their_name(job, said(fault, language)) for language in LANGUAGES})


def _with_their_name(job: Job, sentence: str) -> str:
    """Call the file as who sent it called it; it lies here under a name of our own."""
    return sentence.replace(job.file, str(job.arguments.get("file", ""))) if job.file else sentence

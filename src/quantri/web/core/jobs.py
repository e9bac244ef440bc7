"""Jobs: put in the queue by a page, taken by the worker, ended once; a job's file goes when the job ends.

Every step is an update that asks for the state it starts from, so that two workers, a worker and a person who cancels,
or a worker that died cannot both end one job.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.core import audit
from quantri.web.core.audit import Actor, System
from quantri.web.core.models import Job

SILENT = timedelta(seconds=60)  # a running job whose worker was not seen for so long has lost it
WORKER = System("worker")
LOST = {
    "en": "the work stopped in the middle: the program or the machine ended; send the file again",
    "vi": "công việc dừng giữa chừng: chương trình hoặc máy đã tắt; hãy gửi lại tệp",
}


class Cancelled(Exception):
    """The job was ended from outside while it ran."""


def folder() -> Path:
    """Return the folder of the files that wait to be worked on; nobody else may read it."""
    made = settings.DATA_DIR / "jobs"
    made.mkdir(mode=0o700, exist_ok=True)
    return made


def path_of(job: Job) -> Path:
    return folder() / job.file


def keep_file(pieces: Iterable[bytes], ending: str) -> str:
    """Lay a file down for a job under a name of our own; return the name."""
    name = f"{secrets.token_hex(16)}{ending}"
    path = folder() / name
    path.touch(mode=0o600)
    with path.open("wb") as out:
        out.writelines(pieces)
    return name


def put(kind: str, arguments: Mapping[str, object], *, by: Actor, file: str = "", topic: str = "") -> Job:
    """Put a job in the queue, with a file or without; refuse while another of its kind and topic is open."""
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, topic=topic, arguments=dict(arguments), file=file, actor_key=str(by.pk),
                actor_name=by.get_username(),
            )  # fmt: skip
            audit.record("job.put", job, by=by)
    except IntegrityError:
        if not file:
            raise RuleViolation(_("This is being worked on already. Wait until it is done, or cancel it.")) from None
        (folder() / file).unlink(missing_ok=True)
        raise RuleViolation(_("Another file is being worked on. Wait until it is done, or cancel it.")) from None
    return job


def take() -> Job | None:
    """Take the oldest waiting job; another worker may be quicker."""
    for job in Job.objects.filter(state=Job.State.WAITING):
        now = timezone.now()
        taken = Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(state=Job.State.RUNNING, seen_at=now)
        if taken:
            return Job.objects.get(pk=job.pk)
    return None


def seen(job: Job) -> bool:
    """Say that the worker lives; False when the job has ended meanwhile."""
    return bool(Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(seen_at=timezone.now()))


def report(job: Job, progress: int, step: str) -> None:
    """Say how far a job is; raise when it was ended meanwhile."""
    if not Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(progress=progress, step=step):
        raise Cancelled


def finish(job: Job, result: str) -> None:
    """End a job that did its work; call it in the transaction of what it made."""
    if not _end(job, Job.State.RUNNING, state=Job.State.DONE, progress=100, result=result):
        raise Cancelled


def fail(job: Job, faults: Mapping[str, str]) -> None:
    """End a job that cannot be done, with the sentence in each language."""
    with transaction.atomic():
        if _end(job, Job.State.RUNNING, state=Job.State.FAILED, faults=dict(faults)):
            audit.record("job.failed", job, by=WORKER)


def cancel(job: Job, *, by: Actor) -> None:
    """End an open job on request; one that has ended stays as it is."""
    with transaction.atomic():
        if _end(job, *Job.OPEN, state=Job.State.CANCELLED):
            audit.record("job.cancelled", job, by=by)


def fail_lost() -> None:
    """End the running jobs whose worker is gone, and forget files that no open job names."""
    for job in Job.objects.filter(state=Job.State.RUNNING, seen_at__lt=timezone.now() - SILENT):
        fail(job, LOST)
    wanted = set(Job.objects.open().values_list("file", flat=True))
    old = (timezone.now() - SILENT).timestamp()
    for path in folder().iterdir():
        if path.name not in wanted and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)


def _end(job: Job, *from_states: str, **changes: object) -> bool:
    ended = Job.objects.filter(pk=job.pk, state__in=from_states).update(ended_at=timezone.now(), **changes)
    if ended and job.file:
        transaction.on_commit(lambda: path_of(job).unlink(missing_ok=True))
    return bool(ended)

"""The queue: one open job of a kind, each ended once, and its file goes with it."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from quantri.errors import RuleViolation
from quantri.web.core import jobs
from quantri.web.core.management.commands import work
from quantri.web.core.models import Job


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def put(by) -> Job:
    return jobs.put("surveys.score", {"name": "x"}, file=jobs.keep_file([b"rows"], ".csv"), by=by)


def test_a_second_job_of_a_kind_is_refused_and_its_file_goes(coordinator, db):
    first = put(coordinator)
    with pytest.raises(RuleViolation):
        put(coordinator)
    assert [p.name for p in jobs.folder().iterdir()] == [first.file]


def test_a_file_that_waits_is_for_the_site_alone(coordinator, db):
    path = jobs.path_of(put(coordinator))
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0


def test_a_job_is_taken_once(coordinator, db):
    put(coordinator)
    assert jobs.take() is not None
    assert jobs.take() is None


def test_a_job_ends_once_and_its_file_with_it(coordinator, db, django_capture_on_commit_callbacks):
    job = put(coordinator)
    jobs.take()
    with django_capture_on_commit_callbacks(execute=True):
        jobs.cancel(job, by=coordinator)
    assert not jobs.path_of(job).exists()
    jobs.fail(job, {"en": "late"})
    with pytest.raises(jobs.Cancelled):
        jobs.finish(job, "round")
    with pytest.raises(jobs.Cancelled):
        jobs.report(job, 50, "scoring")
    job.refresh_from_db()
    assert (job.state, job.faults, job.result) == (Job.State.CANCELLED, {}, "")


def test_a_job_whose_worker_was_not_seen_for_a_minute_has_failed_and_another_can_be_put(
    coordinator, db, django_capture_on_commit_callbacks
):
    job = put(coordinator)
    jobs.take()
    jobs.fail_lost()
    assert Job.objects.get(pk=job.pk).state == Job.State.RUNNING
    Job.objects.filter(pk=job.pk).update(seen_at=timezone.now() - timedelta(minutes=2))
    with django_capture_on_commit_callbacks(execute=True):
        jobs.fail_lost()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED and "send the file again" in job.faults["en"]
    assert not jobs.path_of(job).exists()
    assert put(coordinator).is_open


def test_a_file_that_no_open_job_names_is_forgotten(db):
    path = jobs.folder() / "left-behind.csv"
    path.write_text("rows")
    os.utime(path, (1, 1))
    jobs.fail_lost()
    assert not path.exists()


def test_a_child_that_breaks_fails_its_job_with_a_sentence(coordinator, db, monkeypatch):
    monkeypatch.setattr(work.sys, "executable", "/bin/false")
    job = put(coordinator)
    call_command("work", once=True)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED and "save it anew" in job.faults["en"] and "lưu lại" in job.faults["vi"]


def test_jobs_are_seen_by_who_put_them(coordinator, outsider, db):
    job = put(coordinator)
    assert list(Job.objects.visible_to(coordinator)) == [job]
    assert not Job.objects.visible_to(outsider).exists()


def _listens(pid: int) -> bool:
    """Say whether a process has set what it does when it is told to end."""
    caught = Path(f"/proc/{pid}/status").read_text().partition("SigCgt:")[2].split()[0]
    return bool(int(caught, 16) & 1 << (signal.SIGTERM - 1))


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks the process up in /proc")
def test_a_worker_that_is_told_to_end_ends_at_once(tmp_path):
    environment = os.environ | {"QUANTRI_DATA_DIR": str(tmp_path), "QUANTRI_DEMO": "1"}
    subprocess.run([sys.executable, "-m", "quantri.web", "migrate", "-v0"], env=environment, check=True, timeout=120)
    worker = subprocess.Popen([sys.executable, "-m", "quantri.web", "work"], env=environment)
    while not _listens(worker.pid):
        assert worker.poll() is None
        time.sleep(0.1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=10) == 0


def test_jobs_of_a_kind_with_topics_of_their_own_are_open_together_and_need_no_file(coordinator, db):
    first = jobs.put("calendar.changed", {}, topic="2026", by=coordinator)
    second = jobs.put("calendar.changed", {}, topic="2027", by=coordinator)
    with pytest.raises(RuleViolation):
        jobs.put("calendar.changed", {}, topic="2026", by=coordinator)
    assert first.is_open and second.is_open
    taken = jobs.take()
    jobs.finish(taken, "")
    jobs.put("calendar.changed", {}, topic=taken.topic, by=coordinator)
    jobs.fail_lost()

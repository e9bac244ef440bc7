"""Measure the pages and the night work of a full site; prints the tables of benchmarks/README.md.

.venv/bin/python benchmarks/year.py --folder /tmp/year --scale 0.1             a tenth of a country on SQLite
.venv/bin/python benchmarks/year.py --folder /tmp/year --scale 1 --postgresql  all of it on a PostgreSQL of its own

The folder keeps the rows, so that a second run only measures; whatever the measuring itself writes is rolled back.
"""

import argparse
import math
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
COUNTRY = {"tasks": 100_000, "reports": 1_000_000, "audit": 1_000_000}  # at scale 1
COMMUNES = 3_321  # that receive one task
WIDEST = ("coordinator", "leader", "administrator")


def as_server(*command: str | Path) -> list[str]:
    """Run a command as an ordinary user, since PostgreSQL refuses to run as root."""
    words = [str(word) for word in command]
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else words


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start a server on the folder's own data; give its address."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)[0]
    data = folder / "postgresql"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if not data.exists():
        data.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(data, "postgres")
        made = as_server(programs / "initdb", "-D", data / "data", "-A", "trust", "-U", "quantri", "-E", "UTF8")
        subprocess.run(made, check=True, capture_output=True, cwd=data)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {data}"
    control = [programs / "pg_ctl", "-D", data / "data", "-w", "-l", data / "log"]
    subprocess.run(as_server(*control, "-o", options, "start"), check=True, cwd=data, stdout=subprocess.DEVNULL)
    try:
        yield f"postgres://quantri@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(as_server(*control, "stop"), check=True, cwd=data, stdout=subprocess.DEVNULL)


def make(scale: float) -> None:
    """Fill the database, unless that was done; in processes of their own, so that their memory is not counted."""
    manage = [sys.executable, "-m", "quantri.web"]
    sizes = [f"--{name}={int(n * scale)}" for name, n in COUNTRY.items()]
    began = time.perf_counter()
    subprocess.run([*manage, "migrate", "-v0"], check=True)
    subprocess.run([*manage, "make_load", "--seed", "1", *sizes], check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    took, busy, peak = time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
    print(f"\nRows made in {took:.0f} s, {busy:.0f} s of processor time, {peak} MB; load {os.getloadavg()[0]:.1f}")


def pages() -> list[tuple[str, str, str]]:
    """Addresses with who reads them: visitors, the most limited role and the widest."""
    from django.urls import reverse

    from quantri.web.appraisal.models import Entry
    from quantri.web.figures.models import Figure
    from quantri.web.plans.models import Plan
    from quantri.web.tasks.models import ReportingPeriod, Task

    plan = Plan.objects.filter(published_at__isnull=False).order_by("pk")[0]
    period = ReportingPeriod.objects.filter(plan=plan, locked_at=None).order_by("pk")[0]
    task = Task.objects.filter(plan=plan).order_by("pk")[0]
    visit, (public_figures, staff_figures) = _visit(plan), _tables(plan.province)
    entry = Entry.objects.get(exercise__province=plan.province, agency=visit.agency)
    report, part = _report(plan), task.assignments.order_by("pk")[0]
    commune = Figure.objects.filter(sheet__province=plan.province, unit__isnull=False).order_by("pk")[0].unit.key
    province = plan.province.key
    open_to_all = {
        "portal:plans": (), "portal:plan": (plan.pk,), "figures:list": (), "figures:table": public_figures,
        "figures:commune": (commune,), "figures:component": ("D1",), "followup:progress": (plan.pk,),
        "inspections:outcomes": (plan.pk,), "places:search": (),
        "places:communes": (province,), "deadlines:year": (plan.year,), "deadlines:rules": (),
    }  # fmt: skip
    plain = open_to_all | {
        "work:mine": (), "work:period": (period.pk,), "work:task": (task.pk,), "core:notices": (), "agencies:list": (),
        "agencies:detail": (visit.agency_id,), "appraisal:list": (), "appraisal:exercise": (entry.exercise_id,),
        "appraisal:entry": (entry.pk,), "inspections:list": (), "inspections:programme": (visit.programme_id,),
        "inspections:visit": (visit.pk,), "deadlines:clocks": (), "figures:measures": (), "followup:letters": (),
    }  # fmt: skip
    wide = {
        "work:overview": (period.pk,), "work:periods": (plan.pk,), "work:links": (period.pk,), "work:give": (task.pk,),
        "work:parts": (task.pk,), "work:part": (part.pk,), "work:task-history": (task.pk,),
        "followup:follow": (), "followup:lead": (), "core:trail": (), "core:outbox": (), "tasks:list": (plan.pk,),
        "plans:targets": (plan.pk,), "plans:owners": (plan.pk,), "plans:bases": (plan.pk,), "plans:state": (plan.pk,),
        "reports:documents": (plan.pk,), "reports:list": (plan.pk,),
        "reports:report": report, "reports:traces": report, "inspections:questions": (visit.programme_id,),
        "figures:table": staff_figures, "agencies:dormant": (), "agencies:invitations": (),
        "surveys:rounds": (), "followup:agency": (part.agency_id,), "accounts:mine": (),
    }  # fmt: skip
    readers_of = {"visitor": open_to_all, "limited": plain, "widest": plain | wide}
    return [(name, reverse(name, args=args), who) for who, read in readers_of.items() for name, args in read.items()]


def _visit(plan: Any) -> Any:
    """Choose a visit with findings to a commune of the plan's province; the limited reader works there."""
    from quantri.web.inspections.models import Visit

    found = Visit.objects.filter(programme__plan=plan, findings__isnull=False, agency__kind="people_committee")
    return found.order_by("pk")[0]


def _tables(province: Any) -> tuple[tuple[str, str], tuple[str, str]]:
    """Choose a period of figures that is public, and one that is only the staff's."""
    from quantri.web.figures.models import FigureSheet

    sheets = FigureSheet.objects.filter(province=province)
    public, kept = (sheets.filter(published_at__isnull=is_kept).order_by("-ends_on")[0] for is_kept in (False, True))
    return (province.key, public.period_key), (province.key, kept.period_key)


def _report(plan: Any) -> tuple[int, int]:
    """Begin a yearly report whose page is then read."""
    from quantri.web.reports.synthesis_actions import begin_report

    return plan.pk, begin_report(plan, _year_of(plan), by=_coordinator(plan.province)).pk


def _year_of(plan: Any) -> Any:
    from quantri.web.reports.synthesis_actions import periods_for

    return next(period for period in periods_for(plan) if period.kind == "year")


def _coordinator(province: Any) -> Any:
    from quantri.web.accounts.models import User

    return User.objects.filter(memberships__agency__province=province, memberships__role="coordinator")[0]


def readers() -> dict[str, Any]:
    """Sign a commune's officer in, and somebody who holds every steering role in a province."""
    from django.test import Client

    from quantri.web.accounts.models import Membership, User
    from quantri.web.plans.models import Plan

    plan = Plan.objects.filter(published_at__isnull=False).order_by("pk")[0]
    province = plan.province_id
    wide = User.objects.get(memberships__agency__province=province, memberships__role="coordinator")
    committee = wide.memberships.get().agency
    since = wide.memberships.get().valid_from
    for role in WIDEST[1:]:
        Membership.objects.create(user=wide, agency=committee, role=role, with_subtree=True, valid_from=since)
    officer = _visit(plan).agency.memberships.filter(role="officer").order_by("pk")[0].user
    found = {"visitor": Client(), "limited": Client(), "widest": Client()}
    found["limited"].force_login(officer)
    found["widest"].force_login(wide)
    return found


def measured(client: Any, path: str, n: int) -> tuple[int, int, list[float], float, int]:
    """Status, queries, milliseconds of n requests, processor milliseconds of one, and bytes of a page."""
    from django.db import connection

    asked = []

    def count(execute: Any, *question: Any) -> Any:
        asked.append(question[0])
        return execute(*question)

    client.get(path)
    with connection.execute_wrapper(count):
        answer = client.get(path)
    found, busy = [], time.process_time()
    for _ in range(n):
        began = time.perf_counter()
        client.get(path)
        found.append((time.perf_counter() - began) * 1000)
    busy = (time.process_time() - busy) / n * 1000
    return answer.status_code, len(asked), sorted(found), busy, len(answer.content)


def print_pages(n: int) -> None:
    clients = readers()
    print("| page | reader | answer | queries | p50 ms | p95 ms | processor ms | KB | load |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, path, who in [("an empty view", "/health", "visitor"), *pages()]:
        status, queries, found, busy, size = measured(clients[who], path, n)
        p95 = found[math.ceil(len(found) * 0.95) - 1]
        times = f"{statistics.median(found):.0f} | {p95:.0f} | {busy:.0f}"
        print(f"| {name} | {who} | {status} | {queries} | {times} | {size / 1024:.0f} | {os.getloadavg()[0]:.1f} |")
        sys.stdout.flush()


def print_row(name: str, act: Callable[[], Any], of: str) -> Any:
    """Do a piece of work, and print how long it took by the clock and by the processor."""
    began, busy = time.perf_counter(), time.process_time()
    found = act()
    took, busy = time.perf_counter() - began, time.process_time() - busy
    said = of.format(n=found) if isinstance(found, int) else of
    print(f"| {name} | {took:.1f} | {busy:.1f} | {said} | {os.getloadavg()[0]:.1f} |")
    sys.stdout.flush()
    return found


def print_work() -> None:
    """Time a day's digests, one task for all communes, a yearly report, and reading the largest table as the limit."""
    from django.utils import timezone

    from quantri.web.accounts.models import Agency
    from quantri.web.deadlines import calendars
    from quantri.web.followup.digests import send_digests
    from quantri.web.reports.synthesis_actions import begin_report, freeze_report
    from quantri.web.reports.synthesis_files import report_docx
    from quantri.web.tasks.bulk import PartDraft, give_to_all
    from quantri.web.tasks.models import Progress, Task

    print("\n| work | seconds | processor s | of | load |\n|---|---|---|---|---|")
    day = calendars.current().next_working(timezone.localdate() + timedelta(days=1))
    morning = datetime(day.year, day.month, day.day, 9, tzinfo=timezone.get_current_timezone())
    print_row("digests of a day", lambda: send_digests(morning), "{n} people")
    task = Task.objects.filter(plan__published_at__isnull=False).select_related("plan").order_by("pk")[0]
    province = task.plan.province
    missing = COMMUNES - Agency.objects.filter(province=province).count()
    Agency.objects.bulk_create(Agency(province=province, name_vi=f"Xã thêm {n} (mô phỏng)") for n in range(missing))
    coordinator, communes = _coordinator(province), list(Agency.objects.filter(province=province))
    print_row(
        "one task for many agencies", lambda: give_to_all(task, communes, PartDraft(), by=coordinator), "{n} new parts"
    )
    plan, tasks = task.plan, f"{Task.objects.filter(plan=task.plan).count()} tasks"
    report = begin_report(plan, _year_of(plan), by=coordinator)
    report = print_row("the yearly report of a plan", lambda: freeze_report(report, by=coordinator), tasks)
    print_row("its Word file", lambda: report_docx(report.content, None), tasks)
    print_excel(plan)
    reports = Progress.objects.values_list("pk", "text").iterator(chunk_size=5000)
    print_row("reading every report once (the limit)", lambda: sum(1 for _ in reports), "{n} reports")


def print_excel(plan: Any) -> None:
    """Time the tasks of a plan on their way out as Excel and in again: 5,000 of them."""
    from django.db import transaction

    from quantri.web.core.tables import xlsx_file
    from quantri.web.indices.lookup import known
    from quantri.web.tasks import task_rows
    from quantri.web.tasks.models import Task

    codes = frozenset(c.code for c in known().edition(plan.base_year).definition)
    with transaction.atomic():
        more = 5_000 - Task.objects.current().filter(plan=plan).count()
        Task.objects.bulk_create(
            [Task(plan=plan, title=f"Nhiệm vụ thêm {n}", components=["D1"]) for n in range(max(more, 0))]
        )
        rows = print_row("tasks as rows of Excel", lambda: task_rows.rows_of(plan), "5000 tasks")
        file = print_row("their file", lambda: xlsx_file("tasks", task_rows.header(), rows, []).content, "5000 tasks")
        print_row("the file compared with the plan", lambda: task_rows.compare(plan, file, codes), "5000 tasks")
        transaction.set_rollback(True)


def print_all(n: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quantri.web.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection, transaction

    from quantri.web.server import share_what_stays

    settings.ALLOWED_HOSTS = ["testserver"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as the server does of itself, some minutes after so many rows
    print(f"\n{connection.vendor}, load {os.getloadavg()[0]:.1f} at the beginning\n")
    with transaction.atomic():
        print_work()
        print()
        share_what_stays()  # as the site is served
        print_pages(n)
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nPeak memory: {peak} MB; load {os.getloadavg()[0]:.1f} at the end")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="where the rows are kept")
    parser.add_argument("--scale", type=float, default=0.1, help="1: 100,000 tasks, a million reports and entries")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("-n", type=int, default=20, help="requests of each page")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    source = str(ROOT / "src")
    sys.path.insert(0, source)
    os.environ |= {"QUANTRI_DATA_DIR": str(chosen.folder), "QUANTRI_DEMO": "1", "PYTHONPATH": source}
    if not chosen.postgresql:
        if not (chosen.folder / "quantri.sqlite3").exists():
            make(chosen.scale)
        print_all(chosen.n)
        return
    is_new = not (chosen.folder / "postgresql").exists()
    with postgresql(chosen.folder) as address:
        os.environ["QUANTRI_DATABASE_URL"] = address
        if is_new:
            make(chosen.scale)
        print_all(chosen.n)


if __name__ == "__main__":
    main()

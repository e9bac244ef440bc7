"""Two people act at the very same time, through the pages and on a real database; prints each race that held."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 3
PAUSE = 0.02  # seconds before each write, so that both are in the middle at once


def check(**settings: str) -> None:
    """Run this file as a program on a database of its own; each race has to hold."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QUANTRI_")} | {
        "DJANGO_SETTINGS_MODULE": "quantri.web.settings", "PYTHONPATH": str(ROOT / "src"), "QUANTRI_DEMO": "1",
        "QUANTRI_LANGUAGE": "en",
    } | settings  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(Path(__file__))], env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.stdout.split() == [race.__name__ for race in RACES], done.stdout + done.stderr[-4000:]


class World:
    """A province with an office that coordinates, an agency with two officers, and a plan in force."""

    def __init__(self) -> None:
        from django.utils import timezone

        from quantri.web.accounts.models import Agency, Role
        from quantri.web.places.models import Province, UnitName
        from quantri.web.plans.models import Plan

        self.today = timezone.localdate()
        province = Province.objects.create(key="vn34-91", level="province", code="91")
        UnitName.objects.create(unit=province, name_vi="An Giang", kind=UnitName.Kind.PROVINCE)
        self.office = Agency.objects.create(province=province, name_vi="Sở Nội vụ")
        self.agency = Agency.objects.create(province=province, name_vi="Sở Y tế")
        self.coordinators = [self.member(self.office, Role.COORDINATOR) for _ in range(2)]
        self.officers = [self.member(self.agency, Role.OFFICER) for _ in range(2)]
        self.plan = Plan.objects.create(
            province=province, base_unit=province, base_year=2024, year=self.today.year, title="Kế hoạch",
            state=Plan.State.ISSUED, number="15/KH-UBND", number_year=self.today.year, issued_on=self.today,
        )  # fmt: skip

    def member(self, agency: Any, role: str) -> Any:
        from quantri.web.accounts.models import Membership, User

        user = User.objects.create(username=f"{role}-{User.objects.count()}")
        Membership.objects.create(user=user, agency=agency, role=role, valid_from=self.today)
        return user

    def part(self) -> tuple[Any, Any]:
        """Give a period that is open, and the one part that reports in it."""
        from quantri.web.tasks.models import Assignment, ReportingPeriod, Task

        number = ReportingPeriod.objects.count() + 1
        task = Task.objects.create(plan=self.plan, title=f"Nhiệm vụ {number}")
        period = ReportingPeriod.objects.create(
            plan=self.plan, kind="quarter", year=2026, number=number, name_vi="Quý", name_en="Quarter", is_main=True,
            starts_on=self.today - timedelta(days=60), ends_on=self.today, cut_off_on=self.today + timedelta(days=3),
        )  # fmt: skip
        return period, Assignment.objects.create(task=task, agency=self.agency, part=Assignment.Part.LEAD)


# ---- how two act at once


def signed_in(user: Any) -> Any:
    from django.test import Client

    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def at_once(*posts: tuple[Any, str, dict[str, object]]) -> list[Any]:
    """Send forms of several clients at the same moment; return the answers in their order."""
    ready, answers = threading.Barrier(len(posts)), [None] * len(posts)

    def send(place: int, client: Any, address: str, form: dict[str, object]) -> None:
        from django.db import connection

        ready.wait(30)
        with connection.execute_wrapper(slowly):
            answers[place] = client.post(address, form)
        connection.close()

    threads = [threading.Thread(target=send, args=(place, *post)) for place, post in enumerate(posts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def slowly(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
    if sql.startswith(("INSERT", "UPDATE", "DELETE")):
        time.sleep(PAUSE)
    return execute(sql, params, many, context)


def typed(words: str) -> dict[str, object]:
    return {"kind": "worked", "text": words, "seen": "0"}


def revisions(part: Any) -> list[str]:
    from quantri.web.tasks.models import Revision

    found = Revision.objects.filter(progress__assignment=part).order_by("pk")
    return [revision.content["text"] for revision in found]


def entries(action: str, row: Any) -> int:
    from quantri.web.core.models import AuditEntry

    return AuditEntry.objects.of(row).filter(action=action).count()


def last_actions(*actions: str) -> list[str]:
    """Give the last two of some actions in the order in which the trail tells them."""
    from quantri.web.core.models import AuditEntry

    found = AuditEntry.objects.filter(action__in=actions).order_by("-number")[:2]
    return [entry.action for entry in found][::-1]


# ---- the races


def lock_while_a_report_is_sent(world: World) -> None:
    """The report is in before the lock, or its writer is told and keeps the words."""
    period, part = world.part()
    locked, sent = at_once(
        (signed_in(world.coordinators[0]), f"/work/periods/{period.pk}/lock/", {}),
        (signed_in(world.officers[0]), f"/work/periods/{period.pk}/parts/{part.pk}/", typed("Đã niêm yết")),
    )
    period.refresh_from_db()
    assert locked.status_code == 302 and period.is_locked and entries("period.locked", period) == 1
    if sent.status_code == 302:
        assert revisions(part) == ["Đã niêm yết"]
        assert last_actions("report.submitted", "period.locked") == ["report.submitted", "period.locked"]
    else:
        shown = sent.content.decode()
        assert sent.status_code == 409 and revisions(part) == []
        assert "This period is locked." in shown and "Đã niêm yết" in shown


def two_officers_report_the_same_part(world: World) -> None:
    """One report is kept; the other writer sees both."""
    period, part = world.part()
    address = f"/work/periods/{period.pk}/parts/{part.pk}/"
    answers = at_once(*((signed_in(o), address, typed(f"Bản {n}")) for n, o in enumerate(world.officers)))
    assert sorted(a.status_code for a in answers) == [302, 409]
    kept = revisions(part)
    shown = next(a for a in answers if a.status_code == 409).content.decode()
    assert len(kept) == 1 and "Bản 0" in shown and "Bản 1" in shown


def a_link_is_used_by_two(world: World) -> None:
    """A one-use link takes one report; the other one is told why not."""
    from quantri.web.tasks.links import make_links
    from quantri.web.tasks.models import OneUseLink

    period, part = world.part()
    token = make_links(period, [part], by=world.coordinators[0])[0].token
    answers = at_once(*((signed_in(None), f"/r/{token}/", typed(f"Bản {n}")) for n in range(2)))
    assert [a.status_code for a in answers].count(200) == 1
    refused = next(a for a in answers if a.status_code != 200)
    assert refused.status_code in (409, 410) and "This link was used." in refused.content.decode()
    assert len(revisions(part)) == 1 and OneUseLink.objects.get(assignment=part).used_at


def two_coordinators_decide(world: World) -> None:
    """One decision holds: accepted or returned, never both, and the other one is told."""
    from quantri.web.tasks.models import Progress
    from quantri.web.tasks.reporting import Reported, submit

    period, part = world.part()
    report = submit(part, period, Reported(kind="completed", text="Xong"), seen=0, by=world.officers[0])
    address, seen = f"/work/reports/{report.pk}/", str(report.mark)
    answers = at_once(
        (signed_in(world.coordinators[0]), address, {"accept": "1", "seen": seen}),
        (signed_in(world.coordinators[1]), address, {"give_back": "1", "text": "Thiếu minh chứng", "seen": seen}),
    )
    assert sorted(a.status_code for a in answers) == [302, 409]
    part.refresh_from_db()
    state = Progress.objects.get(pk=report.pk).state
    told = (entries("report.accepted", report), entries("report.returned", report), part.closed_on is not None)
    assert (state, *told) in (("accepted", 1, 0, True), ("returned", 0, 1, False))


def a_role_ends_while_its_holder_sends(world: World) -> None:
    """What came before the end is kept; what came after it is refused, and the trail never tells otherwise."""
    from quantri.web.accounts.models import Membership, Role

    period, part = world.part()
    leaver = world.member(world.agency, Role.OFFICER)
    member = Membership.objects.get(user=leaver)
    ended, sent = at_once(
        (signed_in(world.coordinators[0]), f"/agencies/members/{member.pk}/leave/", {"to": ""}),
        (signed_in(leaver), f"/work/periods/{period.pk}/parts/{part.pk}/", typed("Của người rời đi")),
    )
    member.refresh_from_db()
    assert ended.status_code == 302 and member.valid_to == world.today
    assert len(revisions(part)) == (1 if sent.status_code == 302 and "/work/" in sent["Location"] else 0)
    assert sent.status_code in (302, 403, 404) and (sent.status_code == 302 or b"<h1>" in sent.content)
    if revisions(part):
        assert last_actions("report.submitted", "member.left") == ["report.submitted", "member.left"]


def two_start_the_same_time_limit_and_two_close_it(world: World) -> None:
    """It runs once and is closed once; whoever comes second is told."""
    from quantri.web.deadlines.actions import load_rules
    from quantri.web.deadlines.models import Clock

    load_rules(by=world.coordinators[0])
    started = Clock.objects.count()
    form = {"rule": "info.correct", "matter": f"Việc {started}", "agency": world.agency.pk,
            "day": world.today.isoformat(), "time": "0:00"}  # fmt: skip
    answers = at_once(*((signed_in(o), "/clocks/new/", form) for o in world.officers))
    assert sorted(a.status_code for a in answers) == [302, 409] and Clock.objects.count() == started + 1
    clock = Clock.objects.latest("pk")
    answers = at_once(
        *((signed_in(o), f"/clocks/{clock.pk}/close/", {"on": world.today.isoformat()}) for o in world.officers)
    )
    assert sorted(a.status_code for a in answers) == [302, 409]
    assert entries("clock.started", clock) == entries("clock.stopped", clock) == 1


RACES = [
    lock_while_a_report_is_sent, two_officers_report_the_same_part, a_link_is_used_by_two, two_coordinators_decide,
    a_role_ends_while_its_holder_sends, two_start_the_same_time_limit_and_two_close_it,
]  # fmt: skip


def main() -> None:
    """Prepare, run each race some times, and check the chain."""
    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0)
    world = World()
    for race in RACES:
        for _ in range(ROUNDS):
            race(world)
        print(race.__name__)  # noqa: T201
    call_command("verify_audit", stdout=sys.stderr)


if __name__ == "__main__":
    main()

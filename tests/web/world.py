"""What the addresses of the site name in a test of all of them, and people in every role and place."""

import hashlib
from datetime import timedelta

from django.utils import timezone

from figure_files import bring
from people import SYSTEM
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.agencies import add_agency
from quantri.web.accounts.invitations import Invited, invite
from quantri.web.accounts.models import Agency, Membership, Role, User
from quantri.web.appraisal.exercises import ExerciseDraft, open_exercise
from quantri.web.appraisal.models import Appeal, Proof
from quantri.web.appraisal.sheets import example_sheet
from quantri.web.core import outbox
from quantri.web.core.models import Job
from quantri.web.core.uploads import path_of
from quantri.web.deadlines.clocks import Event, start_clock
from quantri.web.deadlines.models import CalendarYear, DayOverride, LegalRule
from quantri.web.figures.measures import add_measure
from quantri.web.followup.models import ProgressPublication
from quantri.web.indices.models import Release
from quantri.web.inspections.checklist import add_question
from quantri.web.inspections.findings import FindingDraft, add_finding, answer, send_findings
from quantri.web.inspections.models import Attachment, OutcomePublication, Visit
from quantri.web.inspections.outcomes import outcome_of
from quantri.web.inspections.places import choose_places
from quantri.web.inspections.programmes import ProgrammeDraft, add_to_team, make_programme
from quantri.web.inspections.visits import VisitDraft, plan_visit, record_checks
from quantri.web.places.models import Boundary, BoundarySet, Province, Unit
from quantri.web.plans.actions import make_plan, set_owners
from quantri.web.plans.bases import add_basis
from quantri.web.plans.consulting import send_for_opinions
from quantri.web.plans.issuing import issue_plan
from quantri.web.plans.models import Plan
from quantri.web.plans.revising import start_revision
from quantri.web.reports.actions import freeze_draft
from quantri.web.reports.official.kinds import kinds
from quantri.web.reports.synthesis_actions import begin_report, periods_for
from quantri.web.reports.templating import propose_template
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.links import make_links
from quantri.web.tasks.models import Evidence, Extension, Handover, OneUseLink, Progress, ReportingPeriod
from quantri.web.tasks.periods import open_periods

ROLES = (Role.COORDINATOR, Role.LEADER, Role.OFFICER, Role.OVERSEER, Role.ANALYST, Role.ADMINISTRATOR)
World = dict[str, object]
_EMPTY = hashlib.sha256().hexdigest()
CALENDAR = """year = 2031
notices = ["000/TB-BNV"]
certainty = "A"
[[off]]
date = 2031-01-01
name_vi = "Tết Dương lịch"
name_en = "New Year's Day"
"""


def person(name: str, agency: Agency | None = None, role: Role = Role.OFFICER) -> User:
    user = User.objects.create(username=name, full_name=name)
    if agency is not None:
        Membership.objects.create(user=user, agency=agency, role=role, valid_from="2020-01-01")
    return user


def make_world(province: Province) -> World:
    """Make one of each thing, all of the own province and agency, and the people by group."""
    own = ensure_agency(province, "Sở Nội vụ", by=SYSTEM)
    sister = add_agency(province, "Sở Tài chính", by=SYSTEM)
    elsewhere = ensure_agency(Province.objects.get(key="vn34-82"), "Sở Nội vụ", by=SYSTEM)
    places = {"own": own, "sister": sister, "elsewhere": elsewhere}
    groups = [[person(f"{where}-{role}", agency, role) for role in ROLES] for where, agency in places.items()]
    maker = groups[0][0]
    plan = _plan(province, 2027, maker)
    return {
        "groups": [*groups, _at_the_ends(province), [person("outside")], [None]], "agency": own.pk,
        "release": Release.objects.first().pk,
        "historic": Plan.objects.get(number="135/KH-UBND").pk,
        **_people(own, maker), **_draft(plan, own, maker), **_running(_plan(province, 2026, maker), own, maker),
        **_inspected(own, sister, maker), **_days(own, maker), **_classes(own, sister, maker), **_figures(own, maker),
        **_revised(_plan(province, 2028, maker), own, maker), "earlier": _earlier(province, maker).pk,
    }  # fmt: skip


def _at_the_ends(province: Province) -> list[User]:
    """Leader and administrator of the province's people's committee, then of a commune's."""
    committee = ensure_agency(province, "UBND tỉnh An Giang", by=SYSTEM)
    commune = add_agency(
        province, "UBND phường Long Xuyên", by=SYSTEM, parent=committee, kind=Agency.Kind.PEOPLE_COMMITTEE,
        unit=Unit.objects.get(key="vn25-30307"),
    )  # fmt: skip
    return [
        person(f"{where}-{role}", agency, role)
        for where, agency in (("province", committee), ("commune", commune))
        for role in (Role.LEADER, Role.ADMINISTRATOR)
    ]


def _plan(province: Province, year: int, maker: User) -> Plan:
    base = Province.objects.get(key="vn63-89")
    return make_plan(province, base_unit=base, index="papi", base_year=2024, year=year, by=maker)


def _earlier(province: Province, maker: User) -> Plan:
    plan = _plan(province, 2025, maker)
    add_tasks(plan, [TaskDraft(title="Nhiệm vụ")], by=maker)
    return plan


def _revised(plan: Plan, own: Agency, maker: User) -> World:
    """Make a revision of a plan in force, to which one task moves over."""
    today = timezone.localdate()
    [task] = add_tasks(plan, [TaskDraft(title="Nhiệm vụ", leads=("Sở Nội vụ",))], by=maker)
    send_for_opinions(plan, [own], asked_on=today, answer_by=None, by=maker)
    issue_plan(plan, number="2/KH-UBND", issued_on=today, by=maker)
    return {"revision": start_revision(plan, by=maker).pk, "moving": task.pk}


def _people(own: Agency, maker: User) -> World:
    member, dormant = person("member", own), person("dormant", own)
    User.objects.filter(pk=dormant.pk).update(date_joined=timezone.now() - timedelta(days=99))
    job = Job.objects.create(kind="surveys.score", actor_key=str(maker.pk), actor_name="x")
    scope = own.province.key
    letter = outbox.post(key="letter", recipient=maker, subject="Thư", body="Nội dung", scope=scope)
    notice = outbox.post(key="notice", recipient=maker, subject="Tin", body="x", channel="notice", scope=scope)
    return {
        "letter": letter.pk, "notice": notice.pk, "member": member.memberships.get().pk,
        "dormant": dormant.pk, "job": job.pk,
        "invitation": invite(own, Invited(role=Role.OFFICER), by=maker).pk,
    }  # fmt: skip


def _documents(plan: Plan, maker: User) -> World:
    plan.refresh_from_db()
    shipped = kinds()["bao-cao"].template.read_bytes()
    return {
        "synthesis": begin_report(plan, periods_for(plan)[0], by=maker).pk,
        "template": propose_template(plan.province, "bao-cao", shipped, by=maker).pk,
    }


def _publication(plan: Plan, period: ReportingPeriod) -> ProgressPublication:
    return ProgressPublication.objects.create(plan=plan, period=period, content={}, sha256="0" * 64, reason="x")


def _draft(plan: Plan, own: Agency, maker: User) -> World:
    [task] = add_tasks(plan, [TaskDraft(title="Nhiệm vụ", leads=("Sở Nội vụ",))], by=maker)
    set_owners(plan, "D1", [own], by=maker)
    other = Province.objects.get(key="vn63-91")
    basis = add_basis(plan, index="papi", base_unit=other, base_year=2024, by=maker)
    sha = freeze_draft(plan, by=maker).sha256
    send_for_opinions(plan, [own], asked_on=timezone.localdate(), answer_by=None, by=maker)
    return {
        "plan": plan.pk, "task": task.pk, "owner": plan.owners.get().pk, "sha": sha,
        "opinion": plan.opinions.get().pk, "basis": basis.pk,
    }  # fmt: skip


def _running(plan: Plan, own: Agency, maker: User) -> World:
    today = timezone.localdate()
    due = today + timedelta(days=30)
    [task] = add_tasks(plan, [TaskDraft(title="Nhiệm vụ", leads=("Sở Nội vụ",), due_on=due)], by=maker)
    send_for_opinions(plan, [own], asked_on=today, answer_by=None, by=maker)
    issue_plan(plan, number="1/KH-UBND", issued_on=today, by=maker)
    open_periods(plan, "quarter", by=maker)
    part, period = task.assignments.get(), plan.periods.first()
    period.starts_on, period.ends_on, period.cut_off_on = today - timedelta(days=60), today, today + timedelta(days=3)
    period.save()
    [link] = make_links(period, [part], by=maker)
    report = Progress.objects.create(assignment=part, period=period, state=Progress.State.SUBMITTED, text="Đã làm")
    proof = Evidence.objects.create(progress=report, name="Văn bản", link="https://example.vn/", added_by="x")
    longer = Extension.objects.create(assignment=part, asked_until=due, reason="Chậm", asked_by="x")
    passed = Handover.objects.create(assignment=part, reason="Không thuộc thẩm quyền", asked_by="x")
    return {
        "publication": _publication(plan, period).pk,
        **_documents(plan, maker),
        "running": plan.pk, "given": task.pk, "part": part.pk, "period": period.pk, "report": report.pk,
        "proof": proof.pk, "longer": longer.pk, "passed": passed.pk, "token": link.token,
        "link": OneUseLink.objects.get().pk,
    }  # fmt: skip


def _days(own: Agency, maker: User) -> World:
    rule = LegalRule.objects.get(rule="info.online_complex")
    event = Event(matter="Yêu cầu số 1", moment=timezone.now(), agency=own)
    day = DayOverride.objects.create(date="2031-05-05", is_off=True, name_vi="Nghỉ", document="1/TB", made_by="x")
    year = CalendarYear.objects.create(year=2031, text=CALENDAR, uploaded_by="x")
    kept = BoundarySet.objects.create(
        level="province", source="x", file_name="x.geojson", sha256="0" * 64, valid_from="2031-01-01", kept_by="x",
        kept_at=timezone.now(),
    )  # fmt: skip
    Boundary.objects.create(
        boundary_set=kept, unit=own.province, polygons=[[[[105, 10], [106, 10], [106, 11], [105, 10]]]]
    )
    return {
        "boundaries": kept.pk,
        "clock": start_clock(rule, event, by=maker).pk,
        "day": day.pk,
        "calendar": year.pk,
    }


def _classes(own: Agency, sister: Agency, maker: User) -> World:
    today = timezone.localdate()
    draft = ExerciseDraft(
        year=2026, title="Xếp loại", sheet_text=example_sheet(), scored_from=today, scored_until=today,
        appealed_until=today,
    )  # fmt: skip
    exercise = open_exercise(own.province, draft, [own, sister], by=maker)
    entry = exercise.entries.get(agency=own)
    appeal = Appeal.objects.create(entry=exercise.entries.get(agency=sister), reason="Chưa đúng", made_by="x")
    file = {"name": "a.pdf", "sha256": _EMPTY, "media_type": "application/pdf", "size": 0, "added_by": "x"}
    scored = Proof.objects.create(entry=entry, code="1", **file)
    return {"exercise": exercise.pk, "entry": entry.pk, "appeal": appeal.pk, "scored": scored.pk}


def _figures(own: Agency, maker: User) -> World:
    typed = {"code": "own", "name_vi": "Số đo riêng", "unit": "count", "direction": "up", "lowest": None}
    measure = add_measure(own.province, typed | {"highest": None}, by=maker)
    [sheet] = bring(maker, {"30385": 5}, code="own")
    return {"measure": measure.pk, "figures": sheet.pk}


def _outcome(visit: Visit) -> OutcomePublication:
    content = outcome_of(Visit.objects.get(pk=visit.pk), timezone.localdate())
    return OutcomePublication.objects.create(
        plan=visit.programme.plan, visit=visit, content=content, sha256="0" * 64, reason="x"
    )  # fmt: skip


def _inspected(own: Agency, sister: Agency, maker: User) -> World:
    """The sister agency inspected the own one, and an answer waits for its decision."""
    today = timezone.localdate()
    draft = ProgrammeDraft(title="Kiểm tra", starts_on=today, ends_on=today, answer_days=5)
    programme = make_programme(Plan.objects.get(number="1/KH-UBND"), draft, by=maker)
    teammate = add_to_team(programme, sister, None, part="head", by=maker)
    question = add_question(programme, component="D1", text="Có niêm yết không?", by=maker)
    choice = choose_places(programme, method="random", kinds=[own.kind], wanted=500, by=maker)
    visit = plan_visit(choice, own, VisitDraft(visit_on=today), by=maker)
    record_checks(visit, {}, held_on=today, by=maker)
    finding = add_finding(visit, FindingDraft(text="Chưa niêm yết"), by=maker)
    send_findings(visit, by=maker)
    reply = answer(finding, text="Đã niêm yết", by=maker)
    picture = Attachment.objects.create(finding=finding, name="anh.jpg", sha256=_EMPTY, media_type="image/jpeg", size=0)
    path_of(_EMPTY).parent.mkdir(exist_ok=True)
    path_of(_EMPTY).touch()
    return {
        "inspection": programme.pk, "teammate": teammate.pk, "question": question.pk, "choice": choice.pk,
        "visit": visit.pk, "finding": finding.pk, "reply": reply.pk, "picture": picture.pk,
        "outcome": _outcome(visit).pk,
    }  # fmt: skip

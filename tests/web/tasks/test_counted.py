"""What has been counted stays counted when a part passes to another agency, and is not counted twice afterwards."""

import pytest

from people import SYSTEM, make_user, signed_in
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency, Role
from quantri.web.plans.revising import start_revision
from quantri.web.tasks import asking, reporting
from quantri.web.tasks.actions import TaskDraft, draft_of
from quantri.web.tasks.amending import amend_task, apply_amendments
from quantri.web.tasks.counted import sums
from quantri.web.tasks.links import make_links
from quantri.web.tasks.models import Assignment, Milestone, Progress, ReportingPeriod
from quantri.web.tasks.passing import pass_on
from quantri.web.tasks.reporting import NOTHING, Reported

ALL = Progress.objects.all()


@pytest.fixture
def posted(task) -> Milestone:
    return Milestone.objects.create(task=task, title="Xã niêm yết", wanted=102)


@pytest.fixture
def counts(posted, period):
    """Let a part count the milestone, in the period or in another one."""

    def count(part: Assignment, n: int, where: ReportingPeriod = period) -> Progress:
        by = part.agency.memberships.first().user
        seen = reporting.mark_of(part.reports.filter(period=where).first())
        return reporting.submit(part, where, Reported(text="Đã làm", counts={str(posted.pk): n}), seen=seen, by=by)

    return count


@pytest.fixture
def earlier(period) -> ReportingPeriod:
    """The period before, which is open still."""
    kept = {"kind": period.kind, "year": period.year - 1, "number": 9, "cut_off_on": period.cut_off_on}
    return ReportingPeriod.objects.create(
        plan=period.plan, name_vi="Kỳ trước", name_en="Before", starts_on=period.starts_on,
        ends_on=period.starts_on, **kept,
    )  # fmt: skip


@pytest.fixture
def other(province) -> Agency:
    agency = ensure_agency(province, "Sở Tư pháp", by=SYSTEM)
    make_user(agency, Role.OFFICER, "other")
    return agency


def counted(task) -> int:
    [found] = sums(task, ALL)
    return found.counted


def test_the_count_of_a_part_stands_for_its_taker_until_that_one_counts(lead, part, other, counts, task, coordinator):
    counts(lead, 60)
    counts(part, 41)
    taken = pass_on(lead, other, by=coordinator)
    assert counted(task) == 101
    counts(taken, 61)
    assert counted(task) == 102


def test_two_parts_that_go_on_in_one_both_count_until_it_counts(lead, part, counts, task, coordinator):
    counts(lead, 60)
    counts(part, 41)
    taken = pass_on(lead, part.agency, by=coordinator)
    assert taken not in (lead, part) and counted(task) == 101
    counts(taken, 99)
    assert counted(task) == 99


def test_what_a_taker_counted_before_the_joining_is_not_taken_for_both(lead, part, counts, task, coordinator):
    counts(lead, 60)
    counts(part, 41)
    assert pass_on(part, lead.agency, by=coordinator) == lead
    assert counted(task) == 101
    counts(lead, 102)
    assert counted(task) == 102


def test_a_revision_that_lets_a_coordinating_agency_lead_keeps_what_it_counted(lead, part, counts, task, coordinator):
    counts(lead, 60)
    counts(part, 41)
    revision = start_revision(task.plan, by=coordinator)
    names = {"leads": ("Thanh tra tỉnh", "Sở Y tế"), "coordinating": ()}
    amend_task(revision, task, TaskDraft(**vars(draft_of(task)) | names), by=coordinator)
    apply_amendments(revision, by=coordinator)
    taken = task.assignments.get(valid_to=None, agency=part.agency)
    assert taken.part == "lead" and counted(task) == 101
    counts(taken, 42)
    assert counted(task) == 102


def test_counts_are_kept_over_several_passings(lead, part, other, province, counts, task, coordinator):
    counts(lead, 60)
    third = ensure_agency(province, "Sở Nội vụ", by=SYSTEM)
    second = pass_on(lead, other, by=coordinator)
    taken = pass_on(second, third, by=coordinator)
    assert counted(task) == 60
    counts(taken, 62)
    assert counted(task) == 62


def test_an_agency_that_counted_in_between_is_counted_in_the_place_of_the_first(
    lead, other, province, counts, task, coordinator
):
    counts(lead, 60)
    second = pass_on(lead, other, by=coordinator)
    counts(second, 70)
    pass_on(second, ensure_agency(province, "Sở Nội vụ", by=SYSTEM), by=coordinator)
    assert counted(task) == 70


def test_a_report_without_a_count_takes_none_away(lead, other, earlier, period, counts, task, officer, coordinator):
    counts(lead, 60, earlier)
    reporting.submit(lead, period, NOTHING, seen=0, by=officer)
    assert counted(task) == 60
    taken = pass_on(lead, other, by=coordinator)
    reporting.submit(taken, period, NOTHING, seen=0, by=other.memberships.get().user)
    assert counted(task) == 60


def test_the_count_of_a_report_that_is_returned_gives_way_to_the_one_before(
    lead, other, earlier, counts, task, coordinator
):
    counts(lead, 60, earlier)
    report = counts(lead, 75)
    assert counted(task) == 75
    reporting.give_back(report, reason="Đếm lại", seen=report.mark, by=coordinator)
    assert counted(task) == 60


def test_a_part_that_goes_on_nowhere_is_not_counted(lead, part, counts, task, colleague, coordinator):
    counts(lead, 60)
    counts(part, 41)
    asked = asking.ask_handover(part, after=None, reason="Không đúng thẩm quyền", by=colleague)
    asking.accept_handover(asked, answer="Đồng ý", by=coordinator)
    assert counted(task) == 60


def test_who_gave_a_part_away_does_not_read_the_old_count_for_the_new_one(
    lead, part, other, counts, task, officer, coordinator
):
    counts(part, 41)
    counts(lead, 60)
    taken = pass_on(lead, other, by=coordinator)
    page = f"/en/work/tasks/{task.pk}/"
    assert "Xã niêm yết: 60 of 102" in signed_in(officer).get(page).content.decode()
    counts(taken, 61)
    assert "Xã niêm yết: 0 of 102" in signed_in(officer).get(page).content.decode()
    assert "Xã niêm yết: 102 of 102" in signed_in(coordinator).get(page).content.decode()


def test_sums_ask_no_more_for_many_passings(lead, province, counts, task, coordinator, django_assert_num_queries):
    counts(lead, 60)
    part = lead
    for n in range(12):
        part = pass_on(part, ensure_agency(province, f"Cơ quan {n}", by=SYSTEM), by=coordinator)
    with django_assert_num_queries(3):  # milestones, reports, parts that have ended
        assert counted(task) == 60


def told(part: Assignment, period: ReportingPeriod) -> str:
    """What the form of the taker says below the count."""
    page = (
        signed_in(part.agency.memberships.first().user)
        .get(f"/en/work/periods/{period.pk}/parts/{part.pk}/")
        .content.decode()
    )
    return page.split("the whole task wants 102.")[1].split("</span>")[0].strip()


def test_who_takes_a_part_over_reads_in_the_form_what_was_counted_until_it_counts(
    lead, other, counts, period, coordinator
):
    counts(lead, 60)
    taken = pass_on(lead, other, by=coordinator)
    said = "Counted before the part passed to you: Thanh tra tỉnh 60. Your count stands for all of it."
    assert told(taken, period) == said
    counts(taken, 61)
    assert told(taken, period) == ""


def test_the_form_names_what_each_part_counted_that_is_joined_and_nothing_where_none_was(
    lead, part, counts, period, coordinator
):
    counts(part, 41)
    assert told(part, period) == ""
    counts(lead, 60)
    taken = pass_on(lead, part.agency, by=coordinator)
    assert "Thanh tra tỉnh 60" in told(taken, period) and "Sở Y tế 41" in told(taken, period)


def test_the_form_tells_what_the_first_of_several_counted(lead, other, part, counts, period, coordinator):
    counts(lead, 60)
    taken = pass_on(pass_on(lead, other, by=coordinator), part.agency, by=coordinator)
    assert "Thanh tra tỉnh 60." in told(taken, period)


def test_the_form_of_a_one_use_link_tells_it_too(lead, other, counts, period, coordinator, client):
    counts(lead, 60)
    [link] = make_links(period, [pass_on(lead, other, by=coordinator)], by=coordinator)
    assert "Thanh tra tỉnh 60." in client.get(f"/en/r/{link.token}/").content.decode()

"""Milestones and the rhythm of a task: typed, changed, summed; evidence counts in the plan's faults."""

from datetime import date

import pytest

from people import signed_in
from quantri.errors import DataError
from quantri.web.core.models import AuditEntry
from quantri.web.tasks import proof, reporting
from quantri.web.tasks.actions import TaskDraft, add_tasks, change_task, draft_of
from quantri.web.tasks.counted import sums
from quantri.web.tasks.milestones import read_line, read_lines
from quantri.web.tasks.models import Milestone, Progress, Task
from quantri.web.tasks.reporting import Reported
from quantri.web.tasks.works import works_of

POSTED = "Xã niêm yết: 102 (30/6/2026)"


def test_a_line_says_what_is_counted_how_many_and_by_when():
    read = read_line("  Xã niêm yết :  1.020 (30/06/2026)")
    assert (read.title, read.wanted, read.due_on) == ("Xã niêm yết", 1020, date(2026, 6, 30))
    assert read.line == "Xã niêm yết: 1020 (30/6/2026)"
    assert read_line(read.line) == read


@pytest.mark.parametrize(
    "line",
    ["Xã niêm yết", ": 5", "Xã: 0", "Xã: -5", "Xã: 1e9", "Xã: 5 (31/2/2026)", "x" * 201 + ": 5", "Xã: 9999999999"],
)
def test_a_line_that_is_none_is_named(line):
    with pytest.raises(DataError):
        read_line(line)


def test_two_milestones_bear_two_names():
    with pytest.raises(DataError):
        read_lines("Xã niêm yết: 5\nXÃ NIÊM YẾT: 6")


def test_a_task_is_typed_with_its_rhythm_and_milestones(plan, coordinator):
    typed = {"title": "Niêm yết", "rhythm": "quarter", "milestones": f"{POSTED}\n\nBuổi tập huấn: 4"}
    assert signed_in(coordinator).post(f"/plans/{plan.pk}/tasks/", typed).status_code == 302
    task = Task.objects.get(plan=plan)
    assert draft_of(task).milestones == (POSTED, "Buổi tập huấn: 4")
    assert task.rhythm == "quarter"
    page = signed_in(coordinator).get(f"/plans/{plan.pk}/tasks/{task.pk}/").content.decode()
    assert POSTED in page and '<option value="quarter" selected>' in page


def test_a_faulty_milestone_is_shown_and_nothing_typed_is_lost(plan, coordinator):
    typed = {"title": "Niêm yết", "rhythm": "daily", "milestones": "<b>Xã</b>"}
    answer = signed_in(coordinator).post(f"/plans/{plan.pk}/tasks/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Task.objects.filter(plan=plan).exists()
    assert 'href="#id_milestones"' in page and 'href="#id_rhythm"' in page and "&lt;b&gt;Xã&lt;/b&gt;" in page


def test_a_milestone_that_keeps_its_name_keeps_its_counts_and_others_end(plan, coordinator):
    [task] = add_tasks(plan, [TaskDraft(title="Niêm yết", milestones=("Xã: 5", "Buổi: 4"))], by=coordinator)
    first = task.milestones.get(title="Xã")
    change_task(task, TaskDraft(title="Niêm yết", milestones=("Xã: 102", "Bản tin: 12")), by=coordinator)
    standing = {m.title: m for m in Milestone.objects.filter(task=task, ended_at=None)}
    assert (standing["Xã"].pk, standing["Xã"].wanted, set(standing)) == (first.pk, 102, {"Xã", "Bản tin"})
    details = AuditEntry.objects.filter(action="task.changed").first().details
    assert (details["before"]["milestones"], details["after"]["milestones"]) == (
        ["Xã: 5", "Buổi: 4"], ["Xã: 102", "Bản tin: 12"],
    )  # fmt: skip


def test_many_tasks_are_one_entry_that_lists_them(plan, coordinator):
    made = add_tasks(plan, [TaskDraft(title=f"Việc {n}", leads=("Sở Y tế",)) for n in range(3)], by=coordinator)
    [entry] = AuditEntry.objects.filter(action="tasks.added")
    assert entry.details["rows"] == [["tasks.task", str(task.pk), task.title] for task in made]
    assert [t.number for t in made] == ["1", "2", "3"]


@pytest.fixture
def counted(task, lead, part, period, officer, colleague) -> Milestone:
    """A milestone of which one agency counts 60 and the other 41."""
    milestone = Milestone.objects.create(task=task, title="Xã niêm yết", wanted=102)
    for assignment, n, by in ((lead, 60, officer), (part, 41, colleague)):
        typed = Reported(text="Đã làm", counts={str(milestone.pk): n})
        reporting.submit(assignment, period, typed, seen=0, by=by)
    return milestone


def test_what_is_not_finished_never_reads_as_a_hundred_percent(task, counted):
    [found] = sums(task, Progress.objects.all())
    assert (found.counted, found.percent) == (101, 99)


def test_the_task_page_shows_how_far_the_milestones_are(task, counted, coordinator, leader, outsider):
    page = signed_in(coordinator).get(f"/en/work/tasks/{task.pk}/").content.decode()
    assert "Xã niêm yết: 101 of 102 (99 %)" in page
    assert signed_in(outsider).get(f"/work/tasks/{task.pk}/").status_code == 404


def test_a_task_has_evidence_once_a_report_with_it_is_handed_in(task, lead, period, officer, django_assert_num_queries):
    draft = reporting.save_draft(lead, period, Reported(text="Đã làm"), seen=0, by=officer)
    proof.add_link(draft, "https://example.org/bien-ban", by=officer)
    tasks = Task.objects.with_assignments().filter(plan=task.plan)
    assert [work.has_evidence for work in works_of(tasks)] == [False]
    reporting.submit(lead, period, Reported(text="Đã làm"), seen=draft.mark, by=officer)
    with django_assert_num_queries(2):
        assert [work.has_evidence for work in works_of(tasks.all())] == [True]
    found = draft.evidence.get()
    found.removed_at = found.added_at
    found.save()
    assert [work.has_evidence for work in works_of(tasks.all())] == [False]


def test_the_report_form_tells_what_the_agency_counts_from_what_the_whole_task_wants(lead, period, officer):
    Milestone.objects.create(task=lead.task, title="Mục đã niêm yết", wanted=1224)
    page = signed_in(officer).get(f"/en/work/periods/{period.pk}/parts/{lead.pk}/").content.decode()
    assert ">Mục đã niêm yết</label>" in page and "the whole task wants 1,224." in page

"""What must not happen again: each of these was once possible."""

from people import signed_in
from quantri.web.accounts.models import User
from quantri.web.core.audit import System
from quantri.web.indices.actions import publish_release
from quantri.web.indices.models import Release
from quantri.web.plans.actions import set_target
from quantri.web.portal.logins import LOGINS, end_logins, ensure_logins
from quantri.web.tasks.actions import TaskDraft, add_tasks, remove_task


def test_a_configured_site_ends_the_demonstrations_logins(province, settings, tmp_path, client):
    settings.DATA_DIR = tmp_path
    words = ensure_logins(province)
    assert end_logins() == len(LOGINS) and end_logins() == 0
    assert not any(client.login(username=name, password=word) for name, word in words.items())
    assert not User.objects.filter(username__in=words, is_active=True).exists()


def test_a_decision_sent_twice_does_not_undo_itself(client, plan, leader):
    staff, page = signed_in(leader), f"/plans/{plan.pk}/"
    typed = {"kind": "publish", "reason": "Công khai"}
    assert staff.post(f"{page}decision/", typed).status_code == 302
    assert staff.post(f"{page}decision/", typed).status_code == 409
    assert client.get(page).status_code == 200
    assert plan.decisions.count() == 1


def test_a_message_for_one_reader_is_not_kept_for_all(client, plan, coordinator):
    staff = signed_in(coordinator)
    staff.post(f"/plans/{plan.pk}/tasks/", {"title": "x"})  # leaves a message that nobody has read yet
    staff.post("/account/logout/")
    assert "Đã thêm nhiệm vụ" in staff.get("/method/").content.decode()
    assert "Đã thêm nhiệm vụ" not in client.get("/method/").content.decode()


def test_a_correction_of_the_base_does_not_lock_a_plan(plan, coordinator):
    set_target(plan, "D3", priority="improve", spec="rank:+3", by=coordinator)
    release = Release.objects.current().get(year=2024)
    rows = [line.split(",") for line in release.results.splitlines()]
    best = max(float(r[2]) for r in rows if r[1] == "D3" and r[2])
    for row in rows:
        if row[:2] == ["vn63-89", "D3"]:
            row[2] = f"{best + 0.1:.6f}"
    corrected = "\n".join(",".join(row) for row in rows) + "\n"
    publish_release(
        index="papi", year=2024, definition=release.definition, results=corrected, source="correction", by=System("t")
    )
    assert signed_in(coordinator).get(f"/plans/{plan.pk}/targets/").status_code == 200
    assert signed_in(coordinator).get(f"/plans/{plan.pk}/").status_code == 200


def test_numbers_of_tasks_do_not_come_twice(plan, coordinator):
    first, *_rest = add_tasks(plan, [TaskDraft(title=t) for t in "abc"], by=coordinator)
    remove_task(first, by=coordinator)
    add_tasks(plan, [TaskDraft(title="d")], by=coordinator)
    assert [t.number for t in plan.tasks.current()] == ["2", "3", "4"]


def test_a_forged_plan_number_is_404_in_vietnamese(plan, coordinator):
    answer = signed_in(coordinator).post(f"/plans/{plan.pk}/tasks/copy/", {"plan": "abc"})
    assert answer.status_code == 404
    assert "matches the given query" not in answer.content.decode()


def test_the_plan_starts_from_the_edition_that_was_diagnosed(coordinator):
    page = signed_in(coordinator).get("/plans/new/?base_year=2017").content.decode()
    assert '<option value="2017" selected>' in page


def test_staff_get_the_newest_draft_once_a_plan_is_withdrawn(plan, coordinator, leader):
    decision = f"/plans/{plan.pk}/decision/"
    signed_in(leader).post(decision, {"kind": "publish", "reason": "Công khai"})
    signed_in(leader).post(decision, {"kind": "withdraw", "reason": "Thu hồi"})
    set_target(plan, "D1", priority="improve", spec="4.9", by=coordinator)
    signed_in(coordinator).post(f"/plans/{plan.pk}/document/")
    newest = plan.snapshots.first()
    assert newest.sha256 in signed_in(coordinator).get(f"/plans/{plan.pk}/").content.decode()


def test_every_derived_score_of_the_explorer_bears_its_mark(client, db):
    page = client.get("/en/explore/?year=2024&level=dimension&code=D1&region=mekong_delta").content.decode()
    assert page.count("Added up by Quantri from the parts") >= 13 * 8 - 8  # eight contents, one province withheld


def test_a_refusal_by_htmx_is_the_row_with_its_reason(plan, coordinator, leader):
    signed_in(leader).post(f"/plans/{plan.pk}/decision/", {"kind": "publish", "reason": "Công khai"})
    answer = signed_in(coordinator).post(
        f"/plans/{plan.pk}/targets/D3/", {"spec-D3": "4.4"}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.lstrip().startswith("<tr") and "đang công khai" in page and "<!doctype" not in page

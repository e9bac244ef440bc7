"""What the minutes of a visit hold (biên bản kiểm tra), as plain values; the document is rendered elsewhere from them.

Documents are Vietnamese, so are their texts. Nobody is named: who signs, the records office and both sides add.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from quantri.web.inspections.models import Check, Finding, Programme, TeamMember, Visit
from quantri.web.plans.citing import about, cited, day_in_full

OUTCOMES = {"met": "đạt", "partly": "đạt một phần", "not_met": "chưa đạt", "not_asked": "không thuộc phạm vi"}
PARTS = {"head": "Trưởng đoàn", "deputy": "Phó Trưởng đoàn", "member": "Thành viên"}
Content = dict[str, Any]


def minutes_of(visit: Visit, *, today: date) -> Content:
    """Put together the minutes of a visit; of one whose findings were sent they no longer change."""
    programme = visit.programme
    province = programme.plan.province.latest
    made_on = visit.held_on or today
    return {
        "issuer": {
            "name": ["Đoàn kiểm tra"], "full_name": f"Đoàn kiểm tra theo {programme.title}", "code": "ĐKT",
            "place": province.name_vi, "parent": f"UBND {province.get_kind_vi().lower()} {province.name_vi}",
        },
        "subject": f"Kiểm tra việc thực hiện {programme.plan.title} tại {visit.agency.name_vi}",
        "year": made_on.year, "made_on": made_on.isoformat(), "is_demonstration": programme.is_demonstration,
        "legal_bases": list(_bases(visit)), "body": list(_body(visit)),
        "signer": ["TM. Đoàn kiểm tra", "Trưởng đoàn"], "other_signer": [visit.agency.name_vi, "Thủ trưởng"],
        "recipients": [visit.agency.name_vi],
    }  # fmt: skip


def _bases(visit: Visit) -> Iterator[str]:
    plan, programme = visit.programme.plan, visit.programme
    if programme.decision_number:
        yield f"Căn cứ {' '.join(_decision(programme))}"
    yield f"Căn cứ {cited(plan)}"


def _decision(programme: Programme) -> Iterator[str]:
    """Name the decision as the plan is named; what the programme does not keep is left to who drafts."""
    issuer, subject = programme.decision_issuer, programme.decision_subject
    yield f"Quyết định số {programme.decision_number} {day_in_full(programme.decided_on)}"
    if issuer:
        yield f"của {issuer}"
    if subject:
        yield about(subject)
    to_add = [name for name, kept in (("cơ quan ban hành", issuer), ("trích yếu", subject)) if not kept]
    if to_add:
        yield f"[{' và '.join(to_add)} do đơn vị soạn thảo bổ sung]"


def _body(visit: Visit) -> Iterator[Content]:
    yield _heading("I. Thời gian, địa điểm, thành phần")
    yield _text(f"Ngày {_day(visit.held_on or visit.visit_on)}, Đoàn kiểm tra làm việc tại {visit.agency.name_vi}.")
    for member in visit.programme.team.on(visit.held_on or visit.visit_on).select_related("agency"):
        yield _text(_member(member))
    yield _heading("II. Kết quả kiểm tra theo từng câu hỏi")
    checks = list(visit.checks.select_related("question"))
    for n, check in enumerate(checks, 1):
        yield _text(_check(n, check))
    if not checks:
        yield _text("Không có nội dung ghi nhận.")
    yield _heading("III. Tồn tại, kiến nghị")
    found = list(visit.findings.standing())
    for n, finding in enumerate(found, 1):
        yield {"kind": "clause", "text": f"{n}. {finding.text}"}
        yield from map(_text, _duties(finding, visit))
    if not found:
        yield _text("Không phát hiện tồn tại.")


def _member(member: TeamMember) -> str:
    return f"{PARTS[member.part]}: đại diện {member.agency.name_vi}"


def _check(n: int, check: Check) -> str:
    note = f" {check.note}" if check.note else ""
    return f"{n}. {check.question.text} Kết quả: {OUTCOMES[check.outcome]}.{note}"


def _duties(finding: Finding, visit: Visit) -> Iterator[str]:
    if finding.recommendation:
        yield f"Kiến nghị: {finding.recommendation}"
    if finding.first_due_on:
        yield f"{visit.agency.name_vi} trả lời bằng văn bản trước hết ngày {_day(finding.first_due_on)}."
    elif finding.needs_answer:
        days = visit.programme.answer_days
        yield f"{visit.agency.name_vi} trả lời bằng văn bản trong {days} ngày làm việc kể từ ngày nhận kết luận."


def _heading(text: str) -> Content:
    return {"kind": "heading", "text": text}


def _text(text: str) -> Content:
    return {"text": text}


def _day(day: date | None) -> str:
    return f"{day.day}/{day.month}/{day.year}" if day else "…"

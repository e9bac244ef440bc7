"""Contents of two short drafts: the letter that urges an agency, and the decision that classes a year's agencies."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from quantri.web.appraisal.content import content_of
from quantri.web.appraisal.models import Exercise
from quantri.web.places.models import Province

Content = dict[str, Any]
CENTRED = ("TT", "Hạn", "Điểm", "Số báo cáo", "Tình trạng")  # columns of numbers and days
TO_ADD = "[Nơi nhận khác do đơn vị soạn thảo bổ sung]"
BASES_TO_ADD = "[Căn cứ pháp lý về thẩm quyền do đơn vị soạn thảo bổ sung]"


def issuer_of(province: Province) -> Content:
    """Say who issues for a province: its people's committee."""
    name = province.latest
    unit = f"{name.get_kind_vi().lower()} {name.name_vi}"
    return {
        "name": ["Ủy ban nhân dân", unit], "full_name": f"Ủy ban nhân dân {unit}", "code": "UBND",
        "place": name.name_vi, "unit": "NC",
    }  # fmt: skip


def urging_letter(province: Province, told: Content, *, is_demonstration: bool) -> Content:
    """Turn what an agency owes into an official letter; `told` is that of `followup.urging`."""
    made = date.fromisoformat(told["as_of"])
    return {
        "issuer": issuer_of(province), "subject": told["subject"], "year": made.year, "made_on": made.isoformat(),
        "addressees": [told["to"]], "body": [{"text": text} for text in _urging_words(told)],
        "signer": ["TL. Chủ tịch", "Giám đốc Sở Nội vụ"], "recipients": [TO_ADD],
        "is_demonstration": is_demonstration, "annexes": _urging_annexes(told),
    }  # fmt: skip


def _urging_words(told: Content) -> Iterator[str]:
    late, reports = told["rows"], told["reports"]
    owed = []
    if late:
        owed.append(f"còn {len(late)} phần việc quá hạn theo các kế hoạch đã ban hành")
    if reports:
        owed.append(f"chưa gửi {sum(r['n'] for r in reports)} báo cáo tiến độ của {len(reports)} kỳ báo cáo")
    yield f"Tính đến ngày {_day(told['as_of'])}, {told['to']} {' và '.join(owed)} (danh mục kèm theo)."
    if late:
        yield ("Đề nghị đơn vị khẩn trương thực hiện, báo cáo kết quả kèm minh chứng và nêu rõ nguyên nhân chậm; "
               "người đứng đầu đơn vị chịu trách nhiệm về việc chậm trễ.")  # fmt: skip
    if any(not r["is_locked"] for r in reports):
        yield ("Đề nghị đơn vị gửi đủ báo cáo của các kỳ còn mở trước ngày chốt; nội dung không phát sinh cũng báo cáo "
               "là không phát sinh.")  # fmt: skip
    if any(r["is_locked"] for r in reports):
        yield ("Đối với kỳ đã khóa, đề nghị đơn vị giải trình bằng văn bản lý do không báo cáo; người đứng đầu đơn vị "
               "chịu trách nhiệm về việc không báo cáo.")  # fmt: skip


def _urging_annexes(told: Content) -> list[Content]:
    late = [
        [str(r["number"]), r["plan"], r["task"], r["part"], r["deliverable"] or "–", _day(r["due_on"])]
        for r in told["rows"]
    ]
    reports = [
        [
            str(r["number"]),
            r["plan"],
            r["period"],
            str(r["n"]),
            _day(r["due_on"]),
            "đã khóa" if r["is_locked"] else "còn mở",
        ]
        for r in told["reports"]
    ]
    of_late = [("TT", 1), ("Kế hoạch", 3), ("Nhiệm vụ", 6), ("Vai trò", 2), ("Sản phẩm", 3), ("Hạn", 2)]
    of_reports = [("TT", 1), ("Kế hoạch", 4), ("Kỳ báo cáo", 5), ("Số báo cáo", 2), ("Hạn", 2), ("Tình trạng", 2)]
    return [
        *([_annex("Danh mục phần việc quá hạn", of_late, late)] if late else []),
        *([_annex("Danh mục báo cáo còn thiếu", of_reports, reports)] if reports else []),
    ]


def class_decision(exercise: Exercise) -> Content:
    """Turn a confirmed exercise into a decision with the table of classes."""
    found = content_of(exercise)
    made = exercise.confirmed_at.date()
    rows = [[str(n), r["agency"], r["points"].replace(".", ","), r["class"]] for n, r in enumerate(found["rows"], 1)]
    counted = "; ".join(f"{name}: {n}" for name, n in found["counts"].items() if n)
    body = [
        {"kind": "article", "label": "Điều 1.", "text": f"Xếp loại {len(rows)} cơ quan, đơn vị năm {found['year']} "
         f"theo bảng kèm theo ({counted})."},
        {"kind": "article", "label": "Điều 2.", "text": "Quyết định này có hiệu lực kể từ ngày ký."},
        {"kind": "article", "label": "Điều 3.", "text": "Các cơ quan, đơn vị có tên trong bảng và cơ quan liên quan "
         "chịu trách nhiệm thi hành Quyết định này."},
    ]  # fmt: skip
    name = exercise.province.latest
    return {
        "issuer": issuer_of(exercise.province), "subject": f"Xếp loại cơ quan, đơn vị năm {found['year']}",
        "year": found["year"], "made_on": made.isoformat(), "body": body,
        "authority": f"Chủ tịch Ủy ban nhân dân {name.get_kind_vi().lower()} {name.name_vi}",
        "legal_bases": [BASES_TO_ADD, f"Căn cứ bảng chấm điểm theo {found['basis']}"], "signer": ["Chủ tịch"],
        "recipients": ["Như Điều 3"], "is_demonstration": found["is_demonstration"],
        "annexes": [
            _annex("Bảng xếp loại", [("TT", 1), ("Cơ quan, đơn vị", 6), ("Điểm", 2), ("Mức xếp loại", 4)], rows)
        ],
    }  # fmt: skip


def _annex(title: str, columns: list[tuple[str, int]], rows: list[list[str]]) -> Content:
    return {"title": title, "rows": rows, "columns": [_column(*column) for column in columns]}


def _column(title: str, width: int) -> Content:
    return {"title": title, "width": width, "is_centred": title in CENTRED}


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day}/{day.month}/{day.year}"

"""A content of each kind that shows every field of its template; nothing in it is real."""

from typing import Any

_ISSUER = {
    "name": ["Cơ quan ban hành"], "parent": "Cơ quan cấp trên", "full_name": "Cơ quan ban hành", "code": "CQ",
    "place": "Địa danh", "unit": "ĐV", "address": "Địa chỉ của cơ quan",
}  # fmt: skip
_OWN: dict[str, dict[str, Any]] = {
    "bao-cao": {"legal_bases": ["Căn cứ thứ nhất", "Căn cứ thứ hai"]},
    "cong-van": {"addressees": ["Nơi nhận thứ nhất", "Nơi nhận thứ hai"]},
    "quyet-dinh": {"authority": "Thủ trưởng cơ quan", "legal_bases": ["Căn cứ thứ nhất", "Căn cứ thứ hai"]},
    "bien-ban": {"other_signer": ["Đại diện bên kia"]},
    "thong-bao": {},
}


def sample_of(kind: str) -> dict[str, Any]:
    """Return a content to look at a template with; the pages bear the mark of a demonstration."""
    annex = {
        "title": "Tên phụ lục", "columns": [{"title": "TT", "is_centred": True}, {"title": "Nội dung", "width": 5}],
        "rows": [["1", "Dòng thứ nhất"], ["2", "Dòng thứ hai"]], "note": "Nguồn: nội dung minh họa.",
    }  # fmt: skip
    body = [
        {"kind": "heading", "text": "I. Đề mục"}, {"kind": "clause", "text": "1. Khoản"},
        {"kind": "article", "label": "Điều 1.", "text": "Nội dung của điều."}, {"text": "Đoạn văn."},
    ]  # fmt: skip
    return {
        "issuer": _ISSUER, "subject": "Trích yếu nội dung", "year": 2026, "made_on": "2026-01-01", "body": body,
        "signer": ["Chức vụ người ký"], "recipients": ["Nơi nhận"], "annexes": [annex], "is_demonstration": True,
        **_OWN[kind],
    }  # fmt: skip

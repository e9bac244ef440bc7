"""Contents of official documents to render; every body in them is public, no person is named."""

from typing import Any

ISSUER = {
    "name": ["Ủy ban nhân dân", "tỉnh An Giang"], "full_name": "Ủy ban nhân dân tỉnh An Giang", "code": "UBND",
    "place": "An Giang", "unit": "NC",
}  # fmt: skip
DEPARTMENT = {
    "name": ["Sở Nội vụ"], "parent": "UBND tỉnh An Giang", "full_name": "Sở Nội vụ tỉnh An Giang",
    "code": "SNV", "place": "An Giang", "unit": "CCHC", "address": "Địa chỉ: số 1, đường A, tỉnh An Giang",
}  # fmt: skip
CHAIR = ["TM. Ủy ban nhân dân", "Chủ tịch"]
BODY = [
    {"kind": "heading", "text": "I. Chỉ đạo, tổ chức thực hiện"},
    {"kind": "clause", "text": "1. Văn bản chỉ đạo"},
    {"text": "Trong kỳ, các cơ quan, đơn vị đã triển khai 12 nhiệm vụ theo Kế hoạch."},
    {"kind": "heading", "text": "II. Đề xuất, kiến nghị"},
    {"text": "Đề nghị các cơ quan, đơn vị, địa phương tiếp tục thực hiện."},
]
ARTICLES = [
    {"kind": "article", "label": "Điều 1.", "text": "Công nhận kết quả xếp loại năm 2026 nêu tại Phụ lục."},
    {"kind": "article", "label": "Điều 2.", "text": "Quyết định có hiệu lực từ ngày ký."},
    {"kind": "article", "label": "Điều 3.", "text": "Thủ trưởng các cơ quan liên quan thi hành Quyết định này."},
]
BASES = ["Căn cứ Luật Tổ chức chính quyền địa phương", "Theo đề nghị của Giám đốc Sở Nội vụ"]


def make_annex(n: int = 3, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Danh mục nhiệm vụ",
        "columns": [
            {"title": "TT", "width": 1, "is_centred": True}, {"title": "Nhiệm vụ", "width": 5},
            {"title": "Cơ quan chủ trì", "width": 3}, {"title": "Thời hạn", "width": 2, "is_centred": True},
        ],
        "rows": [[str(i), f"Nhiệm vụ số {i}", "Sở Nội vụ", "30/6/2026"] for i in range(1, n + 1)],
        "note": "Nguồn: số liệu chốt của kỳ báo cáo.",
        **changes,
    }  # fmt: skip


def make_official(kind: str, **changes: Any) -> dict[str, Any]:
    """A draft of a kind, as short as the kind allows."""
    common = {
        "issuer": ISSUER, "subject": "Kết quả thực hiện Kế hoạch nâng cao Chỉ số PAPI năm 2026", "year": 2026,
        "made_on": "2026-11-25", "body": BODY, "signer": CHAIR, "recipients": ["Thường trực Tỉnh ủy", "Sở Nội vụ"],
    }  # fmt: skip
    own: dict[str, dict[str, Any]] = {
        "bao-cao": {"annexes": [make_annex(), make_annex(title="Mục tiêu")]},
        "cong-van": {
            "issuer": DEPARTMENT, "signer": ["Giám đốc"], "subject": "đôn đốc thực hiện Kế hoạch nâng cao Chỉ số PAPI",
            "addressees": ["Sở Y tế", "Thanh tra tỉnh", "Ủy ban nhân dân các xã, phường, đặc khu"],
            "body": BODY[2:3] + BODY[4:],
        },
        "quyet-dinh": {
            "authority": "Chủ tịch Ủy ban nhân dân tỉnh An Giang", "legal_bases": BASES, "body": ARTICLES,
            "signer": ["Chủ tịch"], "subject": "Về việc xếp loại các cơ quan, đơn vị năm 2026",
            "annexes": [make_annex()],
        },
        "bien-ban": {
            "issuer": {**DEPARTMENT, "name": ["Đoàn kiểm tra"], "code": "ĐKT"},
            "other_signer": ["Đại diện đơn vị được kiểm tra"],
            "signer": ["TM. Đoàn kiểm tra", "Trưởng đoàn"],
            "subject": "Kiểm tra việc thực hiện Kế hoạch nâng cao Chỉ số PAPI",
        },
        "thong-bao": {"subject": "Kết luận kiểm tra việc thực hiện Kế hoạch"},
    }  # fmt: skip
    return {**common, **own[kind], **changes}

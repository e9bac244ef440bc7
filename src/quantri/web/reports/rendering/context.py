"""What the tags of the Word template stand for, worked out from the content of a plan."""

from typing import Any

from quantri.web.reports.rendering import wording
from quantri.web.reports.rendering.duties import tasks_tags
from quantri.web.reports.rendering.wording import base_text, day_text, listed, number, unknown

Content = dict[str, Any]
MAIN_LEVELS = ("index", "dimension")
TO_FILL_IN = "[Nội dung do đơn vị soạn thảo bổ sung]"


def context(content: Content) -> dict[str, Any]:
    """Give every tag its text; the picture is added by who renders."""
    main = [target for target in content["targets"] if target["level"] in MAIN_LEVELS]
    parts = [target for target in content["targets"] if target["level"] not in MAIN_LEVELS]
    return {
        **_head(content),
        **_marks(content),
        "purposes": _points(content, content["purposes"]),
        "requirements": _points(content, content["requirements"]),
        "standing": standing(content),
        "targets_intro": _targets_intro(main, parts),
        "targets": [_target(content, target) for target in main],
        "targets_source": wording.source_line(content, main),
        "target_notes": _notes(main) + _further(content),
        "chart_title": _chart_title(content, main),
        **tasks_tags(content, has_parts=bool(parts)),
        "parts": [_target(content, target) for target in parts],
        "parts_annex": "Phụ lục I",
        "parts_source": wording.source_line(content, parts),
        "part_notes": _notes(parts),
        "closing": _closing(content),
        "recipients": _recipients(content),
        "signer_note": "(Người ký: không nêu trong nguồn)" if content["is_historic"] else "",
        "made_from": _made_from(content),
    }


def subject(content: Content) -> str:
    """Take the subject (trích yếu) from the title: the words after the name of the type."""
    rest = _after_type(content["title"])
    return rest[:1].upper() + rest[1:]


def _after_type(title: str) -> str:
    return title[len("kế hoạch") :].strip() if title.lower().startswith("kế hoạch ") else title


def standing(content: Content) -> str:
    """Say where the province stood: never a rank without what surrounds it."""
    found, unit = content["standing"], content["base_unit"]
    if not found or found["score"] is None:
        return f"Kết quả {content['index_name']} năm {content['base_year']} của {unit}: {unknown(content)}."
    near = "Chưa tính được mức thay đổi thường thấy trong một năm để xem các hạng gần nhau có ý nghĩa hay không."
    if found["near"] is not None:
        near = (
            f"Có {found['near']} tỉnh, thành phố khác chênh lệch không quá mức thay đổi thường thấy trong một năm, "
            "nên thứ hạng chỉ để tham khảo."
        )
    interval = "Khoảng tin cậy của điểm số không được công bố."
    if found["interval"]:
        interval = "Khoảng tin cậy của điểm số là từ {} đến {} điểm.".format(*map(number, found["interval"]))
    group = wording.GROUPS.get(found["group"])
    facts = [
        f"{unit} đạt {number(found['score'])} điểm",
        f"thuộc nhóm có điểm {group}" if group else "",
        "không có hạng" if found["rank"] is None else f"xếp hạng {found['rank']}/{found['n']}",
    ]
    return f"Theo {content['index_name']} năm {content['base_year']}, {listed(facts)}. {near} {interval}"


def _head(content: Content) -> dict[str, Any]:
    kind, name = content["province_kind"], content["province"]
    blank = content["issued_on"] is None
    dated = wording.blank_date(content) if blank else f"ngày {day_text(content['issued_on'])}"
    return {
        "year": content["year"],
        "base_year": content["base_year"],
        "index_name": content["index_name"],
        "province_caps": f"{kind} {name}".upper(),
        "symbol": wording.symbol(content),
        "place_and_date": wording.place_and_date(content),
        "subject": subject(content),
        "legal_bases": _legal_bases(content),
        "opening": f"{wording.issuer(content)} ban hành Kế hoạch {_after_type(content['title'])} như sau:",
        "annexed_to": f"(Kèm theo Kế hoạch số {wording.symbol(content)} {dated} của {wording.issuer(content)})",
    }


def _legal_bases(content: Content) -> list[str]:
    """End each basis with a semicolon and the last with a full stop, as the decree asks."""
    told = [text.rstrip(" ;.,") for text in content.get("legal_bases", ())]  # older frozen contents have none
    if not told:
        missing = "Căn cứ ban hành: không nêu trong nguồn."
        return [missing if content["is_historic"] else "[Căn cứ … do đơn vị soạn thảo bổ sung]"]
    return [*(f"{text};" for text in told[:-1]), f"{told[-1]}."]


def _marks(content: Content) -> dict[str, str]:
    """Draft, demonstration and copy are told apart from an issued plan."""
    draft = wording.is_draft(content)
    source = content["plan_source"]
    copy = (
        f"Bản sao trình diễn, lập lại từ bản tóm tắt đã công bố: “{source.get('title', '')}”, "
        f"{listed([source.get('publisher', ''), day_text(source.get('published_on')), source.get('address', '')])}. "
        "Đây không phải văn bản gốc; điều bản tóm tắt không nói được ghi là “không nêu trong nguồn”. "
        "Điểm, nhóm và hạng lấy từ số liệu PAPI đã công bố, không phải từ Kế hoạch."
    )
    demonstration = "BẢN SAO TRÌNH DIỄN" if content["is_historic"] else "BẢN TRÌNH DIỄN"
    return {
        "mark": "DỰ THẢO" if draft else "BẢN SAO TRÌNH DIỄN" if content["is_historic"] else "",
        "source_note": copy if content["is_historic"] and source else "",
        "demonstration_mark": demonstration if content["is_demonstration"] or content["is_historic"] else "",
        "watermark": "DỰ THẢO"
        if draft
        else "TRÌNH DIỄN"
        if content["is_demonstration"] or content["is_historic"]
        else "",
    }


def _points(content: Content, texts: list[str]) -> list[str]:
    """Letter the points a), b), c) …; a single point needs no letter."""
    if not texts:
        return ["Không nêu trong nguồn." if content["is_historic"] else TO_FILL_IN]
    ended = [text if text[-1:] in tuple(".;:!?…") else f"{text}." for text in texts]
    if len(ended) == 1 or len(ended) > len(wording.ALPHABET):
        return [f"- {text}" for text in ended] if len(ended) > 1 else ended
    return [f"{letter}) {text}" for letter, text in zip(wording.ALPHABET, ended, strict=False)]


def _target(content: Content, target: Content) -> dict[str, str]:
    low, high = target["bounds"] or (None, None)
    return {
        "code": target["code"],
        "name": target["name"],
        "scale": "–" if low is None else f"{wording.short_number(low)}–{wording.short_number(high)}",
        "base": base_text(target),
        "group": wording.GROUPS.get(target["group"], "–"),
        "priority": wording.PRIORITIES.get(target["priority"], unknown(content)),
        "target": target["target_text"] or unknown(content),
        "owners": listed(target["owners"], unknown(content)),
        "remark": wording.COMPARISONS.get(target["comparable"], ""),
    }


def _notes(targets: list[Content]) -> list[str]:
    """Give the reasons why base and target are hard to compare, each reason once."""
    reasons: dict[str, list[str]] = {}
    for target in targets:
        words = wording.comparison_text(target)
        if words and target["reason"]:
            reasons.setdefault(words, []).append(target["code"])
    return [f"{', '.join(codes)}: {words.rstrip('.')}." for words, codes in reasons.items()]


def _further(content: Content) -> list[str]:
    """Say what the plan aims at beside its own index and base: one sentence an index and base province."""
    return [
        f"{each['index']}, năm gốc {each['base_year']}, {each['base_unit']}: "
        + listed(f"{t['code']} {t['target_text']} (năm gốc: {number(t['base'])})" for t in each["targets"])
        + "."
        for each in content.get("further", [])
        if each["targets"]
    ]


def _targets_intro(main: list[Content], parts: list[Content]) -> str:
    if not main:
        return (
            f"Mục tiêu theo từng nội dung: chưa xác định{'; theo nội dung thành phần: tại Phụ lục I' if parts else ''}."
        )
    more = "; mục tiêu theo từng nội dung thành phần tại Phụ lục I" if parts else ""
    groups = "Cột “Nhóm” chia các tỉnh, thành phố theo điểm thành bốn nhóm có số lượng gần bằng nhau."
    return f"Mục tiêu theo từng nội dung nêu tại Bảng 1{more}. {groups}"


def _chart_title(content: Content, main: list[Content]) -> str:
    """State the finding where every base and target can be compared; else what is shown."""
    year, base_year = content["year"], content["base_year"]
    shown = [t for t in main if t["level"] == "dimension"]
    if all(t["comparable"] == "yes" and None not in (t["base"], t["target_value"]) for t in shown):
        higher = sum(t["target_value"] > t["base"] for t in shown)
        return f"Mục tiêu năm {year} cao hơn kết quả năm {base_year} ở {higher}/{len(shown)} nội dung"
    return f"Kết quả năm {base_year} và mục tiêu năm {year} theo từng nội dung"


def _closing(content: Content) -> str:
    if content["is_historic"]:
        return "Những nội dung khác của Kế hoạch: không nêu trong nguồn"
    return (
        "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các cơ quan, đơn vị, địa phương phản ánh về "
        "[cơ quan đầu mối do đơn vị soạn thảo bổ sung] để tổng hợp, báo cáo "
        f"{wording.issuer(content)} xem xét, quyết định"
    )


def _recipients(content: Content) -> list[str]:
    if content["is_historic"]:
        return ["Không nêu trong nguồn."]
    return ["[Nơi nhận do đơn vị soạn thảo bổ sung];", "Lưu: VT, [đơn vị soạn thảo]."]


def _made_from(content: Content) -> str:
    """Name the figures and the program, so that the same document can be made again."""
    releases = listed(
        f"{r['name']} (SHA-256 {r['sha256'][:16]}…)" if r["sha256"] else r["name"] for r in content["releases"]
    )
    made = f"Lập ngày {day_text(content['made_on'])} bằng Quantri {content['engine_version']}"
    return f"{made}. Số liệu: {releases or 'không có'}."

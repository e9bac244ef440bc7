"""A synthesis report as an official draft: sections, lines and annexes, from frozen content only."""

from collections.abc import Iterable, Iterator
from typing import Any

from quantri.web.reports.as_of import told_until
from quantri.web.reports.official.tags import roman
from quantri.web.reports.rendering.wording import day_text, listed, number
from quantri.web.reports.synthesis_beside import class_lines, figure_lines, inspection_lines
from quantri.web.reports.synthesis_further import (
    COMPARISONS,
    REACHED,
    further_blocks,
    further_comparison,
    further_rows,
)

Content = dict[str, Any]
Heads = dict[int, str]  # title and name of who heads an agency, by its key
SECTIONS = {
    "direction": "Công tác chỉ đạo, tổ chức thực hiện",
    "strengths": "Kết quả nổi bật",
    "limits": "Hạn chế",
    "causes": "Nguyên nhân",
    "ahead": "Nhiệm vụ trong thời gian tới",
    "proposals": "Đề xuất, kiến nghị",
}  # texts that the coordinator writes
OF_CONTENTS = {"causes": "Nguyên nhân", "proposals": "Đề xuất, kiến nghị"}  # written for each content, too
TO_WRITE = "[Nội dung do đơn vị soạn thảo bổ sung]"
STATES = {
    "done": "hoàn thành", "done_late": "hoàn thành sau hạn", "late": "quá hạn", "open": "đang thực hiện",
    "undated": "không có thời hạn",
}  # fmt: skip
MOST_NAMES, NAMED = 15, 3  # agencies that a printed cell lists, and how many it names of more


ANNEXES = {
    "targets": "Mục tiêu và kết quả theo từng nội dung",
    "further": "Mục tiêu và kết quả theo chỉ số, tỉnh gốc khác",
    "tasks": "Tình hình thực hiện nhiệm vụ",
}


def preview_of(content: Content) -> Content:
    """Give what the page shows of the document: its words, and of the annexes their titles and how long they are."""
    rows = {"targets": content["contents"], "further": further_rows(content), "tasks": content["tasks"]}
    annexes = [(title, len(rows[key])) for key, title in ANNEXES.items() if key != "further" or rows[key]]
    return {"subject": subject_of(content), "body": list(_body(content)), "annexes": annexes}


def subject_of(content: Content) -> str:
    return f"Tổng hợp kết quả thực hiện {content['plan']['title']} ({content['period']['name']})"


def official_of(content: Content) -> Content:
    """Give what `official.render("bao-cao", …)` prints."""
    return {
        "issuer": {**content["issuer"], "unit": "NC"}, "year": int(content["period"]["ends_on"][:4]),
        "subject": subject_of(content),
        "made_on": content["made_on"], "is_demonstration": content["is_demonstration"],
        "signer": ["TM. Ủy ban nhân dân", "Chủ tịch"],
        "recipients": ["[Nơi nhận do đơn vị soạn thảo bổ sung]"], "body": list(_body(content)),
        "annexes": [_targets(content), *_further(content), _tasks(content)],
    }  # fmt: skip


def suggestions(content: Content) -> dict[str, str]:
    """First words of the texts: what agencies reported as difficulties and requests."""
    return _suggested(content["remarks"])


def suggestions_of_contents(content: Content) -> dict[str, str]:
    """First words of the texts of each content: what was reported on its tasks."""
    return {
        key_of(section, code): text
        for code in (c["code"] for c in content["contents"])
        for section, text in _suggested([r for r in content["remarks"] if _is_on(r, code)]).items()
    }


def key_of(section: str, code: str) -> str:
    """Key of the text of a section about one content."""
    return f"{section}-{code}"


def keys_of_contents(content: Content) -> dict[str, tuple[str, Content]]:
    """Keys of the texts about single contents, each with its section and content."""
    return {key_of(s, c["code"]): (s, c) for c in content["contents"] for s in OF_CONTENTS}


def _suggested(remarks: list[Content]) -> dict[str, str]:
    difficulties = [f"{r['agency']} ({r['task']}): {r['difficulty']}" for r in remarks if r["difficulty"]]
    requests = [f"{r['agency']} ({r['task']}): {r['request']}" for r in remarks if r["request"]]
    return {"causes": "\n".join(difficulties), "proposals": "\n".join(requests)}


def _is_on(remark: Content, code: str) -> bool:
    return any(c == code or c.startswith(f"{code}.") for c in remark.get("components", ()))


def _body(content: Content) -> Iterator[Content]:
    yield _heading("I. Công tác chỉ đạo, tổ chức thực hiện")
    yield from _typed(content, "direction")
    yield _heading("II. Kết quả theo từng nội dung")
    if content.get("further"):
        yield _text(f"Mục này nêu mục tiêu và kết quả của {content['plan']['base_unit']}.")
    heads = heads_of(content)
    for found in content["contents"]:
        yield _text(_of_content(content, found, heads))
        yield from _typed_of(content, found["code"])
    yield from _numbered(_sections(content), 3)


def _numbered(sections: Iterable[tuple[str, Iterable[Content]]], first: int) -> Iterator[Content]:
    for place, (title, blocks) in enumerate(sections, start=first):
        yield _heading(f"{roman(place)}. {title}")
        yield from blocks


def _sections(content: Content) -> Iterator[tuple[str, Iterable[Content]]]:
    """Sections after the contents; what a report was frozen without, or a period has not, takes no number."""
    if content.get("further"):
        yield "Kết quả theo chỉ số, tỉnh gốc khác của Kế hoạch", further_blocks(content)
    yield "Kết quả thực hiện nhiệm vụ", map(_text, [*_of_tasks(content), *content.get("notes", ())])
    if "inspections" in content:
        yield "Kiểm tra việc thực hiện Kế hoạch", map(_text, inspection_lines(content))
    if content.get("classes"):
        yield "Xếp loại cơ quan, đơn vị", map(_text, class_lines(content))
    if content.get("figures"):
        yield "Số liệu tham khảo của cấp xã", map(_text, figure_lines(content))
    yield "Đánh giá chung", _judged(content)
    yield "Nhiệm vụ trong thời gian tới", _typed(content, "ahead")
    yield "Đề xuất, kiến nghị", _typed(content, "proposals")


def _judged(content: Content) -> Iterator[Content]:
    for place, key in enumerate(("strengths", "limits", "causes"), start=1):
        yield {"kind": "clause", "text": f"{place}. {SECTIONS[key]}"}
        yield from _typed(content, key)
    yield {"kind": "clause", "text": "4. Trách nhiệm của cơ quan, người đứng đầu"}
    yield from map(_text, responsibility(content))


def _heading(text: str) -> Content:
    return {"kind": "heading", "text": text}


def _text(text: str) -> Content:
    return {"text": text}


def _typed(content: Content, key: str) -> Iterator[Content]:
    yield from (_text(line) for line in _lines(content, key) or [TO_WRITE])


def _typed_of(content: Content, code: str) -> Iterator[Content]:
    """Give the texts about one content; nothing where none was written."""
    for section, name in OF_CONTENTS.items():
        lines = _lines(content, key_of(section, code))
        yield from (_text(f"{name}: {line}" if place == 0 else line) for place, line in enumerate(lines))


def _lines(content: Content, key: str) -> list[str]:
    return [line.strip() for line in content["texts"].get(key, "").splitlines() if line.strip()]


def _of_content(content: Content, found: Content, heads: Heads) -> str:
    n, done, late, bare = (found[key]["value"] for key in ("n_tasks", "done", "late", "without_evidence"))
    tasks = f"{n} nhiệm vụ, {done} hoàn thành (trong đó {bare} chưa có minh chứng), {late} quá hạn"
    return (
        f"{found['code']}. {found['name']}: kết quả năm gốc {number(found['base']['value'])} điểm; "
        f"mục tiêu: {found['target']['value'] or 'chưa xác định'}; {_result(found)}; {tasks}"
        f"{_answers_for(content, found, heads)}."
    )


def _answers_for(content: Content, found: Content, heads: Heads) -> str:
    """Say who answers for a content, with heads; reports frozen before heads were kept stay as they were."""
    if "answering" not in content:
        return ""
    return f"; chịu trách nhiệm: {listed(owners_of(found, heads), 'chưa có cơ quan')}"


def owners_of(found: Content, heads: Heads) -> list[str]:
    """Name the agencies that answer for a content, each with its head where one is recorded."""
    return [
        f"{agency} ({heads[key]})" if heads.get(key) else agency
        for agency, key in zip(found["owners"], found.get("owner_keys", found["owners"]), strict=True)
    ]


def heads_of(content: Content) -> Heads:
    """Title and name of the heads at the end of the period, the title alone where the name is not known."""
    told = {a["key"]: a["head"] for a in content.get("answering", ()) if a["head"]}
    return {key: f"{head['title']} {head['name']}".strip() for key, head in told.items()}


def headless(content: Content) -> list[Content]:
    """Agencies that answer for something while no head of theirs is recorded: a fault."""
    return [a for a in content.get("answering", ()) if not a["head"]]


def _result(found: Content) -> str:
    if found["result"]["value"] is None:
        return "kết quả năm kế hoạch: chưa công bố"
    comparison = COMPARISONS[found["comparable"]]
    why = f" ({found['reason'].rstrip('.')})" if found["reason"] and found["comparable"] != "yes" else ""
    return (
        f"kết quả năm kế hoạch: {number(found['result']['value'])} điểm, {comparison} với năm gốc{why}, "
        f"mục tiêu: {REACHED[found['reached']]}"
    )


def _of_tasks(content: Content) -> Iterator[str]:
    counts = {key: figure.get("value") for key, figure in content["counts"].items()}
    yield (
        f"Đến ngày {day_text(told_until(content))}, Kế hoạch có {counts['n_tasks']} nhiệm vụ: "
        f"{counts['done']} hoàn thành (trong đó {counts['done_late']} sau hạn), {counts['late']} quá hạn; "
        f"{counts['undated']} chưa hoàn thành và không có thời hạn."
    )
    yield (
        f"{counts['without_evidence']} nhiệm vụ hoàn thành chưa có minh chứng; "
        f"{counts['without_lead']} nhiệm vụ không có cơ quan chủ trì."
    )
    if counts.get("finished_before"):
        yield (
            f"Ngoài ra, {counts['finished_before']} nhiệm vụ đã hoàn thành theo Kế hoạch trước khi điều chỉnh, nêu "
            "trong báo cáo của Kế hoạch đó."
        )
    rate = content["counts"]["on_time"]
    if rate["share"] is not None:
        yield (
            f"Tỷ lệ đúng hạn theo phần việc của từng cơ quan: {number(100 * rate['share'], 1)}% "
            f"({rate['on_time']} đúng hạn trên {rate['closed'] + rate['overdue_open']} phần việc đã hoàn thành hoặc "
            "đã quá hạn)."
        )


def comparison(found: Content) -> str:
    """Say whether base and result can be compared, once there is a result."""
    return "chưa có kết quả" if found["result"]["value"] is None else COMPARISONS[found["comparable"]]


def responsibility(content: Content) -> list[str]:
    """Say who answers for what is late, which contents nobody answers for, and where no head is recorded."""
    heads = heads_of(content)
    lines = [
        f"{_who(agency, heads.get(key))} chịu trách nhiệm về {len(tasks)} nhiệm vụ chậm thời hạn: số {listed(tasks)}."
        for (agency, key), tasks in sorted(_late(content).items())
    ]
    ownerless = [c["code"] for c in content["contents"] if not c["owners"]]
    if ownerless:
        lines.append(f"Nội dung chưa có cơ quan chịu trách nhiệm: {listed(ownerless)}.")
    unknown = [a["agency"] for a in headless(content)]
    if unknown:
        lines.append(f"Chưa ghi nhận người đứng đầu của cơ quan: {listed(unknown)}.")
    return lines or ["Trong kỳ không có nhiệm vụ chậm thời hạn; mọi nội dung có cơ quan chịu trách nhiệm."]


def _late(content: Content) -> dict[tuple[str, object], list[str]]:
    """Numbers of the late tasks of each lead."""
    late: dict[tuple[str, object], list[str]] = {}
    for task in content["tasks"]:
        leads = zip(task["leads"], task.get("lead_keys", task["leads"]), strict=True)
        for lead in leads if task["state"] in ("late", "done_late") else ():
            late.setdefault(lead, []).append(task["number"] or f"“{task['title']}”")
    return late


def _who(agency: str, head: str | None) -> str:
    if head is None:
        return f"Người đứng đầu {agency}"
    return head if agency in head else f"{head}, người đứng đầu {agency},"


def _column(title: str, width: int, *, is_centred: bool = False) -> Content:
    return {"title": title, "width": width, "is_centred": is_centred}


def _targets(content: Content) -> Content:
    plan, heads = content["plan"], heads_of(content)
    return {
        "title": ANNEXES["targets"],
        "columns": [
            _column("Mã", 2, is_centred=True), _column("Nội dung", 6),
            _column(f"Kết quả năm {plan['base_year']}", 3, is_centred=True), _column("Mục tiêu", 6),
            _column(f"Kết quả năm {plan['year']}", 3, is_centred=True), _column("So sánh", 5),
            _column("Mục tiêu đạt", 3),
            _column("Cơ quan chịu trách nhiệm", 6),
        ],
        "rows": [
            [
                c["code"], c["name"], number(c["base"]["value"]), c["target"]["value"] or "chưa xác định",
                number(c["result"]["value"]), comparison(c), REACHED[c["reached"]],
                listed(owners_of(c, heads), "chưa xác định"),
            ]
            for c in content["contents"]
        ],
        "note": _source(content),
    }  # fmt: skip


def _further(content: Content) -> Iterator[Content]:
    """Give the annex of the further grounds, where a plan has some."""
    rows, year = further_rows(content), content["plan"]["year"]
    if not rows:
        return
    yield {
        "title": ANNEXES["further"],
        "columns": [
            _column("Chỉ số", 2, is_centred=True), _column("Tỉnh gốc", 4), _column("Năm gốc", 2, is_centred=True),
            _column("Mã", 2, is_centred=True), _column("Nội dung", 6),
            _column("Kết quả năm gốc", 3, is_centred=True), _column("Mục tiêu", 6),
            _column(f"Kết quả năm {year}", 3, is_centred=True), _column("So sánh", 4), _column("Mục tiêu đạt", 3),
        ],
        "rows": [
            [
                t["index"], t["base_unit"], str(t["base_year"]), t["code"], t["name"], number(t["base"]["value"]),
                t["target"]["value"], number(t["result"]["value"]), further_comparison(t), REACHED[t["reached"]],
            ]
            for t in rows
        ],
        "note": _source(content),
    }  # fmt: skip


def _tasks(content: Content) -> Content:
    return {
        "title": ANNEXES["tasks"],
        "columns": [
            _column("TT", 2, is_centred=True), _column("Nhiệm vụ", 9), _column("Nội dung", 3, is_centred=True),
            _column("Cơ quan chủ trì", 5), _column("Thời hạn", 3, is_centred=True), _column("Tình trạng", 4),
            _column("Ngày hoàn thành", 3, is_centred=True), _column("Minh chứng", 2, is_centred=True),
        ],
        "rows": [
            [
                t["number"] or str(place), t["title"], listed(t["components"], "chung"),
                listed(_few(t["leads"]), "chưa xác định"),
                day_text(t["due_on"]) or "chưa xác định", STATES[t["state"]], day_text(t["closed_on"]) or "–",
                str(t["n_evidence"]),
            ]
            for place, t in enumerate(content["tasks"], start=1)
        ],
        "note": _source(content),
    }  # fmt: skip


def _few(names: list[str]) -> list[str]:
    """Name the first of many agencies and count the others: a printed cell is no list of all communes."""
    if len(names) <= MOST_NAMES:
        return names
    return [*names[: NAMED - 1], f"{names[NAMED - 1]} và {len(names) - NAMED} cơ quan khác (có trong phụ lục Excel)"]


def _source(content: Content) -> str:
    told = listed(f"{r['name']} (SHA-256 {r['sha256'][:16]}…)" for r in content["releases"])
    made = f"Lập ngày {day_text(content['made_on'])} bằng Quantri {content['engine_version']}"
    return f"{made}. Số liệu: {told or 'không có'}; báo cáo của các cơ quan đến {day_text(told_until(content))}."

"""Who does what: tasks by content and by body, and what the plan leaves open."""

from typing import Any

from quantri.web.reports.rendering import wording
from quantri.web.reports.rendering.wording import day_text, listed, runs, unknown

Content = dict[str, Any]


def tasks_tags(content: Content, *, has_parts: bool) -> dict[str, Any]:
    """Give the tags of sections III and IV and of the annex of tasks."""
    tasks = content["tasks"]
    annex = "Phụ lục II" if has_parts else "Phụ lục"
    intro = f"Kế hoạch gồm {_count(len(tasks))} nhiệm vụ, nêu chi tiết tại {annex}; tóm tắt theo nội dung như sau:"
    none = "Nhiệm vụ: không nêu trong nguồn." if content["is_historic"] else "Nhiệm vụ: chưa xác định."
    bodies = _bodies(content)
    missing = [{"number": len(bodies) + 1 + i, "text": text} for i, text in enumerate(_missing(content))]
    return {
        "tasks_annex": annex,
        "tasks_intro": intro if tasks else none,
        "no_tasks": none,
        "summary": _summary(content),
        "without_tasks": _without_tasks(content),
        "bodies": bodies,
        "missing": missing,
        "tasks": [_task(content, task) for task in tasks],
    }


def _task(content: Content, task: Content) -> dict[str, str]:
    return {
        "number": task["number"],
        "title": task["title"],
        "components": listed(task["components"], "chung"),
        "leads": listed(task["leads"], unknown(content)),
        "coordinating": listed(task["coordinating"], unknown(content)),
        "due_on": day_text(task["due_on"]) or unknown(content),
        "deliverable": task["deliverable"] or unknown(content),
    }


def _count(n: int) -> str:
    return f"{n:02d}"


def _content_of(code: str, known: dict[str, str]) -> str:
    """Find the content that a component belongs to; empty for the whole index."""
    top = code.split(".")[0]
    return top if "." in code or top in known else ""


def _by_content(content: Content) -> dict[str, list[Content]]:
    """Group tasks by content, in the order of the targets; under "" those of the whole plan."""
    known = _names(content)
    groups: dict[str, list[Content]] = {code: [] for code in [*known, ""]}
    for task in content["tasks"]:
        codes = [_content_of(code, known) for code in task["components"]] or [""]
        for code in dict.fromkeys(codes):
            groups.setdefault(code, []).append(task)
    return groups


def _names(content: Content) -> dict[str, str]:
    return {t["code"]: t["name"] for t in content["targets"] if t["level"] == "dimension"}


def _summary(content: Content) -> list[dict[str, Any]]:
    names = _names(content)
    filled = [(code, tasks) for code, tasks in _by_content(content).items() if tasks]
    filled.sort(key=lambda pair: pair[0] == "")  # the general tasks last
    return [
        {"number": place, "name": _title(code, names), "text": _told(content, tasks)}
        for place, (code, tasks) in enumerate(filled, start=1)
    ]


def _title(code: str, names: dict[str, str]) -> str:
    if not code:
        return "Nhiệm vụ chung của cả Kế hoạch"
    return f"{names[code]} ({code})" if code in names else code


def _told(content: Content, tasks: list[Content]) -> str:
    leads = listed(dict.fromkeys(lead for task in tasks for lead in task["leads"]), unknown(content))
    dates = sorted(filter(None, (wording.day(task["due_on"]) for task in tasks)))
    due = (
        unknown(content) if not dates else " đến ".join(dict.fromkeys(day_text(str(d)) for d in (dates[0], dates[-1])))
    )
    numbers = runs(task["number"] for task in tasks)
    return f"{_count(len(tasks))} nhiệm vụ (số {numbers}); chủ trì: {leads}; thời hạn: {due}."


def _without_tasks(content: Content) -> str:
    if not content["tasks"]:
        return ""
    names = _names(content)
    empty = listed(
        f"{names[code]} ({code})" for code, tasks in _by_content(content).items() if code in names and not tasks
    )
    verb = "Nguồn không nêu nhiệm vụ riêng" if content["is_historic"] else "Chưa có nhiệm vụ riêng"
    return f"{verb} cho: {empty}." if empty else ""


# ---- who does it


def _bodies(content: Content) -> list[dict[str, Any]]:
    """List each body with what it leads, joins in and answers for."""
    owned = [(owner, t["code"]) for t in content["targets"] for owner in t["owners"]]
    led = [(lead, task["number"]) for task in content["tasks"] for lead in task["leads"]]
    joined = [(body, task["number"]) for task in content["tasks"] for body in task["coordinating"]]
    names = dict.fromkeys(body for body, _ in [*led, *owned, *joined] if body)
    parts = (
        ("chịu trách nhiệm về nội dung", owned),
        ("chủ trì nhiệm vụ số", led),
        ("phối hợp thực hiện nhiệm vụ số", joined),
    )
    return [
        {
            "number": place,
            "name": name,
            "text": "; ".join(
                f"{verb} {runs(mine)}" for verb, pairs in parts if (mine := [n for b, n in pairs if b == name])
            )
            + ".",
        }
        for place, name in enumerate(names, start=1)
    ]


def _missing(content: Content) -> list[str]:
    """Say what the plan leaves open."""
    tasks = content["tasks"]
    main = [t for t in content["targets"] if t["level"] == "dimension"]
    open_points = (
        ("Cơ quan chịu trách nhiệm về nội dung", [t["code"] for t in main if not t["owners"]]),
        ("Cơ quan chủ trì nhiệm vụ số", [t["number"] for t in tasks if not t["leads"]]),
        ("Thời hạn của nhiệm vụ số", [t["number"] for t in tasks if not t["due_on"]]),
        ("Sản phẩm của nhiệm vụ số", [t["number"] for t in tasks if not t["deliverable"]]),
    )
    return [f"{words} {runs(codes)}: {unknown(content)}." for words, codes in open_points if codes]

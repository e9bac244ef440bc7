"""A confirmed exercise as plain frozen content, from which the table and the decision are drafted."""

from typing import Any

from quantri.web.appraisal.models import Exercise


def content_of(exercise: Exercise) -> dict[str, Any]:
    """Freeze the classes as they were confirmed; documents are Vietnamese, so are its texts.

    Raises
    ------
    ValueError
        The classes are not confirmed yet.
    """
    if not exercise.is_confirmed:
        raise ValueError("only confirmed classes become a document")
    entries = exercise.entries.standing().select_related("agency")
    rows = [
        {"agency": e.agency.name_vi, "points": e.result["points"], "class": e.result["class_vi"]} for e in entries
    ]  # fmt: skip
    return {
        "title": exercise.title, "year": exercise.year, "province": exercise.province.title,
        "basis": exercise.sheet.document, "sheet_sha256": exercise.sheet_sha256,
        "is_demonstration": bool(exercise.sheet.demonstration or exercise.is_demonstration),
        "rows": sorted(rows, key=lambda r: (-float(r["points"]), r["agency"])),
        "counts": {b.name_vi: sum(r["class"] == b.name_vi for r in rows) for b in exercise.sheet.bands},
        "decisions": [{"kind": d.kind, "reason": d.reason, "by": d.decided_by} for d in exercise.decisions.all()],
    }  # fmt: skip

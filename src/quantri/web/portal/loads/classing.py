"""An exercise of classing of a province: each agency's points by the example sheet, their appraisal, some appeals."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from quantri.web.accounts.models import Agency
from quantri.web.appraisal.models import Appeal, Entry, Exercise, Line
from quantri.web.appraisal.sheets import example_sheet
from quantri.web.places.models import Province
from quantri.web.portal.loads.agencies import MARK
from quantri.web.portal.loads.sizes import ROWS, Bodies, Load, batches, morning

SHARE_HANDED_IN, SHARE_APPRAISED = 0.9, 0.8  # of all, of those handed in
APPEALED = 10  # of so many that were appraised one appeals


def fill_classing(load: Load, province: Province, bodies: Bodies) -> None:
    """Make the exercise of this year, whose appeals still run, with an entry for each agency below the committee."""
    exercise = _exercise(load, province)
    entries = Entry.objects.bulk_create([_entry(load, exercise, a) for a in bodies.others], batch_size=ROWS)
    handed_in = [entry for entry in entries if entry.is_handed_in]
    for lines in batches(line for entry in handed_in for line in _lines(load, entry)):
        Line.objects.bulk_create(lines, batch_size=ROWS)
    appealed = [entry for entry in handed_in if entry.is_appraised][::APPEALED]
    Appeal.objects.bulk_create([_appeal(load, entry, n) for n, entry in enumerate(appealed)], batch_size=ROWS)


def _exercise(load: Load, province: Province) -> Exercise:
    text = example_sheet()
    return Exercise.objects.create(
        province=province, year=load.today.year, title=f"Chấm điểm, xếp loại {load.today.year} {MARK}", sheet_text=text,
        sheet_sha256=hashlib.sha256(text.encode()).hexdigest(), scored_from=load.today - timedelta(days=60),
        scored_until=load.today - timedelta(days=30), appealed_until=load.today + timedelta(days=10),
        is_demonstration=True,
    )  # fmt: skip


def _entry(load: Load, exercise: Exercise, agency: Agency) -> Entry:
    is_handed_in = load.draw.random() < SHARE_HANDED_IN
    is_appraised = is_handed_in and load.draw.random() < SHARE_APPRAISED
    return Entry(
        exercise=exercise, agency=agency, handed_in_at=morning(exercise.scored_until) if is_handed_in else None,
        handed_in_by=MARK if is_handed_in else "", appraised_by=MARK if is_appraised else "",
        appraised_at=morning(exercise.scored_until + timedelta(days=10)) if is_appraised else None,
    )  # fmt: skip


def _lines(load: Load, entry: Entry) -> Iterator[Line]:
    """Give points line by line; every third one is appraised a point lower."""
    for n, (code, line) in enumerate(entry.exercise.sheet.lines.items()):
        own = load.draw.randint(0, int(line.points))
        points = max(own - (n % 3 == 2), 0)
        yield Line(
            entry=entry, code=code, self_points=own, evidence=f"Văn bản số {n + 1} {MARK}",
            points=points if entry.is_appraised else None,
            explanation=f"Minh chứng chưa đủ {MARK}" if entry.is_appraised and points != own else "",
        )  # fmt: skip


def _appeal(load: Load, entry: Entry, n: int) -> Appeal:
    """Ask for another look; every second one is answered."""
    is_answered = n % 2 == 1
    return Appeal(
        entry=entry, reason=f"Đề nghị xem xét lại {MARK}", made_by=MARK, answer=f"Giữ nguyên {MARK}" * is_answered,
        answered_at=morning(load.today) if is_answered else None, answered_by=MARK * is_answered,
    )  # fmt: skip

"""One English word for what became of opinions, reports, requests and answers has a Vietnamese one for each."""

from pathlib import Path

from django.utils import translation

import quantri.web
from quantri.web.inspections.models import Answer
from quantri.web.plans.models import Opinion
from quantri.web.tasks.models import Handover, Progress


def test_what_is_accepted_is_named_for_what_it_is():
    with translation.override("vi"):
        said = [str(kind.ACCEPTED.label) for kind in (Progress.State, Handover.State, Answer.Verdict, Opinion.Verdict)]
    assert said == ["đã chấp nhận", "được đồng ý", "được chấp nhận", "tiếp thu"]


def test_no_page_calls_what_else_is_accepted_by_the_word_for_opinions():
    pages = Path(quantri.web.__file__).parent.rglob("templates/**/*.html")
    assert [page.name for page in pages if '{% translate "accepted" %}' in page.read_text("utf-8")] == []

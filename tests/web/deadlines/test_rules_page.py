"""The list of rules: what each asks, in words, by pages and as a workbook."""

from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook

from people import signed_in
from quantri.web.deadlines.models import LegalRule
from quantri.web.deadlines.wording import asked


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("feedback.forward_outside", "at most 5 working days"),
        ("democracy.posting", "at least 30 calendar days"),
        ("pib.plan_notice", "at least 5 working days before"),
        ("data.breach", "at most 72 hours"),
        ("democracy.vote_contributions", "at least 2/3"),
        ("democracy.vote_other", "more than 50 %"),
        ("democracy.dialogue", "at least 1 time a year"),
        ("pib.deputies", "at most 2 persons"),
        ("documents.margin_left_least", "at least 30 mm"),
        ("feedback.forward_conduct", ""),
    ],
)
def test_a_rule_says_what_it_asks(db, rule, words):
    with translation.override("en"):
        assert asked(LegalRule.objects.get(rule=rule)) == words


def test_rules_come_by_fifty_and_all_of_them_in_the_workbook(client, db, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        first = client.get("/en/rules/").content.decode()
    assert first.count('<th scope="row">') == 50 and "page=2" in first
    assert "20/2008/NĐ-CP" in client.get("/en/rules/?page=2").content.decode()
    assert client.get("/en/rules/?page=x").status_code == 200
    sheet = load_workbook(BytesIO(client.get("/en/rules/?format=xlsx").content)).worksheets[0]
    assert sheet.max_row == LegalRule.objects.count() + 1


def test_the_code_of_a_rule_has_its_column_and_is_explained(client, db):
    page = client.get("/en/rules/").content.decode()
    assert '<th scope="col">Code</th>' in page and "The code names the rule in the spreadsheet" in page
    assert page.count('<td class="small quiet" data-label="Code">') == 50


def test_rules_are_read_only(administrator):
    assert signed_in(administrator).post("/rules/").status_code == 405

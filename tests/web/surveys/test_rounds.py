"""The synthetic rounds: marked on every page and file, true to the engine, and without any respondent."""

import csv
import gzip
import io
import json

import numpy as np
import pytest
from openpyxl import load_workbook

from people import SYSTEM, signed_in
from quantri.engine.loading import DATA, load_archive
from quantri.web.core.models import AuditEntry
from quantri.web.surveys import changes, weights
from quantri.web.surveys.actions import load_synthetic_rounds
from quantri.web.surveys.detecting import detecting
from quantri.web.surveys.exports import MARK
from quantri.web.surveys.lines import league, tree
from quantri.web.surveys.lookup import scored_of
from quantri.web.surveys.models import SurveyRound
from quantri.web.surveys.scored import packed, unpacked

PAGES = [
    "/rounds/synthetic-1/", "/rounds/synthetic-2/?code=D5.1", "/rounds/synthetic-2/places/89/",
    "/rounds/synthetic-2/change/", "/rounds/synthetic-2/weights/?choice=geometric+means",
    "/rounds/synthetic-2/weights/?choice=own&D1=1&D4=2,5",
    "/rounds/synthetic-2/sample/?size=900&change=0%2C5&code=D1&place=89",
]  # fmt: skip
FILES = [
    "/rounds/synthetic-2/table.{}?code=D5", "/rounds/synthetic-2/places/89/table.{}",
    "/rounds/synthetic-2/change/table.{}?place=91", "/rounds/synthetic-2/weights/table.{}?choice=without+D1",
]  # fmt: skip


@pytest.fixture
def first(db) -> SurveyRound:
    return SurveyRound.objects.get(key="synthetic-1")


@pytest.fixture
def second(db) -> SurveyRound:
    return SurveyRound.objects.get(key="synthetic-2")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_of_a_synthetic_round_bears_the_mark_in_both_languages(client, db, address, language):
    page = client.get(language + address).content.decode()
    assert "DỮ LIỆU MÔ PHỎNG" in page and "SYNTHETIC" in page
    assert 'class="synthetic"' in page


@pytest.mark.parametrize("address", FILES)
def test_every_row_of_a_synthetic_file_bears_the_mark(client, db, address):
    answer = client.get("/en" + address.format("csv"))
    assert 'filename="SYNTHETIC-' in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) > 60 and {row[0] for row in rows} == {MARK}
    book = load_workbook(io.BytesIO(client.get("/en" + address.format("xlsx")).content))
    assert {row[0].value for row in book["Quantri"].iter_rows()} == {MARK}
    assert book["Source"]["A1"].value == MARK


def test_published_pages_bear_no_synthetic_figure(client, db):
    for address in ("/explore/", "/provinces/vn63-89/", "/components/D5/", "/compare/"):
        assert "synthetic" not in client.get(address).content.decode().lower()


def test_the_home_page_leads_to_the_rounds_as_long_as_there_are_some(client, db):
    assert 'href="/rounds/"' in client.get("/").content.decode()
    assert "synthetic-word" in client.get("/").content.decode()
    SurveyRound.objects.all().delete()
    assert "synthetic-word" not in client.get("/").content.decode()


def test_loading_a_second_time_changes_nothing(db):
    before = list(SurveyRound.objects.values_list("pk", "content_sha256"))
    assert load_synthetic_rounds(by=SYSTEM) == 0
    assert list(SurveyRound.objects.values_list("pk", "content_sha256")) == before
    assert AuditEntry.objects.filter(action="round.loaded").count() == 2


def test_a_round_holds_estimates_and_no_row_of_a_respondent(db):
    for path in (DATA / "rounds").iterdir():
        content = json.loads(gzip.decompress(path.read_bytes()))
        assert set(content) == {"format", "facts", "definition", "domains", "arrays", "notes"}
        assert {len(values) for values in content["arrays"].values()} == {63} != content["facts"]["n"]
        assert path.stat().st_size < 300_000


def test_writing_what_was_read_gives_equal_bytes(second):
    assert packed(unpacked(bytes(second.content))) == bytes(second.content)


def test_an_estimate_lies_in_its_interval_and_near_what_it_was_made_from(first):
    found = scored_of(first)
    held = found.arrays
    assert ((held["low"] <= held["value"]) & (held["value"] <= held["high"]) | np.isnan(held["low"])).all()
    published = load_archive("papi").edition(2024)
    top = league(found, found.definition.top)
    errors = [
        (s.value - score) / s.standard_error
        for s in top
        for unit in published.units
        if unit.code == s.domain.label and (score := published.score(unit.key, "PAPI")) is not None
    ]
    assert np.abs(errors).max() < 5 and np.abs(np.mean(errors)) < 1


def test_the_names_of_places_are_those_of_the_time_of_the_round(second):
    names = {d.label: d.name_vi for d in scored_of(second).domains}
    assert (names["89"], names["91"], names["92"]) == ("An Giang", "Kiên Giang", "Cần Thơ")


def test_the_greatest_true_changes_are_found_and_most_of_the_rest_is_not(first, second):
    found = changes.compared(first, second)
    surest = {(c.domain.label, c.component.code) for c in changes.findings(found, "sub_dimension")[:3]}
    assert surest == {("89", "D5.1"), ("89", "D1.1"), ("91", "D4.1")}
    assert found.n_found < found.n_tests / 100


def test_the_points_of_the_indicators_add_up_to_the_change(first, second, monkeypatch):
    monkeypatch.setattr(changes, "LARGEST", 1000)
    found = changes.compared(first, second)
    definition = found.after.definition
    one = next(c for c in changes.changes_of(found, "89") if c.component.code == "D5")
    brought = changes.contributed(found, "89", definition["D5"])
    assert sum(part.points for part in brought) == pytest.approx(one.value, abs=0.05)


def test_a_change_that_is_not_found_is_said_to_be_perhaps_chance(client, db):
    page = client.get("/en/rounds/synthetic-2/change/?place=01&code=D1").content.decode()
    assert "may be only sampling variation" in page
    assert "p &lt; 0.001" not in page.split('class="tile"')[2].split("</section>")[0]


def test_ranks_under_equal_weights_are_those_of_the_definition_when_its_parts_are_equal(second):
    found = scored_of(second)
    same = weights.tried(found, weights.OWN, weights.as_defined(found.definition))
    assert same.widest == 0 and same.n_beyond == 0


def test_a_part_that_weighs_nothing_is_left_out(second):
    found = scored_of(second)
    asked = dict.fromkeys(weights.as_defined(found.definition), 1.0)
    zeroed = weights.tried(found, weights.OWN, asked | {"D3": 0.0})
    left_out = weights.tried(found, "without D3", asked)
    assert [row.domain for row in zeroed.rows] == [row.domain for row in left_out.rows]


def test_the_weightings_open_with_a_choice_that_moves_a_place_and_say_which(client, second):
    assert weights.first_choice(scored_of(second)) == weights.GEOMETRIC  # its dimensions weigh the same as defined
    page = client.get("/en/rounds/synthetic-2/weights/").content.decode()
    assert "Shown first: geometric means at every level." in page and "up to 0 ranks" not in page
    assert '<option value="geometric means" selected>' in page
    own = client.get("/en/rounds/synthetic-2/weights/?choice=own&D1=1").content.decode()
    assert "Shown first" not in own
    first, asked = (
        client.get(f"/en/rounds/synthetic-2/weights/table.csv{query}").content
        for query in ("", "?choice=geometric+means")
    )
    assert first == asked


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("choice=own&D1=0", "All weights are 0"),
        ("choice=own&D1=-5", "D1"),
        ("choice=own&D1=1e400", "D1"),
        ("choice=own&D1=nan", "D1"),
        ("choice=own&D1=<b>", "D1"),
        ("choice=magic", "magic"),
    ],
)
def test_weights_that_cannot_be_used_are_refused_in_one_sentence(client, db, query, said):
    answer = client.get(f"/en/rounds/synthetic-2/weights/?{query}")
    assert answer.status_code == 422
    assert said in answer.content.decode() and 'role="alert"' in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_weights_are_read_as_vietnamese_write_numbers(client, db):
    page = client.get("/rounds/synthetic-2/weights/?choice=own&D1=12,5&D2=7").content.decode()
    assert 'value="12,5"' in page and "<tbody><tr>" in page


@pytest.mark.parametrize(
    "query", ["size=0", "size=-1", "size=many", "size=99999999999", "change=0", "place=x", "code=x"]
)
def test_a_sample_that_cannot_be_is_refused(client, db, query):
    assert client.get(f"/en/rounds/synthetic-2/sample/?{query}").status_code == 422


def test_four_times_the_sample_finds_half_the_change(second):
    found = scored_of(second)
    answer = detecting(found, found.row("89"), 0, 4 * 384, 1.0)
    assert answer.at_size == pytest.approx(answer.detectable / 2)
    assert detecting(found, found.row("89"), 0, answer.needed, 1.0).at_size == pytest.approx(1.0, abs=0.01)


def test_a_place_shows_its_whole_tree_with_design_effects(client, second):
    page = client.get("/en/rounds/synthetic-2/places/89/").content.decode()
    found = scored_of(second)
    for line in tree(found, found.row("89")):
        assert line.component.code in page
    assert "design effect" in page


def test_a_draft_is_for_the_coordinators_and_leaders_of_its_province(
    client, second, province, coordinator, leader, outsider
):
    SurveyRound.objects.filter(pk=second.pk).update(frozen_at=None, province=province)
    for address in (*PAGES[1:], *(f.format("csv") for f in FILES)):
        assert client.get(address).status_code == 404
        assert signed_in(outsider).get(address).status_code == 404
        assert signed_in(coordinator).get(address).status_code == 200
        assert signed_in(leader).get(address).status_code == 200


def test_a_page_of_a_frozen_round_answers_304(client, db):
    for address in (*PAGES[:4], "/rounds/"):
        first = client.get(address)
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_the_usual_choices_and_what_belongs_together_stand_side_by_side(client, second):
    found = scored_of(second)
    rows = {one.choice: one for one in weights.usual(found)}
    assert rows[weights.EQUAL].widest == 0 and len(rows) == 2 + 8
    page = client.get("/en/rounds/synthetic-2/weights/").content.decode()
    assert "Cronbach" in page and f'<td class="number">{rows["without D1"].widest}</td>' in page

"""Staff hand in a round: what is refused, what the worker makes of it, and that no respondent stays."""

import io
import json
import shutil
import zipfile

import numpy as np
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from people import make_user, signed_in
from quantri.engine.definition import IndexDefinition
from quantri.engine.goals import drawn_goals, published_goals
from quantri.engine.layout import papi_layout
from quantri.engine.loading import DATA, load_archive, load_definition
from quantri.engine.simulate import simulate
from quantri.web.accounts.models import Role
from quantri.web.core import jobs
from quantri.web.core.models import AuditEntry, Job
from quantri.web.surveys.lookup import scored_of
from quantri.web.surveys.models import SurveyRound

CODE = pl.col("province").cast(pl.String)
NEW = "/en/rounds/new/"
DESIGN = {"name": "Đợt thử", "domain": "province", "weight": "weight", "strata": "stratum", "psu": "psu"}
DEMO = DATA / "indices" / "demo" / "papi-demo.toml"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()


@pytest.fixture(scope="module")
def answers() -> pl.DataFrame:
    """Twelve provinces, drawn as PAPI draws."""
    definition: IndexDefinition = load_definition(DEMO)
    goals = published_goals(definition, load_archive("papi").edition(2024))
    return simulate(definition, goals, papi_layout(goals.units[:12]), rng=np.random.default_rng(3))


@pytest.fixture
def parquet(answers) -> bytes:
    return _parquet(answers)


def send(user, content: bytes, name: str = "round.parquet", **more: object):
    data = SimpleUploadedFile(name, content)
    return signed_in(user).post(NEW, DESIGN | {"data": data} | more)


def work() -> Job:
    """Do the job as the worker's child does."""
    job = jobs.take()
    call_command("run_job", job.pk)
    job.refresh_from_db()
    return job


def test_a_round_is_scored_in_the_background_and_kept_as_a_draft_without_its_file(
    coordinator, parquet, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(coordinator, parquet)
        job = Job.objects.get()
        assert answer.status_code == 302 and answer["Location"] == f"/en/rounds/jobs/{job.pk}/"
        assert "Waiting" in signed_in(coordinator).get(answer["Location"]).content.decode()
        assert SurveyRound.objects.filter(origin="uploaded").count() == 0
        done = work()
    assert done.state == Job.State.DONE and done.progress == 100
    assert list(jobs.folder().iterdir()) == []
    draft = SurveyRound.objects.get(key=done.result)
    assert not draft.is_frozen and not draft.is_synthetic and draft.name_vi == "Đợt thử"
    assert [d.name_vi for d in scored_of(draft).domains][:2] == ["Hà Nội", "Hà Giang"]
    assert len(scored_of(draft).domains) == 12
    page = signed_in(coordinator).get(f"/en/rounds/{draft.key}/").content.decode()
    assert "Draft" in page and "SYNTHETIC" not in page
    assert len(bytes(draft.content)) < 60_000  # 2,500 people with 90 answers would not fit


def test_places_are_named_where_a_spreadsheet_dropped_the_zeros_of_their_codes(coordinator, answers):
    draft = _draft(coordinator, _parquet(answers.with_columns(CODE.cast(pl.Int64))))
    assert [(d.label, d.name_vi) for d in scored_of(draft).domains][:2] == [("1", "Hà Nội"), ("2", "Hà Giang")]
    assert "Hà Nội" in signed_in(coordinator).get(f"/rounds/{draft.key}/places/1/").content.decode()


def test_places_keep_their_codes_where_two_would_bear_one_name(coordinator, answers):
    is_even = pl.int_range(pl.len()) % 2 == 0
    half = pl.when(is_even).then(CODE.str.strip_chars_start("0")).otherwise(CODE)
    domains = scored_of(_draft(coordinator, _parquet(answers.with_columns(half.alias("province"))))).domains
    assert {d.label for d in domains} > {"1", "01"}
    assert all(d.name_vi == d.label for d in domains)


def _parquet(answers: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    answers.drop("synthetic").write_parquet(out)
    return out.getvalue()


def test_the_scores_are_those_of_the_command(coordinator, parquet, tmp_path, answers):
    from quantri.cli.main import main

    send(coordinator, parquet)
    draft = SurveyRound.objects.get(key=work().result)
    data, out = tmp_path / "round.parquet", tmp_path / "scores.json"
    data.write_bytes(parquet)
    design = ["--domain", "province", "--weight", "weight", "--strata", "stratum", "--psu", "psu"]
    assert main(["score", str(DEMO), str(data), *design, "--format", "json", "--out", str(out)]) == 0
    found, told = scored_of(draft), json.loads(out.read_text("utf-8"))
    for row in told["components"][:200]:
        d, m = found.row(row["domain"]), found.definition.column(row["code"])
        assert found.arrays["value"][d, m] == pytest.approx(row["estimate"], rel=1e-5)
        assert found.arrays["standard_error"][d, m] == pytest.approx(row["se"], rel=1e-3)
    assert found.facts["data_sha256"] == told["data_sha256"]


def test_a_file_that_says_it_is_synthetic_makes_a_marked_round(coordinator, answers):
    out = io.BytesIO()
    answers.write_parquet(out)
    send(coordinator, out.getvalue())
    draft = SurveyRound.objects.get(key=work().result)
    assert draft.is_synthetic
    assert "DỮ LIỆU MÔ PHỎNG" in signed_in(coordinator).get(f"/rounds/{draft.key}/").content.decode()


def test_a_draft_is_frozen_by_an_act_and_the_release_before_it_is_superseded_not_changed(coordinator, leader, parquet):
    first, second = _draft(coordinator, parquet), _draft(coordinator, parquet)
    assert signed_in(leader).post(f"/en/rounds/{first.key}/freeze/").status_code == 403
    assert signed_in(None).get(f"/rounds/{first.key}/").status_code == 404
    assert signed_in(coordinator).post(f"/en/rounds/{first.key}/freeze/").status_code == 302
    assert signed_in(None).get(f"/rounds/{first.key}/").status_code == 200
    assert signed_in(coordinator).post(f"/en/rounds/{first.key}/freeze/").status_code == 409
    before = bytes(SurveyRound.objects.get(pk=first.pk).content)
    signed_in(coordinator).post(f"/en/rounds/{second.key}/freeze/")
    first.refresh_from_db()
    assert first.superseded_by == second and bytes(first.content) == before
    assert "superseded" in signed_in(None).get(f"/en/rounds/{first.key}/").content.decode()
    assert AuditEntry.objects.filter(action="round.frozen").count() == 2
    assert SurveyRound.objects.current().filter(origin="package").count() == 2


def test_a_draft_is_compared_with_an_earlier_round(coordinator, answers):
    out = io.BytesIO()
    answers.write_parquet(out)
    text = DEMO.read_text("utf-8").replace("\nyear = 2024\n", "\nyear = 2026\n")
    draft = _draft(coordinator, out.getvalue(), definition=SimpleUploadedFile("own.toml", text.encode()))
    page = signed_in(coordinator).get(f"/en/rounds/{draft.key}/change/").content.decode()
    assert "Synthetic round 2" in page and "more than chance" in page


def _draft(user, content: bytes, **more: object) -> SurveyRound:
    send(user, content, **more)
    return SurveyRound.objects.get(key=work().result)


def test_a_form_that_is_sent_twice_makes_one_job(coordinator, parquet):
    client = signed_in(coordinator)
    key = {"form_key": "abc"}
    first = client.post(NEW, DESIGN | key | {"data": SimpleUploadedFile("r.parquet", parquet)})
    second = client.post(NEW, DESIGN | key | {"data": SimpleUploadedFile("r.parquet", parquet)})
    assert first["Location"] == second["Location"]
    assert Job.objects.count() == 1 and len(list(jobs.folder().iterdir())) == 1


def test_while_a_file_is_worked_on_another_is_refused(coordinator, parquet):
    send(coordinator, parquet)
    answer = send(coordinator, parquet)
    assert answer.status_code == 409 and "Another file is being worked on" in answer.content.decode()
    assert len(list(jobs.folder().iterdir())) == 1


def test_a_job_that_was_cancelled_keeps_nothing(coordinator, parquet, django_capture_on_commit_callbacks):
    send(coordinator, parquet)
    job = Job.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        assert signed_in(coordinator).post(f"/en/rounds/jobs/{job.pk}/cancel/").status_code == 302
    assert list(jobs.folder().iterdir()) == []
    assert "Cancelled" in signed_in(coordinator).get(f"/en/rounds/jobs/{job.pk}/").content.decode()


def zip_bytes() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("x", "y")
    return out.getvalue()


HOSTILE = [
    ("round.exe", b"MZ\x90\x00", "not what its name says"),
    ("round.sav", b"nothing of SPSS", "not what its name says"),
    ("round.parquet", zip_bytes(), "not what its name says"),
    ("round.csv", b"a,b\x00,c\n", "not what its name says"),
    ("round.parquet", b"", "empty"),
    ("../../etc/passwd", b"root", "not what its name says"),
]


@pytest.mark.parametrize(("name", "content", "said"), HOSTILE)
def test_a_file_that_is_not_what_it_says_is_refused_before_it_is_kept(coordinator, name, content, said):
    answer = send(coordinator, content, name)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Job.objects.count() == 0 and not (list(jobs.folder().iterdir()))


BROKEN = [
    ("round.parquet", b"PAR1" + b"\0" * 300, "parquet"),
    ("round.sav", b"$FL2" + b"\xff" * 900, "sav"),
    ("round.dta", b"<stata_dta>" + b"\x00" * 900, "dta"),
    ("round.xlsx", zip_bytes(), "xlsx"),
    ("round.csv", b"province,weight\n01,1\n", "column"),
]


@pytest.mark.parametrize(("name", "content", "said"), BROKEN)
def test_a_damaged_file_fails_its_job_with_one_sentence_and_can_be_sent_again(
    coordinator, name, content, said, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send(coordinator, content, name)
        job = work()
    assert job.state == Job.State.FAILED and job.faults["en"] and job.faults["vi"]
    assert list(jobs.folder().iterdir()) == []
    page = signed_in(coordinator).get(f"/en/rounds/jobs/{job.pk}/").content.decode()
    assert said in page.lower() and "Send the file again" in page and "Traceback" not in page
    assert all(name in sentence and job.file not in sentence for sentence in job.faults.values())
    assert send(coordinator, content, name).status_code == 302


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"[index", "definition.toml"),
        (b"[index]\ncode='x'\nyear=2024\nname_vi='x'\nname_en='x'\n", "definition.toml"),
    ],
)
def test_a_definition_that_cannot_be_used_is_refused_with_its_fault(coordinator, parquet, definition, said):
    answer = send(coordinator, parquet, definition=SimpleUploadedFile("definition.toml", definition))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert 'value="Đợt thử"' in answer.content.decode()


def test_a_design_that_contradicts_itself_is_refused(coordinator, parquet):
    answer = send(coordinator, parquet, psu="", is_nested="on")
    assert answer.status_code == 422 and "needs" in answer.content.decode()


def test_a_column_of_respondents_is_no_column_of_places(coordinator, parquet):
    send(coordinator, parquet, domain="respondent")
    job = work()
    assert job.state == Job.State.FAILED and "respondent" in job.faults["en"] and "300" in job.faults["vi"]


def test_uploading_is_for_the_coordinators_of_the_home_province(leader, outsider, former, coordinator, parquet):
    send(coordinator, parquet)
    job = Job.objects.get()
    for method, address in (
        ("get", NEW),
        ("post", NEW),
        ("get", f"/rounds/jobs/{job.pk}/"),
        ("post", f"/rounds/jobs/{job.pk}/cancel/"),
        ("post", "/rounds/synthetic-1/freeze/"),
    ):
        assert getattr(signed_in(None), method)(address).status_code == 302
        for user in (leader, outsider, former):
            assert getattr(signed_in(user), method)(address).status_code in (403, 404)
    assert Job.objects.get().is_open
    assert "/rounds/new/" not in signed_in(leader).get("/rounds/").content.decode()
    assert "/rounds/new/" in signed_in(coordinator).get("/rounds/").content.decode()


def test_the_temporary_folder_is_not_part_of_what_pages_serve(client, coordinator, parquet):
    send(coordinator, parquet)
    name = next(jobs.folder().iterdir()).name
    for address in (f"/jobs/{name}", f"/static/jobs/{name}", f"/rounds/jobs/{name}"):
        assert client.get(address).status_code == 404
    shutil.rmtree(jobs.folder())


@pytest.mark.parametrize("domain", ["province", ""])
def test_any_index_has_all_pages_whatever_its_tree_and_its_places(coordinator, domain):
    """A satisfaction survey, for each province and as one whole."""
    path = DATA / "indices" / "demo" / "satisfaction-demo.toml"
    definition = load_definition(path)
    chance = np.random.default_rng(4)
    goals = drawn_goals(definition, ("01", "02", "04"), rng=chance)
    out = io.BytesIO()
    simulate(definition, goals, papi_layout(goals.units), rng=chance).write_parquet(out)
    text = path.read_text("utf-8")
    years = [text, text.replace(f"\nyear = {definition.year}\n", f"\nyear = {definition.year + 1}\n")]
    drafts = [
        _draft(coordinator, out.getvalue(), domain=domain, definition=SimpleUploadedFile("own.toml", one.encode()))
        for one in years
    ]
    label = scored_of(drafts[1]).domains[0].label
    client = signed_in(coordinator)
    for tail in ("", "change/", "weights/", "weights/?choice=geometric+means", "sample/", f"places/{label}/",
                 "table.xlsx", "change/table.csv", "weights/table.csv", f"places/{label}/table.xlsx"):  # fmt: skip
        assert client.get(f"/en/rounds/{drafts[1].key}/{tail}").status_code == 200, tail


def test_rounds_without_a_place_in_common_are_compared_to_nothing(coordinator, answers):
    out = io.BytesIO()
    answers.write_parquet(out)
    text = DEMO.read_text("utf-8").replace("\nyear = 2024\n", "\nyear = 2026\n")
    own = SimpleUploadedFile("own.toml", text.encode())
    draft = _draft(coordinator, out.getvalue(), domain="", definition=own)
    client = signed_in(coordinator)
    assert client.get(f"/en/rounds/{draft.key}/change/").status_code == 200
    assert client.get(f"/en/rounds/{draft.key}/change/table.csv").status_code == 200


def test_a_place_of_few_people_is_refused_since_its_scores_would_show_them(coordinator, answers):
    few = pl.concat([answers.filter(pl.col("province") != "01"), answers.filter(pl.col("province") == "01").head(4)])
    out = io.BytesIO()
    few.write_parquet(out)
    send(coordinator, out.getvalue(), lonely="remove")
    job = work()
    assert job.state == Job.State.FAILED and job.faults["en"].startswith("01: 4 respondents, fewer than 10")
    assert job.faults["vi"].startswith("01: 4 người trả lời")


def test_an_answer_that_no_code_declares_is_counted_and_not_repeated(coordinator, answers):
    odd = answers.with_columns(pl.when(pl.int_range(pl.len()) < 7).then(77).otherwise(pl.col("mh1101")).alias("mh1101"))
    out = io.BytesIO()
    odd.write_parquet(out)
    draft = _draft(coordinator, out.getvalue())
    assert scored_of(draft).facts["undeclared"] == {"mh1101": 7}
    assert "mh1101: 7" in signed_in(coordinator).get(f"/en/rounds/{draft.key}/").content.decode()


def test_an_analyst_of_the_home_province_scores_and_does_not_freeze(agency):
    analyst = make_user(agency, Role.ANALYST, "analyst")
    client = signed_in(analyst)
    assert client.get("/rounds/new/").status_code == 200
    assert client.post("/rounds/synthetic-2/freeze/").status_code == 403

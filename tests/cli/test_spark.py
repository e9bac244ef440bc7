import socket
from collections.abc import Iterator
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from quantri.cli.main import main
from quantri.cli.spark import read_frame, session, working
from quantri.engine.design import Inference, SampleDesign
from quantri.engine.estimate import means
from quantri.engine.loading import DATA, load_definition
from quantri.engine.recode import recode_answers
from quantri.engine.totals import psu_totals
from quantri.errors import DataError

pytestmark = pytest.mark.needs("java")


@pytest.fixture(scope="session")
def spark() -> Iterator[object]:
    started = session("local[2]")
    yield started
    started.stop()


@pytest.fixture
def answers() -> pl.DataFrame:
    names = ["Huế", "Cà Mau", None]
    frame = pl.DataFrame({"tỉnh": [names[n % 3] for n in range(30)], "w": [0.5 + n / 7 for n in range(30)]})
    many = {f"q{k}": pl.Series([n * k % 5 for n in range(30)], dtype=pl.Int8) for k in range(120)}
    return frame.with_columns(**many).with_columns(w=pl.when(pl.col("w") < 0.7).then(float("nan")).otherwise("w"))


@pytest.fixture(params=["parquet", "csv"])
def path(request, tmp_path, answers) -> Path:
    path = tmp_path / f"answers.{request.param}"
    answers.write_parquet(path) if request.param == "parquet" else answers.write_csv(path)
    return path


def test_one_expression_gives_the_same_sums_in_spark_and_in_polars(spark, path, answers):
    def sums(frame: object) -> list[tuple]:
        asked = [(nw.col("w") * nw.col(f"q{k}")).sum().alias(f"s{k}") for k in range(120)]
        found = nw.from_native(frame).lazy().group_by("tỉnh").agg(*asked).sort("tỉnh").collect()
        return [tuple(row) for row in found.rows()]

    ours, theirs = sums(answers.lazy().with_columns(pl.col("w").fill_nan(None))), sums(read_frame(path, spark))
    assert [row[0] for row in theirs] == [row[0] for row in ours] == [None, "Cà Mau", "Huế"]
    for mine, other in zip(ours, theirs, strict=True):
        assert other[1:] == pytest.approx(mine[1:], rel=1e-12)


def test_nan_is_null_in_spark_too(spark, path):
    weights = read_frame(path, spark)
    assert weights.where("w is null").count() == 2
    assert weights.where("isnan(w)").count() == 0


def test_spark_has_no_page_and_listens_on_loopback_alone(spark):
    assert spark.sparkContext.uiWebUrl is None
    port = int(spark.conf.get("spark.driver.port"))
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        pass
    for family, _, _, _, address in socket.getaddrinfo(socket.gethostname(), port, type=socket.SOCK_STREAM):
        if not address[0].startswith("127.") and address[0] != "::1":
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.settimeout(2)
                assert probe.connect_ex(address) != 0
    assert int(spark.conf.get("spark.sql.codegen.maxFields")) >= 1000


def test_what_spark_cannot_read_is_one_sentence(spark, tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"no parquet at all")
    pl.DataFrame({"q1": [1], "Q1": [2]}).write_parquet(tmp_path / "twice.parquet")
    for name, says in (
        ("none.parquet", "Spark cannot read it"), ("bad.parquet", "Spark cannot read it"),
        ("a.sav", "Spark reads Parquet and CSV; write the answers as Parquet"),
        ("twice.parquet", "differ only in case or marks|Spark cannot read it"),
    ):  # fmt: skip
        with pytest.raises(DataError, match=says) as caught:
            read_frame(tmp_path / name, spark)
        assert "\n" not in str(caught.value)


def test_a_damaged_row_is_one_sentence_when_spark_reaches_it(spark, tmp_path):
    path = tmp_path / "ragged.csv"
    path.write_text("id,q1\n1,2\n2,3,4\n", encoding="utf-8")
    with (
        pytest.raises(DataError, match=r"ragged\.csv: Spark cannot read it \(.+\); check the file"),
        working(str(path)),
    ):
        read_frame(path, spark).collect()


def test_every_kind_of_measure_has_the_same_totals_and_errors_in_spark_and_in_polars(spark, tmp_path):
    """One indicator of each kind of the demonstration: totals to 1e-12, standard errors to 1e-9."""
    path, toml = tmp_path / "round.parquet", DATA / "indices" / "demo" / "papi-demo.toml"
    assert main(["simulate", str(toml), "--out", str(path), "--rows", "1500", "--seed", "3"]) == 0
    kinds = {
        (m.combine, len(m.questions) > 1, bool(m.only_if), bool(m.values), bool(m.not_asked)): (leaf.code, m)
        for leaf in load_definition(toml).measured
        if (m := leaf.measure)
    }
    assert {kind[0] for kind in kinds} >= {"first", "any", "all", "mean", "share", "ratio"}
    design, inference = SampleDesign(weight="weight", strata="stratum", psu="psu"), Inference(lonely="adjust")
    found = []
    for frame in (read_frame(path, spark), pl.scan_parquet(path)):
        totals = psu_totals(frame, recode_answers(dict(kinds.values()), frame), design, domains=["province"])
        found.append((totals, means(totals, inference)))
    (spark_totals, spark_means), (totals, ours) = found
    order = [spark_totals.variables.index(name) for name in totals.variables]
    assert spark_totals.structure.psus == totals.structure.psus
    assert spark_totals.y[:, order] == pytest.approx(totals.y, rel=1e-12, abs=1e-12)
    assert spark_totals.r[:, order] == pytest.approx(totals.r, rel=1e-12, abs=1e-12)
    assert spark_totals.n[:, order].tolist() == totals.n.tolist()
    assert spark_means.value[:, order] == pytest.approx(ours.value, rel=1e-12, nan_ok=True)
    errors = ours.standard_error
    assert spark_means.standard_error[:, order] == pytest.approx(errors, rel=1e-9, abs=1e-12, nan_ok=True)

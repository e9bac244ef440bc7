"""Faults that the engine finds are told in the reader's language."""

import pytest

from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.plans.outlooks import check_spec


@pytest.mark.parametrize(("code", "typed"), [("D2", "rank:+62"), ("D2", "rank:+63"), ("D1", "tăng 63 bậc")])
def test_more_places_than_there_are_is_told_of_the_rank_not_of_the_scale(historic_plan, code, typed):
    """D2 gets no chance, as its editions cannot be compared; the target is checked all the same."""
    with pytest.raises(RuleViolation, match=rf"{code}: đang ở hạng \d+ trên 63 nên không thể tăng 6[23] bậc"):
        check_spec(historic_plan, code, typed)


def test_a_target_outside_the_scale_is_told_with_a_decimal_comma(historic_plan):
    with pytest.raises(RuleViolation, match="D5: mục tiêu 10,5 nằm ngoài thang điểm từ 1 đến 10"):
        check_spec(historic_plan, "D5", "10,5")


def test_what_the_engine_does_not_know_is_a_page_in_the_readers_language(client, historic_plan):
    address = f"/plans/{historic_plan.pk}/try/D2/?target=rank:%2B63"
    assert "nên không thể tăng 63 bậc" in client.get(address).content.decode()
    assert "cannot rise 63 places" in client.get(f"/en{address}").content.decode()


def test_a_page_that_is_refused_or_not_there_fills_no_log(coordinator, client, caplog):
    assert signed_in(coordinator).get("/lead/").status_code in (200, 403)
    assert client.get("/nowhere/").status_code == 404
    assert [record for record in caplog.records if record.name == "django.request"] == []

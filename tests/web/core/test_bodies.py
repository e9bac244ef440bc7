"""Large bodies are refused by their announced size."""

import pytest

from people import signed_in


class Unread:
    """A body that must not be read."""

    def read(self, *_arguments: object) -> bytes:
        pytest.fail("the body was read")

    readline = read


def sent(client, address: str, **headers: str):
    return client.generic("POST", address, **{"wsgi.input": Unread(), **headers})


@pytest.mark.parametrize("address", ["/", "/account/login/", "/plans/1/tasks/upload/", "/nowhere/"])
def test_what_is_too_large_is_refused_at_any_address_before_it_is_read(client, db, address):
    answer = sent(client, address, CONTENT_LENGTH="1000001")
    assert answer.status_code == 413
    assert 'role="alert"' in answer.content.decode()


def test_who_is_signed_in_may_hand_in_a_spreadsheet_but_no_more(coordinator):
    client = signed_in(coordinator)
    assert sent(client, "/data/import/", CONTENT_LENGTH="25000001").status_code == 413
    small = client.post("/data/import/", {"year": "2025", "x": "y" * 1_500_000})
    assert small.status_code == 422  # read, and the form says what is missing


def test_a_body_without_a_size_is_refused(client, db):
    answer = sent(client, "/account/login/", HTTP_TRANSFER_ENCODING="chunked")
    assert answer.status_code == 411
    assert "Content-Length" in answer.content.decode()

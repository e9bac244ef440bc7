"""Kept pages: one for each address that a page reads, in a room that does not grow."""

from quantri.web.core import frozen
from quantri.web.core.shelf import Kept, Shelf


def page(size: int) -> Kept:
    return Kept(content=b"x" * size, packed=b"", headers={})


def test_the_shelf_never_holds_more_bytes_than_it_has_room_for():
    shelf = Shelf(room=100)
    for n in range(50):
        shelf.put(str(n), page(30))
    assert (len(shelf), shelf.taken) == (3, 90)


def test_what_was_read_last_stays():
    shelf = Shelf(room=60)
    shelf.put("a", page(30))
    shelf.put("b", page(30))
    assert shelf.get("a")
    shelf.put("c", page(30))
    assert shelf.get("a") and shelf.get("c") and shelf.get("b") is None


def test_a_page_larger_than_the_shelf_is_not_kept():
    shelf = Shelf(room=10)
    shelf.put("a", page(11))
    assert (len(shelf), shelf.taken) == (0, 0)


def test_parameters_that_a_page_does_not_read_lead_to_the_page_without_them(client, db):
    answer = client.get("/components/D3/?utm_source=x&year=2017&unit=vn63-89&unit=vn63-91&<b>=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/components/D3/?year=2017&unit=vn63-89&unit=vn63-91"
    assert client.get("/en/method/?fbclid=1")["Location"] == "/en/method/"


def test_made_up_parameters_do_not_fill_the_shelf(client, db):
    client.get("/method/")
    before = len(frozen.pages)
    for n in range(5):
        client.get(f"/method/?made-up={n}", follow=True)
    assert len(frozen.pages) == before


def test_every_page_that_can_be_got_answers_a_head(client, db):
    for address in ("/", "/explore/?year=2017", "/provinces/vn63-89/", "/plans/", "/account/login/", "/data/"):
        head = client.head(address)
        assert (head.status_code, head.content) == (200, b"")
    assert client.head("/")["ETag"] == client.get("/")["ETag"]

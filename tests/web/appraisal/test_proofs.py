"""Files beside the points of a self-score: who adds them, until when, and who reads them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from classing import full
from people import signed_in
from quantri.errors import DataError, RuleViolation
from quantri.web.appraisal import actions
from quantri.web.appraisal.proofs import add_proof, remove_proof
from quantri.web.core.models import AuditEntry


def pdf(name: str = "quyet-dinh.pdf", text: bytes = b"one") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 " + text)


def test_a_file_stands_for_the_words_of_its_line_alone(entry, officer):
    bare = full(entry, words="")
    for code in list(entry.exercise.sheet.lines)[1:]:
        if code in bare:
            add_proof(entry, code, pdf(), by=officer)
    first = next(iter(bare))
    with pytest.raises(RuleViolation, match=rf"\b{first}\."):
        actions.hand_in(entry, bare, by=officer)
    add_proof(entry, first, pdf(), by=officer)
    assert actions.hand_in(entry, bare, by=officer).is_handed_in


def test_a_file_that_was_taken_away_stands_for_nothing(entry, officer):
    bare = full(entry, words="")
    proofs = [add_proof(entry, code, pdf(), by=officer) for code in bare]
    remove_proof(proofs[0], by=officer)
    with pytest.raises(RuleViolation):
        actions.hand_in(entry, bare, by=officer)


def test_after_handing_in_files_neither_come_nor_go(entry, officer):
    proof = add_proof(entry, "1", pdf(), by=officer)
    actions.hand_in(entry, full(entry), by=officer)
    with pytest.raises(RuleViolation):
        add_proof(entry, "1", pdf(text=b"two"), by=officer)
    with pytest.raises(RuleViolation):
        remove_proof(proof, by=officer)
    assert entry.proofs.standing().count() == 1


def test_one_file_stands_once_at_a_line_and_again_after_it_was_taken_away(entry, officer):
    proof = add_proof(entry, "1", pdf(), by=officer)
    with pytest.raises(RuleViolation):
        add_proof(entry, "1", pdf(), by=officer)
    remove_proof(proof, by=officer)
    assert add_proof(entry, "1", pdf(), by=officer).name == "quyet-dinh.pdf"


@pytest.mark.parametrize(
    ("name", "content"),
    [("virus.pdf", b"MZ\x90\x00"), ("page.html", b"<script>alert(1)</script>"), ("empty.pdf", b"")],
)  # fmt: skip
def test_what_is_no_document_is_refused(entry, officer, name, content):
    with pytest.raises(DataError):
        add_proof(entry, "1", SimpleUploadedFile(name, content), by=officer)
    assert not entry.proofs.exists()


def test_a_line_that_the_sheet_does_not_have_is_refused(entry, officer):
    with pytest.raises(RuleViolation):
        add_proof(entry, "no-such-line", pdf(), by=officer)


def test_another_agency_neither_adds_nor_reads(entry, officer, colleague, coordinator):
    with pytest.raises(PermissionDenied):
        add_proof(entry, "1", pdf(), by=colleague)
    address = f"/classes/files/{add_proof(entry, '1', pdf(), by=officer).pk}/"
    assert signed_in(colleague).get(address).status_code == 404
    answer = signed_in(coordinator).get(address)
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF")


def test_published_classes_do_not_publish_the_files(entry, officer, client):
    proof = add_proof(entry, "1", pdf(), by=officer)
    type(entry.exercise).objects.update(confirmed_at="2026-01-01T00:00Z", published_at="2026-01-01T00:00Z")
    page = client.get(f"/classes/entries/{entry.pk}/")
    assert page.status_code == 200 and proof.name not in page.content.decode()
    assert client.get(f"/classes/files/{proof.pk}/").status_code == 302


def test_the_page_takes_a_file_lists_it_and_takes_it_away(entry, officer):
    client, address = signed_in(officer), f"/classes/entries/{entry.pk}/files/"
    assert client.post(address, {"code": "1", "file": pdf()}).status_code == 302
    assert "quyet-dinh.pdf" in client.get(address).content.decode()
    assert "quyet-dinh.pdf" in client.get(f"/classes/entries/{entry.pk}/").content.decode()
    client.post(f"/classes/files/{entry.proofs.get().pk}/remove/")
    assert "quyet-dinh.pdf" not in client.get(address).content.decode()
    told = AuditEntry.objects.filter(action__startswith="selfscore.pro").order_by("number")
    assert [entry.action for entry in told] == ["selfscore.proved", "selfscore.proof_removed"]


def test_the_page_names_the_criterion_of_a_file(entry, officer):
    add_proof(entry, "1", pdf(), by=officer)
    page = signed_in(officer).get(f"/classes/entries/{entry.pk}/files/").content.decode()
    assert f"<li>1. {entry.exercise.sheet.lines['1'].name_vi}: <a" in page


def test_who_follows_an_agency_reads_the_files_of_its_self_score(entry, exercise, sister, officer, colleague):
    proof = add_proof(entry, "1", pdf(), by=officer)
    type(entry).objects.filter(pk=entry.pk).update(followed_by=exercise.entries.get(agency=sister))
    answer = signed_in(colleague).get(f"/classes/files/{proof.pk}/")
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF")

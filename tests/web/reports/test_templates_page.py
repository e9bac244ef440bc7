"""A province's own Word templates: checked, looked at, put to use, ended; frozen reports keep theirs."""

import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.core.models import AuditEntry
from quantri.web.reports.models import DocumentTemplate
from quantri.web.reports.official.kinds import kinds
from quantri.web.reports.synthesis_actions import freeze_report
from quantri.web.reports.templating import end_template, propose_template, template_for, use_template

LIST = "/plans/templates/"


def changed(kind: str, old: str, new: str) -> bytes:
    word, raw = Document(str(kinds()[kind].template)), io.BytesIO()
    next(p for p in word.paragraphs if p.text == old).text = new
    word.save(raw)
    return raw.getvalue()


def packed(name: str, content: bytes) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return raw.getvalue()


@pytest.fixture
def own() -> bytes:
    return changed("bao-cao", "BÁO CÁO", "BÁO CÁO TỔNG HỢP")


@pytest.fixture
def proposed(province, own, coordinator) -> DocumentTemplate:
    return propose_template(province, "bao-cao", own, by=coordinator)


def test_a_template_is_uploaded_looked_at_and_put_to_use(own, province, coordinator):
    client = signed_in(coordinator)
    answer = client.post(LIST, {"kind": "bao-cao", "file": SimpleUploadedFile("mau.docx", own)})
    assert answer.status_code == 302
    template = DocumentTemplate.objects.get()
    assert template_for(province, "bao-cao") is None
    sample = client.get(f"{LIST}{template.pk}/sample.docx")
    assert "BÁO CÁO TỔNG HỢP" in [p.text for p in Document(io.BytesIO(sample.content)).paragraphs]
    client.post(f"{LIST}{template.pk}/use/")
    assert template_for(province, "bao-cao") == template
    assert client.get(LIST).status_code == 200
    client.post(f"{LIST}{template.pk}/end/")
    assert template_for(province, "bao-cao") is None
    assert AuditEntry.objects.filter(action__startswith="template.").count() == 3


def test_a_frozen_report_keeps_the_template_that_it_was_made_with(draft_report, proposed, coordinator):
    use_template(proposed, by=coordinator)
    frozen = freeze_report(draft_report, by=coordinator)
    end_template(proposed, by=coordinator)
    answer = signed_in(coordinator).get(f"/plans/{frozen.plan_id}/reports/{frozen.pk}/bao-cao.docx")
    assert "BÁO CÁO TỔNG HỢP" in [p.text for p in Document(io.BytesIO(answer.content)).paragraphs]


def test_a_second_template_ends_the_first(province, proposed, coordinator):
    use_template(proposed, by=coordinator)
    second = propose_template(province, "bao-cao", changed("bao-cao", "BÁO CÁO", "BÁO CÁO QUÝ"), by=coordinator)
    use_template(second, by=coordinator)
    proposed.refresh_from_db()
    assert proposed.ended_at is not None and template_for(province, "bao-cao") == second
    with pytest.raises(RuleViolation):
        use_template(proposed, by=coordinator)
    with pytest.raises(RuleViolation):
        end_template(proposed, by=coordinator)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"not a zip", "docx"),
        (packed("readme.txt", b"x"), "docx"),
        (packed("word/document.xml", b"0" * 20_000_001), "too much"),
        (packed("word/vbaProject.bin", b"x"), "macros"),
        (b"x" * 2_000_001, "2 MB"),
        (changed("bao-cao", "{{ subject }}", "Trích yếu"), "subject"),
        (changed("bao-cao", "{{ subject }}", "{{ subject|nothing }}"), "does not work"),
    ],
)
def test_a_file_that_cannot_be_filled_is_refused_with_its_reason(coordinator, file, said):
    client = signed_in(coordinator)
    answer = client.post(f"/en{LIST}", {"kind": "bao-cao", "file": SimpleUploadedFile("../mau.docx", file)})
    assert answer.status_code == 409
    assert said in answer.content.decode()
    assert not DocumentTemplate.objects.exists()


def test_templates_are_for_the_coordinators_of_the_province(proposed, own, province, leader, outsider, officer, client):
    for person in (leader, officer):
        assert signed_in(person).get(LIST).status_code == 403
        with pytest.raises(PermissionDenied):
            use_template(proposed, by=person)
    assert client.get(LIST).status_code == 302
    for tail in ("use/", "end/"):
        assert signed_in(outsider).post(f"{LIST}{proposed.pk}/{tail}").status_code == 404
        assert signed_in(outsider).get(f"{LIST}{proposed.pk}/{tail}").status_code == 405
    assert signed_in(outsider).get(f"{LIST}{proposed.pk}/sample.docx").status_code == 404
    assert proposed.sha256[:8] not in signed_in(outsider).get(LIST).content.decode()
    with pytest.raises(PermissionDenied):
        propose_template(province, "bao-cao", own, by=outsider)


def test_the_shipped_templates_are_handed_out(province, coordinator):
    client = signed_in(coordinator)
    for kind in ("bao-cao", "cong-van", "quyet-dinh", "bien-ban", "thong-bao"):
        assert client.get(f"{LIST}{kind}.docx").content == kinds()[kind].template.read_bytes()
        propose_template(province, kind, kinds()[kind].template.read_bytes(), by=coordinator)
    assert client.get(f"{LIST}passwords.docx").status_code == 404
    assert client.post(LIST, {"kind": "to-trinh"}).status_code == 422

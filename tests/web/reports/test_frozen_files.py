"""The files of a frozen report stay the first ones; that a later program makes others is said, and never hidden."""

import io

import pytest
from django.core.management import call_command
from docx import Document

from people import signed_in
from quantri.web.core.models import AuditEntry
from quantri.web.reports import frozen_files, keeping, templating
from quantri.web.reports.frozen_files import file_of_report, key_of
from quantri.web.reports.keeping import checksum, kept_file
from quantri.web.reports.models import FrozenFile, ShippedTemplate, SynthesisReport
from quantri.web.reports.official.kinds import Kind, kinds
from quantri.web.reports.synthesis_actions import begin_report, freeze_report
from quantri.web.reports.templating import propose_template, use_template


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "documents"


@pytest.fixture
def frozen(draft_report, coordinator) -> SynthesisReport:
    return freeze_report(draft_report, by=coordinator)


@pytest.fixture
def another_program(monkeypatch):
    """From a moment on a later version runs, whose files of the same content are others."""

    def begin() -> None:
        monkeypatch.setattr(keeping, "code_version", lambda: "99.0-1")
        monkeypatch.setattr(frozen_files, "__version__", "99.0")
        changed = {ending: lambda *_given, e=ending: f"another {e}".encode() for ending in frozen_files.RENDERERS}
        monkeypatch.setattr(frozen_files, "RENDERERS", changed)

    return begin


def address(report: SynthesisReport, tail: str = "") -> str:
    return f"/plans/{report.plan_id}/reports/{report.pk}/{tail}"


def verified() -> tuple[int, str]:
    said = io.StringIO()
    try:
        call_command("verify_reports", stdout=said)
    except SystemExit as ended:
        return ended.code, said.getvalue()
    return 0, said.getvalue()


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_the_first_file_is_handed_out_whatever_a_later_program_makes(frozen, coordinator, another_program, ending):
    client = signed_in(coordinator)
    first = client.get(address(frozen, f"bao-cao.{ending}"))
    another_program()
    again = client.get(address(frozen, f"bao-cao.{ending}"))
    assert again.content == first.content and again["Content-Disposition"] == first["Content-Disposition"]
    row = frozen.files.get()
    assert (row.ending, row.sha256, row.is_same) == (ending, checksum(first.content), None)
    entry = AuditEntry.objects.get(action="synthesis.file_made")
    assert entry.details["sha256"] == row.sha256


def test_a_later_program_that_makes_another_file_is_told_by_the_command_and_on_the_page(
    frozen, coordinator, another_program
):
    client = signed_in(coordinator)
    client.get(address(frozen, "bao-cao.docx"))
    assert verified() == (0, "tệp của các báo cáo đã chốt: 1 giống, 0 khác\n")
    page = client.get(f"/en{address(frozen)}").content.decode()
    assert "made again the same" in page and "makes another docx file" not in page
    another_program()
    code, said = verified()
    assert code == 1 and "v1, docx: khác với tệp tạo ngày" in said and "0 giống, 1 khác" in said
    page = client.get(f"/en{address(frozen)}").content.decode()
    assert "The program of today (version 99.0) makes another docx file" in page and "made again differently" in page


def test_a_lost_file_that_is_made_again_alike_is_the_first_again(frozen, coordinator, folder):
    client = signed_in(coordinator)
    first = client.get(address(frozen, "bao-cao.docx")).content
    for path in folder.iterdir():
        path.unlink()
    assert "không còn trên đĩa" in verified()[1]
    again = client.get(address(frozen, "bao-cao.docx"))
    assert again.content == first and "khac-ban-dau" not in again["Content-Disposition"]
    assert "không còn trên đĩa" not in verified()[1]


@pytest.mark.parametrize("harm", ["lost", "damaged"])
def test_a_file_that_cannot_be_made_alike_says_so_in_its_name_and_is_not_kept(
    frozen, coordinator, another_program, folder, harm
):
    client = signed_in(coordinator)
    client.get(address(frozen, "bao-cao.docx"))
    (path,) = folder.iterdir()
    path.unlink() if harm == "lost" else path.write_bytes(b"PK")
    another_program()
    again = client.get(address(frozen, "bao-cao.docx"))
    assert again.content == b"another docx" and "-khac-ban-dau.docx" in again["Content-Disposition"]
    assert not path.exists() or path.read_bytes() == b"PK"
    assert "makes another docx file" in client.get(f"/en{address(frozen)}").content.decode()


def test_the_template_of_the_package_is_kept_once_and_used_again_when_the_package_has_another(
    frozen, worked_plan, quarter, coordinator, monkeypatch, tmp_path, folder
):
    freeze_report(begin_report(worked_plan, quarter, by=coordinator), by=coordinator)
    kept = ShippedTemplate.objects.get()
    assert checksum(kinds()["bao-cao"].template.read_bytes()) == kept.sha256 == frozen.shipped.sha256
    first = file_of_report(frozen, "docx").content
    for path in folder.iterdir():
        path.unlink()
    other = tmp_path / "bao-cao.docx"
    word = Document(io.BytesIO(bytes(kept.file)))
    word.add_paragraph("Mẫu mới")
    word.save(other)
    monkeypatch.setattr(Kind, "template", property(lambda _kind: other))
    assert file_of_report(frozen, "docx").content == first
    third = freeze_report(begin_report(worked_plan, quarter, by=coordinator), by=coordinator)
    texts = [p.text for p in Document(io.BytesIO(file_of_report(third, "docx").content)).paragraphs]
    assert "Mẫu mới" in texts and ShippedTemplate.objects.count() == 2


def test_a_report_in_a_provinces_own_template_keeps_that_one(draft_report, worked_plan, coordinator):
    own = Document(kinds()["bao-cao"].template)
    own.add_paragraph("Mẫu của tỉnh")
    own.save(saved := io.BytesIO())
    file = saved.getvalue()
    use_template(propose_template(worked_plan.province, "bao-cao", file, by=coordinator), by=coordinator)
    frozen = freeze_report(draft_report, by=coordinator)
    assert frozen.template.sha256 == checksum(file) and frozen.shipped is None
    assert not ShippedTemplate.objects.exists() and templating.file_of(frozen.template) == file
    made = Document(io.BytesIO(file_of_report(frozen, "docx").content))
    assert made.paragraphs[-1].text == "Mẫu của tỉnh"


def test_a_file_that_an_earlier_program_kept_becomes_the_first_one(frozen, coordinator, folder):
    kept_file(key_of(frozen), "docx", lambda: b"of an earlier version")
    assert signed_in(coordinator).get(address(frozen, "bao-cao.docx")).content == b"of an earlier version"
    assert FrozenFile.objects.get().sha256 == checksum(b"of an earlier version")
    assert [path.name for path in folder.iterdir()] == [f"{key_of(frozen)}-first.docx"]


def test_of_each_kind_one_file_is_on_the_disk_and_goes_with_the_demonstration(frozen, another_program, folder):
    for ending in ("docx", "xlsx"):
        file_of_report(frozen, ending)
    another_program()
    for ending in ("docx", "xlsx"):
        file_of_report(frozen, ending)
    assert len(list(folder.iterdir())) == 2
    keeping.forget_files(key_of(frozen))
    assert list(folder.iterdir()) == []

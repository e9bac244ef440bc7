"""Next year's results go in without a programmer, by page and by command."""

import io
import json

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from people import signed_in
from quantri.cli.main import main
from quantri.web.core.models import AuditEntry
from quantri.web.indices.models import Release


def upload(client, content: bytes, name: str, year: str = ""):
    file = io.BytesIO(content)
    file.name = name
    return client.post("/data/import/", {"file": file, "year": year})


@pytest.fixture
def sheet_2025(layouts, since_mergers) -> bytes:
    return layouts.to_bytes(layouts.by_columns(since_mergers, tab="2025_VIE_ENG"))


@pytest.fixture(autouse=True)
def _no_files_stay():
    yield
    for path in (settings.DATA_DIR / "releases").rglob("papi-2*"):
        path.unlink()


def test_a_coming_edition_of_34_provinces_works_everywhere(
    client, coordinator, sheet_2025, django_capture_on_commit_callbacks, monkeypatch, capsys
):
    staff = signed_in(coordinator)
    preview = upload(staff, sheet_2025, "2025PAPI_ProvincialIndicators.xlsx")
    assert preview.status_code == 200 and not Release.objects.filter(year=2025).exists()
    with django_capture_on_commit_callbacks(execute=True):
        staff.post("/data/import/confirm/", {"sealed": preview.context["sealed"]})
    assert Release.objects.get(year=2025).imported_by == "coordinator"
    assert AuditEntry.objects.filter(action="release.published").last() is not None

    explorer = client.get("/en/explore/?code=D1&level=dimension").content.decode()
    assert "34 provinces have this score: 9 in the high group" in explorer
    home = client.get("/en/").content.decode()
    assert "PAPI 2025" in home and "old series" not in home
    assert client.get("/en/provinces/vn34-91/").status_code == 200
    old = client.get("/en/provinces/vn34-91/?year=2024").content.decode()
    assert "39.91–42.89" in old  # the old series stay
    assert "vn63-89" in client.get("/en/provinces/vn34-91/").content.decode()
    assert client.get("/en/components/D3/?year=2025").status_code == 200
    assert staff.get("/en/plans/diagnosis/vn34-91/?year=2025").status_code == 200
    assert "vn34-91" in client.get("/en/compare/?unit=vn34-91&unit=vn63-01").content.decode()

    monkeypatch.setenv("QUANTRI_DATA_DIR", str(settings.DATA_DIR))
    assert main(["diagnose", "--year", "2025", "--province", "91", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["n_units"], answer["unit"]["name"]) == (34, "An Giang")


def test_a_correction_supersedes_and_the_old_release_stays(coordinator, papi, layouts):
    edition = papi.edition(2023)
    content = layouts.to_bytes(layouts.by_columns(edition, tab="2023_VIE_ENG"))
    staff, before = signed_in(coordinator), Release.objects.current().get(year=2023)
    preview = upload(staff, content, "2023PAPI.xlsx")
    assert preview.context["preview"].differences == ()
    staff.post("/data/import/confirm/", {"sealed": preview.context["sealed"]})
    now = Release.objects.current().get(year=2023)
    before.refresh_from_db()
    assert now.pk != before.pk and before.superseded_by == now
    assert staff.get(f"/data/{before.pk}/results.csv").content.decode() == before.results


def test_faults_are_shown_with_their_cell_and_nothing_is_kept(coordinator, layouts, papi):
    book = layouts.by_columns(papi.edition(2023), tab="2023_VIE_ENG")
    sheet = book.active
    row = next(r for r in range(1, 40) if "1.1" in str(sheet.cell(r, 2).value))
    sheet.cell(row, 5).value = 77
    answer = upload(signed_in(coordinator), layouts.to_bytes(book), "2023PAPI.xlsx")
    page = answer.content.decode()
    assert answer.status_code == 422 and f"!E{row}" in page and "nằm ngoài khoảng" in page
    assert Release.objects.filter(year=2023).count() == 1
    assert "sealed" not in page


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"not a workbook", "2025.xlsx"),
        (b"", "2025.xlsx"),
        (b"<html>", "2025.xls"),
        (b"\xd0\xcf\x11\xe0" * 9, "2025.xls"),
    ],
)
def test_what_is_no_workbook_gets_one_sentence(coordinator, content, name):
    answer = upload(signed_in(coordinator), content, name)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_sheet_without_a_year_asks_for_it(coordinator, sheet_2025):
    answer = upload(signed_in(coordinator), sheet_2025, "ket-qua.xlsx")
    assert answer.status_code == 422 and "xin nhập năm" in answer.content.decode()
    assert upload(signed_in(coordinator), sheet_2025, "ket-qua.xlsx", "2025").status_code == 200


def test_a_forged_or_foreign_preview_is_refused(coordinator, outsider, sheet_2025):
    sealed = upload(signed_in(coordinator), sheet_2025, "2025.xlsx").context["sealed"]
    for client, value in (
        (signed_in(outsider), sealed),
        (signed_in(coordinator), sealed[:-2]),
        (signed_in(coordinator), ""),
    ):
        client.post("/data/import/confirm/", {"sealed": value})
        assert not Release.objects.filter(year=2025).exists()


def test_the_command_imports_all_or_nothing(db, tmp_path, sheet_2025, capsys, settings):
    settings.LANGUAGE_CODE = "en"
    path = tmp_path / "2025PAPI.xlsx"
    path.write_bytes(sheet_2025)
    call_command("import_results", path, "--dry-run")
    assert not Release.objects.filter(year=2025).exists()
    call_command("import_results", path)
    assert Release.objects.get(year=2025).imported_by == "manage import_results"
    assert "34 provinces" in capsys.readouterr().out
    with pytest.raises(CommandError, match="99999"):
        call_command("import_results", path, "--year", "99999")
    path.write_bytes(b"broken")
    with pytest.raises(CommandError, match="nothing was imported"):
        call_command("import_results", path)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_results", tmp_path / "none.xlsx")


def test_the_command_speaks_the_language_of_the_site(db, tmp_path, sheet_2025, capsys, settings):
    settings.LANGUAGE_CODE = "vi"
    path = tmp_path / "2025PAPI.xlsx"
    path.write_bytes(sheet_2025)
    call_command("import_results", path, "--dry-run")
    said = capsys.readouterr().out
    assert "papi-2025: 34 tỉnh, " in said and "chưa nhập gì (--dry-run)" in said
    call_command("import_results", path)
    assert "đã nhập PAPI 2025" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"năm từ 2009 đến 2100[\s\S]*chưa nhập gì"):
        call_command("import_results", path, "--year", "99999")
    with pytest.raises(CommandError, match=r"không đọc được \(không có tệp này\)"):
        call_command("import_results", tmp_path / "none.xlsx")

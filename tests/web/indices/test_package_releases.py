"""The package's own data reach a site that stands already, and never push aside what people imported."""

import shutil
from importlib import import_module

import pytest
from django.apps import apps

from corrections import correct, with_score
from people import SYSTEM
from quantri.cli.main import main
from quantri.engine.loading import DATA
from quantri.web.core.models import AuditEntry
from quantri.web.indices.actions import load_package_releases
from quantri.web.indices.models import Release

PATH = "results/papi-2022.csv"


@pytest.fixture
def package(tmp_path):
    """A copy of the package's data, to mend."""
    for folder in ("indices", "results"):
        shutil.copytree(DATA / folder, tmp_path / "package" / folder)
    return tmp_path / "package"


@pytest.fixture
def mended(package):
    path = package / PATH
    path.write_text(with_score(path.read_text("utf-8"), "vn63-89", "D7", "3.5"), encoding="utf-8")
    return package


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


def test_a_second_load_changes_nothing(db, package):
    before = list(Release.objects.values_list("pk", "superseded_by"))
    assert load_package_releases(by=SYSTEM, folder=package) == 0
    assert list(Release.objects.values_list("pk", "superseded_by")) == before


def test_mended_data_of_the_package_supersede_its_own_release(db, mended, data_dir):
    before = Release.objects.current().get(year=2022)
    assert load_package_releases(by=SYSTEM, folder=mended) == 1
    now = Release.objects.current().get(year=2022)
    before.refresh_from_db()
    assert before.superseded_by == now and now.is_from_package and "vn63-89,D7,3.5" in now.results
    entry = AuditEntry.objects.get(action="release.published", subject_key=now.pk)
    assert entry.actor_name == "tests" and entry.details["origin"] == "package"
    assert load_package_releases(by=SYSTEM, folder=mended) == 0


def test_a_mended_definition_supersedes_too(db, package):
    path = package / "indices/papi-2022.toml"
    path.write_text(
        path.read_text("utf-8").replace("E-Responsiveness", "Electronic Responsiveness", 1), encoding="utf-8"
    )
    assert load_package_releases(by=SYSTEM, folder=package) == 1


def test_what_a_person_imported_is_never_superseded_by_the_package(coordinator, mended):
    imported = correct(Release.objects.current().get(year=2022), "vn63-89", "D7", "4.5", by=coordinator)
    assert load_package_releases(by=SYSTEM, folder=mended) == 0
    assert Release.objects.current().get(year=2022) == imported


def test_only_imported_releases_are_written_for_the_command_line(
    db, mended, data_dir, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        load_package_releases(by=SYSTEM, folder=mended)
    assert not (data_dir / "releases" / PATH).exists()
    with django_capture_on_commit_callbacks(execute=True):
        correct(Release.objects.current().get(year=2022), "vn63-89", "D7", "4.5", by=SYSTEM)
    assert "vn63-89,D7,4.5" in (data_dir / "releases" / PATH).read_text("utf-8")


def test_a_copy_that_an_earlier_version_left_no_longer_hides_the_package(db, data_dir, monkeypatch, capsys):
    stale = with_score((DATA / PATH).read_text("utf-8"), "vn63-89", "D7", "1.25")
    for name, text in ((PATH, stale), ("indices/papi-2022.toml", (DATA / "indices/papi-2022.toml").read_text("utf-8"))):
        copy = data_dir / "releases" / name
        copy.parent.mkdir(parents=True)
        copy.write_text(text, encoding="utf-8")
    monkeypatch.setenv("QUANTRI_DATA_DIR", str(data_dir))
    asked = ["results", "--year", "2022", "--province", "An Giang", "--format", "csv"]
    assert main(asked) == 0 and ",1.25" in capsys.readouterr().out
    load_package_releases(by=SYSTEM)
    assert main(asked) == 0 and ",1.25" not in capsys.readouterr().out


def test_an_older_site_learns_which_of_its_releases_came_from_the_package(coordinator):
    """Older versions named the package's file as the source of its releases, and an uploaded file as it was called."""
    package, imported = Release.objects.current().get(year=2022), Release.objects.current().get(year=2023)
    Release.objects.filter(pk=package.pk).update(origin="imported", source="src/quantri/data/results/papi-2022.csv")
    Release.objects.filter(pk=imported.pk).update(origin="imported", source="2023PAPI.xlsx (sha256 0123456789abcdef)")
    import_module("quantri.web.indices.migrations.0002_release_origin").mark_the_packages_own(apps, None)
    package.refresh_from_db()
    imported.refresh_from_db()
    assert package.is_from_package and not imported.is_from_package

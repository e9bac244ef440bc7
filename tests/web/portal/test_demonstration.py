"""The demonstration: its accounts beside those of people, and how it goes."""

import io

import pytest
from django.core.management import CommandError, call_command

from quantri.web.accounts.models import Agency, Membership, User
from quantri.web.core.models import AuditEntry
from quantri.web.indices.actions import publish_release
from quantri.web.indices.models import Release
from quantri.web.plans.actions import set_owners
from quantri.web.plans.models import Plan
from quantri.web.portal.demonstration import SYSTEM
from quantri.web.portal.logins import LOGINS, end_logins, ensure_logins
from quantri.web.portal.removal import remove_demonstration
from quantri.web.reports.keeping import kept_file
from quantri.web.reports.models import Snapshot
from quantri.web.tasks.models import Task


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.mark.parametrize("damaged", ["dieuphoi\n", "\x00\x01", "dieuphoi a b c\nlanhdao\n", "one two\n", ""])
def test_a_damaged_file_of_logins_is_written_anew(province, folder, client, damaged):
    ensure_logins(province)
    (folder / "demo-logins.txt").write_text(damaged, encoding="utf-8")
    words = ensure_logins(province)
    assert all(client.login(username=name, password=word) for name, word in words.items())
    assert ensure_logins(province) == words and set(words) == set(LOGINS)


def test_a_file_of_logins_that_is_no_text_is_written_anew(province, folder):
    (folder / "demo-logins.txt").write_bytes(b"\xff\xfe\x00dieuphoi")
    assert set(ensure_logins(province)) == set(LOGINS)


def test_the_password_of_a_person_who_bears_the_same_name_is_left_alone(province, client):
    User.objects.create_user("dieuphoi", password="a person's own")
    assert set(ensure_logins(province)) == set(LOGINS) - {"dieuphoi"}
    assert end_logins() == len(LOGINS) - 1
    assert client.login(username="dieuphoi", password="a person's own")


def test_logins_that_were_ended_come_back_with_a_new_membership(province, client):
    before = ensure_logins(province)
    end_logins()
    assert not Membership.objects.filter(user__username__in=LOGINS, valid_to=None).exists()
    after = ensure_logins(province)
    assert before != after and client.login(username="dieuphoi", password=after["dieuphoi"])
    assert Membership.objects.filter(user__username__in=LOGINS, valid_to=None).count() == len(LOGINS)


def test_a_file_of_logins_that_cannot_be_written_is_one_sentence(db, folder, monkeypatch):
    monkeypatch.setenv("QUANTRI_LANGUAGE", "en")
    (folder / "demo-logins.part").mkdir()
    with pytest.raises(CommandError, match=r"demo-logins\.part cannot be read or written"):
        call_command("load", quiet=True, stdout=io.StringIO())


@pytest.mark.parametrize(("language", "role"), [("vi", "cán bộ thực hiện"), ("en", "officer")])
def test_the_logins_name_their_roles_in_the_language_of_the_computer(province, folder, monkeypatch, language, role):
    monkeypatch.setenv("QUANTRI_LANGUAGE", language)
    out = io.StringIO()
    call_command("load", quiet=True, stdout=out)
    (line,) = [line for line in out.getvalue().splitlines() if "canbo-xa" in line]
    assert line.startswith(f"  {role:18} canbo-xa ")


def test_a_release_whose_file_could_not_be_written_is_written_at_the_next_start(db, folder):
    call_command("load", quiet=True, stdout=io.StringIO())
    known = Release.objects.current().get(year=2024)
    head, first, rest = known.results.split("\n", 2)
    changed = "\n".join([head, f"{first}noted", rest])
    publish_release(index="papi", year=2024, definition=known.definition, results=changed, source="x", by=SYSTEM)
    file = folder / "releases" / "results" / "papi-2024.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("damaged", encoding="utf-8")
    call_command("load", quiet=True, stdout=io.StringIO())
    assert file.read_text(encoding="utf-8") == Release.objects.current().get(year=2024).results


@pytest.fixture
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def removed() -> str:
    out = io.StringIO()
    call_command("remove_demonstration_data", "--yes", stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("in_english")
def test_the_demonstration_goes_whole_and_says_what_went(province, historic_plan, plan, folder):
    ensure_logins(province)
    snapshot = Snapshot.objects.get(plan=historic_plan)
    kept_file(snapshot.sha256, "pdf", lambda: b"%PDF")
    before = Release.objects.count()
    said = removed()
    assert all(word in said for word in (historic_plan.title, plan.title, "account", "agency"))
    assert not Plan.objects.filter(is_demonstration=True).exists() and not Task.objects.exists()
    assert not User.objects.filter(username__in=LOGINS).exists()
    assert not Agency.objects.filter(is_demonstration=True).exists()
    assert Release.objects.count() == before
    assert AuditEntry.objects.filter(action="plan.removed").count() == 2
    assert AuditEntry.objects.filter(action="account.removed").count() == len(LOGINS)


def test_an_account_that_was_signed_in_with_goes_too(province, client):
    words = ensure_logins(province)
    client.post("/account/login/", {"username": "dieuphoi", "password": words["dieuphoi"]})
    gone = remove_demonstration(by=SYSTEM)
    assert len(gone.accounts) == len(LOGINS) and not User.objects.filter(username__in=LOGINS).exists()


def test_its_files_go_with_it(province, historic_plan, folder, django_capture_on_commit_callbacks):
    ensure_logins(province)
    kept_file(Snapshot.objects.get(plan=historic_plan).sha256, "pdf", lambda: b"%PDF")
    with django_capture_on_commit_callbacks(execute=True):
        removed()
    assert not (folder / "demo-logins.txt").exists() and list((folder / "documents").iterdir()) == []


@pytest.mark.usefixtures("in_english")
def test_a_second_removal_finds_nothing(historic_plan):
    removed()
    n = AuditEntry.objects.count()
    assert "nothing of a demonstration" in removed()
    assert AuditEntry.objects.count() == n


@pytest.mark.usefixtures("in_english")
def test_what_a_real_plan_names_stays(province, plan, coordinator):
    ensure_logins(province)
    Plan.objects.filter(pk=plan.pk).update(is_demonstration=False)
    committee = Agency.objects.get(name_vi="UBND tỉnh An Giang", is_demonstration=True)
    set_owners(plan, "D1", [committee], new_name="", by=coordinator)
    said = removed()
    assert Plan.objects.filter(pk=plan.pk).exists() and Agency.objects.filter(pk=committee.pk).exists()
    assert f"kept, as other rows name it: {committee}" in said
    assert User.objects.filter(username="coordinator", is_active=True).exists()


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize("answer", ["no", "", "y", None])
def test_nothing_goes_without_a_yes(historic_plan, monkeypatch, answer):
    def say(_question: str) -> str:
        if answer is None:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", say)
    with pytest.raises(CommandError, match="nothing was removed"):
        call_command("remove_demonstration_data", stdout=io.StringIO())
    assert Plan.objects.filter(pk=historic_plan.pk).exists()


@pytest.mark.parametrize("answer", ["yes", "có", "co\u0301", "CO"])
def test_a_yes_is_enough(historic_plan, monkeypatch, answer):
    monkeypatch.setattr("builtins.input", lambda _question: answer)
    call_command("remove_demonstration_data", stdout=io.StringIO())
    assert not Plan.objects.filter(pk=historic_plan.pk).exists()


def test_the_removal_asks_and_answers_in_the_language_of_the_site(province, historic_plan, settings, monkeypatch):
    settings.LANGUAGE_CODE = "vi"
    ensure_logins(province)
    asked, out = [], io.StringIO()
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or "không")
    with pytest.raises(CommandError, match="chưa xóa gì; hãy trả lời có, hoặc thêm --yes"):
        call_command("remove_demonstration_data", stdout=out)
    assert "Các dữ liệu trình diễn:" in out.getvalue() and "không hoàn tác được. [có/không]" in asked[0]
    lines = removed().splitlines()
    assert lines[0] == "Đã xóa:" and f"  kế hoạch     {historic_plan.title}" in lines
    assert {line[2:14].strip() for line in lines[1:]} >= {"kế hoạch", "đợt khảo sát", "tài khoản", "cơ quan"}
    assert "Ở đây không có dữ liệu trình diễn nào." in removed()

"""The command that makes the first account speaks the language of the site."""

import pytest
from django.core.management import CommandError, call_command

from quantri.web.accounts.models import User

WORD = "a long enough word"
SEAT = ("--province", "91", "--agency", "Sở Nội vụ", "--role", "coordinator")


@pytest.fixture(params=["vi", "en"])
def language(request, db, settings) -> str:
    settings.LANGUAGE_CODE = request.param
    return request.param


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What was asked for; each answer is long enough."""
    questions: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda question: questions.append(question) or WORD)
    return questions


def test_a_member_is_made_and_told(language, asked, capsys):
    call_command("add_member", "dieuphoi", *SEAT)
    assert User.objects.get(username="dieuphoi").check_password(WORD)
    said = {"vi": "dieuphoi có vai trò điều phối ở Sở Nội vụ", "en": "dieuphoi is coordinator of Sở Nội vụ"}
    assert said[language] in capsys.readouterr().out
    assert asked == [{"vi": "Mật khẩu (từ 12 ký tự): ", "en": "Password (12 characters or more): "}[language]]


def test_a_name_that_is_taken_is_refused(language, asked):
    call_command("add_member", "dieuphoi", *SEAT)
    said = {"vi": "đã có tài khoản dieuphoi; hãy chọn tên khác", "en": "dieuphoi exists already; choose another name"}
    with pytest.raises(CommandError, match=said[language]):
        call_command("add_member", "dieuphoi", *SEAT)


def test_a_short_password_is_refused(language, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda _question: "short")
    said = {"vi": "mật khẩu ngắn hơn 12 ký tự; chưa tạo gì", "en": "shorter than 12 characters; nothing was made"}
    with pytest.raises(CommandError, match=said[language]):
        call_command("add_member", "dieuphoi", *SEAT)
    assert not User.objects.filter(username="dieuphoi").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("giang", {"vi": r"\(không có\); hãy ghi mã", "en": r"\(none\); give a code or the full name"}),
        ("Atlantis", {"vi": "'Atlantis' không chỉ rõ một tỉnh", "en": "'Atlantis' is not one province of"}),
    ],
)
def test_a_province_that_is_none_is_told(language, name, said):
    with pytest.raises(CommandError, match=said[language]):
        call_command("add_member", "dieuphoi", "--province", name, *SEAT[2:])

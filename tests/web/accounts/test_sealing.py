"""Secrets of the second factor lie sealed, open with keys of before, and are sealed anew with the key of today."""

import importlib
import io
import logging
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.apps import apps
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client

from quantri.errors import RuleViolation
from quantri.web.accounts.models import User
from quantri.web.accounts.sealing import MARK, keys, seal, unseal

OLD, NEW = "old key of the site" * 3, "new key of the site" * 3
steps = importlib.import_module("quantri.web.accounts.migrations.0008_seal_second_factors")


@pytest.fixture(autouse=True)
def _old_key(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS, settings.FACTOR_KEY = OLD, [], ""


@pytest.fixture
def secret(coordinator) -> str:
    made = generate_totp_secret()
    TOTP.activate(coordinator, made)
    return made


def lying(kind: str = "totp") -> dict[str, str]:
    return Authenticator.objects.get(type=kind).data


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(user: User, secret: str) -> HttpResponse:
    """Give password and code; what the second form is answered."""
    client = Client()
    client.post("/account/login/", {"username": user.username, "password": "p" * 12})
    return client.post("/account/second-factor/code/", {"code": code_of(secret)})


def reseal() -> str:
    said = io.StringIO()
    call_command("seal_factors", stdout=said)
    return said.getvalue()


def test_neither_the_secret_nor_the_seed_lies_readable_in_the_database(coordinator, secret):
    codes = RecoveryCodes.activate(coordinator).generate_codes()
    assert secret not in str(lying()) and lying()["secret"].startswith(MARK)
    assert lying("recovery_codes")["seed"].startswith(MARK)
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes() == codes
    assert sign_in(coordinator, secret).status_code == 302


def test_equal_secrets_lie_there_unequal():
    assert seal("secret") != seal("secret") and unseal(seal("secret")) == "secret"


def test_a_key_of_its_own_seals_and_the_secret_key_alone_does_not_open(settings):
    settings.FACTOR_KEY = NEW
    sealed = seal("secret")
    assert unseal(sealed) == "secret"
    settings.FACTOR_KEY = ""
    with pytest.raises(RuleViolation):
        unseal(sealed)


def test_what_was_sealed_before_a_key_of_its_own_was_set_still_opens(settings):
    sealed = seal("secret")
    settings.FACTOR_KEY = NEW
    assert keys() == (NEW, OLD) and unseal(sealed) == "secret"


def test_with_the_key_before_as_fallback_the_code_still_works_and_sealing_anew_lets_it_go(
    coordinator, secret, settings
):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert sign_in(coordinator, secret).status_code == 302
    assert " 1 " in reseal() and " 0 " in reseal()
    settings.SECRET_KEY_FALLBACKS = []
    Authenticator.objects.update(last_used_at=None)
    assert unseal(lying()["secret"]) == secret


def test_a_changed_key_without_fallback_is_told_in_a_sentence_and_loses_nothing(coordinator, secret, settings, caplog):
    before = lying()
    settings.SECRET_KEY = NEW
    with caplog.at_level(logging.ERROR):
        answer = sign_in(coordinator, secret)
    assert answer.status_code == 409 and "_auth_user_id" not in answer.client.session
    assert "QUANTRI_SECRET_KEY_FALLBACKS" in caplog.text and secret not in caplog.text
    with pytest.raises(CommandError):
        reseal()
    assert lying() == before
    settings.SECRET_KEY = OLD
    assert sign_in(coordinator, secret).status_code == 302


def test_a_secret_from_before_opens_and_the_migration_seals_it_and_back(coordinator, secret):
    Authenticator.objects.update(data={"secret": secret})
    assert TOTP(Authenticator.objects.get()).validate_code(code_of(secret))
    steps.seal(apps, None)
    assert lying()["secret"].startswith(MARK) and unseal(lying()["secret"]) == secret
    steps.unseal(apps, None)
    assert lying() == {"secret": secret}


def test_a_sealed_secret_that_was_changed_does_not_open(secret):
    changed = lying()["secret"][:-2] + "A="
    with pytest.raises(RuleViolation):
        unseal(changed)

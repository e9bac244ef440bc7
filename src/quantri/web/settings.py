"""Settings, from the environment only; each is described in docs/reference/settings.md."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from quantri.errors import QuantriError
from quantri.words import language_of, say

WEB = Path(__file__).resolve().parent


def refusal(template: str, *, reason: str | None = None, **facts: object) -> ImproperlyConfigured:
    """Say in the language of who starts the site why it cannot start."""
    facts |= {"reason": QuantriError(reason or "")} if reason else {}
    return ImproperlyConfigured(say(template, language_of(os.environ), **facts))


def setting(name: str, default: str = "") -> str:
    """Read QUANTRI_NAME, or the content of the file that QUANTRI_NAME_FILE names."""
    named_file = os.environ.get(f"QUANTRI_{name}_FILE")
    if not named_file:
        return os.environ.get(f"QUANTRI_{name}", default)
    try:
        return Path(named_file).read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise refusal(
            "QUANTRI_{name}_FILE: {file} cannot be read ({reason})", name=name, file=named_file, reason=fault.strerror
        ) from fault


def secret_key() -> str:
    """Return the configured key; a demonstration makes one and keeps it."""
    if setting("SECRET_KEY"):
        return setting("SECRET_KEY")
    if not DEMO:
        raise refusal(
            "QUANTRI_SECRET_KEY is needed for a production start: set it to 50 random characters, or QUANTRI_DEMO=1"
        )
    kept = DATA_DIR / "secret-key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return kept.read_text(encoding="utf-8")


def origin(address: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise refusal(
            "QUANTRI_OIDC_SERVER must be an address such as https://login.example.vn, not {found}", found=address
        )
    return f"{parts.scheme}://{parts.netloc}"


def address() -> str:
    """Return the site's own address for links in letters; what a visitor calls the site by is not trusted for that."""
    told = setting("ADDRESS").rstrip("/")
    if told:
        parts = urlsplit(told)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
            raise refusal("QUANTRI_ADDRESS must be an address such as https://papi.example.vn, not {found}", found=told)
        return told
    named = [host for host in ALLOWED_HOSTS if host not in ("*", "localhost", "127.0.0.1", "[::1]")]
    return f"https://{named[0].lstrip('.')}" if named and not DEMO else "http://localhost:8000"


def data_dir() -> Path:
    """Return the folder of the data, made if need be."""
    folder = Path(setting("DATA_DIR") or WEB.parents[2] / "var")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as fault:
        raise refusal(
            "the data folder {folder} cannot be made or written ({reason}); "
            "set QUANTRI_DATA_DIR to a folder of your own",
            folder=folder, reason=fault.strerror,
        ) from fault  # fmt: skip
    return folder


def database() -> dict[str, object]:
    """Return the configured database; by default a file of the data folder, whatever signs its path holds."""
    if setting("DATABASE_URL"):
        found = dict(dj_database_url.parse(setting("DATABASE_URL"), conn_max_age=600))
        return without_compiler(found) if str(found["ENGINE"]).endswith("postgresql") else found
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "quantri.sqlite3", "CONN_MAX_AGE": 600}


def without_compiler(found: dict[str, Any]) -> dict[str, object]:
    """Let PostgreSQL not compile the questions of pages: on a full site that took longer than the answers.

    What the address says of options comes last, and holds.
    """
    given = found.get("OPTIONS", {})
    return found | {"OPTIONS": given | {"options": f"-c jit=off {given.get('options', '')}".strip()}}


def mail() -> tuple[str, str]:
    """Return the address of the mail server, checked, and the sender; without a server letters stay in the outbox."""
    address, sender = setting("MAIL_URL"), setting("MAIL_FROM", "quantri@localhost")
    parts = urlsplit(address)
    if address and (parts.scheme not in ("smtp", "smtp+tls", "smtps") or not parts.hostname):
        raise refusal("QUANTRI_MAIL_URL must be smtp://, smtp+tls:// or smtps:// with user, password, host and port")
    return address, sender


_CONFIGURED = any(setting(name) for name in ("DATABASE_URL", "SECRET_KEY", "HOSTS"))
DEMO = setting("DEMO", "0" if _CONFIGURED else "1") == "1"
DATA_DIR = data_dir()
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = setting("SECRET_KEY_FALLBACKS").split()
FACTOR_KEY = setting("FACTOR_KEY")  # seals the second factor; without it SECRET_KEY does
HOME_PROVINCE = setting("HOME_PROVINCE", "vn34-91")
INDEX = "papi"  # the index that the pages show
DEBUG = False
ALLOWED_HOSTS = [h.strip() for h in setting("HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h.strip()]
if not DEMO and "*" in ALLOWED_HOSTS:
    raise refusal("QUANTRI_HOSTS must name the site's hosts, not *: any other name could pose as the site")
ADDRESS = address()
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host not in ("*", "localhost")]

INSTALLED_APPS = [
    "quantri.web.core",
    "quantri.web.places",
    "quantri.web.accounts",
    "quantri.web.deadlines",
    "quantri.web.indices",
    "quantri.web.plans",
    "quantri.web.tasks",
    "quantri.web.appraisal",
    "quantri.web.figures",
    "quantri.web.inspections",
    "quantri.web.followup",
    "quantri.web.surveys",
    "quantri.web.reports",
    "quantri.web.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "quantri.web.core.bodies.BodyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "quantri.web.accounts.remembering.RememberingMiddleware",
    "quantri.web.core.faults.FaultMiddleware",
    "quantri.web.accounts.second_factor.SecondFactorMiddleware",
]
ROOT_URLCONF = "quantri.web.urls"
WSGI_APPLICATION = "quantri.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quantri.web.core.page.frame",
                "quantri.web.accounts.page.member",
                "quantri.web.deadlines.page.calendar_warning",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "quantri.web.core.templatetags.actors",
                "quantri.web.core.templatetags.dressed",
                "quantri.web.core.templatetags.numbers",
                "quantri.web.indices.templatetags.standing",
                "quantri.web.plans.templatetags.outlooks",
            ],
        },
    }
]

DATABASES = {"default": database()}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Readers do not wait for a writer, and a writer waits its turn instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE", "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }  # fmt: skip
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "full_name", "email")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:start"  # which goes on to the first page of the role
LOGOUT_REDIRECT_URL = "portal:home"

ACCOUNT_ADAPTER = "quantri.web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts come by invitation
ACCOUNT_SESSION_REMEMBER = True  # for the time of SESSION_COOKIE_AGE
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}  # accounts.signing_in counts in the database instead
ACCOUNT_FORMS = {
    "change_password": "quantri.web.accounts.passwords.NewPasswordForm",
    "reauthenticate": "quantri.web.accounts.passwords.ConfirmPasswordForm",
}
MFA_ADAPTER = "quantri.web.accounts.adapters.FactorAdapter"
MFA_FORMS = {
    "authenticate": "quantri.web.accounts.second_factor.SignInCodeForm",
    "reauthenticate": "quantri.web.accounts.second_factor.ConfirmCodeForm",
    "activate_totp": "quantri.web.accounts.second_factor.FirstCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Quantri"
MFA_TOTP_TOLERANCE = 1  # telephones run up to half a minute fast or slow
USERSESSIONS_ADAPTER = "quantri.web.accounts.adapters.SessionsAdapter"
SOCIALACCOUNT_ADAPTER = "quantri.web.accounts.adapters.ProvinceLogin"
OIDC_SERVER = setting("OIDC_SERVER").rstrip("/")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "province",
                "name": setting("OIDC_NAME", "OpenID Connect"),
                "client_id": setting("OIDC_CLIENT_ID"),
                "secret": setting("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_SERVER},
            }
        ]
        if OIDC_SERVER
        else [],
        "OAUTH_PKCE_ENABLED": True,
    }
}

LANGUAGE_CODE = setting("LANGUAGE", "vi")
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [WEB / "locale"]
FORMAT_MODULE_PATH = ["quantri.web.core.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # no collecting step before a start
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600  # a working day
LANGUAGE_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE], "script-src": [SELF], "style-src": [SELF], "font-src": [SELF],
        "img-src": [SELF, "data:"], "connect-src": [SELF], "base-uri": [NONE],
        "form-action": [SELF, *([origin(OIDC_SERVER)] if OIDC_SERVER else [])],  # where a sign-in form leads on to
        "frame-ancestors": [NONE],
    }
}  # fmt: skip
WORK_OF_AGENCIES = [  # see accounts.open_work
    "quantri.web.tasks.open_work.PARTS",
    "quantri.web.plans.open_work.OWNERS",
    "quantri.web.plans.open_work.OPINIONS",
    "quantri.web.inspections.open_work.FINDINGS",
    "quantri.web.appraisal.open_work.SELF_SCORES",
    "quantri.web.deadlines.open_work.CLOCKS",
]
WORK_OF_PEOPLE = ["quantri.web.inspections.open_work.SEATS"]
RISKS = [  # what else is at risk: functions of (provinces, filters, today, calendar) that return risks
    "quantri.web.followup.answers.at_risk",
    "quantri.web.followup.legal_limits.at_risk",
]
TO_DECIDE = [  # what else waits for a leader's decision: functions of the reader that return rows with their address
    "quantri.web.reports.to_decide.waiting_reports",
]
ALSO_DUE = [  # what else agencies of a reader owe, beside parts and reports: functions of the reader that give sections
    "quantri.web.inspections.owed.answers_owed_by",
    "quantri.web.deadlines.owed.clocks_owed_by",
]
JOBS = {  # what the worker does, by the kind of a job
    "surveys.score": "quantri.web.surveys.jobs.score_upload",
    "deadlines.recount": "quantri.web.deadlines.recounting.work",
}
CLOCK_LISTENERS = [  # what moves, and who is told, when a calendar moves a clock: functions of (clock, day before)
    "quantri.web.inspections.answer_clocks.moved",
    "quantri.web.deadlines.telling.tell_owner",
]
TICKS = [  # regular work, in this order; each may be done twice without harm
    "quantri.web.inspections.answer_clocks.begin_missing",
    "quantri.web.deadlines.recounting.recount_open_clocks",
    "quantri.web.tasks.periods.close_due_periods",
    "quantri.web.followup.digests.send_digests",
    "quantri.web.core.timer.send_letters",
]
SEALED_WORDS = {  # what is put into a letter when it is carried, and kept by no row: functions of a key
    "invitation": "quantri.web.accounts.invitation_letters.link_for",
}
MAIL_URL, MAIL_FROM = mail()
LARGEST_FORM = 1_000_000  # bytes that a visitor may send
LINK_PATHS = ("/r/", "/en/r/", "/vi/r/")  # where one-use links lead: a phone's photo may come along
LARGEST_UPLOAD = 25_000_000  # bytes that a signed-in reader may send: a spreadsheet, or its sealed preview
DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST_UPLOAD
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Who is refused, or asks for what is not there, is no fault of ours.
    "loggers": {"django.request": {"level": "ERROR"}},
}

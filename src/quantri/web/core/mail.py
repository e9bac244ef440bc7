"""The mail server of QUANTRI_MAIL_URL, and what its answers mean for a letter."""

import smtplib
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from quantri.web.core.models import Message

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
TIMEOUT = 30  # seconds for each answer of the server


class Unheard(Exception):
    """The letter did not go out: the server is away, or said "later"."""


class Refused(Exception):
    """The server will not take this letter."""


class Unknown(Exception):
    """The line broke in the middle: the letter may have arrived or not."""


def on_the_web(link: str) -> str:
    """Write a link of the site so that it can be followed from a letter."""
    return f"{settings.ADDRESS}{link}" if link.startswith("/") else link


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where letters are handed over."""

    scheme: str
    host: str
    port: int
    username: str
    password: str

    @classmethod
    def parse(cls, address: str) -> Self:
        """Read smtp://, smtp+tls:// (STARTTLS) or smtps:// with user, password and port, else ValueError."""
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError(address)
        return cls(
            scheme=parts.scheme, host=parts.hostname, port=parts.port or PORTS[parts.scheme],
            username=unquote(parts.username or ""), password=unquote(parts.password or ""),
        )  # fmt: skip


class Carrier:
    """One line to the mail server, opened when first needed and kept for the letters that follow."""

    def __init__(self, server: MailServer, sender: str) -> None:
        self.sender = sender
        self.host = sender.rpartition("@")[2].strip("> ") or "localhost"
        self.line = EmailBackend(
            host=server.host, port=server.port, username=server.username, password=server.password,
            use_ssl=server.scheme == "smtps", use_tls=server.scheme == "smtp+tls", timeout=TIMEOUT,
        )  # fmt: skip

    @classmethod
    def configured(cls) -> Self | None:
        """Return the carrier of the settings; None when no mail server is named."""
        return cls(MailServer.parse(settings.MAIL_URL), settings.MAIL_FROM) if settings.MAIL_URL else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, fault: BaseException | None, where: TracebackType | None) -> None:
        self._hang_up()

    def reach(self) -> None:
        """Make sure that the server listens, before anything is said of the letter."""
        try:
            if self.line.connection is not None and self.line.connection.noop()[0] == 250:
                return
        except (OSError, smtplib.SMTPException):
            pass
        self._hang_up()
        try:
            self.line.open()
        except (OSError, smtplib.SMTPException) as fault:
            self._hang_up()
            raise Unheard(_words(fault)) from fault

    def send(self, message: Message, message_id: str) -> str:
        """Hand a letter over; return its Message-ID."""
        text = f"{message.body}\n\n{on_the_web(message.link)}\n" if message.link else message.body
        letter = EmailMessage(
            message.subject, text, self.sender, [message.address],
            headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
        )  # fmt: skip
        try:
            self.line.send_messages([letter])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as fault:
            raise (Unheard if _is_later(fault) else Refused)(_words(fault)) from fault
        except (OSError, smtplib.SMTPServerDisconnected) as fault:
            self._hang_up()
            raise Unknown(_words(fault)) from fault
        except (ValueError, smtplib.SMTPException) as fault:  # an address that is none, a server that lacks a feature
            raise Refused(_words(fault)) from fault
        return message_id

    def _hang_up(self) -> None:
        try:
            self.line.close()
        except (OSError, smtplib.SMTPException):
            self.line.connection = None


def _is_later(fault: smtplib.SMTPException) -> bool:
    """Say whether the server's code asks to come again: 4xx, or a fault of our login or sender that staff can mend."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _said in fault.recipients.values())
    return isinstance(fault, smtplib.SMTPSenderRefused) or 400 <= fault.smtp_code < 500


def _words(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"

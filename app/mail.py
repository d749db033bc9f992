"""Sends one letter over SMTP, within a bound on its whole time."""

import smtplib
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Any

from app.errors import Rejected, TryLater, Uncertain
from app.mail_server import STARTTLS, TLS, MailServer

_CONNECT_SECONDS = 4.0
_LETTER_SECONDS = 12.0
_LONGEST_SUBJECT = 150
_LONGEST_REPLY = 160
_NO_ANSWER = "The mail server doesn't answer."
_INTERNATIONAL = (
    "The mail server can't write to this address. It has signs that the server doesn't know."
    " Enter another address."
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person. ``id`` is the same whenever it is sent again, so that a mailbox can
    tell a repetition."""

    id: str
    sender: Address
    recipient: str
    subject: str
    text: str
    written_at: datetime


def compose(letter: Letter) -> EmailMessage:
    """Return the letter as a message. Nothing in it can begin another header."""
    ascii_only = letter.recipient.isascii()
    message = EmailMessage(policy=SMTP if ascii_only else SMTPUTF8)
    message["From"] = letter.sender
    message["To"] = _spelt(letter.recipient)
    message["Subject"] = one_line(letter.subject)[:_LONGEST_SUBJECT]
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.id}@{letter.sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    return message


def one_line(text: str) -> str:
    """The text without line ends and control signs."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def send(server: MailServer, letter: Letter) -> None:
    """Hand the letter to the mail server; it has it when this returns.

    Raises TryLater when it has not, Uncertain when the connection broke while it was handed over,
    and Rejected when the server will never take it for this address.
    """
    content = compose(letter).as_bytes()
    try:
        with _session(server, letter.sender.domain) as session:
            _address(session, letter, server)
            _hand_over(session, content, server)
    except smtplib.SMTPResponseException as refusal:
        raise TryLater(_said("refused us", refusal.smtp_code, refusal.smtp_error, server)) from None
    except smtplib.SMTPNotSupportedError:
        raise TryLater("The mail server lacks STARTTLS or a login, as SMTP_URL asks.") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise TryLater(f"{_NO_ANSWER} ({type(error).__name__})") from None


class _Lines:
    """Reads the server's lines, none after ``end``."""

    def __init__(self, connection: socket.socket, end: float) -> None:
        self._connection, self._end = connection, end
        self._file = connection.makefile("rb")

    def readline(self, most: int) -> bytes:
        """Return a line; raise TimeoutError when the time is up."""
        remaining = self._end - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("The time is up.")
        self._connection.settimeout(remaining)
        return self._file.readline(most)

    def close(self) -> None:
        """End the reading; the connection is closed by who opened it."""
        self._file.close()


class _Until:
    """Whatever the server does, its replies are waited for no longer than until ``end``."""

    file: _Lines | None
    sock: socket.socket | None

    def __init__(self, host: str, port: int, *, end: float, **options: Any) -> None:
        self._end = end
        super().__init__(host, port, **options)  # type: ignore[call-arg]

    def getreply(self) -> tuple[int, bytes]:
        """Return a reply; raise SMTPServerDisconnected when there is none in time."""
        if self.file is None and self.sock is not None:
            self.file = _Lines(self.sock, self._end)
        return super().getreply()  # type: ignore[misc,no-any-return]


class _Plain(_Until, smtplib.SMTP):
    pass


class _Secure(_Until, smtplib.SMTP_SSL):
    pass


@contextmanager
def _session(server: MailServer, name: str) -> Iterator[smtplib.SMTP]:
    """Connect, encrypt and log in as the server's address says; always hang up."""
    session = _connect(server, name)
    try:
        if server.security == STARTTLS:
            session.starttls(context=ssl.create_default_context())
        session.ehlo_or_helo_if_needed()
        if server.user:
            session.login(server.user, server.password)
        yield session
        with suppress(smtplib.SMTPException, OSError):
            # It has the letter: nobody waits for its goodbye.
            session.putcmd("quit")
    finally:
        session.close()


def _connect(server: MailServer, name: str) -> smtplib.SMTP:
    options: dict[str, Any] = {
        "end": time.monotonic() + _LETTER_SECONDS,
        "timeout": _CONNECT_SECONDS,
        "local_hostname": name,
    }
    if server.security == TLS:
        context = ssl.create_default_context()
        return _Secure(server.host, server.port, context=context, **options)
    return _Plain(server.host, server.port, **options)


def _address(session: smtplib.SMTP, letter: Letter, server: MailServer) -> None:
    """Name sender and recipient."""
    recipient = _spelt(letter.recipient)
    options = [] if recipient.isascii() else ["SMTPUTF8"]
    try:
        code, words = session.mail(letter.sender.addr_spec, options)
    except smtplib.SMTPNotSupportedError:
        raise Rejected("mail-refused", _INTERNATIONAL) from None
    if code != 250:
        # Whom we write as is the operator's to mend, so it may pass.
        raise TryLater(_said("refused the sender", code, words, server))
    code, words = session.rcpt(recipient)
    if code not in (250, 251):
        raise _refusal("refused the address", code, words, server)


def _hand_over(session: smtplib.SMTP, content: bytes, server: MailServer) -> None:
    try:
        code, words = session.data(content)
    except smtplib.SMTPDataError as refusal:
        code, words = refusal.smtp_code, refusal.smtp_error  # type: ignore[assignment]
    except (smtplib.SMTPServerDisconnected, OSError):
        raise Uncertain("The mail server broke off while it took the letter.") from None
    if code != 250:
        raise _refusal("refused the letter", code, words, server)


def _spelt(address: str) -> str:
    """The address with its domain as the name system spells it."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise Rejected("mail-refused", _INTERNATIONAL) from None


def _refusal(what: str, code: int, words: bytes | str, server: MailServer) -> TryLater | Rejected:
    sentence = _said(what, code, words, server)
    return Rejected("mail-refused", sentence) if 500 <= code < 600 else TryLater(sentence)


def _said(what: str, code: int, words: bytes | str, server: MailServer) -> str:
    """What the server did, with its own words, from which our login is taken out."""
    text = one_line(words.decode(errors="replace") if isinstance(words, bytes) else words)
    for secret in filter(None, (server.password, server.user)):
        for form in (secret, b64encode(secret.encode()).decode().rstrip("=")):
            text = text.replace(form, "[removed]")
    return f"The mail server {what}. It says: “{code} {text[:_LONGEST_REPLY]}”."

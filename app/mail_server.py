"""The mail server that alerts go out by, as ``SMTP_URL`` and ``MAIL_FROM`` name it."""

import re
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import getaddresses
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

NONE, STARTTLS, TLS = "none", "starttls", "tls"
_PORTS = {NONE: 25, STARTTLS: 587, TLS: 465}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_MALFORMED = (
    "SMTP_URL must look like smtp://user:password@host:587?starttls=1 or smtps://user:password@host;"
    " percent-encode signs such as @, / and # in the password."
)
_SENDER = re.compile(r"[^@\s,;<>\"]+@[A-Za-z0-9.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where to connect and as whom; ``security`` is none, starttls or tls."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def local(self) -> bool:
        """Whether it runs on this very machine."""
        return self.host in _LOOPBACK

    @property
    def bares_password(self) -> bool:
        """Whether the password would cross a network in the clear."""
        return bool(self.password) and self.security == NONE and not self.local


def server_at(address: str) -> MailServer | None:
    """Read ``smtp://user:password@host:587?starttls=1`` or ``smtps://…``; None when it is neither.

    Signs that mean something in an address are percent-encoded in user and password.
    """
    try:
        parts = urlsplit(address)
        port, starttls = parts.port, _asks_for_starttls(parts)
    except ValueError:
        return None
    security = TLS if parts.scheme == "smtps" else STARTTLS if starttls else NONE
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (_is_whole(parts, port) and _can_be_said(user, password)):
        return None
    return MailServer(parts.hostname or "", port or _PORTS[security], security, user, password)


def _asks_for_starttls(parts: SplitResult) -> bool:
    """Read what stands after the question mark; raise ValueError for anything we don't know."""
    given = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    if set(given) - {"starttls"} or given.get("starttls", ["0"]) not in (["0"], ["1"]):
        raise ValueError
    return given.get("starttls") == ["1"]


def _is_whole(parts: SplitResult, port: int | None) -> bool:
    return (
        parts.scheme in ("smtp", "smtps")
        and bool(parts.hostname)
        and port != 0
        and parts.path in ("", "/")
        and not parts.fragment
    )


def _can_be_said(user: str, password: str) -> bool:
    """Whether a login is complete and of signs that SMTP carries."""
    text = user + password
    return text.isascii() and (not text or text.isprintable()) and bool(user) == bool(password)


def sender_of(text: str) -> Address | None:
    """Read ``Name <name@example.com>`` or a bare address; None when it is neither."""
    found = getaddresses([text])
    name, address = found[0] if found else ("", "")
    if len(found) != 1 or not (text.isprintable() and _SENDER.fullmatch(address)):
        return None
    try:
        return Address(display_name=name, addr_spec=address)
    except (MessageError, ValueError, IndexError):
        return None


def checks(smtp_url: str, mail_from: str) -> tuple[tuple[bool, str], ...]:
    """What must hold of the two settings, each with the sentence for when it does not."""
    server = server_at(smtp_url)
    return (
        (server is not None or not smtp_url, _MALFORMED),
        (
            server is None or not server.bares_password,
            "SMTP_URL would send its password in the clear. Add ?starttls=1, or use smtps://.",
        ),
        (
            bool(smtp_url) == bool(mail_from),
            "MAIL_FROM and SMTP_URL go together. Set both to send alerts by e-mail, or neither.",
        ),
        (
            sender_of(mail_from) is not None or not mail_from,
            "MAIL_FROM must be an e-mail address, such as Tagdock <alerts@example.com>.",
        ),
    )

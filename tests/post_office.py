"""A real mail server on loopback, for what goes out by SMTP: it keeps the letters, and fails when
told to."""

import datetime as dt
import socket
import ssl
from collections.abc import Awaitable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "tagdock", "p@ss/w#rd-51c9"
_PATIENCE = 60.0


@dataclass(slots=True)
class Post:
    """A letter as it arrived."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    encrypted: bool
    user: str

    @property
    def subject(self) -> str:
        """Its subject."""
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """What it says."""
        return str(self.message.get_content()).replace("\r\n", "\n")


@dataclass(slots=True)
class PostOffice:
    """Starts, pauses and stops. ``answers`` are given to MAIL, RCPT or DATA in place of taking it,
    those of ``refused`` when somebody is named as recipient."""

    security: str = "none"
    login: bool = False
    certificate: Path | None = None
    letters: list[Post] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    port: int = 0
    _controller: Controller | None = None
    _seat: socket.socket | None = None

    def start(self) -> None:
        """Listen, after a pause on the same port as before."""
        if self._seat is None:
            self._seat = _seat()
            self.port = int(self._seat.getsockname()[1])
        listener = socket.create_server(("127.0.0.1", self.port), reuse_port=True)
        self._controller = _Controller(self, listener)
        self._controller.start()

    def pause(self) -> None:
        """Refuse whoever comes, on a port that nobody else can have; what came in is kept."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def stop(self) -> None:
        """Listen no more; what came in is kept."""
        self.pause()
        if self._seat is not None:
            self._seat.close()
            self._seat = None

    @property
    def url(self) -> str:
        """What ``SMTP_URL`` must be to reach it."""
        scheme = "smtps" if self.security == "tls" else "smtp"
        login = "tagdock:p%40ss%2Fw%23rd-51c9@" if self.login else ""
        query = "?starttls=1" if self.security == "starttls" else ""
        return f"{scheme}://{login}127.0.0.1:{self.port}{query}"

    def context(self) -> ssl.SSLContext | None:
        """The server's side of TLS, None without a certificate."""
        if self.certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate)
        return context

    # --- What aiosmtpd calls --------------------------------------------------------------------

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Take a recipient, or answer what the test said."""
        refusal = self.refused.get(address) or self.answers.get("RCPT")
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Take a sender, or answer what the test said."""
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep a letter, or answer what the test said; ``break`` keeps it and hangs up."""
        answer = self.answers.pop("DATA", "250 Kept")
        if answer in ("250 Kept", "break"):
            self._keep(session, envelope)
        if answer == "break":
            server.transport.abort()
        return answer

    def _keep(self, session: Session, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        user = session.auth_data if isinstance(session.auth_data, str) else ""
        encrypted = session.ssl is not None or self.security == "tls"
        sender = envelope.mail_from or ""
        self.letters.append(Post(sender, envelope.rcpt_tos, message, encrypted, user))


class _Controller(Controller):
    """Listens on a socket that is open already, so that no port is guessed."""

    def __init__(self, office: PostOffice, listener: socket.socket) -> None:
        self._listener = listener
        context = office.context()
        options: dict[str, Any] = {"ready_timeout": _PATIENCE}
        if office.login:
            options["authenticator"] = _check
        if office.security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
            options["auth_required"] = office.login
        else:
            options |= {"ssl_context": context, "auth_require_tls": False}
        super().__init__(office, hostname="127.0.0.1", port=office.port, **options)

    def _create_server(self) -> Awaitable[Any]:
        return self.loop.create_server(
            self._factory_invoker, sock=self._listener, ssl=self.ssl_context
        )


def _seat() -> socket.socket:
    """Holds a free port, and does not listen."""
    seat = socket.socket()
    seat.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    seat.bind(("127.0.0.1", 0))
    return seat


def _check(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    assert isinstance(data, LoginPassword)
    good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=good, auth_data=data.login.decode())


def make_certificate(folder: Path) -> Path:
    """Write a key and a certificate of its own for 127.0.0.1; it is its own authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(IPv4Address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "mail-server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file

"""Letters over SMTP: what arrives, how it is encrypted, and what each failure means."""

import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from app import mail
from app.errors import Rejected, TryLater, Uncertain
from app.mail_server import MailServer, sender_of, server_at
from sandbox.services import free_port
from tests.post_office import PASSWORD, USER, PostOffice, make_certificate

AT = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)
Open = Callable[..., PostOffice]


@pytest.fixture
def post_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens mail servers, whose certificate this process trusts."""
    opened: list[PostOffice] = []
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def start(**wishes: object) -> PostOffice:
        secure = wishes.get("security", "none") != "none"
        office = PostOffice(certificate=certificate if secure else None, **wishes)
        office.start()
        opened.append(office)
        return office

    yield start
    for office in opened:
        office.stop()


def letter(**changes: object) -> mail.Letter:
    """A letter to somebody, with some things changed."""
    sender = sender_of("Tagdock <alerts@tagdock.example>")
    assert sender is not None
    values = {
        "id": "0f3c",
        "sender": sender,
        "recipient": "anna@shop.example",
        "subject": "Caffè Uno: Orders in error",
        "text": "What happened.\n\n.A line with a dot.\nPerché: già visto.\n",
        "written_at": AT,
    }
    return mail.Letter(**(values | changes))  # type: ignore[arg-type]


def reach(office: PostOffice) -> MailServer:
    """The server as the configuration would name it."""
    server = server_at(office.url)
    assert server is not None
    return server


@pytest.mark.parametrize("login", [False, True])
@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_letter_arrives(post_office: Open, security: str, login: bool) -> None:
    office = post_office(security=security, login=login)
    mail.send(reach(office), letter())
    (post,) = office.letters
    assert (post.sender, post.recipients) == ("alerts@tagdock.example", ["anna@shop.example"])
    assert post.encrypted is (security != "none")
    assert post.user == (USER if login else "")
    assert post.subject == "Caffè Uno: Orders in error"
    assert post.text == letter().text
    headers = {name: str(post.message[name]) for name in ("From", "To", "Message-ID", "Date")}
    assert headers == {
        "From": "Tagdock <alerts@tagdock.example>",
        "To": "anna@shop.example",
        "Message-ID": "<0f3c@tagdock.example>",
        "Date": "Sat, 21 Nov 2026 10:42:00 +0000",
    }
    assert post.message["Auto-Submitted"] == "auto-generated"


def test_nothing_in_a_letter_begins_another_header(post_office: Open) -> None:
    office = post_office()
    evil = "Orders\r\nBcc: eve@evil.example\r\n\r\nand a body\x00\x1b[31m"
    mail.send(reach(office), letter(subject=evil))
    (post,) = office.letters
    assert post.subject == "Orders Bcc: eve@evil.example and a body [31m"
    assert post.message["Bcc"] is None
    assert post.recipients == ["anna@shop.example"]


def test_a_long_subject_is_cut(post_office: Open) -> None:
    office = post_office()
    mail.send(reach(office), letter(subject="ä" * 5000))
    assert office.letters[0].subject == "ä" * 150


def test_addresses_in_every_script_are_reached(post_office: Open) -> None:
    office = post_office()
    mail.send(reach(office), letter(recipient="anna@büro.example"))
    mail.send(reach(office), letter(recipient="ännä@büro.example"))
    assert [post.recipients for post in office.letters] == [
        ["anna@xn--bro-hoa.example"],
        ["ännä@xn--bro-hoa.example"],
    ]


@pytest.mark.parametrize(
    ("answers", "error", "said"),
    [
        ({"RCPT": "550 5.1.1 No such person"}, Rejected, "refused the address"),
        ({"RCPT": "450 4.2.0 Greylisted"}, TryLater, "refused the address"),
        ({"MAIL": "553 5.7.1 Not your domain"}, TryLater, "refused the sender"),
        ({"DATA": "554 5.7.1 Looks like spam"}, Rejected, "refused the letter"),
        ({"DATA": "452 4.3.1 No room"}, TryLater, "refused the letter"),
    ],
)
def test_what_a_refusal_means(
    post_office: Open, answers: dict[str, str], error: type[Exception], said: str
) -> None:
    office = post_office()
    office.answers = dict(answers)
    with pytest.raises(error, match=said) as caught:
        mail.send(reach(office), letter())
    assert next(iter(answers.values()))[4:] in str(caught.value)
    assert office.letters == []


def test_a_server_that_breaks_off_may_have_the_letter(post_office: Open) -> None:
    office = post_office()
    office.answers = {"DATA": "break"}
    with pytest.raises(Uncertain):
        mail.send(reach(office), letter())
    mail.send(reach(office), letter())
    first, again = office.letters
    assert first.message["Message-ID"] == again.message["Message-ID"]


def test_a_wrong_password_is_tried_again_and_not_repeated(post_office: Open) -> None:
    office = post_office(login=True)
    server = MailServer("127.0.0.1", office.port, "none", USER, "wrong-4711")
    with pytest.raises(TryLater) as caught:
        mail.send(server, letter())
    assert "refused us" in caught.value.message
    assert "wrong-4711" not in caught.value.message
    assert "wrong-4711" not in repr(server)


def test_a_server_that_repeats_our_login_is_not_quoted(post_office: Open) -> None:
    office = post_office(login=True)
    office.answers = {"RCPT": f"550 {USER} with {PASSWORD} may not"}
    with pytest.raises(Rejected) as caught:
        mail.send(reach(office), letter())
    assert "[removed] with [removed] may not" in caught.value.message


def test_a_server_without_the_encryption_that_is_asked_for_gets_nothing(post_office: Open) -> None:
    office = post_office()
    server = MailServer("127.0.0.1", office.port, "starttls")
    with pytest.raises(TryLater, match="STARTTLS"):
        mail.send(server, letter())
    assert office.letters == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_gets_nothing(
    post_office: Open, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = post_office(security=security, login=True)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(TryLater, match="SSLCertVerificationError"):
        mail.send(reach(office), letter())
    assert office.letters == []


def test_nobody_at_the_address_is_tried_again() -> None:
    with pytest.raises(TryLater, match="doesn't answer"):
        mail.send(MailServer("127.0.0.1", free_port(), "none"), letter())


def test_a_server_that_drips_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = mail._LETTER_SECONDS
    monkeypatch.setattr(mail, "_LETTER_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        guest = Thread(target=_greet_for_ever, args=(listener,))
        guest.start()
        began = time.monotonic()
        with pytest.raises(TryLater, match="doesn't answer"):
            mail.send(MailServer("127.0.0.1", listener.getsockname()[1], "none"), letter())
        assert time.monotonic() - began < usual
        guest.join(timeout=60)


def _greet_for_ever(listener: socket.socket) -> None:
    """Begin a greeting of many lines and never end it."""
    connection, _ = listener.accept()
    with connection:
        try:
            while True:
                connection.sendall(b"220-Welcome\r\n")
                time.sleep(0.05)
        except OSError:
            return

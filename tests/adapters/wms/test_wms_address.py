"""Which app URLs may be called: decided when the form is saved, and again at every call."""

import socket

import pytest
from wire import TOKEN

from app.errors import Rejected
from app.wms.http import ConnectorApi, check_app_url

NONE = frozenset()
PUBLIC = "93.184.216.34"


def code_of(url, allowed=NONE):
    with pytest.raises(Rejected) as caught:
        check_app_url(url, allowed)
    assert caught.value.message.count(".") >= 2
    return caught.value.code


@pytest.mark.parametrize(
    "url",
    [
        "wms.example.com",
        "ftp://wms.example.com",
        "https://",
        "https:///c/1",
        "https://user:secret@wms.example.com",
        "https://wms.example.com/c?x=1",
        "https://wms.example.com/#top",
        "https://wms.example.com:port",
        "https://wms.example.com:99999",
        "https://wms .example.com",
        "https://wms.example.com\\@127.0.0.1/",
        "https://[::1",
        "https://wms.example.com/\n",
        f"https://{'a' * 70}.example.com",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused(url):
    assert code_of(url) == "app-url-invalid"


def test_no_address_at_all_is_asked_for():
    with pytest.raises(Rejected) as caught:
        check_app_url("", NONE)
    said = (caught.value.code, caught.value.message)
    assert said == ("app-url-missing", "Enter the app URL from the connector's page.")


def test_a_password_in_an_address_is_not_repeated():
    with pytest.raises(Rejected) as caught:
        check_app_url("https://user:hunter2@wms.example.com", NONE)
    assert "hunter2" not in caught.value.message


def test_plain_http_is_refused():
    assert code_of("http://wms.example.com") == "app-url-insecure"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "localhost",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[fc00::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_private_addresses_are_refused(host):
    assert code_of(f"https://{host}/c/1") == "app-url-private"


def test_a_public_address_passes():
    check_app_url(f"https://{PUBLIC}/c/1", NONE)


def test_an_unknown_name_passes_the_form(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", fail_to_resolve)
    check_app_url("https://no-such-host.example/c/1", NONE)


def fail_to_resolve(*_, **__):
    raise socket.gaierror(socket.EAI_NONAME, "unknown")


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.1:4020"])
def test_an_allowed_host_may_be_private_and_plain(allowed):
    check_app_url("http://127.0.0.1:4020/c/1", frozenset({allowed}))


def test_allowing_one_host_allows_no_other():
    assert code_of("https://127.0.0.2/", frozenset({"127.0.0.1"})) == "app-url-private"
    assert code_of("http://127.0.0.1:5/", frozenset({"127.0.0.1:4"})) == "app-url-insecure"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1:{port}/c/1", "app-url-private"),
        ("http://127.0.0.1:{port}/c/1", "app-url-insecure"),
        ("127.0.0.1:{port}", "app-url-invalid"),
    ],
)
def test_a_call_checks_again_and_sends_nothing(wire, connect, url, code):
    server = wire(b"")
    api = connect(url.format(port=server.port), allowed_hosts=NONE)
    with pytest.raises(Rejected) as caught:
        api.connection()
    assert caught.value.code == code
    assert server.connections == 0


def test_a_name_that_turns_private_after_the_check_is_not_called(wire, monkeypatch):
    server = wire(b"")
    answers = iter([PUBLIC, "127.0.0.1"])

    def resolve(host, port, *_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    url = f"https://rebind.example:{server.port}/c/1"
    check_app_url(url, NONE)
    with ConnectorApi(url, TOKEN) as api, pytest.raises(Rejected) as caught:
        api.send_batch("key", b"{}")
    assert caught.value.code == "app-url-private"
    assert server.connections == 0

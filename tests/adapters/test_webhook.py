"""Documents posted to a web address that a merchant typed: signed, and never to a private one."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from app import webhook
from app.errors import Rejected, TryLater
from sandbox.services import free_port
from tests.receiver import Receiver

LOOPBACK, NONE = frozenset({"127.0.0.1"}), frozenset[str]()
SECRET = "whsec_c2VjcmV0IG9mIHRoaXJ0eS10d28gYnl0ZXMgb3Igc28="


def parcel(url: str) -> webhook.Parcel:
    """A document for an address."""
    return webhook.Parcel("a-1", url, SECRET, {"type": "alert.raised", "data": {"what": "Caffè"}})


def now() -> datetime:
    """Now."""
    return datetime.now(UTC)


def test_a_document_arrives_signed(receiver: Receiver) -> None:
    webhook.post(parcel(receiver.url), now(), LOOPBACK)
    (post,) = receiver.posts
    assert post.path.endswith("/hooks/T0?key=in-the-address-77")
    assert post.headers["webhook-id"] == "a-1"
    assert post.headers["content-type"] == "application/json"
    assert Webhook(SECRET).verify(post.body.decode(), post.headers) == post.document
    assert post.document["data"]["what"] == "Caffè"


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_whatever_may_pass_is_tried_again(receiver: Receiver, status: int) -> None:
    receiver.answer, receiver.headers = status, {"Retry-After": "7"}
    with pytest.raises(TryLater) as caught:
        webhook.post(parcel(receiver.url), now(), LOOPBACK)
    assert caught.value.wait == 7.0
    assert "in-the-address-77" not in caught.value.message


def test_an_address_that_is_gone_is_left(receiver: Receiver) -> None:
    receiver.answer = 410
    with pytest.raises(Rejected, match="no alerts any more"):
        webhook.post(parcel(receiver.url), now(), LOOPBACK)


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answer, receiver.headers = 307, {"Location": receiver.url}
    with pytest.raises(Rejected, match="another address"):
        webhook.post(parcel(receiver.url), now(), LOOPBACK)
    assert len(receiver.posts) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/hook",
        "https://10.1.2.3/hook?key=in-the-address-77",
        "https://169.254.169.254/latest",
        "https://[::1]/hook",
        "http://127.0.0.1/hook",
        "http://example.com/hook",
        "ftp://example.com/hook",
        "https:///hook",
        "https://user:in-the-address-77@example.com/hook",
        "https://example.com:port/hook",
        "https://example.com/a hook",
        "",
    ],
)
def test_a_private_or_senseless_address_gets_nothing(url: str) -> None:
    with pytest.raises(Rejected) as caught:
        webhook.post(parcel(url), now(), NONE)
    assert caught.value.code == "address-refused"
    assert "in-the-address-77" not in caught.value.message


def test_nobody_at_the_address_is_tried_again() -> None:
    port = free_port()
    with pytest.raises(TryLater, match="Nothing answered"):
        webhook.post(parcel(f"http://127.0.0.1:{port}/hook"), now(), LOOPBACK)

"""Callbacks are believed only when one of our secrets signed these very bytes just now."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from app.errors import Rejected
from app.wms.callbacks import verify

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"a secret of two dozen b.").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret, retired.").decode()
RAW = json.dumps(
    {"type": "job.finished", "timestamp": "2026-11-21T10:00:00Z", "data": {"job_id": "j"}}
).encode()


def signed(raw=RAW, secret=SECRET, at=NOW, message="msg_1"):
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, at, raw.decode()),
    }


def code(raw, headers, secrets=(SECRET,), now=NOW):
    with pytest.raises(Rejected) as caught:
        verify(raw, headers, secrets, now)
    assert not any(secret in caught.value.message for secret in secrets if secret)
    return caught.value.code


def test_a_signed_callback():
    event = verify(RAW, signed(), [SECRET], NOW)
    assert (event.id, event.type, event.data) == ("msg_1", "job.finished", {"job_id": "j"})
    assert event.timestamp == "2026-11-21T10:00:00Z"


def test_half_of_an_emoji_costs_no_more_than_that():
    raw = RAW.replace(b'"j"', rb'"j\ud83d"')
    assert verify(raw, signed(raw), [SECRET], NOW).data == {"job_id": "j\ufffd"}


def test_header_names_in_any_case():
    headers = {name.title(): value for name, value in signed().items()}
    assert verify(RAW, headers, [SECRET], NOW).id == "msg_1"


def test_while_a_secret_is_replaced_both_sides_may_use_either():
    assert verify(RAW, signed(secret=OTHER), [SECRET, OTHER], NOW).id == "msg_1"
    both = signed(secret=OTHER)["webhook-signature"] + " " + signed()["webhook-signature"]
    assert verify(RAW, signed() | {"webhook-signature": both}, [SECRET], NOW).id == "msg_1"


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_off_is_fine(seconds):
    assert verify(RAW, signed(at=NOW + timedelta(seconds=seconds)), [SECRET], NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_more_is_not(seconds):
    assert code(RAW, signed(at=NOW + timedelta(seconds=seconds))) == "bad-signature"


def test_changed_bytes():
    assert code(RAW.replace(b'"j"', b'"k"'), signed()) == "bad-signature"
    assert code(RAW + b" ", signed()) == "bad-signature"


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-id": "m" * 129},
        {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "9" * 30},
        {"webhook-timestamp": "9" * 5000},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,not base64!"},
        {"webhook-signature": "v2,AAAA"},
        {"webhook-signature": "ü"},
    ],
)
def test_changed_headers(changed):
    assert code(RAW, signed() | changed) == "bad-signature"


def test_no_headers():
    assert code(RAW, {}) == "bad-signature"


@pytest.mark.parametrize("secrets", [[], [OTHER], [""], ["whsec_"], ["whsec_%%%"], ["x"]])
def test_no_secret_of_ours(secrets):
    assert code(RAW, signed(), secrets) == "bad-signature"


def test_bytes_that_are_no_text():
    assert code(b"\xff\xfe", signed()) == "bad-signature"


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"null", b'{"type": "x", "data": 7}', b"nope"])
def test_a_proven_body_that_makes_no_sense(raw):
    assert code(raw, signed(raw)) == "invalid"


def test_a_type_we_do_not_know_is_kept():
    raw = b'{"type": "moon.risen", "data": {"a": null}, "more": 1}'
    event = verify(raw, signed(raw), [SECRET], NOW)
    assert (event.type, event.data) == ("moon.risen", {"a": None})


def test_nothing_a_database_refuses_comes_through():
    raw = b'{"type": "job.finished", "data": {"job_id": "j\\u0000"}}'
    assert verify(raw, signed(raw), [SECRET], NOW).data == {"job_id": "j"}

"""A feed that is refused behind a cursor may be refused for that."""

import pytest
import responses

from app.errors import Rejected

BASE = "https://wms.example.com/c/1"


@pytest.mark.parametrize(
    ("cursor", "status", "code"),
    [
        ("7", 400, "cursor-refused"),
        ("7", 422, "cursor-refused"),
        ("7", 410, "cursor-expired"),
        ("7", 401, "token-refused"),
        ("7", 409, "invalid"),
        ("", 400, "invalid"),
        ("", 422, "invalid"),
    ],
)
def test_what_a_refused_feed_is_called(connect, cursor, status, code):
    api = connect(BASE)
    with responses.RequestsMock() as canned:
        canned.add("GET", f"{BASE}/v1/shipments", json={"detail": "No such thing"}, status=status)
        with pytest.raises(Rejected) as caught:
            api.feed("shipments", cursor)
    assert caught.value.code == code

"""Signs that no text may hold cost the text a sign, not everything that comes behind it."""

import json

import pytest
import responses

from app.errors import Rejected
from app.wms.base import encode_batch
from app.wms.conformance.wire import Wire
from app.wms.feeds import shipments_in

BASE = "https://wms.example.com/c/1"
LINE = {"line_id": "L-1", "quantity": 1}
SHIPMENT = {"id": "S-1", "version": 1, "external_id": "A", "state": "shipped", "lines": [LINE]}
MARK = b"\xef\xbb\xbf"


def page(name: str) -> bytes:
    """A page of shipments, the first of which names its carrier so, as it stands in JSON."""
    items = [SHIPMENT | {"packages": [{"carrier": {"name": "NAME"}}]}, SHIPMENT | {"id": "S-2"}]
    whole = {"items": items, "next_cursor": "7", "has_more": False}
    return json.dumps(whole).replace("NAME", name).encode()


ODD = {
    "half of an emoji": (page(r"DHL \ud83d"), "DHL \ufffd"),
    "the other half": (page(r"\ude00 DHL"), "\ufffd DHL"),
    "a whole emoji beside a half": (page(r"\ud83d\ude00\ud83d"), "😀\ufffd"),
    "half of one and a NUL": (page(r"D\u0000HL \ud83d"), "DHL \ufffd"),
    "a raw control character": (page("DHL\x01\tFast"), "DHL\x01\tFast"),
    "a raw NUL": (page("DHL\x00"), "DHL"),
    "a byte order mark": (MARK + page("DHL"), "DHL"),
    "a byte of another encoding": (page("DHL #").replace(b"#", b"\xe8"), "DHL \ufffd"),
}


def asked(connect, body: bytes):
    """The page of a feed that answers with a body."""
    with responses.RequestsMock() as canned:
        canned.add("GET", f"{BASE}/v1/shipments", body=body)
        return connect(BASE, allowed_hosts=frozenset()).feed("shipments")


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_a_page_is_read_for_all_that(connect, body):
    sent, name = body
    found = asked(connect, sent)
    shipments, senseless = shipments_in(found)
    assert ([each.id for each in shipments], senseless) == (["S-1", "S-2"], [])
    assert shipments[0].packages[0].carrier.name == name
    assert (found.next_cursor, found.has_more) == ("7", False)


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_the_conformance_check_reads_it_too(body):
    with responses.RequestsMock() as canned:
        canned.add("GET", f"{BASE}/v1/shipments", body=body[0])
        found = Wire(BASE, "token", 5.0).ask("GET", "/shipments").body
    assert [item["id"] for item in found["items"]] == ["S-1", "S-2"]


def test_names_of_fields_and_items_in_lists_can_be_stored(connect):
    found = asked(connect, rb'{"items": [{"\ud83d": ["\udc00", {"a": "b\ud83d"}]}]}')
    assert found.items == [{"\ufffd": ["\ufffd", {"a": "b\ufffd"}]}]


def test_what_is_missing_is_still_named(connect):
    with pytest.raises(Rejected) as caught:
        asked(connect, rb'{"items": "\ud83d"}')
    assert "its field items is missing or wrong" in caught.value.message


@pytest.mark.parametrize("body", [b"", b"{", MARK, b"[" * 200_000, b'{"items": \xff}'])
def test_what_is_no_json_is_no_page(connect, body):
    with pytest.raises(Rejected) as caught:
        asked(connect, body)
    assert caught.value.code == "not-the-contract"


def test_a_refusal_keeps_its_code(connect):
    body = rb'{"code": "sku-unknown", "title": "No", "detail": "TS-\ud83d is unknown"}'
    api, orders = connect(BASE), encode_batch([{"external_id": "A", "revision": 1}])
    with responses.RequestsMock() as canned:
        canned.add("POST", f"{BASE}/v1/orders/batch", body=body, status=422)
        with pytest.raises(Rejected) as caught:
            api.send_batch("key", orders)
    assert caught.value.code == "sku-unknown"
    assert "TS-\ufffd is unknown" in caught.value.message

"""Items of a feed that make no sense are told by name, with what is wrong with them."""

import pytest

from app.wms.cancellations import cancellations_in
from app.wms.feeds import FeedPage, shipments_in
from app.wms.inventory import stock_in
from app.wms.returns import returns_in

LONGEST = 2**63 - 1
SHIPMENT = {"id": "S-1", "version": 1, "external_id": "o-1", "state": "shipped"}
RETURN = {"external_id": "r-1", "version": 1, "state": "received"}


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (SHIPMENT | {"version": LONGEST + 1}, "S-1 (version: 9223372036854775808)"),
        (SHIPMENT | {"version": -1}, "S-1 (version: -1)"),
        (SHIPMENT | {"version": 10**5000}, "S-1 (version: far too large)"),
        (SHIPMENT | {"version": None}, "S-1 (version: missing)"),
        (SHIPMENT | {"packages": {}}, "S-1 (packages: dict)"),
        (
            SHIPMENT | {"lines": [{"line_id": "1", "quantity": "ma\0ny\n"}]},
            "S-1 (lines.0.quantity: many)",
        ),
        ({k: v for k, v in SHIPMENT.items() if k != "id"}, "no. 2 (id: missing)"),
        (SHIPMENT | {"id": "\ud800", "version": "x"}, "no. 2 (id: )"),
    ],
)
def test_a_shipment_that_makes_no_sense_is_named(item: object, said: str) -> None:
    told, senseless = shipments_in(FeedPage(items=[SHIPMENT, item, SHIPMENT]))
    assert ([each.id for each in told], senseless) == (["S-1", "S-1"], [said])


def test_what_is_no_object_is_named_by_its_place() -> None:
    page = FeedPage(items=["no object"])
    for reader in (shipments_in, cancellations_in, returns_in, stock_in):
        found, senseless = reader(page)
        assert (found, len(senseless)) == ([], 1)
        assert senseless[0].startswith("no. 1 ("), senseless


def test_every_feed_names_its_items() -> None:
    assert returns_in(FeedPage(items=[RETURN | {"version": "new"}]))[1] == ["r-1 (version: new)"]
    assert cancellations_in(FeedPage(items=[{"id": "C-1"}]))[1] == ["C-1 (external_id: missing)"]
    assert stock_in(FeedPage(items=[{"sku": "CUP", "available": "many", "version": 1}]))[1] == [
        "CUP (available: many)"
    ]
    assert stock_in(FeedPage(items=[{"available": 1, "version": 1}]))[1] == [
        "no. 1 (It names neither a SKU nor an inventory item)"
    ]


def test_a_time_in_milliseconds_is_a_version() -> None:
    for version in (1_795_000_000_000, LONGEST):
        told, senseless = shipments_in(FeedPage(items=[SHIPMENT | {"version": version}]))
        assert ([each.version for each in told], senseless) == ([version], [])
        back, senseless = returns_in(FeedPage(items=[RETURN | {"version": version}]))
        assert ([each.version for each in back], senseless) == ([version], [])

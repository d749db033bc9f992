"""What counts as a difference, as tables."""

from datetime import UTC, datetime

import pytest

from app.domain.drift import Consignment, Fulfilled, Parcel, ShopSide, Told
from app.domain.drift_compare import at_warehouse, in_shopify, of_tag
from app.domain.shipments import Tracking
from app.domain.zones import next_time

LINE, OTHER = "gid://shopify/LineItem/1", "gid://shopify/LineItem/2"
DP1 = Tracking("DemoPost", ("DP-1",), ("https://track.example/DP-1",))


def kept(**values: object) -> Consignment:
    """A warehouse order of three units that was accepted under revision 2."""
    known = {"id": 1, "external_id": "e", "confirmed": 2, "sent": 2, "lines": {LINE: 3}}
    return Consignment(**{**known, **values})  # type: ignore[arg-type]


def parcel(**values: object) -> Parcel:
    """A shipment of three units that is fulfilled as F1."""
    known = {"id": 1, "fulfillment": "F1", "lines": {LINE: 3}, "tracking": DP1}
    return Parcel(**{**known, **values})  # type: ignore[arg-type]


def made(name: str = "F1", units: int = 3, tracking: Tracking = DP1) -> Fulfilled:
    """A fulfillment."""
    return Fulfilled(name, {LINE: units}, tracking)


def side(*fulfillments: Fulfilled, ordered: int = 3) -> ShopSide:
    """An order in Shopify."""
    return ShopSide(fulfillments=fulfillments, ordered={LINE: ordered})


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Told(2, "picking"), None),
        (Told(2, "shipped"), None),
        (Told(1, "received"), None),
        (None, ("missing", "send")),
        (Told(2, "rejected"), ("missing", "send")),
        (Told(1, "picking"), ("quantity", "resend")),
        (Told(3, "picking"), ("quantity", "resend")),
        (Told(2, "cancelled"), ("quantity", "take_cancelled")),
    ],
)
def test_what_the_warehouse_says(told: Told | None, expected: tuple[str, str] | None) -> None:
    found = at_warehouse(kept(), told)
    assert (found and (found.kind, found.repair)) == expected


@pytest.mark.parametrize(
    ("shipped", "fulfilled", "repair"),
    [(1, 1, "send_rest"), (1, 2, "send_rest"), (2, 1, ""), (1, 0, "")],
)
def test_what_is_partly_shipped_is_sent_without_what_is_known_to_have_left(
    shipped: int, fulfilled: int, repair: str
) -> None:
    found = at_warehouse(kept(shipped={LINE: shipped}, fulfilled={LINE: fulfilled}), None)
    assert found is not None
    assert found.repair == repair


def test_what_is_wholly_shipped_may_be_forgotten() -> None:
    assert kept(shipped={LINE: 2}).is_open
    assert not kept(shipped={LINE: 3}).is_open


@pytest.mark.parametrize(
    ("parcels", "found", "expected"),
    [
        ([parcel()], side(made()), []),
        ([parcel()], side(), [("missing", "refulfil")]),
        ([parcel(fulfillment="")], side(), [("missing", "fulfil")]),
        ([parcel(fulfillment="", due=False)], side(), []),
        ([parcel(fulfillment="")], side(made("by hand", 3, Tracking())), []),
        ([parcel(fulfillment="")], side(made("by hand", 2, Tracking())), [("missing", "fulfil")]),
        ([parcel()], side(made(units=4), ordered=4), [("quantity", "remake")]),
        ([parcel()], side(made(units=2)), []),
        ([parcel(openings={LINE: 1})], side(made(units=2)), [("quantity", "remake")]),
        ([parcel(cancelled=True)], side(made()), [("quantity", "fulfil")]),
        ([parcel(cancelled=True)], side(), []),
    ],
)
def test_what_was_shipped_and_what_is_fulfilled(
    parcels: list[Parcel], found: ShopSide, expected: list[tuple[str, str]]
) -> None:
    differences = in_shopify(parcels, [kept()], found)
    assert [(each.kind, each.repair) for each in differences] == expected


@pytest.mark.parametrize(
    ("there", "differs"),
    [
        (DP1, False),
        (Tracking("demopost", ("DP-1",), DP1.urls), False),
        (Tracking("DemoPost", ("DP-2",), DP1.urls), True),
        (Tracking("Other", ("DP-1",), DP1.urls), True),
        (Tracking("DemoPost", ("DP-1",), ("https://elsewhere.example",)), True),
        (Tracking("DemoPost", ("DP-1", "DP-2"), DP1.urls), True),
        (Tracking(), True),
    ],
)
def test_a_buyer_follows_the_same_parcel(there: Tracking, differs: bool) -> None:
    found = in_shopify([parcel()], [kept()], side(made(tracking=there)))
    assert [each.kind for each in found] == ["tracking"] * differs


def test_an_address_that_shopify_adds_is_no_difference() -> None:
    wanted = Tracking("DHL", ("1",))
    there = Tracking("DHL", ("1",), ("https://dhl.example/1",))
    assert in_shopify([parcel(tracking=wanted)], [kept()], side(made(tracking=there))) == []
    nothing = parcel(tracking=Tracking())
    assert in_shopify([nothing], [kept()], side(made(tracking=there))) == []


@pytest.mark.parametrize(
    ("consignments", "found", "expected"),
    [
        # Made once more of the same parcel.
        ([kept(lines={LINE: 6})], side(made(), made("F2"), ordered=6), ["F2"]),
        # Fulfilled by hand, and the warehouse was not asked for it.
        ([kept()], side(made(), made("F2", 2, Tracking()), ordered=5), []),
        # Fulfilled by hand, and the warehouse still ships it.
        ([kept(lines={LINE: 5})], side(made(), made("F2", 2, Tracking()), ordered=5), ["F2"]),
    ],
)
def test_what_is_fulfilled_once_too_often(
    consignments: list[Consignment], found: ShopSide, expected: list[str]
) -> None:
    differences = in_shopify([parcel()], consignments, found)
    assert [each.about["fulfillment"] for each in differences] == expected
    assert {each.repair for each in differences} <= {"withdraw"}


@pytest.mark.parametrize(
    ("wanted", "seen", "command", "repair"),
    [
        ("wms-synced", ["wms-synced"], False, None),
        ("", [], False, None),
        ("wms-synced", [], False, "tag"),
        ("", ["wms-synced"], False, "tag"),
        ("wms-synced", ["wms-no-sync", "wms-synced"], True, "read"),
        ("wms-synced", ["WMS-Synced"], False, "tag"),
    ],
)
def test_tags(wanted: str, seen: list[str], command: bool, repair: str | None) -> None:
    found = of_tag(wanted, seen, "k", command=command)
    assert (found and found.repair) == repair


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-22T00:00:00", "2026-11-22T02:07:00"),
        ("2026-11-22T02:07:00", "2026-11-23T02:07:00"),
        # The clocks go forward on 29 March 2026, and back on 25 October.
        ("2026-03-28T12:00:00", "2026-03-29T01:07:00"),
        ("2026-10-24T12:00:00", "2026-10-25T02:07:00"),
    ],
)
def test_three_in_the_night_is_the_shops_own(now: str, expected: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = next_time(3, 7, "Europe/Rome", at)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)

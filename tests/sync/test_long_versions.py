"""A warehouse may count versions by the clock: times in milliseconds, and beyond."""

from collections.abc import Callable

import pytest

from app.db import session
from app.models import Return, Shipment
from sandbox.wms.returns import Return as ReturnThere
from sandbox.wms.shipments import Shipment as ShipmentThere
from tests.sync.test_fulfil import fulfilled, parcel, sent
from tests.sync.test_returns import at_gate, expected, open_return, with_returns
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

MILLISECONDS = 1_795_000_000_000
LONGEST = 2**63 - 1


@pytest.fixture
def shop(make_world: Callable[..., World]) -> World:
    """A shop that lets the app see returns, and a warehouse that answers at once."""
    return with_returns(make_world(mode="sync"))


def counting_from(monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    """Let the warehouse's next shipments and returns have this version first."""
    for kind in (ShipmentThere, ReturnThere):
        monkeypatch.setattr(kind.__init__, "__defaults__", _defaults(kind, first))


def _defaults(kind: type, first: int) -> tuple[object, ...]:
    names = kind.__init__.__code__.co_varnames
    given = kind.__init__.__defaults__ or ()
    named = names[: kind.__init__.__code__.co_argcount][-len(given) :]
    return tuple(
        first if name == "version" else value for name, value in zip(named, given, strict=True)
    )


def versions(world: World) -> list[int]:
    """The versions that Tagdock keeps of shipments, then of returns."""
    with world.app.app_context():
        kept = [row.told_version for kind in (Shipment, Return) for row in session().query(kind)]
        session().rollback()
        return kept


@pytest.mark.parametrize("first", [MILLISECONDS, LONGEST - 9], ids=["milliseconds", "longest"])
def test_long_versions_are_taken_in(
    shop: World, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    counting_from(monkeypatch, first)
    gid, external_id = sent(shop)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    assert len(fulfilled(shop, gid)) == 1
    open_return(shop, gid)
    shop.settle()
    at_gate(shop, "receive", expected(shop)[0]["external_id"])
    shop.settle()
    assert [version > first for version in versions(shop)] == [True, True]
    assert not shop.log("left_out")


def test_a_version_that_no_number_holds_is_told_by_name(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting_from(monkeypatch, LONGEST)
    gid, external_id = sent(shop)
    there = at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    assert (fulfilled(shop, gid), versions(shop)) == ([], [])
    shipment = there.get("shipments", [there])[0]
    assert shop.log("left_out")[0] == (
        "Left out: 1 shipments that can't be read:"
        f" {shipment['id']} (version: {shipment['version']})."
    )

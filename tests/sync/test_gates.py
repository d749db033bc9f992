"""Each gate in the world: what fails it alone is not sent, says why, and goes once it is mended."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.domain import gates, situation
from app.models import Owed, Shop
from tests.world import ROOT, SHOP, World

MUG = [{"sku": "MUG-WHITE", "quantity": 3}]


def asked_scopes() -> list[str]:
    """The scopes that the app asks every merchant for."""
    with (ROOT / "shopify.app.toml").open("rb") as file:
        return str(tomllib.load(file)["access_scopes"]["scopes"]).split(",")


def assert_held(world: World, gid: str, gate: str, tags: list[str]) -> None:
    """Not sent, with the gate in the API, on the order and in the log."""
    assert world.state_tags(gid) == tags
    assert world.batches() == []
    row = world.row(gid)
    assert (row["reason"], row["message"][-1:]) == (gate, "."), row
    failed = [
        g["gate"] for g in world.api("GET", f"/api/orders/status?id={gid}")["gates"] if not g["ok"]
    ]
    assert gate in failed
    assert set(failed) <= {gate, "tracked"}
    if tags:
        assert any(row["message"] in line for line in world.log())


def assert_sent(world: World, gid: str) -> None:
    """It is in the warehouse, once."""
    assert world.state_tags(gid) == ["wms-synced"]
    mine = [outbound["external_id"] for outbound in world.row(gid)["outbound"]]
    assert sorted(each for each, _ in world.applied()) == sorted(mine)


def test_an_unpaid_order_goes_by_itself_when_it_is_paid(automatic: World) -> None:
    automatic.choose(require_payment=True)
    gid = automatic.order(lines=MUG, paid=False)
    automatic.settle()
    assert_held(automatic, gid, "paid", ["wms-no-sync"])
    automatic.send(gid)
    automatic.settle()
    assert_held(automatic, gid, "paid", ["wms-no-sync"])
    automatic.change(gid, "pay")
    automatic.settle()
    assert_sent(automatic, gid)


def test_cash_on_delivery_needs_no_payment_first(automatic: World) -> None:
    automatic.choose(require_payment=True)
    gid = automatic.order(lines=MUG, paid=False, gateway="Cash on Delivery (COD)")
    automatic.settle()
    assert_sent(automatic, gid)


def test_an_order_on_account_needs_no_payment_first(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.install(scopes=[*asked_scopes(), "read_payment_terms"])
    world.connect(automatic=True)
    world.choose(require_payment=True)
    gid = world.order(lines=MUG, paid=False, payment_terms="Net 30")
    world.settle()
    assert_sent(world, gid)
    (order,) = world.wms.ask("GET", "/sandbox/orders")
    assert order["payment"]["kind"] == "on_account"


def test_an_order_at_an_unmapped_location_goes_when_it_is_mapped(automatic: World) -> None:
    here, *others = automatic.locations().values()
    automatic.choose(locations={others[0]: "WH"})
    gid = automatic.order(lines=MUG, location=here)
    automatic.settle()
    assert_held(automatic, gid, "location", ["wms-no-sync"])
    automatic.choose(locations={others[0]: "WH", here: "WH"})
    automatic.settle()
    assert_sent(automatic, gid)


def test_an_order_moved_to_a_mapped_location_is_picked_up(automatic: World) -> None:
    here, there, *_ = automatic.locations().values()
    automatic.choose(locations={here: None, there: "WH"})
    gid = automatic.order(lines=MUG, location=here)
    automatic.settle()
    assert_held(automatic, gid, "location", [])
    automatic.change(gid, "move", location=there)
    automatic.settle()
    assert_sent(automatic, gid)


def test_a_high_risk_stays_out_until_it_is_cleared(automatic: World) -> None:
    gid = automatic.order(lines=MUG, risk="CANCEL")
    automatic.settle()
    assert_held(automatic, gid, "risk", [])
    automatic.change(gid, "risk", recommendation="ACCEPT")
    automatic.settle()
    assert_sent(automatic, gid)


def test_a_person_overrides_the_risk(automatic: World) -> None:
    gid = automatic.order(lines=MUG, risk="CANCEL")
    automatic.settle()
    automatic.send(gid)
    automatic.settle()
    assert_sent(automatic, gid)


@pytest.mark.parametrize(
    ("wishes", "settings", "minutes", "gate"),
    [({"risk": "NONE"}, {}, 10, "risk"), ({}, {"cool_off_minutes": 10}, 10, "cooloff")],
)
def test_what_only_waits_goes_when_its_time_has_come(
    automatic: World,
    monkeypatch: pytest.MonkeyPatch,
    wishes: Any,
    settings: Any,
    minutes: int,
    gate: str,
) -> None:
    installed_an_hour_ago(automatic)
    automatic.choose(**settings)
    placed = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    gid = automatic.order(lines=MUG, created_at=placed.isoformat(), **wishes)
    automatic.settle()
    assert_held(automatic, gid, gate, ["wms-no-sync"])
    assert owed_reads(automatic) == [placed + timedelta(minutes=minutes)]
    monkeypatch.setattr(situation, "RATING_TAKES", timedelta(minutes=4))
    monkeypatch.setattr(situation, "cooled_at", lambda _at: placed)
    monkeypatch.setattr(gates, "cooled_at", lambda _at: placed)
    reads_are_due(automatic)
    automatic.settle()
    assert_sent(automatic, gid)


def owed_reads(world: World) -> list[datetime]:
    """When the orders are read again by themselves, to the second."""
    with world.app.app_context():
        rows = session().query(Owed).filter_by(effect="read").all()
        moments = [row.due_at + timedelta(milliseconds=500) for row in rows]
        session().rollback()
    return [moment.replace(microsecond=0) for moment in moments]


def reads_are_due(world: World) -> None:
    """Let the time for them come."""
    with world.app.app_context():
        session().query(Owed).filter_by(effect="read").update({"due_at": database_now()})
        session().commit()


def installed_an_hour_ago(world: World) -> None:
    """Let orders placed within the last hour be new ones."""
    with world.app.app_context():
        shop = session().query(Shop).filter_by(domain=SHOP).one()
        shop.installed_at -= timedelta(hours=1)
        session().commit()


def test_a_person_need_not_wait_for_the_edit_window(automatic: World) -> None:
    automatic.choose(cool_off_minutes=45)
    gid = automatic.order(lines=MUG)
    automatic.drain()
    automatic.send(gid)
    automatic.until(
        lambda: automatic.drain() or automatic.state_tags(gid) == ["wms-synced"], "synced"
    )
    assert_sent(automatic, gid)


def test_a_test_order_follows_its_setting(automatic: World) -> None:
    gid = automatic.order(lines=MUG, test=True)
    automatic.settle()
    assert_held(automatic, gid, "kind", [])
    automatic.choose(test_orders="send")
    automatic.settle()
    assert_sent(automatic, gid)


def test_a_missing_field_is_named_and_goes_when_it_is_entered(automatic: World) -> None:
    automatic.choose(required_fields=["shipping_address", "attribute:delivery slot"])
    gid = automatic.order(lines=MUG)
    automatic.settle()
    assert_held(automatic, gid, "fields", ["wms-no-sync"])
    assert "delivery slot" in automatic.row(gid)["message"]
    automatic.change(gid, "edit", attributes={"delivery slot": "AM"})
    automatic.settle()
    assert_sent(automatic, gid)


def test_custom_lines_without_sku_are_an_error_by_setting(automatic: World) -> None:
    automatic.choose(lines_without_sku="error")
    gid = automatic.order(lines=[*MUG, {"title": "Engraving", "quantity": 1, "custom": True}])
    automatic.settle()
    assert_held(automatic, gid, "sku", ["wms-error"])
    automatic.choose(lines_without_sku="skip")
    automatic.settle()
    assert_sent(automatic, gid)
    (order,) = automatic.wms.ask("GET", "/sandbox/orders")
    assert [line["sku"] for line in order["lines"]] == ["MUG-WHITE"]


def test_units_that_came_back_wait_for_a_person(automatic: World) -> None:
    gid = automatic.order(lines=MUG, routed=False)
    automatic.change(gid, "route")
    (part,) = automatic.shopify_order(gid)["fulfillment_orders"]
    automatic.change(gid, "fulfil", fulfillment_order=part["id"])
    automatic.settle()
    assert automatic.batches() == []
    (fulfillment,) = automatic.shopify_order(gid)["fulfillments"]
    automatic.change(gid, "cancel-fulfillment", fulfillment=fulfillment["id"])
    automatic.settle()
    assert_held(automatic, gid, "reshipped", ["wms-no-sync"])
    automatic.send(gid)
    automatic.settle()
    assert_sent(automatic, gid)


def test_defaults_and_metadata_reach_the_warehouse(automatic: World) -> None:
    metadata = {"slot": "metafield:custom.slot", "number": "order_number", "labels": "tags"}
    automatic.choose(defaults={"payment_terms": "30D"}, metadata=metadata)
    field = {"namespace": "custom", "key": "slot", "value": "AM", "type": "single_line_text_field"}
    gid = automatic.order(lines=MUG, tags=["vip"], metafields=[field])
    automatic.settle()
    assert_sent(automatic, gid)
    (order,) = automatic.wms.ask("GET", "/sandbox/orders")
    assert order["defaults"] == {"payment_terms": "30D"}
    name = automatic.shopify_order(gid)["name"]
    assert order["metadata"] == {"slot": "AM", "number": name, "labels": "vip"}

"""A person tries again what Shopify could not have: it is done with what is true by then."""

from typing import Any

from app.db import session
from app.models import LogLine, Owed, Shipment
from tests.sync.test_fulfil import TWO_LINES, fulfilled, parcel, sent, shipments
from tests.sync.warehouse_hand import at_warehouse
from tests.world import OTHER_SHOP, World


def again(world: World) -> Any:
    """Press *Try again* on every shipment there is."""
    ids = [row.id for row in shipments(world)]
    return world.api("POST", "/api/shipments/try-again", ids=ids)


def webhooks(world: World, *, on: bool) -> None:
    """Let Shopify tell the app what happens, or keep it to itself."""
    world.shopify.ask("PUT", "/sandbox/settings", webhooks=on)


def test_what_changed_in_shopify_unnoticed_is_read_before_it_is_refused_again(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    webhooks(shop, on=False)
    shop.change(gid, "hold")
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    (row,) = shipments(shop)
    assert row.reason in ("not-possible", "on-hold")
    shop.change(gid, "release")
    assert fulfilled(shop, gid) == []
    assert again(shop) == {"queued": 1}
    shop.settle()
    (made,) = fulfilled(shop, gid)
    assert made["units"] == [2, 3]
    (row,) = shipments(shop)
    assert (row.settled, row.reason, row.message) == (True, "", "")
    webhooks(shop, on=True)


def test_the_log_says_who_wanted_it_tried_again(shop: World) -> None:
    _gid, external_id = sent(shop, lines=TWO_LINES)
    webhooks(shop, on=False)
    shop.change(_gid, "fulfil")
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    again(shop)
    shop.settle()
    with shop.app.app_context():
        (line,) = session().query(LogLine).filter_by(event="asked")
        assert (line.message, line.actor) == ("Asked to be fulfilled again.", "7")
        session().rollback()
    assert [row.reason for row in shipments(shop)] == ["nothing-left"]
    assert len(fulfilled(shop, _gid)) == 1, "the merchant's own"
    webhooks(shop, on=True)


def test_what_was_given_up_is_taken_up(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    shop.shopify_fails({"where": "graphql", "match": "CreateFulfillment", "do": "status",
                        "value": 400, "times": 1})  # fmt: skip
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    with shop.app.app_context():
        dead = session().query(Owed).filter(Owed.dead_at.is_not(None)).all()
        assert [(owed.subject_type, owed.effect) for owed in dead] == [("shipment", "fulfil")]
        session().rollback()
    assert any(line.startswith("Gave up (Fulfil in Shopify).") for line in shop.log("gave_up"))
    again(shop)
    shop.settle()
    assert len(fulfilled(shop, gid)) == 1


def test_what_shopify_has_is_not_there_to_be_tried(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    (row,) = shipments(shop)
    for ids in ([row.id], [row.id + 1]):
        answer = shop.api_answer("POST", "/api/shipments/try-again", ids=ids)
        assert answer.status_code == 404
    shop.settle()
    assert len(fulfilled(shop, gid)) == 1


def test_another_shops_shipment_is_not_touched(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    webhooks(shop, on=False)
    shop.change(gid, "fulfil")
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    webhooks(shop, on=True)
    shop.install(OTHER_SHOP)
    (row,) = shipments(shop)
    answer = shop.api_answer("POST", "/api/shipments/try-again", shop=OTHER_SHOP, ids=[row.id])
    assert answer.status_code == 404
    with shop.app.app_context():
        known = session().get_one(Shipment, row.id)
        assert known.reason == "nothing-left"
        session().rollback()

"""The drift report: each kind of difference is made behind Tagdock's back, found, and repaired."""

from typing import Any

import requests

from app.db import session
from app.models import Revision
from app.sync import drift as drift_run
from tests.sync.drift_hand import (
    cancel_fulfillment,
    compared,
    differences,
    merchant_tracks,
    repaired,
    without_webhooks,
)
from tests.sync.test_fulfil import TWO_LINES, fulfilled, mails, parcel, sent
from tests.sync.warehouse_hand import at_warehouse
from tests.world import PATIENCE, World

Found = list[tuple[str, str]]


def told(rows: list[dict[str, Any]]) -> Found:
    """Kind and repair of each row."""
    return [(row["kind"], row["repair"]) for row in rows]


def by_ref(world: World, external_id: str) -> requests.Response:
    """What the warehouse says of an order."""
    connector = world.connector
    return requests.get(
        f"{connector['app_url']}/v1/orders/by-ref",
        params={"external_id": external_id},
        headers={"Authorization": f"Bearer {connector['token']}"},
        timeout=PATIENCE,
    )


def document_of(world: World) -> dict[str, Any]:
    """The document that was sent first."""
    with world.app.app_context():
        found = dict(session().query(Revision).order_by(Revision.revision).first().document)
        session().rollback()
        return found


def test_at_rest_nothing_differs(shop: World) -> None:
    _, external_id = sent(shop, lines=TWO_LINES)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    sent(shop)
    assert compared(shop) == []
    (line,) = shop.log("ran")[-1:]
    assert line == "Drift: looked 2, checked 2."


def test_an_order_that_the_warehouse_lost_is_sent_again(shop: World) -> None:
    _, external_id = sent(shop, lines=TWO_LINES)
    shop.wms.ask("POST", "/sandbox/orders/forget", external_id=external_id)
    (row,) = compared(shop)
    assert told([row]) == [("missing", "send")]
    assert by_ref(shop, external_id).status_code == 404
    assert repaired(shop, row) == []
    assert by_ref(shop, external_id).json()["revision"] == 1
    assert shop.applied() == [(external_id, 1), (external_id, 1)]
    assert [each["id"] for each in differences(shop, "gone")] == [row["id"]]


def test_what_was_shipped_may_be_forgotten(shop: World) -> None:
    gid, external_id = sent(shop)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    shop.wms.ask("POST", "/sandbox/orders/forget", external_id=external_id)
    assert compared(shop) == []
    assert len(fulfilled(shop, gid)) == 1


def test_an_order_nobody_told_us_of_is_taken_in(shop: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(drift_run, "_ARRIVING", -drift_run._ARRIVING)
    without_webhooks(shop)
    gid = shop.order(lines=TWO_LINES)
    (row,) = compared(shop)
    assert (told([row]), row["subject"]) == ([("missing", "read_in")], gid)
    shop.shopify_fails()
    assert repaired(shop, row) == []
    assert shop.state_tags(gid) == ["wms-synced"]
    assert len(shop.applied()) == 1


def test_an_older_revision_at_the_warehouse_is_brought_up_to_date(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    first = document_of(shop)
    shop.change(gid, "edit", note="Ring twice")
    shop.settle()
    assert by_ref(shop, external_id).json()["revision"] == 2
    shop.wms.ask("POST", "/sandbox/orders/forget", external_id=external_id)
    _post(shop, first)
    (row,) = compared(shop)
    assert told([row]) == [("quantity", "resend")]
    assert repaired(shop, row) == []
    assert by_ref(shop, external_id).json()["revision"] == 2


def test_a_revision_that_we_never_sent_is_overtaken(shop: World) -> None:
    _, external_id = sent(shop, lines=TWO_LINES)
    document = document_of(shop)
    _post(shop, {**document, "revision": 5, "note": "From elsewhere"})
    (row,) = compared(shop)
    assert told([row]) == [("quantity", "resend")]
    assert repaired(shop, row) == []
    assert by_ref(shop, external_id).json()["revision"] == 6


def _post(world: World, document: dict[str, Any]) -> None:
    connector = world.connector
    answer = requests.post(
        f"{connector['app_url']}/v1/orders/batch",
        json={"orders": [document]},
        headers={
            "Authorization": f"Bearer {connector['token']}",
            "Idempotency-Key": f"other-{document['revision']}",
        },
        timeout=PATIENCE,
    )
    assert answer.json()["results"][0]["status"] in ("created", "updated"), answer.text


def test_tracking_changed_in_shopify_is_put_right(shop: World) -> None:
    gid, external_id = sent(shop)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    (made,) = fulfilled(shop, gid)
    merchant_tracks(shop, made["id"], number="WRONG", company="Other")
    (row,) = compared(shop)
    assert told([row]) == [("tracking", "track")]
    assert row["shopify"] == "Other, WRONG"
    assert repaired(shop, row) == []
    (made,) = fulfilled(shop, gid)
    assert [info["number"] for info in made["trackingInfo"]] == ["DP-1"]
    assert mails(shop) == [made["id"]], "the buyer had one e-mail already"


def test_a_cancelled_fulfillment_is_made_anew(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    (made,) = fulfilled(shop, gid)
    cancel_fulfillment(shop, gid, made["id"])
    (row,) = compared(shop)
    assert told([row]) == [("missing", "refulfil")]
    assert repaired(shop, row) == []
    standing = [each for each in fulfilled(shop, gid) if each["status"] != "CANCELLED"]
    assert [each["units"] for each in standing] == [[2, 3]]
    assert len(shop.applied()) == 1, "the warehouse hears nothing of it"
    assert shop.state_tags(gid) == ["wms-synced"]
    assert not shop.row(gid)["returned"]
    outbounds = shop.row(gid)["outbound"]
    assert [each["state"] for each in outbounds] == ["accepted", "superseded"]
    assert sum(outbounds[0]["fulfilled_lines"].values()) == 5
    assert compared(shop) == []


def test_what_was_cancelled_behind_a_refused_change_is_found(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    shop.wms.ask("PUT", "/sandbox/settings", unknown_skus=["TSHIRT-BLUE-M"])
    shop.change(gid, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 5}])
    shop.settle()
    assert shop.state_tags(gid) == ["wms-error"]
    assert compared(shop) == [], "the revision before is there"
    shop.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    shop.wms.ask(
        "PUT", "/sandbox/orders/state", external_id=external_id, state="cancelled", account="ACME"
    )
    (row,) = compared(shop)
    assert told([row]) == [("quantity", "take_cancelled")]
    assert repaired(shop, row) == []
    assert shop.row(gid)["outbound"][0]["state"] == "cancelled"


def test_what_was_lost_behind_a_refused_change_is_sent_again(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    shop.wms.ask("PUT", "/sandbox/settings", unknown_skus=["TSHIRT-BLUE-M"])
    shop.change(gid, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 5}])
    shop.settle()
    shop.wms.ask("POST", "/sandbox/orders/forget", external_id=external_id)
    (row,) = compared(shop)
    assert told([row]) == [("missing", "send")]
    shop.wms.ask("PUT", "/sandbox/settings", unknown_skus=[])
    assert repaired(shop, row) == []
    assert shop.state_tags(gid) == ["wms-synced"]
    assert by_ref(shop, external_id).status_code == 200

"""What makes both sides differ behind Tagdock's back, and what the report says of it."""

from typing import Any

import requests

from app.db import session
from app.models import DriftRow, Run
from tests.world import PATIENCE, SHOP, World, number

_TRACK = """mutation($id: ID!, $tracking: FulfillmentTrackingInput!) {
  fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking) {
    userErrors { message }
  }
}"""


def merchant_tracks(world: World, fulfillment: str, **tracking: Any) -> None:
    """The merchant changes a fulfillment's tracking in the admin."""
    data = _as_merchant(world, _TRACK, {"id": fulfillment, "tracking": tracking})
    assert data["fulfillmentTrackingInfoUpdate"]["userErrors"] == []


def _as_merchant(world: World, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    token = world.shopify.ask("POST", f"/sandbox/{SHOP}/tokens")["access_token"]
    answer = requests.post(
        f"{world.shopify.base}/admin/api/2026-10/graphql.json",
        json={"query": query, "variables": variables},
        headers={"Host": SHOP, "X-Shopify-Access-Token": token},
        timeout=PATIENCE,
    ).json()
    assert "errors" not in answer, answer
    return dict(answer["data"])


def without_webhooks(world: World) -> None:
    """From now on Shopify's webhooks get lost."""
    world.shopify_fails({"where": "webhook", "match": "", "do": "drop_before", "times": None})


def compared(world: World) -> list[dict[str, Any]]:
    """Compare both sides; what differs then. Shopify's search doesn't lag behind."""
    world.shopify.call("PUT", "/sandbox/settings", json={"search_lag": 0})
    world.settle()
    world.api("POST", "/api/drift/compare")
    world.settle()
    return differences(world)


def differences(world: World, *states: str) -> list[dict[str, Any]]:
    """What differs as the report knows it."""
    with world.app.app_context():
        wanted = states or ("open", "repairing")
        rows = session().query(DriftRow).filter(DriftRow.state.in_(wanted)).order_by(DriftRow.id)
        columns = DriftRow.__table__.columns.keys()
        found = [{name: getattr(row, name) for name in columns} for row in rows]
        session().rollback()
        return found


def repaired(world: World, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Repair a row as a person does; what still differs when all is at rest."""
    world.api("POST", "/api/drift/repair", ids=[row["id"]])
    world.settle()
    return differences(world)


def cancel_fulfillment(world: World, gid: str, fulfillment: str) -> None:
    """The merchant cancels a fulfillment in the admin."""
    path = f"/sandbox/{SHOP}/orders/{number(gid)}/cancel-fulfillment"
    world.shopify.ask("POST", path, fulfillment=fulfillment)


def fulfil_by_hand(world: World, gid: str, **tracking: Any) -> None:
    """The merchant fulfils what is open in the admin."""
    world.change(gid, "fulfil", tracking=tracking or None)


def last_run(world: World) -> dict[str, Any]:
    """The comparison that was started last."""
    with world.app.app_context():
        run = session().query(Run).filter_by(kind="drift").order_by(Run.started_at.desc()).first()
        assert run is not None
        found = {name: getattr(run, name) for name in ("counts", "message", "finished_at")}
        session().rollback()
        return found

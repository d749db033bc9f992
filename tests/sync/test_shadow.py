"""The preview of the last orders: what it says, and that it leaves no trace anywhere."""

from typing import Any

import pytest
from sqlalchemy import text

from app.db import db
from tests.ages import ago
from tests.world import SHOP, World

SETTINGS = "/api/settings"
PREVIEW = "/api/settings/preview"


@pytest.fixture(autouse=True)
def _searchable_at_once(world: World) -> None:
    """Shopify's search learns of an order at once."""
    world.shopify.ask("PUT", "/sandbox/settings", search_lag=0)


def _preview(world: World, **body: Any) -> dict[str, Any]:
    return dict(world.api("POST", PREVIEW, **body))


def _locations(world: World) -> dict[str, str]:
    """The shop's locations by name."""
    found = world.shopify.ask("GET", f"/sandbox/{SHOP}/locations")
    rows = found["locations"] if isinstance(found, dict) else found
    return {row["name"]: row["id"] for row in rows}


def _everything(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with world.app.app_context():
        found = {
            table.name: sorted(map(repr, db.session.execute(text(f"SELECT * FROM {table.name}"))))
            for table in db.metadata.sorted_tables
        }
        db.session.rollback()
        return found


def test_it_says_what_would_be_sent_and_what_would_wait(world: World) -> None:
    paid = world.order(name="#PAID")
    unpaid = world.order(name="#UNPAID", paid=False)
    test = world.order(name="#TEST", test=True)
    bare = world.order(name="#BARE", lines=[{"title": "Engraving", "quantity": 1}])
    world.settle()
    found = _preview(world, settings={"require_payment": True})
    by_id = {order["id"]: order for order in found["orders"]}
    assert [order["id"] for order in found["orders"]] == [bare, test, unpaid, paid]
    assert by_id[paid]["outcome"] == "sent"
    assert {gid: by_id[gid]["gate"] for gid in (unpaid, test, bare)} == {
        unpaid: "paid",
        test: "kind",
        bare: "sku",
    }
    assert all(by_id[gid]["message"].endswith(".") for gid in (unpaid, test, bare))
    assert (found["sent"], found["waiting"], found["complete"]) == (1, 3, True)


def test_its_documents_are_those_that_are_sent(world: World) -> None:
    gid = world.order(note="Ring twice")
    world.settle()
    settings = {"defaults": {"payment_terms": "30"}, "metadata": {"n": "note"}}
    (order,) = _preview(world, settings=settings)["orders"]
    (document,) = order["documents"]
    assert document["defaults"] == {"payment_terms": "30"}
    assert document["metadata"] == {"n": "Ring twice"}
    world.api("PUT", SETTINGS, version=0, **settings)
    world.settle()
    world.send(gid)
    world.settle()
    (batch,) = world.batches()
    (outbound,) = world.row(gid)["outbound"]
    assert [tuple(pair) for pair in batch["orders"]] == [(document["external_id"], 1)]
    assert outbound["warehouse"] == document["warehouse"]


def test_typed_settings_count_and_are_not_kept(world: World) -> None:
    world.order()
    world.settle()
    before = world.api("GET", SETTINGS)
    (location,) = {order["documents"][0]["warehouse"] for order in _preview(world)["orders"]}
    everywhere = dict.fromkeys(_locations(world).values(), None)
    (order,) = _preview(world, settings={"locations": everywhere, "version": 99})["orders"]
    assert location
    assert order["outcome"] == "waits"
    assert order["documents"] == []
    assert world.api("GET", SETTINGS) == before


def test_nothing_is_written_anywhere(world: World) -> None:
    gids = [world.order(), world.order(paid=False), world.order(test=True)]
    world.settle()
    rows, tags = _everything(world), [world.tags(gid) for gid in gids]
    ledger = world.wms.ask("GET", "/sandbox/ledger")
    mark = world.mark()
    found = _preview(world, count=50, settings={"require_payment": True})
    assert len(found["orders"]) == 3
    assert _everything(world) == rows
    assert [world.tags(gid) for gid in gids] == tags
    assert world.wms.ask("GET", "/sandbox/ledger") == ledger
    asked = world.graphql(after=mark)
    assert asked
    assert not [entry for entry in asked if "mutation" in str(entry).casefold()]


@pytest.mark.parametrize("count", [1, 2, 25])
def test_as_many_as_asked_for_the_newest_first(world: World, count: int) -> None:
    made = [world.order(created_at=ago(days=2, minutes=-minute)) for minute in range(12)]
    world.settle()
    found = _preview(world, count=count)["orders"]
    assert [order["id"] for order in found] == made[::-1][:count]


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"count": 0}, "count"),
        ({"count": 51}, "count"),
        ({"count": "20"}, "count"),
        ({"count": True}, "count"),
        ({"settings": []}, "settings"),
    ],
)
def test_a_wrong_wish_is_refused(world: World, body: dict[str, Any], key: str) -> None:
    answer = world.api_answer("POST", PREVIEW, **body)
    assert answer.status_code == 422
    assert answer.json()["code"] == key
    answer = world.api_answer("POST", PREVIEW, settings={"retention_days": 1})
    assert list(answer.json()["errors"]) == ["retention_days"]


def test_without_a_connection_every_order_waits_for_one(world: World) -> None:
    world.order()
    world.settle()
    world.api("POST", "/api/connection/disconnect")
    (order,) = _preview(world)["orders"]
    assert (order["outcome"], order["gate"]) == ("waits", "connection")


def test_shopifys_failure_is_a_sentence(world: World) -> None:
    world.order()
    world.settle()
    world.shopify_fails({"where": "graphql", "do": "status", "value": 503})
    answer = world.api_answer("POST", PREVIEW)
    world.shopify_fails()
    assert answer.status_code == 503
    assert answer.json()["error"].endswith(".")


def test_a_page_shows_names_as_they_are_written(world: World) -> None:
    world.order(note="山田太郎 <b>")
    world.settle()
    headers = {"Authorization": f"Bearer {world.id_token()}", "Accept": "text/html"}
    page = world.http.call("POST", PREVIEW, json={}, headers=headers).text
    assert "山田太郎 &lt;b&gt;" in page
    assert "\\u5c71" not in page

"""Shopify's privacy topics: what is asked to go is in no table any more, and sending goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from app.db import database_now, db, session
from app.models import (
    Alert,
    Batch,
    FeedCursor,
    InboxItem,
    LogLine,
    Order,
    Owed,
    PreparedStore,
    Shipment,
    Shop,
    StaffMember,
    Trouble,
)
from app.models.prepared_store import TAKEN
from tests.sync.planting import plant_stock, plant_what_came_back
from tests.world import OTHER_SHOP, SHOP, World, number

# Stands in all that a buyer types, and in all that is typed about one.
MARK = "Xanthippe"
UNSERVED = f"{MARK}-07041"
ADDRESS = {
    "first_name": MARK,
    "last_name": f"{MARK}i",
    "company": f"{MARK} & Figli",
    "address1": f"Via {MARK} 17",
    "address2": f"Scala {MARK}",
    "city": f"{MARK}ville",
    "zip": UNSERVED,
    "province_code": "MI",
    "country_code": "IT",
    "phone": "+39 02 5550199",
}
FIELD = {"namespace": "custom", "key": "card", "type": "single_line_text_field"}
BUYER = {
    "shipping_address": ADDRESS,
    "billing_address": ADDRESS,
    "email": f"{MARK}@example.com",
    "phone": "+39 02 5550199",
    "note": f"Ring at {MARK}'s",
    "attributes": {"gift": f"For {MARK}"},
    "metafields": [{**FIELD, "value": f"Dear {MARK}"}],
    "tags": [f"of-{MARK}"],
}
METADATA = {
    "gift": "attribute:gift",
    "card": "metafield:custom.card",
    "labels": "tags",
    "words": "note",
}


@pytest.fixture
def automatic(make_world: Callable[..., World]) -> World:
    """A shop that sends by itself whatever a buyer typed; the warehouse quotes postcodes."""
    world = make_world()
    world.install()
    world.connect(automatic=True)
    version = world.api("GET", "/api/settings")["version"]
    world.api("PUT", "/api/settings", version=version, metadata=METADATA)
    return world


def ask(world: World, deed: str, *gids: str) -> None:
    """Let Shopify ask about the customer of some orders, and do it."""
    path = f"/sandbox/{SHOP}/customers/{deed}"
    world.shopify.ask("POST", path, orders=[int(number(gid)) for gid in gids])
    world.settle()


def serve(world: World, *, everybody: bool) -> None:
    """Let the warehouse's carriers go to the buyer's postcode, or not."""
    served = [] if everybody else [UNSERVED]
    world.wms.ask("PUT", "/sandbox/settings", unserved_zips=served)


def everything(world: World) -> dict[str, str]:
    """Every column of every row, as the database keeps it, by table."""
    with world.app.app_context():
        found = {
            table.name: "\n".join(
                "\t".join(map(_plain, row)) for row in session().execute(_all_of(table.name))
            )
            for table in db.metadata.sorted_tables
        }
        session().rollback()
        return found


def _all_of(table: str) -> Any:
    return text(f"SELECT * FROM {table}")


def _plain(value: Any) -> str:
    return bytes(value).decode() if isinstance(value, bytes | memoryview) else str(value)


def telling(world: World, words: str = MARK) -> set[str]:
    """The tables in which some words stand."""
    return {name for name, rows in everything(world).items() if words.lower() in rows.lower()}


def applied(world: World, gid: str) -> list[int]:
    """The revisions of an order that the warehouse has applied."""
    (outbound,) = world.row(gid)["outbound"]
    return [revision for name, revision in world.applied() if name == outbound["external_id"]]


def plant_what_is_under_way(world: World) -> None:
    """An alert that quotes the order, and a try that failed with the warehouse's words."""
    with world.app.app_context():
        shop = session().query(Shop).filter_by(domain=SHOP).one()
        why = f"#1: The warehouse refused this. It says: “No {MARK}” Ask its support.\n#2: Other."
        words = {"title": "T", "what": "W", "why": why, "mend": "M", "path": "P"}
        known = {"cause": "errors", "channel": "email", "address": "a@example.com"}
        session().add(
            Alert(id="a", shop_id=shop.id, words=words, created_at=database_now(), **known)
        )
        owed = Owed(shop_id=shop.id, subject_type="order", subject_id="0", effect="look_up")
        owed.due_at = owed.dead_at = database_now()
        owed.last_error = f"The warehouse refused this. It says: “cut off at {MARK}"
        session().add(owed)
        session().commit()


def test_a_customer_is_in_no_column_afterwards(automatic: World) -> None:
    serve(automatic, everybody=False)
    refused = automatic.order(**BUYER)
    automatic.settle()
    assert automatic.state_tags(refused) == ["wms-error"]
    serve(automatic, everybody=True)
    taken = automatic.order(**BUYER)
    automatic.settle()
    plant_what_is_under_way(automatic)
    assert {"revisions", "batch_members", "orders", "outbound_orders", "log_lines"} <= telling(
        automatic
    )
    ask(automatic, "redact", refused, taken)
    assert telling(automatic) == set()
    assert telling(automatic, "5550199") == set()
    rows = everything(automatic)
    assert "#2: Other." in rows["alerts"]
    assert "can't ship to this address" in rows["log_lines"]
    assert "MUG-WHITE" in rows["revisions"], "what was asked for stays"


def test_a_forgotten_orders_tags_do_not_come_back_with_its_webhooks(automatic: World) -> None:
    gid = automatic.order(**BUYER)
    automatic.settle()
    ask(automatic, "redact", gid)
    automatic.change(gid, "tags", add=[f"again-{MARK}", "WMS-no-sync"])
    automatic.settle()
    assert f"again-{MARK}" in automatic.tags(gid)
    assert automatic.state_tags(gid) == ["wms-synced"]
    assert "inbox" not in telling(automatic)
    assert "WMS-no-sync" in everything(automatic)["inbox"], "a command is known by its tag"


def test_other_customers_stay(automatic: World) -> None:
    one = automatic.order(**BUYER)
    automatic.order(note="Other Ottilie")
    automatic.settle()
    ask(automatic, "redact", one)
    assert "revisions" in telling(automatic, "Ottilie")
    assert "revisions" in telling(automatic, "Anna Rossi")


def test_an_order_goes_on_after_its_customer_is_gone(automatic: World) -> None:
    gid = automatic.order(**BUYER)
    automatic.settle()
    ask(automatic, "redact", gid)
    automatic.send(gid)
    automatic.settle()
    assert applied(automatic, gid) == [1], "nothing changed: nothing is sent"
    line = automatic.shopify_order(gid)["lines"][0]["id"]
    automatic.change(gid, "edit", lines=[{"line_id": line, "quantity": 3}])
    automatic.settle()
    assert applied(automatic, gid) == [1, 2]
    (order,) = automatic.wms.ask("GET", "/sandbox/orders")
    assert [line["quantity"] for line in order["lines"]] == [3]
    assert automatic.state_tags(gid) == ["wms-synced"]


def test_a_refused_order_is_sent_whole_although_its_document_was_stripped(
    automatic: World,
) -> None:
    serve(automatic, everybody=False)
    gid = automatic.order(**BUYER)
    automatic.settle()
    ask(automatic, "redact", gid)
    serve(automatic, everybody=True)
    automatic.send(gid)
    automatic.settle()
    assert applied(automatic, gid) == [1]
    (order,) = automatic.wms.ask("GET", "/sandbox/orders")
    assert order["metadata"]["gift"] == f"For {MARK}"
    ask(automatic, "redact", gid)
    assert telling(automatic) == set()


def test_what_is_on_its_way_arrives_once_and_is_forgotten_then(automatic: World) -> None:
    automatic.warehouse_fails({"where": "batch", "do": "drop_before", "times": 1})
    gid = automatic.order(**BUYER)
    automatic.until(lambda: drained(automatic, automatic.batches), "the order posted")
    path = f"/sandbox/{SHOP}/customers/redact"
    automatic.shopify.ask("POST", path, orders=[int(number(gid))])
    automatic.until(lambda: drained(automatic, lambda: redacted(automatic)), "the redaction")
    automatic.settle()
    assert applied(automatic, gid) == [1]
    assert automatic.state_tags(gid) == ["wms-synced"]
    assert telling(automatic) == set()


def drained(world: World, condition: Callable[[], Any]) -> Any:
    """A condition, after what is due was done."""
    world.drain()
    return condition()


def redacted(world: World) -> bool:
    """Whether the inbox has seen a redaction through."""
    with world.app.app_context():
        done = InboxItem.done_at.is_not(None)
        found = session().query(InboxItem).filter_by(topic="customers/redact").filter(done)
        counted = found.count()
        session().rollback()
        return bool(counted)


def test_bytes_are_kept_only_until_the_warehouse_has_answered(automatic: World) -> None:
    automatic.wms.ask("PUT", "/sandbox/settings", mode="sync")
    automatic.order(**BUYER)
    automatic.settle()
    automatic.wms.ask("PUT", "/sandbox/settings", mode="async", hold_jobs=True)
    automatic.order(**BUYER)
    automatic.until(lambda: drained(automatic, lambda: states(automatic) == JOBS), "both posted")
    assert "batches" not in telling(automatic)


JOBS = ["answered", "running"]


def states(world: World) -> list[str]:
    """The states of all batches."""
    with world.app.app_context():
        found = sorted(state for (state,) in session().query(Batch.state))
        session().rollback()
        return found


@pytest.mark.parametrize("deed", ["redact", "data_request"])
def test_a_customer_without_orders_here_changes_nothing(automatic: World, deed: str) -> None:
    automatic.order(**BUYER)
    automatic.settle()
    before = everything(automatic)["revisions"]
    automatic.shopify.ask("POST", f"/sandbox/{SHOP}/customers/{deed}", orders=[987654321])
    automatic.settle()
    assert everything(automatic)["revisions"] == before


def test_a_request_for_data_says_where_it_is(automatic: World) -> None:
    gid = automatic.order(**BUYER)
    automatic.settle()
    ask(automatic, "data_request", gid)
    with automatic.app.app_context():
        line = session().query(LogLine).filter_by(event="privacy").one()
        assert automatic.shopify_order(gid)["name"] in line.message
        assert line.level == "warning"
        session().rollback()


def test_a_removed_shop_is_in_no_table(automatic: World) -> None:
    automatic.install(OTHER_SHOP)
    serve(automatic, everybody=False)
    automatic.order(**BUYER)
    automatic.settle()
    serve(automatic, everybody=True)
    shipped = automatic.order(**BUYER)
    automatic.send(shipped)
    automatic.settle()
    plant_what_was_shipped(automatic, shipped)
    plant_what_is_under_way(automatic)
    plant_what_operators_see(automatic)
    plant_stock(automatic)
    plant_what_came_back(automatic, shipped)
    rows = everything(automatic)
    assert [name for name, found in rows.items() if not found] == [], "every table has something"
    automatic.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    automatic.until(lambda: drained(automatic, lambda: gone(automatic)), "the uninstall")
    automatic.shopify.ask("POST", f"/sandbox/{SHOP}/redact")
    automatic.until(lambda: drained(automatic, lambda: not telling(automatic, SHOP)), "the removal")
    assert telling(automatic) == set()
    with automatic.app.app_context():
        (other,) = session().query(Shop.id).one()
        for table in db.metadata.sorted_tables:
            if "shop_id" in table.columns and table.name != "store_weeks":
                left = session().execute(text(f"SELECT DISTINCT shop_id FROM {table.name}"))
                assert {shop for (shop,) in left} <= {other}, table.name
        weeks = session().execute(text("SELECT shop_id, orders FROM store_weeks")).all()
        assert [tuple(week) for week in weeks] == [(None, 1)], "counts outlive the shop"
        for name in ("revisions", "batch_members", "run_items", "drift_looks"):
            assert not session().execute(_all_of(name)).all(), name
        session().rollback()


def plant_what_was_shipped(world: World, gid: str) -> None:
    """A parcel of an order with its label, how far it was heard of, and who looked at it."""
    with world.app.app_context():
        order = session().query(Order).filter_by(gid=gid).one()
        (outbound,), now = order.outbound_orders, database_now()
        account = {"connection_id": outbound.connection_id, "generation": outbound.generation}
        parcel = Shipment(shop_id=order.shop_id, order_id=order.id, number="P-1", **account)
        parcel.outbound_order_id, parcel.told_version, parcel.seen_at = outbound.id, 1, now
        parcel.state, parcel.message = "shipped", f"Shopify refused it. It says: “No {MARK}”"
        parcel.documents = [{"kind": "label", "url": f"https://wms.example/{MARK}.pdf"}]
        session().add_all(
            [
                parcel,
                FeedCursor(shop_id=order.shop_id, feed="shipments", read_at=now, **account),
                StaffMember(shop_id=order.shop_id, user_id="7", name="Giulia", asked_at=now),
            ]
        )
        session().commit()


def test_a_parcels_label_goes_with_its_customer(automatic: World) -> None:
    gid = automatic.order(**BUYER)
    automatic.settle()
    plant_what_was_shipped(automatic, gid)
    assert "shipments" in telling(automatic)
    ask(automatic, "redact", gid)
    assert telling(automatic) == set()
    assert "P-1" in everything(automatic)["shipments"], "what was shipped stays"


def plant_what_operators_see(world: World) -> None:
    """A preparation that the shop has taken over, and a trouble."""
    with world.app.app_context():
        shop, now = session().query(Shop).filter_by(domain=SHOP).one(), database_now()
        session().add(Trouble(shop_id=shop.id, cause="errors", since=now))
        known = {"label": MARK, "app_url": "https://wms.example", "state": TAKEN}
        session().add(PreparedStore(domain=SHOP, prepared_at=now, changed_at=now, **known))
        session().commit()


def gone(world: World) -> bool:
    """Whether the uninstall was heard of."""
    with world.app.app_context():
        installed = session().query(Shop.installed).filter_by(domain=SHOP).scalar()
        session().rollback()
        return not installed

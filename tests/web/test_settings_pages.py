"""The pages of settings: what they show, and that every setting in use has its field."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.db import db
from app.domain.settings import FIELDS, NAMED_SOURCES, SOURCES, Settings
from app.models import Connection, Shop
from app.web.settings import SECTIONS
from app.web.settings_access import SCOPES
from app.web.settings_fields import DEFAULT_WORDS, FIELD_WORDS, SOURCE_WORDS
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B

MILANO, ROMA, NAPOLI = (f"gid://shopify/Location/{number}" for number in (1, 2, 3))
INFO = {
    "warehouses": [{"code": "WH", "name": "milano"}, {"code": "WH-2", "name": "Roma"}],
    "default_fields": [{"key": "payment_terms", "label": "Payment terms", "required": True}],
    "metadata_fields": [{"key": "gift", "label": "Gift", "type": "text"}],
    "capabilities": {"cancel": True},
}
PATHS = {name: f"/settings/{name.replace('_', '-')}" for name in SECTIONS}
# These are switched on by a button, once people have seen what they change.
BY_BUTTON = {"update_inventory", "stock_confirmed"}


@pytest.fixture
def known(shop_a: World) -> World:
    """A shop of three locations, connected to a WMS of two warehouses."""
    with shop_a.app.app_context():
        names = {MILANO: "Milano", ROMA: "Roma", NAPOLI: "Napoli"}
        places = [{"id": gid, "name": name, "active": True} for gid, name in names.items()]
        db.session.query(Shop).update({"locations": places})
        db.session.query(Connection).update({"info": INFO})
        db.session.commit()
    return shop_a


def _save(world: World, **changes: Any) -> None:
    version = world.get("/api/settings").json["version"]
    answer = world.ask("PUT", "/api/settings", json={"version": version, **changes})
    assert answer.status_code == 200, answer.json


def _facts(location: str) -> dict[str, Any]:
    part = {
        "id": "gid://shopify/FulfillmentOrder/1",
        "status": "OPEN",
        "location": location,
        "location_name": "x",
        "method": "SHIPPING",
        "holds": [],
        "lines": {"gid://shopify/LineItem/1": 1},
    }
    return {"parts": [part]}


def _row(page: str, name: str) -> str:
    """What a page shows of a location."""
    found = re.search(rf'data-words="{name}".*?</s-select>.*?</div>', page, re.DOTALL)
    assert found is not None
    return found[0]


def test_every_section_opens_and_is_reached_from_the_index(known: World) -> None:
    index = known.get("/settings").text
    for path in PATHS.values():
        assert f'href="{path}?' in index
        page = known.get(path)
        assert page.status_code == 200
        assert "<s-page" in page.text


def test_every_section_opens_in_a_shop_that_has_nothing_yet(world: World) -> None:
    world.install()
    for path in ("/settings", *PATHS.values()):
        assert world.get(path).status_code == 200, path


def test_every_setting_in_use_has_its_field(known: World) -> None:
    pages = "".join(known.get(path).text for path in PATHS.values())
    named = {name.split(".")[0] for name in re.findall(r' name="([\w.]+)"', pages)}
    assert set(Settings.model_fields) - named == BY_BUTTON


def test_a_warehouse_of_the_same_name_is_proposed(known: World) -> None:
    page = known.get("/settings/locations").text
    assert "Use the warehouses of the same name for 2 locations" in page
    assert 'data-proposed="&#34;WH&#34;"' in _row(page, "Milano")
    assert 'data-proposed="&#34;WH-2&#34;"' in _row(page, "Roma")
    assert "data-proposed" not in _row(page, "Napoli")
    assert "Not mapped" not in page


def test_a_location_that_came_later_is_flagged_and_its_orders_counted(known: World) -> None:
    _save(known, locations={MILANO: "WH", ROMA: None})
    for number in range(3):
        known.order(1001 + number, facts=_facts(NAPOLI), tag_state="untracked")
    known.order(1010, facts={**_facts(NAPOLI), "cancelled": True}, tag_state="untracked")
    known.order(1011, facts=_facts(NAPOLI), tag_state="synced")
    page = known.get("/settings/locations").text
    assert "New: not mapped" in _row(page, "Napoli")
    assert "Nothing is sent from here." in _row(page, "Napoli")
    assert "3 open orders" in _row(page, "Napoli")
    assert "New: not mapped" not in _row(page, "Milano")
    assert "Nothing is sent" not in _row(page, "Milano")
    assert re.search(r'value="null" selected', _row(page, "Roma"))
    assert "1 location not mapped" in known.get("/settings").text


def test_until_one_leads_to_a_warehouse_no_location_is_flagged(known: World) -> None:
    _save(known, locations={ROMA: None})
    page = known.get("/settings/locations").text
    assert "New: not mapped" not in page
    assert "orders from every undecided location go to WH" in page
    assert "Go to WH" in known.get("/settings").text
    _save(known, locations=dict.fromkeys((MILANO, ROMA, NAPOLI)))
    assert "undecided location" not in known.get("/settings/locations").text


def test_open_orders_are_warned_of_where_nothing_is_sent(known: World) -> None:
    known.order(1001, tag_state="no_sync", facts=_facts(ROMA))
    warning = '<s-badge tone="warning" icon="alert-triangle">1 open order</s-badge>'
    assert warning not in known.get(PATHS["locations"]).text
    _save(known, locations={ROMA: None})
    assert warning in known.get(PATHS["locations"]).text
    assert warning in known.get("/setup?step=2").text


def test_a_warehouse_that_is_gone_stays_to_be_seen(known: World) -> None:
    with known.app.app_context():
        db.session.query(Shop).update({"settings": {"locations": {MILANO: "OLD"}}})
        db.session.commit()
    row = _row(known.get("/settings/locations").text, "Milano")
    assert re.search(r'value="&#34;OLD&#34;" selected>OLD \[OLD\] \(no longer', row)


def test_many_locations_have_a_filter(known: World) -> None:
    assert "data-narrow" not in known.get("/settings/locations").text
    with known.app.app_context():
        places = [
            {"id": f"gid://shopify/Location/{number}", "name": f"Store {number}", "active": True}
            for number in range(200)
        ]
        db.session.query(Shop).update({"locations": places})
        db.session.commit()
    page = known.get("/settings/locations").text
    assert "data-narrow" in page
    assert page.count("data-pair=") == 200


def test_what_is_set_is_shown(known: World) -> None:
    _save(
        known,
        cool_off_minutes=15,
        defaults={"payment_terms": "30 days", "own": "x & y"},
        metadata={"gift": "attribute:gift wrap"},
        required_fields=["billing_address", "attribute:colour"],
        alerts={"emails": ["anna@example.com"], "webhook_url": "", "errors": 3},
    )
    rules = known.get(PATHS["order_rules"]).text
    assert 'name="cool_off_minutes"' in rules
    assert 'value="15"' in rules
    fields = known.get(PATHS["defaults"]).text
    assert 'label="Payment terms (the warehouse asks for it)" value="30 days"' in fields
    assert 'value="x &amp; y"' in fields
    assert '<s-option value="attribute:" selected>' in fields
    assert 'value="gift wrap"' in fields
    assert '<s-choice value="billing_address" selected>' in fields
    assert 'value="colour"' in fields
    assert 'value="anna@example.com"' in known.get(PATHS["alerts"]).text
    index = known.get("/settings").text
    assert "2 default values, 1 custom field" in index
    assert "1 recipient" in index
    assert "Staff 42 changed the settings last" in index


def test_values_that_warehouses_often_want_are_offered_by_name(known: World) -> None:
    _save(known, defaults={"salesperson": "Zoë", "print_pick_sheet": "maybe", "dock": "3"})
    page = known.get(PATHS["defaults"]).text
    keys = re.findall(r'data-pair="defaults" data-key="(\w+)"', page)
    assert keys[0] == "payment_terms"
    assert sorted(keys) == sorted(DEFAULT_WORDS)
    assert 'label="Salesperson" value="Zoë"' in page
    assert '<s-option value="maybe" selected>' in page
    assert page.count('value="dock"') == 1
    italian = known.get(f"{PATHS['defaults']}?locale=it").text
    for words in DEFAULT_WORDS.values():
        assert re.search(rf'label="{words}["\s]', page)
        assert not re.search(rf'label="{words}["\s]', italian)


def test_their_keys_are_documented() -> None:
    for name in ("writing-a-wms.md", "connector-api.yaml", "settings.md"):
        page = (Path(__file__).parents[2] / "docs" / name).read_text("utf-8")
        assert set(DEFAULT_WORDS) <= set(re.findall(r"`(\w+)`", page)), name


def test_permissions_say_what_fails_without_them(known: World) -> None:
    with known.app.app_context():
        scopes = "write_orders,write_merchant_managed_fulfillment_orders,write_products"
        db.session.query(Shop).update({"scopes": scopes})
        db.session.commit()
    page = known.get(PATHS["access"]).text
    for scope in SCOPES:
        assert scope.handle in page
    rows = dict(re.findall(r"<bdi>(\w+)</bdi>.*?>(Granted|Missing|Not granted)<", page, re.DOTALL))
    assert rows["write_orders"] == rows["read_products"] == "Granted"
    assert rows["read_locations"] == "Missing"
    assert rows["read_all_orders"] == "Not granted"
    assert "3 permissions missing" in known.get("/settings").text


def test_the_export_is_the_document_without_secrets(known: World) -> None:
    page = known.get(PATHS["data"]).text
    assert "data:application/json" in page
    assert "retention_days" in page
    assert "token" not in re.search(r'href="data:[^"]*"', page)[0]  # type: ignore[index]


def test_without_a_connection_there_is_nothing_to_disconnect(world: World) -> None:
    world.install()
    assert "Disconnect" not in world.get(PATHS["data"]).text


def test_settings_are_of_one_shop(known: World) -> None:
    known.install(SHOP_B)
    _save(known, retention_days=30)
    theirs = known.get("/api/settings", shop=SHOP_B).json
    assert (theirs["version"], theirs["retention_days"]) == (0, 90)
    assert "Milano" not in known.get("/settings/locations", shop=SHOP_B).text
    assert known.get("/api/settings", shop=SHOP_A).json["retention_days"] == 30


def test_the_rule_for_edits_says_how_many_orders_it_concerns(known: World) -> None:
    known.ask("PUT", "/api/setup", json={"step": 3})
    pages = (PATHS["order_rules"], "/setup?step=3")
    with known.app.app_context():
        connection = db.session.query(Connection.id).scalar()
    for number, wanted, confirmed in ((1, 2, 1), (2, 3, 1), (3, 1, 1), (4, 1, 0)):
        order = known.order(number, tag_state="synced")
        known.outbound(
            order,
            connection,
            wanted_revision=wanted,
            confirmed_revision=confirmed,
            state="accepted",
        )
        known.outbound(
            order, connection, wanted_revision=2, confirmed_revision=1, archived=True,
            external_id=f"old-{number}",
        )  # fmt: skip
        if number == 1:
            for path in pages:
                assert "1 order was edited after it was sent." in known.get(path).text, path
    for path in pages:
        assert "2 orders were edited after they were sent." in known.get(path).text, path


def test_names_from_outside_are_escaped(known: World) -> None:
    evil = "<img src=x>\"'&"
    with known.app.app_context():
        place = {"id": MILANO, "name": evil, "active": True}
        db.session.query(Shop).update({"locations": [place]})
        fields = [{"key": evil, "label": evil, "required": False}]
        warehouses = [{"code": evil, "name": evil}]
        info = {**INFO, "warehouses": warehouses, "default_fields": fields}
        db.session.query(Connection).update({"info": {**info, "metadata_fields": fields}})
        db.session.commit()
    _save(known, defaults={evil: evil}, metadata={evil: "attribute:<img src=x>"})
    for path in ("/settings", *PATHS.values(), *(f"/setup?step={step}" for step in range(1, 6))):
        assert "<img" not in known.get(path).text, path


def test_every_source_and_field_has_its_words() -> None:
    assert set(SOURCE_WORDS) == {*SOURCES, *(f"{kind}:" for kind in NAMED_SOURCES)}
    assert set(FIELD_WORDS) == set(FIELDS)


def test_every_setting_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    rows = "".join(re.findall(r"(?m)^\| (`.*?) \|", page))
    assert set(re.findall(r"`(\w+)`", rows)) == set(Settings.model_fields)

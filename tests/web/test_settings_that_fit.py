"""What is chosen in the settings must be there: refused beside its field, and what has gone since
keeps nobody from saving something else."""

from typing import Any

import pytest

from app.db import db
from app.models import Connection, Shop
from tests.web.conftest import World

MILANO, ROMA, GONE = (f"gid://shopify/Location/{number}" for number in (1, 2, 99))
WAREHOUSES = [{"code": "WH", "name": "North"}, {"code": "WH-2", "name": "South"}]


@pytest.fixture
def known(shop_a: World) -> World:
    """A shop of two locations, connected to a WMS of two warehouses."""
    names = {MILANO: "Milano", ROMA: "Roma"}
    places = [{"id": gid, "name": name, "active": True} for gid, name in names.items()]
    _store(shop_a, Shop, locations=places)
    _store(shop_a, Connection, info={"warehouses": WAREHOUSES}, token="a-token")
    return shop_a


def _store(world: World, model: type, **values: Any) -> None:
    with world.app.app_context():
        found = db.session.query(model).one()
        for name, value in values.items():
            setattr(found, name, value)
        db.session.commit()


def _put(world: World, **changes: Any) -> Any:
    version = world.get("/api/settings").json["version"]
    return world.ask("PUT", "/api/settings", json={"version": version, **changes})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"locations": {MILANO: "OLD"}}, "The warehouse has no code OLD. Choose another one for M"),
        ({"locations": {GONE: "WH"}}, "Your shop has no location 99."),
        ({"locations": {MILANO: "WH", GONE: None}}, "Your shop has no location 99."),
        ({"stock_locations": {"OLD": MILANO}}, "The warehouse has no code OLD."),
        ({"stock_locations": {"WH": GONE}}, "Your shop has no location 99."),
    ],
)
def test_what_is_not_there_is_refused_and_nothing_is_saved(
    known: World, changes: dict[str, Any], sentence: str
) -> None:
    before = known.get("/api/settings").json
    answer = _put(known, archive=True, **changes)
    assert answer.status_code == 422
    (key,) = changes
    assert answer.json["errors"][key].startswith(sentence)
    assert known.get("/api/settings").json == before
    body = {"version": before["version"], **changes}
    italian = known.ask("PUT", "/api/settings", json=body, headers={"Accept-Language": "it"})
    assert answer.json["errors"][key].split()[0] != italian.json["errors"][key].split()[0]


def test_what_is_there_is_saved(known: World) -> None:
    fit = {"locations": {MILANO: "WH", ROMA: None}, "stock_locations": {"WH-2": ROMA, "WH": None}}
    assert _put(known, **fit).status_code == 200


def test_while_a_side_is_not_known_all_is_taken(known: World) -> None:
    _store(known, Connection, token=None)
    assert _put(known, locations={MILANO: "OLD"}).status_code == 200
    _store(known, Shop, locations=[])
    assert _put(known, locations={GONE: "OLD"}, stock_locations={"X": GONE}).status_code == 200


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://example.com/hook", "It doesn't start with https://."),
        ("http://10.0.0.1/hook", "It doesn't start with https://."),
        ("https://10.0.0.1/hook", "10.0.0.1 is not on the public internet."),
        ("https://192.168.1.4:8443/hook", "192.168.1.4:8443 is not on the public internet."),
        ("https://[::1]/hook", "is not on the public internet."),
        ("https://anna:secret@example.com/", "It has a user name or a password in it."),
    ],
)
def test_an_address_that_nothing_is_posted_to_is_refused_beside_its_field(
    known: World, address: str, sentence: str
) -> None:
    answer = _put(known, alerts={"emails": [], "webhook_url": address, "errors": 3})
    assert answer.status_code == 422
    assert sentence in answer.json["fields"]["alerts.webhook_url"]
    assert known.get("/api/settings").json["alerts"]["webhook_url"] == ""


def test_an_address_that_the_operator_allows_is_saved(known: World) -> None:
    alerts = {"emails": [], "webhook_url": "http://127.0.0.1:8025/hook?key=1", "errors": 3}
    assert _put(known, alerts=alerts).status_code == 200


def test_what_has_gone_since_stays_and_keeps_nobody_from_saving(known: World) -> None:
    stale = {
        "locations": {MILANO: "OLD", GONE: "WH"},
        "stock_locations": {"OLD": MILANO, "WH": GONE},
        "alerts": {"emails": [], "webhook_url": "https://10.0.0.1/x", "errors": 3},
    }
    _store(known, Shop, settings={"schema": 0, **stale})
    stale["alerts"] = {**stale["alerts"], "errors": 5}
    answer = _put(known, archive=True, **stale)
    assert answer.status_code == 200
    assert {key: answer.json[key] for key in stale} == stale
    page = known.get("/settings/locations").text
    assert "Location 99" in page
    assert "No longer in Shopify" in page
    assert "OLD [OLD] (no longer at the warehouse)" in page
    stock = known.get("/settings/stock").text
    assert "Location 99 (no longer in Shopify)" in stock
    assert "OLD (no longer at the warehouse)" in stock
    assert _put(known, locations={MILANO: "WH"}, stock_locations={}).status_code == 200
    assert "Location 99" not in known.get("/settings/locations").text


def test_choices_that_can_not_be_read_are_told_and_taken_away(known: World) -> None:
    _store(known, Shop, settings={"schema": 0, "locations": {MILANO: ["WH"], ROMA: "WH-2"}})
    page = known.get("/settings/locations").text
    assert "Choices that could not be read" in page
    assert page.count("New: not mapped") == 1
    assert "1 location not mapped" in known.get("/settings").text
    assert _put(known, locations={MILANO: "WH", ROMA: "WH-2"}).status_code == 200
    assert "could not be read" not in known.get("/settings/locations").text

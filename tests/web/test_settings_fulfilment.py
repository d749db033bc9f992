"""Settings of fulfilment: what is shown, what is saved, what carriers are called."""

import re
from typing import Any

import pytest

from app.db import db
from app.models import Connection
from tests.web.conftest import World

PATH = "/settings/fulfilment"
CARRIERS: list[dict[str, Any]] = [
    {"code": "dhl", "name": "DHL", "services": []},
    {"code": "demopost", "name": "DemoPost", "services": []},
    {"code": "", "name": "", "services": []},
    {"code": "dhl", "name": "DHL again", "services": []},
]


@pytest.fixture
def known(shop_a: World) -> World:
    """A shop whose warehouse ships with two carriers."""
    _tell(shop_a, carriers=CARRIERS, capabilities={"packed_event": True})
    return shop_a


def _tell(world: World, **info: Any) -> None:
    with world.app.app_context():
        db.session.query(Connection).update({"info": info})
        db.session.commit()


def _save(world: World, **changes: Any) -> Any:
    version = world.get("/api/settings").json["version"]
    return world.ask("PUT", "/api/settings", json={"version": version, **changes})


def _fields(page: str) -> dict[str, dict[str, str]]:
    """The carriers of the warehouse: each field's attributes by its label."""
    tags = re.findall(r'data-key="[^"]*"><s-text-field name="carriers" ([^>]*)>', page)
    found = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in tags]
    return {each["label"]: each for each in found}


def test_each_carrier_of_the_warehouse_is_offered_with_the_name_that_shopify_knows(
    known: World,
) -> None:
    fields = _fields(known.get(PATH).text)
    assert list(fields) == ["DHL (dhl)", "DemoPost (demopost)"]
    assert fields["DHL (dhl)"]["placeholder"] == "DHL Express"
    assert fields["DHL (dhl)"]["details"] == "Proposed: DHL Express, which Shopify knows."
    assert fields["DemoPost (demopost)"]["placeholder"] == "DemoPost"
    assert "Shopify doesn't know it" in fields["DemoPost (demopost)"]["details"]
    assert {field["value"] for field in fields.values()} == {""}


def test_the_merchants_own_names_are_shown_where_they_belong(known: World) -> None:
    _save(known, carriers={"demopost": "Demo Post", "Pony": "Pony Express"})
    page = known.get(PATH).text
    assert _fields(page)["DemoPost (demopost)"]["value"] == "Demo Post"
    assert re.search(r'value="Pony" [^>]*></s-text-field>\s*<s-text-field[^>]*value="Pony Ex', page)
    assert page.count('<div class="pair" data-pair="carriers">') == 2, "one, and one to add"


def test_a_name_given_in_another_spelling_is_the_one_proposed(known: World) -> None:
    _save(known, carriers={"Demo Post": "Demo Post International"})
    fields = _fields(known.get(PATH).text)
    assert fields["DemoPost (demopost)"]["placeholder"] == "Demo Post International"


def test_every_switch_shows_what_is_set(known: World) -> None:
    page = known.get(PATH).text
    for name, on in (
        ("fulfil", True),
        ("notify_customer", True),
        ("archive", False),
        ("report_progress", False),
    ):
        found = re.search(rf'<s-switch name="{name}"[^>]*?( checked)?>', page)
        assert found is not None
        assert bool(found[1]) is on, name
    assert '<s-choice value="shipped" selected>' in page
    assert '<s-choice value="notice" selected>' in page
    _save(
        known,
        fulfil=False,
        fulfil_on="packed",
        notify_customer=False,
        archive=True,
        report_progress=True,
        seller_cancellation="cancel",
    )
    page = known.get(PATH).text
    assert '<s-switch name="archive"' in page
    assert re.search(r'name="fulfil"[^>]*checked', page) is None
    assert re.search(r'name="archive"[^>]*checked', page)
    assert re.search(r'name="report_progress"[^>]*checked', page)
    assert '<s-choice value="packed" selected>' in page
    assert '<s-choice value="cancel" selected>' in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Fulfilled when shipped, customer notified"),
        ({"fulfil_on": "packed"}, "Fulfilled when packed, customer notified"),
        ({"notify_customer": False}, "Fulfilled when shipped, customer not notified"),
        ({"fulfil": False}, "Off: nothing is fulfilled"),
    ],
)
def test_the_index_says_how_it_stands(known: World, changes: dict[str, Any], words: str) -> None:
    _save(known, **changes)
    index = " ".join(known.get("/settings").text.split())
    assert words in index
    assert f'href="{PATH}?' in index


@pytest.mark.parametrize(
    "carriers", [{"": "DHL"}, {"dhl": ""}, {"dhl": 7}, {"dhl": "x" * 65}], ids=str
)
def test_a_name_that_is_none_is_refused_at_its_field(
    known: World, carriers: dict[str, Any]
) -> None:
    answer = _save(known, carriers=carriers)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["carriers"]
    assert answer.json["errors"]["carriers"].startswith("Give each carrier")
    assert known.get("/api/settings").json["carriers"] == {}


def test_two_savers_are_told_of_each_other(known: World) -> None:
    page = known.get(PATH).text
    version = int(re.search(r'data-version="(\d+)"', page)[1])  # type: ignore[index]
    assert _save(known, archive=True).status_code == 200
    late = known.ask("PUT", "/api/settings", json={"version": version, "fulfil_on": "packed"})
    assert late.status_code == 409
    assert "What changed: archive. Your edits are kept below." in late.json["error"]


def test_a_warehouse_that_does_not_tell_when_it_packs_is_named(known: World) -> None:
    assert "Tracking follows when it leaves." in known.get(PATH).text
    _tell(known, carriers=[], capabilities={"packed_event": False})
    page = known.get(PATH).text
    assert "Your warehouse doesn't tell when it packs." in page
    assert _fields(page) == {}


def test_the_wizard_asks_for_it_in_its_fourth_step(known: World) -> None:
    known.ask("PUT", "/api/setup", json={"step": 4})
    page = known.get("/setup?step=4").text
    for name in ("fulfil", "fulfil_on", "notify_customer", "archive", "seller_cancellation"):
        assert f' name="{name}"' in page, name
    assert "Save and continue" in page
    assert 'name="carriers"' not in page


def test_it_speaks_italian(known: World) -> None:
    page = known.get(f"{PATH}?locale=it").text
    assert "Evadi in Shopify ciò che il magazzino spedisce" in page
    assert "Proposto: DHL Express, che Shopify conosce." in page
    assert "Ciò che il magazzino annulla" in page


def test_names_of_carriers_are_text(known: World) -> None:
    evil = "<img src=x>\"'&"
    _tell(known, carriers=[{"code": evil, "name": evil}], capabilities={})
    _save(known, carriers={f"{evil}2": evil})
    page = known.get(PATH).text
    assert "<img" not in page
    assert 'src=x>"' not in page

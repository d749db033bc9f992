"""An operator prepares a store: what is kept, what is refused, and what is never shown."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import db
from app.models import PreparedStore
from app.shopify.values import TokenSet
from app.sync.install import install
from app.web.operator_prepare import store_domain
from tests.web.conftest import WMS_TOKEN, World
from tests.web.signing import SHOP_A

TOKEN = "an-operator-token-of-32-characters"
GOOD = {
    "domain": SHOP_A,
    "label": "Acme",
    "app_url": "http://127.0.0.1:9/c/1",
    "token": WMS_TOKEN,
    "automatic": "on",
    "settings": json.dumps({"require_payment": True, "version": 7}),
}


@pytest.fixture
def world(world_with: Callable[..., World]) -> World:
    """The app with the operator page on."""
    return world_with(operator_token=TOKEN)


@pytest.fixture
def operator(world: World) -> FlaskClient:
    """A browser in which an operator signed in."""
    browser = world.client
    browser.post("/operator/sign-in", data={"token": TOKEN})
    return browser


def prepare(operator: FlaskClient, **changes: str) -> TestResponse:
    """Send the form, with some of it changed."""
    return operator.post("/operator/prepared", data={**GOOD, **changes})


def kept(world: World) -> list[dict[str, Any]]:
    """What is prepared, as the database has it."""
    names = ("domain", "label", "app_url", "token", "automatic", "settings", "state")
    with world.app.app_context():
        rows = db.session.query(PreparedStore).order_by(PreparedStore.domain).all()
        return [{name: getattr(row, name) for name in names} for row in rows]


def test_a_store_is_prepared_and_its_link_given(world: World, operator: FlaskClient) -> None:
    answer = prepare(operator)
    assert answer.status_code == 303
    page = operator.get(answer.headers["Location"]).text
    assert f"{SHOP_A} is prepared." in page
    assert f"http://127.0.0.1:5000/auth?shop={SHOP_A}" in page
    assert "Waiting for the install" in page
    assert kept(world) == [
        {
            "domain": SHOP_A,
            "label": "Acme",
            "app_url": "http://127.0.0.1:9/c/1",
            "token": WMS_TOKEN,
            "automatic": True,
            "settings": {"require_payment": True},
            "state": "waiting",
        }
    ]


def test_the_token_is_encrypted_and_never_shown(world: World, operator: FlaskClient) -> None:
    pages = [operator.get(prepare(operator).headers["Location"]).text]
    pages.append(prepare(operator, label="").text)
    assert not any(WMS_TOKEN in page for page in pages)
    with world.app.app_context():
        raw = db.session.execute(db.text("SELECT token FROM prepared_stores")).scalar_one()
    assert WMS_TOKEN not in raw


def test_the_link_begins_the_install(operator: FlaskClient, world: World) -> None:
    answer = world.client.get(f"/auth?shop={SHOP_A}")
    assert answer.status_code == 302
    assert "client_id=" in answer.headers["Location"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"domain": ""}, "name.myshopify.com"),
        ({"domain": "shop.example.com"}, "name.myshopify.com"),
        ({"label": ""}, "Give the connection a name"),
        ({"label": "\x00"}, "Give the connection a name"),
        ({"app_url": "wms"}, "web address"),
        ({"app_url": "https://10.0.0.1"}, "private address"),
        ({"app_url": "http://wms.example.com"}, "secure"),
        ({"token": ""}, "Enter the authorization token"),
        ({"token": "two words"}, "spaces or odd characters"),
        ({"settings": "{"}, "valid JSON"),
        ({"settings": "[" * 20_000}, "valid JSON"),
        ({"settings": "[]"}, "a JSON object"),
        ({"settings": '{"require_payment": 5}'}, "Choose on or off."),
        ({"settings": '{"nonsense": 1}'}, "There is no setting of this name."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    world: World, operator: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = prepare(operator, **changes)
    assert answer.status_code == 422
    (field,) = changes
    assert words in answer.text
    assert f'id="wrong-{field}"' in answer.text
    assert answer.text.count("autofocus") == 1
    assert kept(world) == []


def test_everything_wrong_is_said_at_once(world: World, operator: FlaskClient) -> None:
    page = prepare(operator, label="", settings='{"archive": 1}').text
    assert 'id="wrong-label"' in page
    assert 'id="wrong-settings"' in page
    assert kept(world) == []


def test_what_was_typed_stays(operator: FlaskClient) -> None:
    page = prepare(operator, token="", label="<b>Acme</b>").text
    assert 'value="&lt;b&gt;Acme&lt;/b&gt;"' in page
    assert 'type="checkbox" value="on" checked' in page
    assert "require_payment" in page


def test_a_form_of_a_megabyte_is_refused(operator: FlaskClient) -> None:
    assert prepare(operator, settings="x" * 1_000_000).status_code == 413


def test_a_store_that_has_the_app_is_left_to_its_staff(world: World, operator: FlaskClient) -> None:
    world.install()
    answer = prepare(operator)
    assert answer.status_code == 422
    assert "This store has the app already." in answer.text
    assert kept(world) == []


def test_preparing_again_replaces_what_waits(world: World, operator: FlaskClient) -> None:
    prepare(operator)
    prepare(operator, label="Better", token="", settings="")
    (row,) = kept(world)
    assert (row["label"], row["token"], row["settings"]) == ("Better", WMS_TOKEN, {})


def test_withdrawing_drops_the_token_and_the_link(world: World, operator: FlaskClient) -> None:
    prepare(operator)
    assert operator.post("/operator/prepared/1/withdraw").status_code == 303
    (row,) = kept(world)
    assert (row["state"], row["token"]) == ("withdrawn", None)
    page = operator.get("/operator/prepared").text
    assert "Withdrawn" in page
    assert "/auth?shop=" not in page
    for number in ("1", "99"):
        answer = operator.post(f"/operator/prepared/{number}/withdraw")
        assert answer.status_code == 409
        assert "Reload the list." in answer.text


def test_a_withdrawn_preparation_is_not_taken_over(world: World, operator: FlaskClient) -> None:
    prepare(operator)
    operator.post("/operator/prepared/1/withdraw")
    world.install()
    assert "Connect your warehouse" in world.get("/").text
    assert kept(world)[0]["state"] == "withdrawn"


def test_a_hundred_preparations_a_page(world: World, operator: FlaskClient) -> None:
    with world.app.app_context():
        from app.db import database_now

        now = database_now()
        db.session.add_all(
            PreparedStore(
                domain=f"store-{number}.myshopify.com",
                label="A",
                app_url="https://wms.example.com",
                prepared_at=now,
                changed_at=now,
            )
            for number in range(130)
        )
        db.session.commit()
    page = operator.get("/operator/prepared").text
    assert page.count("Withdraw</button>") == 100
    assert "store-129." in page
    cursor = page.split("cursor=")[1].split('"')[0]
    page = operator.get(f"/operator/prepared?cursor={cursor}").text
    assert page.count("Withdraw</button>") == 30
    assert "store-0." in page


def test_what_can_no_longer_be_used_does_not_fail_the_install(
    world: World, operator: FlaskClient
) -> None:
    prepare(operator)
    with world.app.app_context():
        db.session.execute(db.text("UPDATE prepared_stores SET token = 'of another key'"))
        db.session.commit()
        shop = install(SHOP_A, TokenSet("shpat_1", None, None, None, "write_orders"))
        db.session.commit()
        assert shop.setup_done_at is None
    (row,) = kept(world)
    assert (row["state"], row["token"]) == ("failed", None)
    page = operator.get("/operator/prepared").text
    assert "Not taken over" in page
    assert "Enter the authorization token" in page


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("acme", "acme.myshopify.com"),
        (" ACME.myshopify.com ", "acme.myshopify.com"),
        ("https://acme.myshopify.com/admin/apps", "acme.myshopify.com"),
        ("https://admin.shopify.com/store/acme/orders?x=1", "acme.myshopify.com"),
        ("admin.shopify.com/store/acme", "acme.myshopify.com"),
        ("acme.example.com", "acme.example.com"),
    ],
)
def test_a_store_is_understood_as_people_copy_it(typed: str, domain: str) -> None:
    assert store_domain(typed) == domain

"""A shop comes in by token exchange or by the authorization-code grant, against the sandbox."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import db
from app.models import Owed, ScheduleSlot, Shop, ShopToken
from app.sync import alerts
from app.sync.schedule import SLOTS
from sandbox.serve import Server, serve
from sandbox.shopify import create_app as create_shopify
from tests.web.conftest import World
from tests.web.signing import KEY, SECRET

DEMO = "tagdock-demo.myshopify.com"


@pytest.fixture(scope="module")
def shopify() -> Iterator[Server]:
    """Shopify's stand-in, which knows the app under the tests' own secret."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SHOPIFY_API_KEY", KEY)
        environment.setenv("SHOPIFY_API_SECRET", SECRET)
        made = create_shopify("http://127.0.0.1:5000", ".", seed="demo")
    with serve(made) as server:
        yield server


@pytest.fixture
def world(world_with: Callable[..., World], shopify: Server) -> World:
    """The app as the stand-in knows it, freshly installed there and unknown here."""
    requests.post(f"{shopify.url}/sandbox/{DEMO}/install", timeout=60).raise_for_status()
    return world_with(shopify_origin=shopify.url)


def _token(shopify: Server) -> str:
    path = f"{shopify.url}/sandbox/{DEMO}/id-token"
    return str(requests.post(path, json={"user": "7"}, timeout=60).json()["token"])


def _open(world: World, token: str, path: str = "/") -> TestResponse:
    return world.client.get(path, headers={"Authorization": f"Bearer {token}"})


def test_the_first_page_installs_the_shop(world: World, shopify: Server) -> None:
    assert _open(world, _token(shopify)).status_code == 200
    with world.app.app_context():
        shop = db.session.query(Shop).one()
        assert (shop.domain, shop.installed) == (DEMO, True)
        stored = db.session.query(ShopToken).one()
        assert stored.access_token
        assert stored.refresh_token
        assert stored.expires_at is not None
        slots = {slot.job for slot in db.session.query(ScheduleSlot)}
        assert slots == {*(slot.name for slot in SLOTS), alerts.WATCH}
        assert db.session.query(Owed).filter_by(effect="read_shop").count() == 1
        first = stored.access_token
    assert _open(world, _token(shopify)).status_code == 200
    with world.app.app_context():
        assert db.session.query(ShopToken).one().access_token == first


def test_an_api_call_installs_too(world: World, shopify: Server) -> None:
    answer = _open(world, _token(shopify), "/api/orders/status?id=gid://shopify/Order/1")
    assert answer.status_code == 404
    with world.app.app_context():
        assert db.session.query(Shop).count() == 1


def test_what_is_granted_later_counts_at_once(world: World, shopify: Server) -> None:
    _open(world, _token(shopify))
    with world.app.app_context():
        scopes, first = _scopes(), db.session.query(ShopToken).one().access_token
        assert "write_inventory" not in scopes
    wanted = {"scopes": [*scopes, "write_inventory"]}
    requests.post(f"{shopify.url}/sandbox/{DEMO}/install", json=wanted, timeout=60)
    bearer = {"Authorization": f"Bearer {_token(shopify)}"}
    answer = world.client.post("/api/scopes", headers=bearer)
    assert (answer.status_code, "write_inventory" in answer.json["scopes"]) == (200, True)
    with world.app.app_context():
        assert "write_inventory" in _scopes()
        assert db.session.query(ShopToken).one().access_token != first
        assert db.session.query(Shop).count() == 1


def test_what_was_granted_is_kept_for_later_when_shopify_is_away(
    world_with: Callable[..., World], shopify: Server
) -> None:
    alone = world_with(shopify_origin="http://127.0.0.1:9")
    alone.install(DEMO)
    bearer = {"Authorization": f"Bearer {_token(shopify)}"}
    answer = alone.client.post("/api/scopes", headers=bearer)
    assert answer.status_code == 503
    assert "Shopify did not answer" in answer.json["error"]


def _scopes() -> list[str]:
    return str(db.session.query(Shop).one().scopes).split(",")


def test_a_shop_that_comes_back_keeps_its_first_date(world: World, shopify: Server) -> None:
    _open(world, _token(shopify))
    with world.app.app_context():
        shop = db.session.query(Shop).one()
        began = shop.installed_at
        shop.installed, shop.token = False, None
        db.session.commit()
    assert _open(world, _token(shopify)).status_code == 200
    with world.app.app_context():
        shop = db.session.query(Shop).one()
        assert (shop.installed, shop.installed_at) == (True, began)
        assert shop.token is not None


def test_shopify_being_away_is_said_and_nothing_is_half_written(
    world_with: Callable[..., World], shopify: Server
) -> None:
    alone = world_with(shopify_origin="http://127.0.0.1:9")
    page = _open(alone, _token(shopify))
    assert page.status_code == 503
    assert "Shopify did not answer." in page.text
    answer = _open(alone, _token(shopify), "/api/orders/status?id=gid://shopify/Order/1")
    assert answer.status_code == 503
    assert answer.json["error"]
    assert int(answer.headers["Retry-After"]) >= 1
    with alone.app.app_context():
        assert db.session.query(Shop).count() == 0


def test_a_shop_that_has_left_gets_no_further(world: World, shopify: Server) -> None:
    token = _token(shopify)
    requests.post(f"{shopify.url}/sandbox/{DEMO}/uninstall", timeout=60).raise_for_status()
    answer = _open(world, token, "/api/orders/status?id=gid://shopify/Order/1")
    assert answer.status_code == 401
    assert answer.json["error"]
    assert _open(world, token).status_code == 401
    with world.app.app_context():
        assert db.session.query(Shop).count() == 0


def _begin(browser: FlaskClient) -> str:
    answer = browser.get(f"/auth?shop={DEMO}")
    assert answer.status_code == 302
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    return str(answer.headers["Location"])


def _consent(address: str) -> str:
    """What Shopify's consent page sends the browser back to, as a path of the app."""
    page = requests.get(
        f"{address}&approve=1", headers={"Host": DEMO}, allow_redirects=False, timeout=60
    )
    back = urlsplit(page.headers["Location"])
    return f"{back.path}?{back.query}"


def test_the_authorization_code_grant_installs(world: World) -> None:
    browser = world.app.test_client()
    asked = _begin(browser)
    query = parse_qs(urlsplit(asked).query)
    assert query["redirect_uri"] == ["http://127.0.0.1:5000/auth/callback"]
    assert "write_orders" in query["scope"][0]
    answer = browser.get(_consent(asked))
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/store/tagdock-demo/apps/{KEY}")
    with world.app.app_context():
        shop = db.session.query(Shop).one()
        assert shop.domain == DEMO
        assert shop.token is not None
        assert shop.token.refresh_token


def test_a_callback_that_this_browser_did_not_begin_is_refused(world: World) -> None:
    browser, other = world.app.test_client(), world.app.test_client()
    back = _consent(_begin(browser))
    refused = [
        other.get(back),
        browser.get(back.replace("state=", "state=x")),
        browser.get(back.replace("tagdock-demo", "second-shop")),
        browser.get(back.replace("hmac=", "hmac=0")),
        browser.get("/auth/callback"),
        browser.get(f"/auth/callback?shop={DEMO}&code=1&state=1&hmac=1&timestamp=1"),
    ]
    assert [answer.status_code for answer in refused] == [400] * 6
    with world.app.app_context():
        assert db.session.query(Shop).count() == 0


def test_a_code_works_once(world: World) -> None:
    browser = world.app.test_client()
    back = _consent(_begin(browser))
    assert browser.get(back).status_code == 302
    assert browser.get(back).status_code == 400


@pytest.mark.parametrize(
    "shop",
    ["", "evil.example", "a.myshopify.com.evil.example", "A.myshopify.com/", "x@y.myshopify.com"],
)
def test_only_a_shopify_domain_can_begin(world: World, shop: str) -> None:
    answer = world.client.get(f"/auth?shop={shop}")
    assert answer.status_code == 400
    assert "myshopify.com" in answer.text

"""Every way to a token, against the sandbox's OAuth; odd answers from a small server."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask, Response
from shop_identity import OLD_SECRET, SECRET, SHOP, make_config

from app.config import Config
from app.errors import Rejected, TryLater
from app.shopify.client import Shopify
from app.shopify.orders import read_shop
from app.shopify.tokens import (
    SCOPES,
    authorize_url,
    client_credentials,
    exchange,
    exchange_code,
    refresh,
    validate_callback,
)
from sandbox.serve import serve


def works(token_set, config, bucket) -> bool:
    """Whether the token opens the shop."""
    client = Shopify(SHOP, token_set.access_token, config=config, bucket=bucket)
    return "write_orders" in read_shop(client).scopes


def id_token(world) -> str:
    return world.post(f"{SHOP}/id-token", {"user": "1"})["token"]


def minutes_left(moment) -> float:
    return (moment - datetime.now(UTC)).total_seconds() / 60


def test_an_id_token_is_traded_for_an_expiring_pair(world, sandbox_config, bucket, shopify):
    given = exchange(sandbox_config, SHOP, id_token(world))
    assert works(given, sandbox_config, bucket)
    assert 58 < minutes_left(given.expires_at) <= 60
    assert 89 < minutes_left(given.refresh_expires_at) / 1440 <= 90
    assert "write_orders" in given.scope.split(",")


def test_a_pair_is_renewed_and_the_old_one_works_until_the_new_one_is_used(
    world, sandbox_config, bucket, shopify
):
    first = exchange(sandbox_config, SHOP, id_token(world))
    second = refresh(sandbox_config, SHOP, first.refresh_token)
    again = refresh(sandbox_config, SHOP, first.refresh_token)
    assert works(second, sandbox_config, bucket)
    assert works(again, sandbox_config, bucket)
    refresh(sandbox_config, SHOP, again.refresh_token)
    with pytest.raises(Rejected) as refusal:
        refresh(sandbox_config, SHOP, first.refresh_token)
    assert refusal.value.code == "shopify-token-refused"


def test_client_credentials_give_a_token_without_a_refresh_token(
    world, sandbox_config, bucket, shopify
):
    given = client_credentials(sandbox_config, SHOP)
    assert works(given, sandbox_config, bucket)
    assert given.refresh_token is None
    assert given.refresh_expires_at is None
    assert given.expires_at is not None


def install_by_code(config: Config, world) -> dict[str, str]:
    """Walk the authorization page as a merchant; return the parameters of the callback."""
    address = urlsplit(authorize_url(config, SHOP, "a-state"))
    page = f"{world.url}{address.path}?{address.query}&approve=1"
    answer = requests.get(page, headers={"Host": SHOP}, allow_redirects=False, timeout=60)
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


@pytest.fixture
def installing(world, app_url) -> Config:
    """Settings of an app at the address that the sandbox knows it by."""
    return make_config(tagdock_env="sandbox", app_url=app_url, shopify_origin=world.url)


def test_the_code_of_a_signed_callback_is_traded_for_an_expiring_pair(
    world, installing, bucket, shopify
):
    params = install_by_code(installing, world)
    assert params["state"] == "a-state"
    assert validate_callback(installing, params)
    given = exchange_code(installing, SHOP, params["code"])
    assert works(given, installing, bucket)
    assert given.refresh_token
    assert 58 < minutes_left(given.expires_at) <= 60
    with pytest.raises(Rejected):
        exchange_code(installing, SHOP, params["code"])


def test_a_callback_is_good_only_as_it_was_signed(world, installing):
    params = install_by_code(installing, world)
    rotated = make_config(shopify_api_secret="shpss_new", shopify_old_api_secret=SECRET)
    stranger = make_config(shopify_api_secret=OLD_SECRET)
    assert validate_callback(rotated, params)
    assert not validate_callback(stranger, params)
    for change in (
        {"shop": "other.myshopify.com"},
        {"shop": "evil.example"},
        {"timestamp": "0"},
        {"timestamp": "soon"},
        {"hmac": "00"},
        {"hmac": "ünïcode"},
        {"code": "another"},
        {"extra": "1"},
    ):
        assert not validate_callback(installing, params | change)
    assert not validate_callback(installing, {})


def test_the_authorization_page_is_the_shops_own():
    address = urlsplit(authorize_url(make_config(), SHOP, "a-state"))
    query = parse_qs(address.query)
    assert (address.scheme, address.netloc, address.path) == (
        "https",
        SHOP,
        "/admin/oauth/authorize",
    )
    assert query["scope"] == [",".join(SCOPES)]
    assert query["redirect_uri"] == ["https://tagdock.example.com/auth/callback"]
    assert query["state"] == ["a-state"]


@pytest.mark.parametrize("shop", ["evil.example", "tagdock-demo", f"{SHOP}/x", ""])
def test_no_other_host_is_ever_asked(config, shop):
    for ask in (
        lambda: exchange(config, shop, "t"),
        lambda: exchange_code(config, shop, "c"),
        lambda: refresh(config, shop, "r"),
        lambda: client_credentials(config, shop),
        lambda: authorize_url(config, shop, "s"),
    ):
        with pytest.raises(Rejected):
            ask()


def test_a_token_of_another_shop_is_refused(world, sandbox_config):
    foreign = world.post("second-shop.myshopify.com/id-token", {"user": "1"})["token"]
    with pytest.raises(Rejected) as refusal:
        exchange(sandbox_config, SHOP, foreign)
    assert refusal.value.code == "shopify-token-refused"


def test_wrong_app_credentials_are_named(world):
    wrong = make_config(
        tagdock_env="sandbox", shopify_origin=world.url, shopify_api_secret="shpss_wrong"
    )
    with pytest.raises(Rejected, match="SHOPIFY_API_SECRET"):
        exchange(wrong, SHOP, id_token(world))
    with pytest.raises(Rejected, match="SHOPIFY_API_SECRET"):
        exchange_code(wrong, SHOP, "c")


GRANTS = {
    "exchange": lambda config: exchange(config, SHOP, "t"),
    "exchange_code": lambda config: exchange_code(config, SHOP, "c"),
    "refresh": lambda config: refresh(config, SHOP, "r"),
    "client_credentials": lambda config: client_credentials(config, SHOP),
}
ANSWERS = {
    "paced": (429, {"Retry-After": "7"}, "{}"),
    "failing": (503, {}, "<html>"),
    "no-json": (200, {}, "<html>"),
    "a-list": (200, {}, "[]"),
    "empty": (200, {}, "{}"),
}


@pytest.fixture(params=ANSWERS)
def odd(request) -> Iterator[tuple[str, Config]]:
    """Settings whose Shopify answers every grant oddly."""
    status, headers, body = ANSWERS[request.param]
    app = Flask("odd")
    app.add_url_rule(
        "/admin/oauth/access_token",
        view_func=lambda: Response(body, status, headers),
        methods=["POST"],
    )
    with serve(app) as server:
        yield request.param, make_config(tagdock_env="sandbox", shopify_origin=server.url)


@pytest.mark.parametrize("grant", GRANTS)
def test_an_odd_answer_is_tried_again_later(odd, grant):
    kind, config = odd
    with pytest.raises(TryLater) as later:
        GRANTS[grant](config)
    if kind == "paced":
        assert (later.value.wait, later.value.counts) == (7.0, False)


@pytest.mark.parametrize("grant", GRANTS)
def test_a_lost_answer_is_tried_again_later(world, sandbox_config, grant):
    world.put("faults", [{"where": "token", "do": "drop_before"}])
    with pytest.raises(TryLater):
        GRANTS[grant](sandbox_config)

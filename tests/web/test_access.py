"""Who is let in, and where the others are sent."""

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from tests.web.conftest import World
from tests.web.signing import KEY, SECRET, SHOP_A, id_token

RETRY = "X-Shopify-Retry-Invalid-Session-Request"
# Whenever this file was read, and however long ago.
LONG_AGO, FAR_OFF = 1_000_000_000, 4_000_000_000


def test_a_good_token_opens_page_and_api(shop_a: World) -> None:
    assert shop_a.get("/").status_code == 200
    assert shop_a.client.get(f"/?id_token={id_token()}").status_code == 200
    assert shop_a.get("/api/orders/status?id=gid://shopify/Order/1").status_code == 404


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": LONG_AGO},
        {"nbf": FAR_OFF},
        {"aud": "another-app"},
        {"dest": "https://shop-b.myshopify.com"},
        {"iss": "https://evil.example/admin", "dest": "https://evil.example"},
        {"exp": None},
        {"sub": None},
        {"dest": None},
        {"aud": None},
    ],
)
def test_a_bad_token_is_401_on_the_api(shop_a: World, claims: dict[str, object]) -> None:
    headers = {"Authorization": f"Bearer {id_token(SHOP_A, **claims)}"}
    answer = shop_a.client.post("/api/orders/send", json={"all": "no-sync"}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers[RETRY] == "1"
    assert answer.json["error"]


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic Zm9vOmJhcg==", "Bearer é", "x" * 5000],
)
def test_no_token_at_all_is_401_on_the_api(shop_a: World, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    answer = shop_a.client.get("/api/orders/status?id=x", headers=headers)
    assert answer.status_code == 401
    assert answer.headers[RETRY] == "1"


def test_a_token_signed_with_another_secret_or_not_at_all_is_401(shop_a: World) -> None:
    claims = jwt.decode(id_token(), SECRET, algorithms=["HS256"], audience=KEY)
    tokens = [
        id_token(secret="another-secret-another-secret-12"),
        jwt.encode(claims, None, algorithm="none"),
    ]
    for token in tokens:
        answer = shop_a.client.get(
            "/api/orders/status?id=x", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 401


def test_the_old_secret_still_opens_while_it_is_rotated(world_with: Callable[..., World]) -> None:
    old = "the-old-secret-the-old-secret-12"
    world = world_with(shopify_old_api_secret=old)
    world.install()
    headers = {"Authorization": f"Bearer {id_token(secret=old)}"}
    answer = world.client.get("/", headers=headers)
    assert answer.status_code == 200


def test_a_page_without_a_token_goes_to_fetch_one_and_comes_back(shop_a: World) -> None:
    answer = shop_a.client.get(f"/orders?state=error&shop={SHOP_A}&host=YWRtaW4&locale=it")
    assert answer.status_code == 302
    there = urlsplit(answer.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert there.path == "/auth/patch-id-token"
    assert (query["shop"], query["host"], query["locale"]) == (SHOP_A, "YWRtaW4", "it")
    back = urlsplit(query["shopify-reload"])
    assert back.path == "/orders"
    assert parse_qs(back.query)["state"] == ["error"]


def test_an_expired_token_in_the_address_is_dropped_on_the_way(shop_a: World) -> None:
    token = id_token(exp=int(time.time()) - 3600)
    answer = shop_a.client.get(f"/?shop={SHOP_A}&id_token={token}")
    assert answer.status_code == 302
    assert token not in answer.headers["Location"]


def test_the_patch_page_is_framed_by_that_shop_alone(world: World) -> None:
    answer = world.client.get(f"/auth/patch-id-token?shop={SHOP_A}&shopify-reload=%2Forders")
    assert answer.status_code == 200
    assert f"https://{SHOP_A}" in answer.headers["Content-Security-Policy"]
    assert "app-bridge.js" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "shop=evil.example&shopify-reload=%2F",
        "shop=a.myshopify.com.evil.example&shopify-reload=%2F",
        "shop=x;script-src%20*&shopify-reload=%2F",
        "shop=&shopify-reload=%2F",
        f"shop={SHOP_A}",
        f"shop={SHOP_A}&shopify-reload=https%3A%2F%2Fevil.example",
        f"shop={SHOP_A}&shopify-reload=%2F%2Fevil.example",
        f"shop={SHOP_A}&shopify-reload=%2F%5Cevil.example",
    ],
)
def test_the_patch_page_refuses_foreign_shops_and_ways_back(world: World, query: str) -> None:
    answer = world.client.get(f"/auth/patch-id-token?{query}")
    assert answer.status_code == 400
    assert "evil" not in answer.headers["Content-Security-Policy"]


def test_a_page_that_no_shop_asked_for_says_where_to_begin(world: World) -> None:
    for path in ("/", "/?shop=evil.example", "/orders?shop=%00"):
        answer = world.client.get(path)
        assert answer.status_code == 401
        assert "Shopify admin" in answer.text


def test_the_policy_names_the_shop_of_the_token_not_of_the_address(shop_a: World) -> None:
    answer = shop_a.get("/?shop=shop-b.myshopify.com")
    policy = answer.headers["Content-Security-Policy"]
    frames = next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))
    assert frames.split() == [
        "frame-ancestors",
        f"https://{SHOP_A}",
        "https://admin.shopify.com",
        "http://127.0.0.1:9",
    ]
    assert "shop-b" not in answer.text


def test_links_carry_shop_and_host_on(shop_a: World) -> None:
    answer = shop_a.get("/?shop=ignored&host=YWRtaW4&locale=en")
    assert f"/orders?shop={SHOP_A}&amp;host=YWRtaW4&amp;locale=en" in answer.text
    assert "<script>alert" not in shop_a.get("/?host=%3Cscript%3Ealert").text


def test_pages_are_kept_out_of_caches(shop_a: World) -> None:
    assert "no-store" in shop_a.get("/").headers["Cache-Control"]


def test_an_extension_may_ask_from_origin_null(shop_a: World) -> None:
    preflight = shop_a.client.open(
        "/api/orders/send",
        method="OPTIONS",
        headers={
            "Origin": "null",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert preflight.status_code == 204
    allowed = preflight.headers["Access-Control-Allow-Headers"].lower()
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "authorization" in allowed
    assert "content-type" in allowed
    refused = shop_a.client.get("/api/orders/status?id=x", headers={"Origin": "null"})
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in shop_a.get("/").headers

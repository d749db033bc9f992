"""Installing and getting tokens, by each of Shopify's ways."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from shopify_stand_in import OTHER, SECRET, SHOP, Client

from sandbox.shopify.oauth import sign_query

TOKEN = "/admin/oauth/access_token"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
CREDENTIALS = {"client_id": "tagdock-sandbox-key", "client_secret": SECRET}


def ask(client: Client, shop: str = SHOP, **form: Any) -> Any:
    return client.at_shop("POST", TOKEN, shop, json=CREDENTIALS | form)


def exchange(client: Client, token: str, shop: str = SHOP, **form: Any) -> Any:
    usual = {
        "grant_type": EXCHANGE,
        "subject_token": token,
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "requested_token_type": OFFLINE,
        "expiring": "1",
    }
    return ask(client, shop, **(usual | form))


def id_token(client: Client, shop: str = SHOP, **claims: Any) -> str:
    body = {"user": "42", "claims": claims}
    return str(client.control("POST", f"{shop}/id-token", body)["token"])


def works(client: Client, token: str, shop: str = SHOP) -> bool:
    client.token = token
    return client.raw("{ shop { id } }", shop=shop).status_code == 200


def test_an_id_token_is_exchanged_for_an_expiring_pair(client: Client) -> None:
    answer = exchange(client, id_token(client)).json()
    assert answer["expires_in"] == 3600
    assert answer["refresh_token_expires_in"] == 90 * 24 * 3600
    assert "write_orders" in answer["scope"].split(",")
    assert works(client, answer["access_token"])
    assert client.ledger("token")[-1]["grant"] == EXCHANGE


def test_an_id_token_says_who_and_where(client: Client) -> None:
    claims = jwt.decode(
        id_token(client), CREDENTIALS["client_secret"], ["HS256"], audience="tagdock-sandbox-key"
    )
    assert claims["dest"] == f"https://{SHOP}"
    assert claims["iss"] == f"https://{SHOP}/admin"
    assert claims["sub"] == "42"
    assert set(claims) == {"iss", "dest", "aud", "sub", "exp", "nbf", "iat", "jti", "sid"}


@pytest.mark.parametrize(
    "claims",
    [{"exp": 1}, {"aud": "another"}, {"dest": f"https://{OTHER}"}, {"nbf": 9_999_999_999}],
)
def test_a_wrong_id_token_is_refused(client: Client, claims: dict[str, Any]) -> None:
    answer = exchange(client, id_token(client, **claims))
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_subject_token"
    forged = jwt.encode({"aud": "tagdock-sandbox-key"}, "x" * 32, "HS256")
    assert exchange(client, forged).json()["error"] == "invalid_subject_token"


def test_without_expiring_the_token_is_fixed_and_always_the_same(client: Client) -> None:
    first = exchange(client, id_token(client), expiring="0").json()
    assert set(first) == {"access_token", "scope"}
    assert exchange(client, id_token(client), expiring="0").json() == first


def test_an_online_token_is_for_a_day(client: Client) -> None:
    answer = exchange(client, id_token(client), requested_token_type=ONLINE).json()
    assert answer["expires_in"] == 86_400
    assert works(client, answer["access_token"])


def online(client: Client, user: str, shop: str = SHOP) -> Any:
    token = client.control("POST", f"{shop}/id-token", {"user": user})["token"]
    return exchange(client, str(token), shop, requested_token_type=ONLINE)


def test_an_online_token_names_the_person(client: Client) -> None:
    answer = online(client, "7").json()
    assert set(answer) == {
        "access_token",
        "scope",
        "expires_in",
        "associated_user_scope",
        "associated_user",
    }
    assert answer["associated_user"] == {
        "id": 7,
        "first_name": "Anna",
        "last_name": "Bianchi",
        "email": "anna@example.com",
        "account_owner": False,
        "locale": "it",
        "collaborator": False,
        "email_verified": True,
    }
    assert online(client, "1").json()["associated_user"]["account_owner"] is True


def test_nobody_elses_token_can_be_exchanged_for_an_online_one(client: Client) -> None:
    answer = online(client, "99")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_subject_token")


def test_people_are_hired_and_renamed_at_one_shop(client: Client) -> None:
    person = {"id": 99, "first_name": "Ines", "last_name": "Ohm", "locale": "de"}
    client.control("POST", f"{SHOP}/staff", person)
    client.control("POST", f"{SHOP}/staff", {"id": 7, "first_name": "Anna", "last_name": "Ohm"})
    assert online(client, "99").json()["associated_user"]["first_name"] == "Ines"
    assert online(client, "7").json()["associated_user"]["last_name"] == "Ohm"
    client.control("POST", "second-shop/install")
    assert online(client, "7", OTHER).json()["associated_user"]["last_name"] == "Bianchi"
    people = client.control("GET", f"{SHOP}/staff")
    assert [one["id"] for one in people] == [1, 7, 8, 42, 99]


def test_exchange_needs_an_installed_app(client: Client) -> None:
    answer = exchange(client, id_token(client, OTHER), OTHER)
    assert (answer.status_code, answer.json()["error"]) == (400, "app_not_installed")
    client.control("POST", "second-shop/install")
    pair = exchange(client, id_token(client, OTHER), OTHER).json()
    assert works(client, pair["access_token"], OTHER)
    assert not works(client, pair["access_token"], SHOP)


def test_tokens_expire_and_are_refreshed(client: Client) -> None:
    client.settings(token_seconds=0)
    pair = exchange(client, id_token(client)).json()
    assert not works(client, pair["access_token"])
    client.settings(token_seconds=3600)
    fresh = ask(client, grant_type="refresh_token", refresh_token=pair["refresh_token"]).json()
    assert fresh["refresh_token"] != pair["refresh_token"]
    assert works(client, fresh["access_token"])


def test_a_refresh_token_works_until_its_successor_is_used(client: Client) -> None:
    def refresh(text: str) -> Any:
        return ask(client, grant_type="refresh_token", refresh_token=text)

    first = exchange(client, id_token(client)).json()["refresh_token"]
    lost = refresh(first).json()["refresh_token"]
    again = refresh(first).json()["refresh_token"]
    assert lost != again
    assert refresh(again).status_code == 200
    refused = refresh(first)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert refresh("nonsense").json()["error"] == "invalid_grant"


def test_a_refresh_token_belongs_to_its_shop(client: Client) -> None:
    refresh = exchange(client, id_token(client)).json()["refresh_token"]
    answer = ask(client, OTHER, grant_type="refresh_token", refresh_token=refresh)
    assert answer.json()["error"] == "invalid_grant"


def test_client_credentials(client: Client) -> None:
    answer = ask(client, grant_type="client_credentials").json()
    assert answer["expires_in"] == 3599
    assert works(client, answer["access_token"])
    assert ask(client, OTHER, grant_type="client_credentials").json()["error"] == (
        "shop_not_permitted"
    )


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": "x"}, "application_cannot_be_found"),
        ({"client_secret": "x"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": "x"}, "invalid_request"),
    ],
)
def test_refusals_name_their_reason(client: Client, form: dict[str, str], error: str) -> None:
    answer = ask(client, **form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def authorize(client: Client, **more: str) -> Any:
    query = {
        "client_id": "tagdock-sandbox-key",
        "scope": "write_orders,read_products",
        "redirect_uri": f"{client.world.app.url}/auth/callback",
        "state": "abc",
    }
    return client.at_shop("GET", "/admin/oauth/authorize", params=query | more)


def test_the_consent_page_names_the_scopes_and_goes_back_signed(client: Client) -> None:
    page = authorize(client)
    assert page.status_code == 200
    assert "<li>write_orders</li>" in page.text
    began = int(time.time())
    back = authorize(client, approve="1")
    assert back.status_code == 302
    target = urlsplit(back.headers["Location"])
    assert target._replace(query="").geturl() == f"{client.world.app.url}/auth/callback"
    query = {key: values[0] for key, values in parse_qs(target.query).items()}
    signature = query.pop("hmac")
    assert signature == sign_query(CREDENTIALS["client_secret"], query)
    assert (query["shop"], query["state"]) == (SHOP, "abc")
    assert began <= int(query["timestamp"]) <= time.time()
    pair = ask(client, code=query["code"], expiring="1").json()
    assert pair["scope"] == "read_products,write_orders"
    assert works(client, pair["access_token"])
    assert ask(client, code=query["code"]).json()["error"] == "invalid_request"


def test_a_code_without_expiring_gives_a_fixed_token(client: Client) -> None:
    back = authorize(client, approve="1")
    code = parse_qs(urlsplit(back.headers["Location"]).query)["code"][0]
    assert set(ask(client, code=code).json()) == {"access_token", "scope"}


def test_the_consent_page_refuses_strangers(client: Client) -> None:
    assert authorize(client, client_id="x").status_code == 400
    refused = authorize(client, redirect_uri="https://evil.example.com/")
    assert refused.status_code == 400
    assert "redirect_uri is not whitelisted" in refused.text


def test_tokens_can_be_revoked(client: Client) -> None:
    pair = exchange(client, id_token(client)).json()
    client.control("DELETE", f"{SHOP}/tokens?refresh=0")
    assert not works(client, pair["access_token"])
    form = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    assert ask(client, **form).status_code == 200
    client.control("DELETE", f"{SHOP}/tokens")
    assert ask(client, **form).status_code == 400


def test_an_app_can_remove_itself(client: Client) -> None:
    path = "/admin/api_permissions/current.json"
    headers = {"X-Shopify-Access-Token": client.token}
    assert client.at_shop("DELETE", path, headers=headers).status_code == 200
    assert client.at_shop("DELETE", path, headers=headers).status_code == 401
    shops = {shop["domain"]: shop for shop in client.control("GET", "shops")}
    assert not shops[SHOP]["installed"]

"""More scopes for the app, and fewer, while it is installed."""

from shopify_stand_in import SCOPES, SHOP, Client

REQUIRED = sorted(SCOPES.split(","))
WITH_INVENTORY = sorted([*REQUIRED, "write_inventory"])
MAY = "{ currentAppInstallation { accessScopes { handle } } }"


def _granted(client: Client) -> list[str]:
    return list(client.control("GET", f"{SHOP}/scopes")["granted"])


def _may(client: Client, scope: str) -> bool:
    """Whether the token that the client uses opens a scope."""
    rows = client.graphql(MAY)["data"]["currentAppInstallation"]["accessScopes"]
    return scope in [row["handle"] for row in rows]


def _fixed(client: Client) -> str:
    return str(client.control("POST", f"{SHOP}/tokens")["access_token"])


def test_what_is_granted_required_and_optional_is_listed(client: Client) -> None:
    told = {"granted": REQUIRED, "required": REQUIRED, "optional": ["write_inventory"]}
    assert client.control("GET", f"{SHOP}/scopes") == told


def test_a_grant_is_announced_and_only_new_tokens_have_it(client: Client) -> None:
    answer = client.control("POST", f"{SHOP}/scopes", {"grant": ["write_inventory"]})
    assert answer["granted"] == WITH_INVENTORY
    client.quiet()
    (changed,) = client.inbox.of("app/scopes_update")
    assert (changed.json["previous"], changed.json["current"]) == (REQUIRED, WITH_INVENTORY)
    assert not _may(client, "write_inventory")
    client.token = _fixed(client)
    assert _may(client, "write_inventory")


def test_what_is_taken_back_every_token_loses(client: Client) -> None:
    client.control("POST", f"{SHOP}/scopes", {"grant": ["write_inventory"]})
    client.token = _fixed(client)
    assert _may(client, "write_inventory")
    client.control("POST", f"{SHOP}/scopes", {"revoke": ["write_inventory"]})
    assert _granted(client) == REQUIRED
    assert not _may(client, "write_inventory")
    assert _may(client, "write_orders")


def test_scopes_that_can_not_be_granted_or_taken_back_are_named(client: Client) -> None:
    path = f"{SHOP}/scopes"
    wrong = client.control("POST", path, {"grant": ["write_inventory", "write_themes"]}, 422)
    assert wrong["error"] == "These scopes are not in the app's configuration: write_themes."
    wrong = client.control("POST", path, {"revoke": ["write_orders"]}, 422)
    assert wrong["error"] == "These scopes are required by the app's configuration: write_orders."
    wrong = client.control("POST", path, {"revoke": ["write_inventory"]}, 422)
    assert wrong["error"] == "These scopes are not granted: write_inventory."
    assert _granted(client) == REQUIRED


def test_without_the_app_nothing_is_granted(client: Client) -> None:
    client.control("POST", f"{SHOP}/uninstall")
    wrong = client.control("POST", f"{SHOP}/scopes", {"grant": ["write_inventory"]}, 422)
    assert wrong["error"] == f"The app is not installed in {SHOP}."

"""ENCRYPTION_KEYS: what no key opens is said, and every secret comes under the first key."""

from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from app.config import Config
from app.db import db
from app.models import Connection, PreparedStore, ShopToken
from app.sync import secret_keys
from app.sync.preparing import Preparation, prepare
from tests.web.conftest import ACCESS_TOKEN, CALLBACK_SECRET, WMS_TOKEN, World
from tests.web.signing import SHOP_A

NEW_KEY = Fernet.generate_key().decode()
LACKS = "ENCRYPTION_KEYS lacks the key"
CONNECTION = {"label": "Acme WMS", "app_url": "http://127.0.0.1:9/c/1", "token": "typed-again"}
OPERATOR_TOKEN = "open sesame, please"
COMING = "coming.myshopify.com"


@pytest.fixture
def old_key(config: Config) -> str:
    """The key that everything of ``shop_a`` is stored with."""
    return config.encryption_keys[0]


def _prepare(world: World) -> None:
    with world.app.app_context():
        address = CONNECTION["app_url"]
        assert prepare(Preparation(COMING, "Acme", address, WMS_TOKEN, True, {})) is None
        db.session.commit()


def _secrets(world: World) -> list[str | None]:
    """All that is stored in secret, as the app reads it."""
    columns = (Connection.token, Connection.callback_secret, ShopToken.access_token)
    with world.app.app_context():
        found = [each for column in columns for each in db.session.scalars(db.select(column))]
        return [*found, *db.session.scalars(db.select(PreparedStore.token))]


def _ciphertexts(world: World) -> list[str]:
    with world.app.app_context():
        query = "SELECT token FROM connections UNION SELECT access_token FROM shop_tokens"
        return sorted(db.session.scalars(text(query)))


def _admit(world: World) -> None:
    """Give the shop a token under the present key, as opening the app does."""
    world.install()


def _rotate(world: World, *options: str) -> tuple[int, str]:
    done = world.app.test_cli_runner().invoke(args=["rotate-keys", *options])
    return done.exit_code, done.output


def test_home_says_that_the_stored_token_cannot_be_read(
    shop_a: World, world_with: Callable[..., World], old_key: str
) -> None:
    assert "Connection established" in shop_a.get("/").text
    changed = world_with(encryption_keys=(NEW_KEY,))
    _admit(changed)
    page = changed.get("/").text
    assert "Connection established" not in page
    assert 'tone="critical" heading="The stored token can&#39;t be read any more"' in page
    assert "ENCRYPTION_KEYS" in page
    assert ">Token unreadable<" in page
    assert "The stored token can&#39;t be read" in changed.get("/orders").text
    tested = changed.ask("POST", "/api/connection/test")
    assert (tested.status_code, tested.json["code"]) == (409, "locked")
    switched = changed.ask("PUT", "/api/connection", json={"automatic": True}).json
    assert (switched["status"], switched["token_stored"]) == ("locked", False)
    restored = world_with(encryption_keys=(NEW_KEY, old_key))
    assert "Connection established" in restored.get("/").text


def test_operators_see_the_stores_that_are_locked(
    shop_a: World, world_with: Callable[..., World]
) -> None:
    operator = world_with(encryption_keys=(NEW_KEY,), operator_token=OPERATOR_TOKEN)
    headers = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
    assert ">Token unreadable</span>" in operator.client.get("/operator", headers=headers).text
    file = operator.client.get("/operator/stores.csv", headers=headers).text
    assert ",locked," in file.splitlines()[1]


def test_an_order_says_why_it_waits(shop_a: World, world_with: Callable[..., World]) -> None:
    shop_a.order(1001)
    changed = world_with(encryption_keys=(NEW_KEY,))
    _admit(changed)
    told = changed.get("/api/orders/status?id=gid://shopify/Order/1001").json
    assert told["connection"] == "locked"
    said = "The stored token can't be read any more. Enter it again in Settings."
    assert said in [gate["message"] for gate in told["gates"]]


def test_a_token_that_is_typed_again_mends_it(
    shop_a: World, world_with: Callable[..., World]
) -> None:
    changed = world_with(encryption_keys=(NEW_KEY,))
    _admit(changed)
    kept = {key: value for key, value in CONNECTION.items() if key != "token"}
    assert changed.ask("PUT", "/api/connection", json=kept).status_code == 422
    saved = changed.ask("PUT", "/api/connection", json=CONNECTION).json
    assert (saved["status"], saved["token_stored"]) == ("never_tested", True)
    assert "can&#39;t be read" not in changed.get("/").text


def test_disconnecting_takes_away_what_cannot_be_read(
    shop_a: World, world_with: Callable[..., World]
) -> None:
    changed = world_with(encryption_keys=(NEW_KEY,))
    _admit(changed)
    gone = changed.ask("DELETE", "/api/connection").json
    assert gone["status"] == "never_tested"
    assert changed.client.get("/readyz").json["secrets"] == "ok"


def test_readyz_names_the_column_until_the_key_is_back(
    shop_a: World, world_with: Callable[..., World], old_key: str
) -> None:
    changed = world_with(encryption_keys=(NEW_KEY,))
    _admit(changed)
    for _again in range(2):
        answer = changed.client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json["secrets"].startswith(f"{LACKS} of what is stored in connections.token.")
    changed.ask("PUT", "/api/connection", json=CONNECTION)
    assert "connections.callback_secret" in changed.client.get("/readyz").json["secrets"]
    restored = world_with(encryption_keys=(NEW_KEY, old_key))
    assert restored.client.get("/readyz").json["secrets"] == "ok"


def test_a_process_says_so_when_it_begins(
    shop_a: World, world_with: Callable[..., World], capsys: pytest.CaptureFixture[str]
) -> None:
    with shop_a.app.app_context():
        secret_keys.tell_at_boot()
    assert capsys.readouterr().err == ""
    with world_with(encryption_keys=(NEW_KEY,)).app.app_context():
        secret_keys.tell_at_boot()
    assert capsys.readouterr().err.startswith(LACKS)


def test_rotation_ends_with_the_old_key_gone(
    shop_a: World,
    world_with: Callable[..., World],
    old_key: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secret_keys, "_PAGE", 2)
    for name in ("b", "c", "d"):
        shop_a.install(f"{name}.myshopify.com")
    _prepare(shop_a)
    before = _secrets(shop_a)
    assert set(before) == {WMS_TOKEN, CALLBACK_SECRET, ACCESS_TOKEN}
    both = world_with(encryption_keys=(NEW_KEY, old_key))
    code, said = _rotate(both)
    assert (code, said) == (0, said)
    assert "shop_tokens.access_token: 4 written anew, 0 already under the first key" in said
    assert said.endswith("All are under the first key: the others may be dropped.\n")
    written = _ciphertexts(both)
    code, said = _rotate(both)
    assert (code, _ciphertexts(both)) == (0, written)
    assert "shop_tokens.access_token: 0 written anew, 4 already under the first key" in said
    alone = world_with(encryption_keys=(NEW_KEY,))
    assert _secrets(alone) == before
    assert alone.client.get("/readyz").status_code == 200


def test_rotation_names_what_no_key_opens_and_does_the_rest(
    shop_a: World, world_with: Callable[..., World]
) -> None:
    changed = world_with(encryption_keys=(NEW_KEY,))
    _admit(changed)
    newest = Fernet.generate_key().decode()
    world = world_with(encryption_keys=(newest, NEW_KEY))
    code, said = _rotate(world)
    assert code == 1
    assert f"under the first key, 1 unreadable\n  unreadable: {SHOP_A}\n" in said
    assert "shop_tokens.access_token: 1 written anew" in said
    assert f"Error: {LACKS} of what is stored in connections.token, connections." in said
    code, said = _rotate(world, "--forget")
    assert (code, said) == (0, said)
    assert world.client.get("/readyz").status_code == 200
    assert "Connection not tested" not in world.get("/").text
    assert "Never tested" in world.get("/").text
    assert _secrets(world_with(encryption_keys=(newest,))) == [None, None, ACCESS_TOKEN]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_rotation_needs_a_migrated_database(
    world_with: Callable[..., World], tmp_path: object
) -> None:
    code, said = _rotate(world_with(database_url=f"sqlite:///{tmp_path}/empty.db"))
    assert code == 1
    assert "flask --app wsgi db upgrade" in said

"""ENCRYPTION_KEYS lacks a key: orders wait, and go once the key is back or the token is typed."""

import pytest
from cryptography.fernet import Fernet

from app.db import Secret, session
from app.models import Connection, Owed
from tests.sync.processes import WEB, begin_process
from tests.world import SHOP, World

NEW_KEY = Fernet.generate_key().decode()
LACKS = "ENCRYPTION_KEYS lacks the key of what is stored in connections.token."


def use(world: World, *keys: str) -> None:
    """Go on as after a restart with these keys; staff open the app."""
    Secret.unlock(keys)
    page = world.http.call("GET", "/", params={"shop": SHOP, "id_token": world.id_token()})
    assert page.status_code == 200


def old_key(world: World) -> str:
    return str(world.app.config["TAGDOCK"].encryption_keys[0])


def given_up(world: World) -> int:
    with world.app.app_context():
        found = session().query(Owed).filter(Owed.dead_at.is_not(None)).count()
        session().rollback()
        return found


def waiting_order(world: World) -> str:
    """An order that was placed while the key is missing."""
    gid = world.order()
    world.settle()
    assert world.state_tags(gid) == ["wms-no-sync"]
    assert world.applied() == []
    assert given_up(world) == 0
    return gid


def test_orders_go_once_the_key_is_back(shop: World) -> None:
    use(shop, NEW_KEY)
    gid = waiting_order(shop)
    use(shop, NEW_KEY, old_key(shop))
    shop.send(gid)
    shop.settle()
    assert shop.state_tags(gid) == ["wms-synced"]


def test_orders_go_once_the_token_is_typed_again(shop: World) -> None:
    use(shop, NEW_KEY)
    gid = waiting_order(shop)
    shop.api("PUT", "/api/connection", token=shop.connector["token"])
    assert shop.api("POST", "/api/connection/test")["ok"]
    shop.settle()
    assert shop.state_tags(gid) == ["wms-synced"]


def test_a_callback_secret_that_no_key_opens_is_made_anew(shop: World) -> None:
    with shop.app.app_context():
        connection = session().query(Connection).one()
        before = connection.callback_secret
        Secret.unlock((NEW_KEY,))
        connection.callback_secret = "whsec_bG9zdA=="
        session().commit()
        Secret.unlock((old_key(shop),))
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.settle()
    with shop.app.app_context():
        found = session().query(Connection.callback_secret).scalar()
        session().rollback()
    assert found
    assert found != before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_web_begins_with_the_sentence(shop: World, database_url: str, redis_url: str) -> None:
    done = begin_process(WEB, database_url, redis_url)
    assert done.returncode == 0
    assert done.stderr.startswith(LACKS)
    assert len(done.stderr.splitlines()) == 1

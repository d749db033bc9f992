"""What was asked before the connection was changed says nothing of the connection there is now."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask, Response, request

from app.db import session
from app.models import Connection, Shop
from app.sync import connect
from sandbox.serve import Server
from tests.world import PATIENCE, World

CHANGED = "The connection was changed meanwhile. Test it again."
KEPT = ("Authorization", "Content-Type", "Idempotency-Key")


class Front:
    """Stands before the warehouse: a request to the path ``at`` is passed on once ``meanwhile``
    happened."""

    def __init__(self, warehouse: str) -> None:
        self.at = ""
        self.meanwhile: Callable[[], object] | None = None
        self._warehouse = warehouse
        self.app = Flask(__name__)
        self.app.add_url_rule(
            "/<path:path>", view_func=self._pass_on, methods=["GET", "POST", "PUT"]
        )

    def interrupt(self, at: str, meanwhile: Callable[[], object]) -> None:
        """Let something happen during the next request to a path."""
        self.at, self.meanwhile = at, meanwhile

    def _pass_on(self, path: str) -> Response:
        if self.meanwhile and path.endswith(self.at):
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        headers = {name: request.headers[name] for name in KEPT if name in request.headers}
        url = f"{self._warehouse}/{path}"
        answer = requests.request(
            request.method,
            url,
            params=request.args.to_dict(),
            headers=headers,
            data=request.data,
            timeout=PATIENCE,
        )
        kind = answer.headers.get("Content-Type", "")
        return Response(answer.content, answer.status_code, content_type=kind)


@pytest.fixture
def front(world: World) -> Iterator[Front]:
    """The shop is connected by way of it, and the connection established."""
    front = Front(world.wms.base)
    with Server(front.app, "127.0.0.1", 0) as server:
        save(world, server.url + urlsplit(world.connector["app_url"]).path)
        assert world.api("POST", "/api/connection/test")["ok"]
        world.settle()
        yield front


def save(world: World, app_url: str, token: str = "", *, automatic: bool = False) -> None:
    """Change the connection as a person does."""
    token = token or world.connector["token"]
    world.api(
        "PUT", "/api/connection", label="W", app_url=app_url, token=token, automatic=automatic
    )


def rotated(world: World) -> str:
    """The token that the warehouse takes now, instead of the one it took."""
    path = f"/sandbox/connectors/{world.connector['id']}/rotate-token"
    return str(world.wms.ask("POST", path)["token"])


def by_hand(world: World) -> None:
    """A person tests the connection, and is told that it was changed meanwhile."""
    verdict = world.api("POST", "/api/connection/test")
    assert (verdict["ok"], verdict["status"], verdict["message"]) == (
        False,
        "never_tested",
        CHANGED,
    )


def by_itself(world: World) -> None:
    """The connection is asked what it can do by now."""
    with world.app.app_context():
        connect.owe_look(session().query(Shop.id).scalar())
        session().commit()
    world.drain()


def status(world: World) -> str:
    """The status of the only connection."""
    with world.app.app_context():
        found = session().query(Connection.status).scalar()
        session().rollback()
        return str(found)


@pytest.mark.parametrize("tested", [by_hand, by_itself], ids=["by-hand", "by-itself"])
@pytest.mark.parametrize("answer", ["yes", "token-refused"])
def test_the_old_address_says_nothing_of_the_new_one(
    world: World, front: Front, tested: Callable[[World], None], answer: str
) -> None:
    world.order()
    world.settle()

    def changed() -> None:
        save(world, world.connector["app_url"], automatic=True)
        if answer == "token-refused":
            rotated(world)

    front.interrupt("/connection", changed)
    tested(world)
    assert front.meanwhile is None, "it was changed while the old one was asked"
    assert status(world) == "never_tested"
    world.settle()
    assert world.applied() == [], "nothing goes to a warehouse that nobody has tested"
    assert status(world) == "never_tested"


def test_the_refusal_of_an_old_token_does_not_pause_the_new_one(world: World, front: Front) -> None:
    with world.app.app_context():
        address = str(session().query(Connection.app_url).scalar())
        session().rollback()

    def changed() -> None:
        save(world, address, rotated(world))
        assert world.api("POST", "/api/connection/test")["ok"]

    front.interrupt("/cancellations", changed)
    world.api("POST", "/api/jobs/cancellations/run")
    world.settle()
    assert front.meanwhile is None, "it was changed while the old one was asked"
    assert status(world) == "established"

"""The warehouse's callbacks."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from app.db import db
from app.models import Batch, InboxItem, Owed, Shop
from app.models.batch import ANSWERED, RUNNING
from tests.web.conftest import CALLBACK_SECRET, World
from tests.web.signing import SHOP_A


def _signed(
    body: bytes, *, secret: str = CALLBACK_SECRET, message: str = "m-1", at: datetime | None = None
) -> dict[str, str]:
    moment = at or datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, moment, body.decode()),
    }


JOB = str(uuid.uuid4())
BODY = json.dumps(
    {
        "type": "job.finished",
        "timestamp": "2026-11-21T10:00:00Z",
        "data": {"job_id": JOB},
    }
).encode()


@pytest.fixture
def connected(world: World) -> tuple[World, str]:
    """A shop, and the address its warehouse calls back."""
    world.install()
    return world, f"/wms/callbacks/{world.connect()}"


def _stored(world: World) -> int:
    with world.app.app_context():
        return db.session.query(InboxItem).filter_by(source="wms").count()


def test_a_callback_is_stored_once(connected: tuple[World, str]) -> None:
    world, path = connected
    for _ in range(3):
        answer = world.client.post(path, data=BODY, headers=_signed(BODY))
        assert (answer.status_code, answer.data) == (204, b"")
    assert _stored(world) == 1


def _owed(world: World) -> list[tuple[str, str]]:
    with world.app.app_context():
        return [(owed.effect, owed.subject_id) for owed in db.session.query(Owed)]


def _sent(world: World, path: str, state: str) -> str:
    """Write a batch down whose job the callback is about; returns its id."""
    with world.app.app_context():
        shop = db.session.query(Shop).filter_by(domain=SHOP_A).one()
        batch = Batch(
            id=str(uuid.uuid4()),
            shop_id=shop.id,
            connection_id=path.rpartition("/")[2],
            generation=1,
            state=state,
            body=b"",
            job_id=JOB,
            created_at=datetime.now(UTC),
        )
        db.session.add(batch)
        db.session.commit()
        return batch.id


def test_a_callback_for_a_job_we_do_not_know_yet_is_kept(connected: tuple[World, str]) -> None:
    world, path = connected
    before = _owed(world)
    assert world.client.post(path, data=BODY, headers=_signed(BODY)).status_code == 204
    assert _stored(world) == 1
    assert _owed(world) == before


def test_a_callback_owes_a_look_at_its_job_once(connected: tuple[World, str]) -> None:
    world, path = connected
    before = _owed(world)
    batch_id = _sent(world, path, RUNNING)
    for _ in range(2):
        assert world.client.post(path, data=BODY, headers=_signed(BODY)).status_code == 204
    assert sorted(_owed(world)) == sorted([*before, ("confirm", batch_id)])
    with world.app.app_context():
        owed = db.session.query(Owed).filter_by(subject_id=batch_id).one()
        assert owed.owed_seq == 1


def test_a_callback_of_a_job_that_is_over_owes_nothing(connected: tuple[World, str]) -> None:
    world, path = connected
    before = _owed(world)
    _sent(world, path, ANSWERED)
    assert world.client.post(path, data=BODY, headers=_signed(BODY)).status_code == 204
    assert _owed(world) == before


def test_a_callback_that_is_not_proven_is_401(connected: tuple[World, str]) -> None:
    world, path = connected
    other = "whsec_" + "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE="
    late = datetime.now(UTC) - timedelta(minutes=6)
    for headers in (
        {},
        _signed(BODY, secret=other),
        _signed(BODY, at=late),
        {**_signed(BODY), "webhook-id": "m-2"},
        {**_signed(BODY), "webhook-timestamp": "soon"},
    ):
        assert world.client.post(path, data=BODY, headers=headers).status_code == 401
    changed = BODY.replace(b"job.finished", b"job.finisheD")
    assert world.client.post(path, data=changed, headers=_signed(BODY)).status_code == 401
    assert _stored(world) == 0


def test_a_connection_without_a_secret_takes_nothing(world: World) -> None:
    world.install()
    path = f"/wms/callbacks/{world.connect(callback_secret=None)}"
    assert world.client.post(path, data=BODY, headers=_signed(BODY)).status_code == 401


@pytest.mark.parametrize("connection", [str(uuid.UUID(int=1)), "1", "x" * 36, "%00" * 36, "é" * 36])
def test_an_unknown_connection_is_404(connected: tuple[World, str], connection: str) -> None:
    world, _ = connected
    path = f"/wms/callbacks/{connection}"
    assert world.client.post(path, data=BODY, headers=_signed(BODY)).status_code == 404


def test_a_shop_that_has_left_is_404(connected: tuple[World, str]) -> None:
    world, path = connected
    with world.app.app_context():
        db.session.query(Shop).filter_by(domain=SHOP_A).update({"installed": False})
        db.session.commit()
    assert world.client.post(path, data=BODY, headers=_signed(BODY)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{",
        b"{}",
        b'{"type": 1}',
        b'{"type": "' + b"x" * 200 + b'"}',
        b'{"type": "job.finished", "data": {"job_id": "\\u0000"}}',
        b'{"type": "job.finished", "data": {"job_id": 5}}',
        b'{"type": "job.finished", "data": {}}',
        b'{"type": "something.new", "data": {"a": [1, {"b": null}]}}',
    ],
)
def test_a_proven_body_that_makes_no_sense_never_breaks(
    connected: tuple[World, str], body: bytes
) -> None:
    world, path = connected
    status = world.client.post(path, data=body, headers=_signed(body)).status_code
    assert status in (204, 422)


def test_an_endless_id_is_refused(connected: tuple[World, str]) -> None:
    world, path = connected
    headers = _signed(BODY, message="m" * 200)
    assert world.client.post(path, data=BODY, headers=headers).status_code in (401, 422)
    assert _stored(world) == 0

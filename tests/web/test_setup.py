"""The wizard: which step is shown, what is kept, and what it tells."""

import re
from typing import Any

import pytest

from app.db import db
from app.models import Connection, Shop
from tests.web.conftest import World

TITLES = (
    "Connect your warehouse",
    "Locations",
    "Order rules",
    "Fulfilment and stock",
    "Finish",
)


def _step(world: World, query: str = "") -> int:
    page = world.get(f"/setup{query}").text
    found = re.search(r"<s-heading data-focus>Step (\d) of 5: ([^<]*)<", page)
    assert found is not None
    assert found[2] == TITLES[int(found[1]) - 1]
    return int(found[1])


def _keep(world: World, **body: Any) -> Any:
    return world.ask("PUT", "/api/setup", json=body)


def test_it_begins_at_the_first_step_and_none_can_be_skipped(world: World) -> None:
    world.install()
    assert [_step(world, f"?step={step}") for step in range(1, 6)] == [1] * 5
    assert _step(world) == 1


def test_it_goes_on_where_it_was_left_and_the_way_back_is_open(shop_a: World) -> None:
    for step in range(2, 6):
        assert _keep(shop_a, step=step).json == {"step": step, "done": False}
        assert _step(shop_a) == step
        assert [_step(shop_a, f"?step={back}") for back in range(1, step + 1)] == [
            *range(1, step + 1)
        ]
    assert _keep(shop_a, step=2).json["step"] == 5


@pytest.mark.parametrize("query", ["?step=0", "?step=6", "?step=x", "?step=²", "?step="])
def test_a_step_that_is_none_leads_to_where_one_is(shop_a: World, query: str) -> None:
    _keep(shop_a, step=3)
    assert _step(shop_a, query) == 3


def test_a_connection_that_works_is_the_first_step(world: World) -> None:
    world.install()
    world.connect(status="never_tested")
    assert _step(world) == 1
    with world.app.app_context():
        db.session.query(Connection).update({"status": "established"})
        db.session.commit()
    assert _step(world) == 2
    assert [_step(world, f"?step={step}") for step in (1, 3)] == [1, 2]


def test_finishing_is_noted_once(shop_a: World) -> None:
    assert _keep(shop_a, done=True).json == {"step": 5, "done": True}
    with shop_a.app.app_context():
        first = db.session.query(Shop).one().setup_done_at
    assert _keep(shop_a, done=True).json["done"] is True
    assert _keep(shop_a, step=2).json == {"step": 5, "done": True}
    with shop_a.app.app_context():
        assert db.session.query(Shop).one().setup_done_at == first


@pytest.mark.parametrize(
    "body", [{"step": 0}, {"step": 6}, {"step": "2"}, {"step": True}, {"done": 1}, {"done": "yes"}]
)
def test_what_is_no_step_is_refused(shop_a: World, body: dict[str, Any]) -> None:
    answer = _keep(shop_a, **body)
    assert answer.status_code == 422
    assert answer.json["error"].endswith(".")
    with shop_a.app.app_context():
        assert db.session.query(Shop).one().setup_step == 1


def test_values_kept_are_shown_again(shop_a: World) -> None:
    _keep(shop_a, step=5)
    answer = shop_a.ask("PUT", "/api/settings", json={"version": 0, "cool_off_minutes": 25})
    assert answer.status_code == 200
    assert 'value="Acme WMS"' in shop_a.get("/setup?step=1").text
    assert "Stored" in shop_a.get("/setup?step=1").text
    assert 'value="25"' in shop_a.get("/setup?step=3").text


def test_what_the_warehouse_can_do_is_told(shop_a: World) -> None:
    _keep(shop_a, step=5)
    with shop_a.app.app_context():
        info = {"capabilities": {"cancel": True, "returns": False}}
        db.session.query(Connection).update({"info": info})
        db.session.commit()
    page = shop_a.get("/setup?step=4").text
    assert "Cancels orders: yes" in page
    assert "Takes returns: no" in page


def test_it_says_how_many_orders_go_at_once(shop_a: World) -> None:
    _keep(shop_a, step=5)
    assert "No order waits for it." in shop_a.get("/setup?step=5").text
    for number, reason in enumerate(("automatic", "", "paid", "location")):
        shop_a.order(1001 + number, reason=reason)
    shop_a.order(1010, tag_state="synced")
    shop_a.order(1011, reason="automatic", deleted=True)
    assert "2 orders will be sent now" in shop_a.get("/setup?step=5").text
    part = shop_a.get("/setup?step=5&part=ready").text
    assert "2 orders will be sent now" in part
    assert "<html" not in part


def test_it_speaks_italian(shop_a: World) -> None:
    _keep(shop_a, step=5)
    for step, words in enumerate(
        ("Salva e continua", "magazzini", "Richiedi il pagamento", "Annulla ordini", "Fine"), 1
    ):
        assert words in shop_a.get(f"/setup?step={step}&locale=it").text

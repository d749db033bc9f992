"""Every gate of the table: an order that it alone holds is told of in the page, in the block and in
the log, is not sent, and goes once that gate is mended."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.domain import gates, rules
from app.models import Order, Owed, Shop
from app.web.words import GATES
from tests.ages import ago
from tests.sync.test_automatic import refusals_are_due, run
from tests.sync.test_departures import disconnect, reconnect
from tests.world import SHOP, World, number

MUG = [{"sku": "MUG-WHITE", "quantity": 3}]
ALL_ORDERS = "read_all_orders"
# An order that is not for the warehouse is kept out of automation by that alone.
OUTSIDE = frozenset({"tracked"})
_FAILED = re.compile(
    r'<li>\s*<s-icon type="x-circle".*?<s-text type="strong">(.*?)</s-text><br>'
    r"(.*?)(?: <s-link.*?)?</span>",
    re.DOTALL,
)

Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Case:
    """``held`` makes an order that only ``gate`` holds, up to where it is at rest. ``mended`` is
    what ends that; None where nothing does. ``with_it``: gates closed along with it by nature.
    ``there``: the revisions that the warehouse has of it before. ``logged``: what the log says of
    it, with the gate's own words."""

    gate: str
    held: Callable[[World], str]
    mended: Callable[[World, str, Patch], Any] | None
    with_it: frozenset[str] = frozenset()
    there: tuple[int, ...] = ()
    how: str = ""
    logged: str = "Not sent. {}"


def _placed(world: World, **wishes: Any) -> str:
    gid = world.order(**{"lines": MUG, **wishes})
    world.settle()
    return gid


def _changed(what: str, **body: Any) -> Callable[[World, str, Patch], Any]:
    return lambda world, gid, _patch: world.change(gid, what, **body)


def _chosen(**settings: Any) -> Callable[[World, str, Patch], Any]:
    return lambda world, _gid, _patch: world.choose(**settings)


def _sent(world: World, gid: str, _patch: Patch) -> None:
    world.send(gid)


def _without_a_warehouse(world: World) -> str:
    disconnect(world)
    return _placed(world)


def _while_switched_off(world: World) -> str:
    world.api("PUT", "/api/connection", automatic=False)
    return _placed(world)


def _unpaid(world: World) -> str:
    world.choose(require_payment=True)
    return _placed(world, paid=False)


def _just_placed(world: World) -> str:
    world.choose(cool_off_minutes=45)
    return _placed(world)


def _the_window_closes(world: World, _gid: str, patch: Patch) -> None:
    patch.setattr(gates, "cooled_at", lambda at: at.placed_at)
    _looks_are_due(world)


def _looks_are_due(world: World) -> None:
    """Let the time come at which waiting orders are looked at again by themselves."""
    with world.app.app_context():
        session().query(Owed).filter_by(effect="read").update({"due_at": database_now()})
        session().commit()


def _edited(world: World) -> str:
    world.choose(after_edit="notice")
    gid = _placed(world)
    world.change(gid, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 5}])
    world.settle()
    return gid


def _of_last_quarter(world: World) -> str:
    """Seen while the shop let the app see it, and waiting; then the shop took that back."""
    with world.app.app_context():
        session().query(Shop).filter_by(domain=SHOP).one().installed_at -= timedelta(days=100)
        session().commit()
    _scopes(world, granted=True)
    world.api("PUT", "/api/connection", automatic=False)
    gid = _placed(world, created_at=ago(days=90))
    _scopes(world, granted=False)
    world.api("PUT", "/api/connection", automatic=True)
    world.settle()
    return gid


def _unrouted(world: World) -> str:
    gid = world.order(lines=MUG, routed=False)
    world.until(lambda: world.drain() or _reason(world) == "routed", "the wait for routing")
    with world.app.app_context():
        session().query(Order).one().first_seen_at -= timedelta(seconds=20)
        session().commit()
    _looks_are_due(world)
    world.drain()
    return gid


def _fulfilled(world: World) -> str:
    gid = world.order(lines=MUG, routed=False)
    world.change(gid, "route")
    (part,) = world.shopify_order(gid)["fulfillment_orders"]
    world.change(gid, "fulfil", fulfillment_order=part["id"])
    world.settle()
    return gid


def _rated(recommendation: str) -> Callable[[World, str, Patch], Any]:
    return _changed("risk", recommendation=recommendation)


def _taken_out(world: World) -> str:
    world.api("PUT", "/api/connection", automatic=False)
    gid = _placed(world)
    world.api("POST", "/api/orders/take-out", ids=[gid])
    world.api("PUT", "/api/connection", automatic=True)
    world.change(gid, "edit", note="Ring twice")
    world.settle()
    return gid


def _nowhere(world: World) -> str:
    here, other, *_ = world.locations().values()
    world.choose(locations={other: "WH"})
    return _placed(world, location=here)


def _not_from_here(world: World) -> str:
    here, other, *_ = world.locations().values()
    world.choose(locations={here: None, other: "WH"})
    return _placed(world, location=here)


def _mapped(world: World, _gid: str, _patch: Patch) -> None:
    here, other, *_ = world.locations().values()
    world.choose(locations={here: "WH", other: "WH"})


def _moved(world: World, gid: str, _patch: Patch) -> None:
    _here, other, *_ = world.locations().values()
    world.change(gid, "move", location=other)


def _put_on_hold(world: World) -> str:
    gid = world.order(lines=MUG, routed=False)
    world.change(gid, "route")
    world.change(gid, "hold", reason="INVENTORY_OUT_OF_STOCK")
    world.settle()
    return gid


def _came_back(world: World) -> str:
    gid = _fulfilled(world)
    (fulfillment,) = world.shopify_order(gid)["fulfillments"]
    world.change(gid, "cancel-fulfillment", fulfillment=fulfillment["id"])
    world.settle()
    return gid


def _without_its_slot(world: World) -> str:
    world.choose(required_fields=["attribute:delivery slot"])
    return _placed(world)


def _without_what_the_warehouse_requires(world: World) -> str:
    world.wms.ask("PUT", "/sandbox/settings", required_defaults=["payment_terms"])
    world.api("POST", "/api/connection/test")
    return _placed(world)


def _sku_added(world: World, gid: str, _patch: Patch) -> None:
    (line,) = world.shopify_order(gid)["lines"]
    path = f"/sandbox/{SHOP}/products/{number(line['variant']['id'])}"
    world.shopify.ask("POST", path, sku="SAMPLE-1")


def _taught(world: World, _gid: str, _patch: Patch) -> None:
    world.wms.ask("PUT", "/sandbox/settings", unknown_skus=[])
    refusals_are_due(world)
    run(world, "import_orders", by_schedule=True)


def _scopes(world: World, *, granted: bool) -> None:
    """Let the app see orders of any age, or no more."""
    change = {"grant" if granted else "revoke": [ALL_ORDERS]}
    world.shopify.ask("POST", f"/sandbox/{SHOP}/scopes", **change)
    world.api("POST", "/api/scopes")
    world.settle()


def _reason(world: World) -> str:
    """Why the only order waits; empty before it is known."""
    with world.app.app_context():
        found = session().query(Order.reason).scalar()
        session().rollback()
    return found or ""


CASES = (
    Case("connection", _without_a_warehouse, lambda world, _gid, _patch: reconnect(world)),
    Case(
        "tracked",
        _taken_out,
        lambda world, gid, _patch: world.api("POST", "/api/orders/add", ids=[gid]),
        logged="Taken out of automation.",
    ),
    Case(
        "automatic",
        _while_switched_off,
        lambda world, _gid, _patch: world.api("PUT", "/api/connection", automatic=True),
    ),
    Case("kind", lambda world: _placed(world, test=True), _chosen(test_orders="send"), OUTSIDE),
    Case("risk", lambda world: _placed(world, risk="CANCEL"), _rated("ACCEPT"), OUTSIDE),
    Case("paid", _unpaid, _changed("pay")),
    Case("cooloff", _just_placed, _the_window_closes),
    Case("edited", _edited, _sent, there=(1,)),
    Case("age", _of_last_quarter, lambda world, _gid, _patch: _scopes(world, granted=True)),
    Case("routed", _unrouted, _changed("route"), OUTSIDE),
    Case("shippable", _fulfilled, None, OUTSIDE),
    Case("location", _nowhere, _mapped, how="mapped"),
    Case("location", _not_from_here, _moved, OUTSIDE, how="moved"),
    Case("hold", _put_on_hold, _changed("release")),
    Case("reshipped", _came_back, _sent),
    Case("fields", _without_its_slot, _changed("edit", attributes={"delivery slot": "AM"})),
    Case(
        "fields",
        _without_what_the_warehouse_requires,
        _chosen(defaults={"payment_terms": "30 days"}),
        how="defaults",
    ),
    Case("sku", lambda world: _placed(world, lines=[{"sku": "", "title": "Sample"}]), _sku_added),
    Case(
        "accepted",
        lambda world: _placed(world, lines=[{"sku": "UNKNOWN-1"}]),
        _taught,
        logged="Refused. {}",
    ),
)


def _name(case: Case) -> str:
    return "-".join(filter(None, (case.gate, case.how)))


def test_every_gate_of_the_table_has_its_case() -> None:
    assert list(dict.fromkeys(case.gate for case in CASES)) == [gate.name for gate in rules.GATES]


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_an_order_that_a_gate_holds_says_so_everywhere_and_goes_once_it_is_mended(
    shop: World, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    gid = case.held(shop)
    assert _revisions(shop, gid) == [*case.there]
    # Only what the warehouse itself refuses was asked of it.
    assert len(shop.batches()) == len(case.there) + (case.gate == "accepted")
    message = _assert_told(shop, gid, case)
    assert case.logged.format(message) in _logged(shop)
    if case.mended is None:
        _assert_over(shop, gid, message)
        return
    case.mended(shop, gid, monkeypatch)
    shop.settle()
    assert _revisions(shop, gid) == [*case.there, len(case.there) + 1]
    assert shop.state_tags(gid) == ["wms-synced"]
    assert _kept(shop, gid) == {} == _failed_on_the_page(shop, gid)


def _assert_told(world: World, gid: str, case: Case) -> str:
    """The block and the page show that gate, and only it; returns what it says."""
    kept = _kept(world, gid)
    assert set(kept) - case.with_it == {case.gate}
    assert _failed_on_the_page(world, gid) == {
        str(GATES[gate].label): message for gate, message in kept.items()
    }
    return kept[case.gate]


def _assert_over(world: World, gid: str, message: str) -> None:
    """Nothing mends it: a person's own send does nothing either, and the block says why."""
    status = world.api("GET", f"/api/orders/status?id={gid}")
    assert status["ended"] == {"message": message}
    world.send(gid)
    world.settle()
    assert _revisions(world, gid) == []


def _kept(world: World, gid: str) -> dict[str, str]:
    """The gates that keep the order, with what they say, as the block on Shopify's page shows."""
    found = world.api("GET", f"/api/orders/status?id={gid}")["gates"]
    assert not any(gate["keeps"] and gate["ok"] for gate in found)
    return {gate["gate"]: gate["message"] for gate in found if gate["keeps"]}


def _failed_on_the_page(world: World, gid: str) -> dict[str, str]:
    """The labels of the failed checks, with what they say, as the order's page shows."""
    page = world.api_answer("GET", f"/orders/{number(gid)}")
    assert page.status_code == 200
    return {html.unescape(label): html.unescape(said) for label, said in _FAILED.findall(page.text)}


def _logged(world: World) -> set[str]:
    """What the log's page says."""
    page = world.api_answer("GET", "/logs")
    assert page.status_code == 200
    return {html.unescape(line).strip() for line in re.findall(r">([^<>]+)<", page.text)}


def _revisions(world: World, gid: str) -> list[int]:
    """The revisions of the order that the warehouse has applied, as its ledger says."""
    mine = {outbound["external_id"] for outbound in world.row(gid)["outbound"]}
    return [revision for external_id, revision in world.applied() if external_id in mine]

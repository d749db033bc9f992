"""The control API under ``/sandbox``: what tests, demo and the Cloud App's buttons use."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.wms import desk, views, warehouses
from sandbox.wms.bodies import any_json, json_object
from sandbox.wms.changes import find
from sandbox.wms.gate import world
from sandbox.wms.problems import Problem
from sandbox.wms.world import TECHNOLOGIES, Connector, new_token

control = Blueprint("control", __name__, url_prefix="/sandbox")
control.register_error_handler(Problem, lambda problem: problem.response())


def app_url(connector: Connector) -> str:
    """What a merchant copies: the base of this connector's API."""
    return f"{request.host_url}c/{connector.id}"


@control.post("/reset")
def reset() -> Any:
    """Begin again from nothing."""
    world().reset()
    return jsonify(ok=True)


@control.get("/connectors")
def connectors() -> Any:
    """All connectors with their tokens."""
    return jsonify([_connector(item) for item in world().connectors.values()])


@control.post("/connectors")
def add_connector() -> Any:
    """Add one: ``{label, technology?, account?}``."""
    wanted = json_object() if request.data else {}
    added = world().add_connector(
        wanted.get("label", "Shop"),
        wanted.get("technology", TECHNOLOGIES[0]),
        wanted.get("account", "ACME"),
    )
    return jsonify(_connector(added)), 201


@control.patch("/connectors/<connector_id>")
def change_connector(connector_id: str) -> Any:
    """Switch a connector or its automatic processes: ``{enabled?, automatic?}``."""
    found, wanted = world().connector(connector_id), json_object()
    found.enabled = bool(wanted.get("enabled", found.enabled))
    found.automatic = bool(wanted.get("automatic", found.automatic))
    return jsonify(_connector(found))


@control.delete("/connectors/<connector_id>")
def remove_connector(connector_id: str) -> Any:
    """Remove a connector; its account keeps the orders."""
    world().connectors.pop(world().connector(connector_id).id)
    return Response(status=204)


@control.post("/connectors/<connector_id>/rotate-token")
def rotate_token(connector_id: str) -> Any:
    """Give a connector a new token; the old one is refused from now on."""
    found = world().connector(connector_id)
    found.token = new_token()
    return jsonify(_connector(found))


@control.post("/connectors/<connector_id>/run")
def run_now(connector_id: str) -> Any:
    """Run a connector's job immediately: finish what it received, automatic or not."""
    found = world().connector(connector_id)
    return jsonify(released=world().account(found).jobs.release(connector=found.id))


@control.get("/settings")
def settings() -> Any:
    """All settings."""
    return jsonify(world().settings.as_json())


@control.put("/settings")
def change_settings() -> Any:
    """Change some settings."""
    world().change_settings(any_json())
    return jsonify(world().settings.as_json())


@control.post("/jobs/release")
def release_jobs() -> Any:
    """Finish every held or waiting job now."""
    return jsonify(released=world().release())


@control.get("/jobs")
def jobs() -> Any:
    """All jobs of all accounts, oldest first."""
    return jsonify(
        [
            job.snapshot() | {"connector": job.connector, "account": account.name}
            for account in world().accounts.values()
            for job in list(account.jobs.by_id.values())
        ]
    )


@control.get("/ledger")
def ledger() -> Any:
    """Entries, oldest first: ``?kind=&after=``."""
    after = request.args.get("after", "0")
    if not after.isdecimal():
        raise Problem(400, "invalid", "after: it must be a number.")
    return jsonify(world().ledger.entries(request.args.get("kind", ""), int(after)))


@control.post("/ledger/mark")
def mark() -> Any:
    """The newest entry's number, to ask for what came after."""
    return jsonify(seq=world().ledger.seq)


@control.get("/orders")
def orders() -> Any:
    """Every order of every account as the warehouse has it now."""
    return jsonify(
        [
            {"account": account.name} | order.as_json()
            for account in world().accounts.values()
            for order in list(account.book.orders.values())
        ]
    )


@control.put("/orders/state")
def set_state() -> Any:
    """The warehouse's own hand: ``{external_id, state, account?}``."""
    wanted = json_object()
    account = desk.account_of(world(), wanted.get("account", "ACME"))
    return jsonify(
        desk.set_state(world(), account, str(wanted.get("external_id")), wanted.get("state"))
    )


@control.get("/warehouses")
def list_warehouses() -> Any:
    """The warehouses with the number of open orders at each."""
    return jsonify(views.warehouses(world()))


@control.post("/warehouses")
def add_warehouse() -> Any:
    """Open a warehouse: ``{code, name}``."""
    wanted, known = json_object(), world().settings.warehouses
    fresh = warehouses.with_new(known, str(wanted.get("code", "")), str(wanted.get("name", "")))
    world().change_settings({"warehouses": fresh})
    return jsonify(views.warehouses(world())), 201


@control.delete("/warehouses/<code>")
def remove_warehouse(code: str) -> Any:
    """Close a warehouse that is not the default; its orders stay."""
    world().change_settings({"warehouses": warehouses.without(world().settings.warehouses, code)})
    return Response(status=204)


@control.get("/stock")
def stock() -> Any:
    """Every SKU the warehouse has heard of."""
    return jsonify(views.stock(world()))


@control.post("/orders/forget")
def forget_order() -> Any:
    """Lose an order, as one restored from an old backup does: ``{external_id, account?}``."""
    wanted = json_object()
    account = desk.account_of(world(), wanted.get("account", "ACME"))
    with account.lock:
        find(account.book, str(wanted.get("external_id")))
        del account.book.orders[str(wanted["external_id"])]
    return jsonify(forgotten=wanted["external_id"])


@control.get("/faults")
def faults() -> Any:
    """The faults in force."""
    return jsonify(world().faults.rules())


@control.put("/faults")
def set_faults() -> Any:
    """Replace the faults by a list of ``{where, do, value?, times?, connector?}``."""
    world().faults.replace(any_json())
    return jsonify(world().faults.rules())


def _connector(connector: Connector) -> dict[str, Any]:
    endpoint = connector.endpoint
    return {
        "id": connector.id,
        "label": connector.label,
        "technology": connector.technology,
        "account": connector.account,
        "app_url": app_url(connector),
        "token": connector.token,
        "enabled": connector.enabled,
        "automatic": connector.automatic,
        "callbacks": endpoint.url if endpoint else None,
    }

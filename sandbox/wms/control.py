"""The control API under ``/sandbox``: what tests, demo and the Cloud App's buttons use."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.wms import desk, inventory, staff, stock_views, warehouses
from sandbox.wms.accounts import new_epoch
from sandbox.wms.bodies import any_json, json_object
from sandbox.wms.changes import find
from sandbox.wms.gate import world
from sandbox.wms.problems import Problem

control = Blueprint("control", __name__, url_prefix="/sandbox")
control.register_error_handler(Problem, lambda problem: problem.response())


@control.post("/reset")
def reset() -> Any:
    """Begin again from nothing."""
    world().reset()
    return jsonify(ok=True)


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


@control.get("/quiet")
def quiet() -> Any:
    """Whether nothing is under way or comes in a moment."""
    return jsonify(quiet=world().quiet)


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
    return jsonify(staff.set_state(account, str(wanted.get("external_id")), wanted.get("state")))


@control.get("/warehouses")
def list_warehouses() -> Any:
    """The warehouses with the number of open orders at each."""
    return jsonify(stock_views.warehouses(world()))


@control.post("/warehouses")
def add_warehouse() -> Any:
    """Open a warehouse: ``{code, name}``."""
    wanted, known = json_object(), world().settings.warehouses
    fresh = warehouses.with_new(known, str(wanted.get("code", "")), str(wanted.get("name", "")))
    world().change_settings({"warehouses": fresh})
    return jsonify(stock_views.warehouses(world())), 201


@control.delete("/warehouses/<code>")
def remove_warehouse(code: str) -> Any:
    """Close a warehouse that is not the default; its orders stay."""
    world().change_settings({"warehouses": warehouses.without(world().settings.warehouses, code)})
    return Response(status=204)


@control.post("/orders/forget")
def forget_order() -> Any:
    """Lose an order, as one restored from an old backup does: ``{external_id, account?}``."""
    wanted = json_object()
    account = desk.account_of(world(), wanted.get("account", "ACME"))
    with account.lock:
        find(account.book, str(wanted.get("external_id")))
        del account.book.orders[str(wanted["external_id"])]
        inventory.forget(account, str(wanted["external_id"]))
    return jsonify(forgotten=wanted["external_id"])


@control.post("/cursors/expire")
def expire_cursors() -> Any:
    """Let every cursor of every feed expire: the next answer to one is 410."""
    for account in world().accounts.values():
        account.epoch = new_epoch()
    return jsonify(ok=True)


@control.get("/faults")
def faults() -> Any:
    """The faults in force."""
    return jsonify(world().faults.rules())


@control.put("/faults")
def set_faults() -> Any:
    """Replace the faults by a list of ``{where, do, value?, times?, connector?, match?}``."""
    world().faults.replace(any_json())
    return jsonify(world().faults.rules())

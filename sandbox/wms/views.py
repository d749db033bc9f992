"""What the Cloud App's pages show, read from the world."""

from dataclasses import dataclass
from typing import Any

from sandbox.wms.accounts import Account, Connector
from sandbox.wms.documents import identity
from sandbox.wms.jobs import Job
from sandbox.wms.orders import Order
from sandbox.wms.problems import Problem
from sandbox.wms.world import World

PAGE = 100
HISTORY = (
    *("applied", "duplicate", "rejected", "cancelled"),
    *("held", "released", "ship_by", "restocked", "change_refused"),
    *("packed", "shipped", "in_transit", "out_for_delivery", "ready_for_pickup", "delivered"),
    *("tracking_changed", "shipment_cancelled", "seller_cancelled"),
    *("return_expected", "return_received", "return_closed"),
)


@dataclass(frozen=True)
class Newest:
    """Some rows of a longer list."""

    rows: list[Any]
    total: int


def newest(rows: list[Any]) -> Newest:
    """At most a hundred, the newest first, and how many there are in all."""
    return Newest(rows[::-1][:PAGE], len(rows))


def first(rows: list[Any]) -> Newest:
    """At most a hundred from the start, and how many there are in all."""
    return Newest(rows[:PAGE], len(rows))


def connectors(world: World) -> list[tuple[Connector, int]]:
    """Connectors with the number of orders their account has."""
    return [
        (connector, len(world.account(connector).book.orders))
        for connector in list(world.connectors.values())
    ]


def waiting(world: World, connector: Connector) -> int:
    """Jobs of a connector that are not finished."""
    jobs = list(world.account(connector).jobs.by_id.values())
    return sum(job.finished_at is None and job.connector == connector.id for job in jobs)


def waiting_orders(account: Account) -> int:
    """Orders inside the jobs of an account that nobody has looked at yet."""
    jobs = list(account.jobs.by_id.values())
    return sum(len(job.orders) - len(job.results) for job in jobs)


def orders(world: World, text: str, state: str) -> Newest:
    """Orders with their account, by a part of id, number or SKU and by state."""
    return newest(
        [
            (account.name, order)
            for account in list(world.accounts.values())
            for order in list(account.book.orders.values())
            if state in ("", order.state) and _matches(order, text.strip().lower())
        ]
    )


def refused(world: World) -> list[dict[str, Any]]:
    """Orders whose only revision was refused, newest first."""
    return [
        reference
        for account in list(world.accounts.values())
        for reference in reversed(account.book.refused())
    ][:PAGE]


def order(world: World, account: str, wms_id: str) -> Order:
    """An order by its number in the warehouse. Raises Problem 404."""
    known = world.accounts.get(account)
    for found in list(known.book.orders.values()) if known else ():
        if found.wms_id == wms_id:
            return found
    raise Problem(404, "invalid", f"There is no order {wms_id} in account {account}.")


def revisions(world: World, found: Order) -> list[dict[str, Any]]:
    """What was done to an order, newest first."""
    entries = [
        entry
        for entry in world.ledger.entries()
        if entry["kind"] in HISTORY and entry["external_id"] == found.external_id
    ]
    return entries[::-1]


def jobs(world: World, text: str, status: str) -> Newest:
    """Jobs with their connector, by a part of their id or an order's, and by status."""
    found = [
        job
        for account in list(world.accounts.values())
        for job in list(account.jobs.by_id.values())
        if status in ("", job.status) and _mentions(job, text.strip().lower())
    ]
    found.sort(key=lambda job: job.created_at)
    labelled = newest(found)
    return Newest([(job, _label(world, job)) for job in labelled.rows], labelled.total)


def job(world: World, job_id: str) -> Job:
    """A job of any account. Raises Problem 404."""
    for account in list(world.accounts.values()):
        if job_id in account.jobs.by_id:
            return account.jobs.by_id[job_id]
    raise Problem(404, "invalid", f"There is no job {job_id}.")


def order_links(world: World, found: Job) -> dict[str, tuple[str, str]]:
    """Account and number of the orders a job made or changed, by external id."""
    return {
        order.external_id: (account.name, order.wms_id)
        for account in list(world.accounts.values())
        if found.id in account.jobs.by_id
        for result in found.results
        if (order := account.book.orders.get(result["external_id"]))
    }


def _matches(order: Order, text: str) -> bool:
    skus = [line.sku for line in order.document.lines]
    words = [order.external_id, order.wms_id, order.document.number, *skus]
    return any(text in word.lower() for word in words)


def _mentions(job: Job, text: str) -> bool:
    ids = [str(identity(raw)[0] or "") for raw in job.orders]
    return any(text in word.lower() for word in (job.id, *ids))


def _label(world: World, job: Job) -> str:
    connector = world.connectors.get(job.connector)
    return connector.label if connector else job.connector

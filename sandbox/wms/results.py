"""What a batch answers for one of its orders."""

from typing import Any

from sandbox.wms.orders import Order


def result(order: Order, revision: int, status: str) -> dict[str, Any]:
    """The result of an order that was taken in or was known already."""
    return {
        "external_id": order.external_id,
        "revision": revision,
        "status": status,
        "wms_id": order.wms_id,
    }


def status(known: Order | None, issues: list[dict[str, Any]]) -> str:
    """What became of a revision that was taken in."""
    if known:
        return "updated"
    return "created_with_issues" if issues else "created"

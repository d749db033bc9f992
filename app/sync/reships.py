"""Keeps which units of an order are open again because their fulfillment was cancelled; while there
are any, the gate ``reshipped`` is closed."""

from dataclasses import replace

from app.domain.facts import Facts
from app.domain.reopened import reopened
from app.models import Order


def take_facts(order: Order, facts: Facts) -> None:
    """Keep what was read of an order, and see which of its units came back. The caller commits."""
    before = Facts.from_json(order.facts)
    told = order.returned and not before.reopened
    found = reopened(before, facts, told=told)
    if any(units > before.reopened.get(line, 0) for line, units in found.items()):
        # Whoever asked for the order before asked for other units.
        order.put_in = False
    order.facts = replace(facts, reopened=found).to_json()
    order.returned = bool(found)


def let_go(order: Order) -> None:
    """A person has sent what came back, or nothing of it was left to send. The caller commits."""
    order.returned = False
    if order.facts.get("reopened"):
        order.facts = order.facts | {"reopened": {}}

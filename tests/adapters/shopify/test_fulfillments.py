"""Fulfillments of many lines, made in the sandbox's Shopify."""

from collections.abc import Mapping

import pytest

from app.domain.shipments import Portion, Tracking
from app.errors import Rejected
from app.shopify.client import LONGEST_ARRAY, Shopify
from app.shopify.fulfillments import NOT_WHOLE, create, read_fulfillments

MANY = LONGEST_ARRAY + 10


@pytest.fixture
def order(world) -> str:
    """An order of more lines than a request takes."""
    (gid,) = world.create(lines=[{"sku": "MUG-WHITE", "quantity": 1}] * MANY)
    return str(gid)


def asked_for(world, order: str) -> tuple[str, dict[str, int]]:
    """The order's fulfillment order, and what it asks for by its own lines."""
    (part,) = world.shown(order)["fulfillment_orders"]
    return part["id"], {line["id"]: line["remainingQuantity"] for line in part["lines"]}


def fulfil(shopify: Shopify, part: str, lines: Mapping[str, int]) -> str:
    return create(shopify, [Portion(part, lines)], Tracking(), notify=False)


def test_a_whole_fulfillment_order_needs_no_list_of_its_lines(shopify, world, order):
    part, lines = asked_for(world, order)
    made = fulfil(shopify, part, lines)
    (found,) = read_fulfillments(shopify, order)
    assert (found.id, len(found.units)) == (made, MANY)


def test_what_is_not_whole_is_not_fulfilled(shopify, world, order):
    part, lines = asked_for(world, order)
    world.act(order, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 2}])
    with pytest.raises(Rejected) as refused:
        fulfil(shopify, part, lines)
    assert refused.value.code == NOT_WHOLE
    assert world.shown(order)["fulfillments"] == []


def test_an_order_that_is_not_shown_is_not_one_without_fulfillments(shopify, order):
    assert read_fulfillments(shopify, order) == []
    assert read_fulfillments(shopify, "gid://shopify/Order/1") is None

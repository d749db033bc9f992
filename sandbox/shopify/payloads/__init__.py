"""Webhook bodies, in the REST shape Shopify sends them."""

from sandbox.shopify.payloads.goods import inventory_level, location, product
from sandbox.shopify.payloads.money import refund
from sandbox.shopify.payloads.orders import order, order_edit
from sandbox.shopify.payloads.returns import (
    changed_return,
    declined_return,
    disposal,
    opened_return,
)
from sandbox.shopify.payloads.shipping import fulfillment, fulfillment_order

__all__ = [
    "changed_return",
    "declined_return",
    "disposal",
    "fulfillment",
    "fulfillment_order",
    "inventory_level",
    "location",
    "opened_return",
    "order",
    "order_edit",
    "product",
    "refund",
]

"""Metafields of an order: set by hand or at creation, read by ``metafield`` and ``metafields``."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from graphql import GraphQLError

from sandbox.shopify.paging import connection
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, iso, now, number_of

OWN = "$app"
TEXT = "single_line_text_field"
KNOWN = frozenset({"namespace", "key", "value", "type"})
PARSED = ("json", "number_", "boolean", "list.", "money", "dimension", "weight", "volume", "rating")
SHORTEST = 3


def set_all(shop: Shop, owner: Node, asked: Iterable[dict[str, Any]]) -> None:
    """Give a node ``[{"namespace", "key", "value", "type"}]``; a value of None removes one.

    Raises ValueError or TypeError that names what is wrong with one, and sets none then.
    """
    wanted = [_checked(one) for one in asked]
    kept = {_name(one): one for one in owner["_metafields"]}
    for one in wanted:
        before = kept.pop(_name(one), None)
        if one["value"] is not None:
            kept[_name(one)] = _node(shop, one, before)
    owner["_metafields"] = list(kept.values())


def _checked(asked: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(asked) - KNOWN:
        raise ValueError(f"A metafield has no {', '.join(sorted(unknown))}.")
    one = {"namespace": "custom", "type": TEXT, "value": None} | asked
    if len(one["namespace"]) < SHORTEST or not one.get("key"):
        raise ValueError("A metafield needs a key, and a namespace of three letters or more.")
    if not isinstance(one["value"], str | None):
        raise TypeError("A metafield's value is text, whatever its type.")
    _parsed(one["type"], one["value"])
    return one


def _name(one: Node) -> tuple[str, str]:
    return one["namespace"], one["key"]


def _parsed(kind: str, value: str | None) -> Any:
    """Return ``jsonValue``; raises ValueError when a value is not what its type says."""
    return json.loads(value) if value is not None and kind.startswith(PARSED) else value


def _node(shop: Shop, asked: Node, before: Node | None) -> Node:
    fresh = before or {"id": shop.new_id("Metafield"), "createdAt": iso(now())}
    return fresh | {
        "__typename": "Metafield",
        "legacyResourceId": str(number_of(fresh["id"])),
        "namespace": asked["namespace"],
        "key": asked["key"],
        "type": asked["type"],
        "value": asked["value"],
        "jsonValue": _parsed(asked["type"], asked["value"]),
        "ownerType": "ORDER",
        "sizeInBytes": len(asked["value"].encode()),
        "compareDigest": hashlib.sha256(asked["value"].encode()).hexdigest(),
        "updatedAt": iso(now()),
    }


def read_one(owner: Node, _: Any, key: str, namespace: str | None = None) -> Node | None:
    """Resolve ``metafield``; without a namespace it is the app's own."""
    wanted = (namespace or OWN, key)
    return next((one for one in owner.get("_metafields", ()) if _name(one) == wanted), None)


def read_page(owner: Node, _: Any, **arguments: Any) -> Node:
    """Resolve ``metafields``, by namespace or by ``keys`` such as ``custom.gift``."""
    namespace, keys = arguments.get("namespace"), arguments.get("keys")
    if keys and any("." not in key for key in keys) and not namespace:
        raise GraphQLError("Keys must be in the format namespace.key.")
    names = {tuple(key.split(".", 1)) if "." in key else (namespace, key) for key in keys or ()}
    rows = [
        one
        for one in owner.get("_metafields", ())
        if namespace in (None, one["namespace"]) and (not keys or _name(one) in names)
    ]
    return connection(rows, arguments)

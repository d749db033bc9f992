"""Shopify's search over variants and inventory items: ``sku:A OR sku:'B C'``, ``id:>=7``."""

import operator
import re
from collections.abc import Callable
from typing import Any

from sandbox.shopify.search import Vocabulary, compile_with
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, number_of

_TERM = r"""sku:("[^"*]+"|'[^'*]+'|[^\s()*"']+)"""
_ONLY_SKUS = re.compile(rf"\s*\(?\s*{_TERM}(?:\s+OR\s+{_TERM})*\s*\)?\s*")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def find_items(shop: Shop, query: str | None) -> list[Node]:
    """Return the inventory items a query matches, by id; all without one."""
    if query and _ONLY_SKUS.fullmatch(query):
        return [one["inventoryItem"] for one in _by_skus(shop, query)]
    test = compile_with(VOCABULARY, query)
    return [item for item in shop.items.values() if test(item)]


def find_variants(shop: Shop, query: str | None) -> list[Node]:
    """Return the variants a query matches, by id; all without one."""
    if query and _ONLY_SKUS.fullmatch(query):
        return _by_skus(shop, query)
    test = compile_with(VOCABULARY, query)
    return [variant for variant in shop.variants.values() if test(variant)]


def having_words(shop: Shop, words: str) -> list[Node]:
    """Return the variants whose product or SKU has some words, as a person looks for them."""
    wanted = words.casefold()
    return [
        one
        for one in shop.variants.values()
        if wanted in f"{one['product']['title']} {one['sku'] or ''}".casefold()
    ]


def _by_skus(shop: Shop, query: str) -> list[Node]:
    """Look names up instead of testing every row: an app asks for dozens among thousands."""
    skus = {match[1].strip("\"'") for match in re.finditer(_TERM, query)}
    found = {one["id"]: one for sku in skus for one in shop.variants_by_sku(sku)}
    return sorted(found.values(), key=lambda one: number_of(one["id"]))


def _sku(row: Node, _: str, value: str) -> bool:
    sku = (row["sku"] or "").casefold()
    start, star, _rest = value.casefold().partition("*")
    return sku.startswith(start) if star else sku == start


def _id(row: Node, comparator: str, value: str) -> bool:
    return _COMPARE[comparator](number_of(row["id"]), number_of(value))


def _text(row: Node, text: str) -> bool:
    words = (row["sku"], row.get("title"), (row.get("product") or {}).get("title"))
    return any(text == str(word or "").casefold() for word in words)


VOCABULARY = Vocabulary(
    fields={"sku": _sku, "id": _id},
    times={"created_at": "createdAt", "updated_at": "updatedAt"},
    text=_text,
)

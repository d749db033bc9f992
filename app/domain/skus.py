"""The SKU doctor: what is wrong with SKUs that are the same but for case and spaces, on both sides.

Pure. A group is everything whose SKU is ``alike``; nothing outside of it matters, but for a
warehouse that names inventory items itself.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

_MOST = 255


class Kind(StrEnum):
    """What there is to say of a SKU, what stands in the way of orders first."""

    NO_SKU = "no_sku"
    DUPLICATE = "duplicate"
    LOOKS_ALIKE = "looks_alike"
    NOT_AT_WAREHOUSE = "not_at_warehouse"
    NOT_IN_SHOPIFY = "not_in_shopify"
    UNTRACKED = "untracked"
    BUNDLE = "bundle"


@dataclass(frozen=True, slots=True)
class Item:
    """An inventory item of the shop."""

    item: str
    sku: str
    name: str = ""
    variant: str = ""
    product: str = ""
    tracked: bool = True
    bundle: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A SKU that a warehouse told of; ``item`` is the inventory item, where the WMS knows it."""

    sku: str
    item: str = ""
    warehouse: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say: of an item, or of a SKU at ``warehouse``. ``other``: what it looks like."""

    kind: Kind
    sku: str
    about: Item | None = None
    warehouse: str = ""
    other: str = ""


def alike(sku: str, item: str = "") -> str:
    """What all SKUs have in common that differ by case and spaces only. An item without a SKU is
    alike to nothing else."""
    return "".join(sku.split()).casefold()[:_MOST] or f" {item}"


def examine(
    items: Sequence[Item],
    told: Sequence[Told],
    *,
    there: Collection[str] = (),
    ours: Collection[str] = (),
    heard: bool = True,
) -> list[Finding]:
    """What is wrong with one group.

    A WMS may name inventory items itself, whatever their SKU: ``there`` are the items that any
    warehouse named so, ``ours`` the named ones that the shop has. ``heard``: the warehouse has told
    of any stock; before that nothing is missing there.
    """
    doubled = {sku for sku, count in Counter(item.sku for item in items).items() if count > 1}
    known = {one.sku for one in told if one.sku}
    findings: list[Finding] = []
    for item in items:
        found = item.sku in known or item.item in there
        other = "" if found else min(known, default="")
        missing = heard and not found
        findings += _about(item, doubled=item.sku in doubled, missing=missing, other=other)
    resembled = {finding.other for finding in findings}
    strangers = [one for one in told if one.item not in ours and one.sku not in resembled]
    return findings + list(_strangers(items, strangers))


def _about(item: Item, *, doubled: bool, missing: bool, other: str) -> Iterator[Finding]:
    if item.bundle:
        yield Finding(Kind.BUNDLE, item.sku, item)
        return
    blank = not item.sku.strip()
    if blank or doubled:
        yield Finding(Kind.NO_SKU if blank else Kind.DUPLICATE, item.sku, item)
    if not item.tracked:
        yield Finding(Kind.UNTRACKED, item.sku, item)
    if not blank and other:
        yield Finding(Kind.LOOKS_ALIKE, item.sku, item, other=other)
    elif not blank and item.tracked and missing:
        yield Finding(Kind.NOT_AT_WAREHOUSE, item.sku, item)


def _strangers(items: Sequence[Item], told: Iterable[Told]) -> Iterator[Finding]:
    """What a warehouse has and the shop does not."""
    skus = {item.sku for item in items if item.sku.strip()}
    places: dict[str, set[str]] = {}
    for one in told:
        if one.sku not in skus:
            places.setdefault(one.sku, set()).add(one.warehouse)
    for sku, warehouses in places.items():
        where = ", ".join(sorted(warehouses))
        yield Finding(Kind.NOT_IN_SHOPIFY, sku, warehouse=where, other=min(skus, default=""))

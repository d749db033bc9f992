"""What differs between Shopify and the warehouse, once nothing is under way. Pure.

Both sides of an order go in, and its differences come out, each with the repair it asks for. What
one side has not been asked about is not judged.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.drift import (
    WMS,
    Consignment,
    Difference,
    Fulfilled,
    Kind,
    Parcel,
    Repair,
    ShopSide,
    Told,
    as_json,
)
from app.domain.shipments import Quantities, Tracking, in_units


def at_warehouse(kept: Consignment, told: Told | None) -> Difference | None:
    """Compare a warehouse order with what the WMS says of it."""
    if told is None or told.state == "rejected":
        return _lost(kept)
    if told.state == "received":
        return None
    if told.state == "cancelled":
        return _of_order(
            Kind.QUANTITY, kept, Repair.TAKE_CANCELLED, "Cancelled at the warehouse.", {}
        )
    if kept.confirmed <= told.revision <= max(kept.confirmed, kept.sent):
        return None
    text = f"The warehouse has revision {told.revision}."
    return _of_order(Kind.QUANTITY, kept, Repair.RESEND, text, {"revision": told.revision})


def _lost(kept: Consignment) -> Difference:
    """What was shipped must not be shipped anew. Only what is fulfilled is known to be."""
    if kept.is_untouched:
        return _of_order(Kind.MISSING, kept, Repair.SEND, "The warehouse doesn't know it.", {})
    units = in_units(sum(kept.shipped.values()))
    text = f"The warehouse doesn't know it any more. It shipped {units} of it."
    repair = Repair.SEND_REST if kept.is_settled else Repair.NONE
    return _of_order(Kind.MISSING, kept, repair, text, {})


def _of_order(
    kind: Kind, kept: Consignment, repair: Repair, text: str, more: Mapping[str, Any]
) -> Difference:
    left = sum(kept.lines.values()) - sum(kept.shipped.values())
    return Difference(
        kind,
        f"{kind}:order:{kept.id}",
        repair,
        f"To be shipped: {in_units(left)}, revision {kept.confirmed}.",
        text,
        WMS,
        {"outbound": kept.id, **more},
    )


def in_shopify(
    parcels: Sequence[Parcel], consignments: Sequence[Consignment], side: ShopSide
) -> list[Difference]:
    """Compare an order's shipments with its fulfillments."""
    standing = {each.id: each for each in side.fulfillments}
    found = [
        difference
        for parcel in parcels
        for difference in _of_parcel(parcel, standing, parcels)
        if difference is not None
    ]
    return [*found, *_doubled(parcels, consignments, side)]


def _of_parcel(
    parcel: Parcel, standing: Mapping[str, Fulfilled], parcels: Sequence[Parcel]
) -> list[Difference | None]:
    made = standing.get(parcel.fulfillment)
    if parcel.cancelled:
        return [_not_taken_back(parcel, made) if made else None]
    if made is not None:
        return [_units(parcel, made), _tracking(parcel, made)]
    if not parcel.due or _is_fulfilled_otherwise(parcels, standing):
        return [None]
    return [_unfulfilled(parcel)]


def _unfulfilled(parcel: Parcel) -> Difference:
    return Difference(
        Kind.MISSING,
        f"missing:shipment:{parcel.id}",
        Repair.REFULFIL if parcel.fulfillment else Repair.FULFIL,
        "Fulfillment cancelled." if parcel.fulfillment else "Not fulfilled.",
        _shipped(parcel),
        about={"shipment": parcel.id},
    )


def _is_fulfilled_otherwise(parcels: Sequence[Parcel], standing: Mapping[str, Fulfilled]) -> bool:
    """Whether as many units are fulfilled as were shipped, though by hand."""
    shipped = _sum(parcel.lines for parcel in parcels if parcel.due and not parcel.cancelled)
    done = _sum(each.units for each in standing.values())
    return all(done.get(line, 0) >= number for line, number in shipped.items())


def _not_taken_back(parcel: Parcel, made: Fulfilled) -> Difference:
    return Difference(
        Kind.QUANTITY,
        f"quantity:shipment:{parcel.id}",
        Repair.FULFIL,
        _fulfilled(made),
        "The warehouse took the shipment back.",
        about={"shipment": parcel.id},
    )


def _units(parcel: Parcel, made: Fulfilled) -> Difference | None:
    """Units that Shopify no longer asks for are no difference: nobody can fulfil them."""
    over = any(number > parcel.lines.get(line, 0) for line, number in made.units.items())
    short = any(
        number > made.units.get(line, 0) and parcel.openings.get(line, 0)
        for line, number in parcel.lines.items()
    )
    if not over and not short:
        return None
    return Difference(
        Kind.QUANTITY,
        f"quantity:shipment:{parcel.id}",
        Repair.REMAKE,
        _fulfilled(made),
        _shipped(parcel),
        about={"shipment": parcel.id, "fulfillment": made.id},
    )


def _tracking(parcel: Parcel, made: Fulfilled) -> Difference | None:
    wanted, there = parcel.tracking, made.tracking
    if wanted == Tracking() or _leads_to_the_same(wanted, there):
        return None
    return Difference(
        Kind.TRACKING,
        f"tracking:shipment:{parcel.id}",
        Repair.TRACK,
        _in_words(there),
        _in_words(wanted),
        about={"shipment": parcel.id, "fulfillment": made.id, "tracking": as_json(there)},
    )


def _leads_to_the_same(wanted: Tracking, there: Tracking) -> bool:
    """Whether a buyer follows the same parcels. Shopify adds addresses of its own to the numbers of
    carriers it knows."""
    urls = not wanted.urls or set(wanted.urls) == set(there.urls)
    company = not wanted.company or wanted.company.casefold() == there.company.casefold()
    return set(wanted.numbers) == set(there.numbers) and urls and company


def _doubled(
    parcels: Sequence[Parcel], consignments: Sequence[Consignment], side: ShopSide
) -> list[Difference]:
    owned = {parcel.fulfillment for parcel in parcels}
    strangers = [each for each in side.fulfillments if each.id not in owned]
    too_many = _too_many(parcels, consignments, side)
    found = []
    for stranger in strangers:
        twin = next((parcel for parcel in parcels if _is_twin(parcel, stranger, side)), None)
        if twin or any(too_many.get(line, 0) for line in stranger.units):
            found.append(_double(stranger, twin))
    return found


def _double(stranger: Fulfilled, twin: Parcel | None) -> Difference:
    return Difference(
        Kind.DOUBLED,
        f"doubled:{stranger.id}",
        Repair.WITHDRAW,
        f"Fulfilled once more: {_with_numbers(stranger.units, stranger.tracking)}.",
        _shipped(twin) if twin else "Not shipped as often.",
        about={"fulfillment": stranger.id},
    )


def _is_twin(parcel: Parcel, stranger: Fulfilled, side: ShopSide) -> bool:
    """Whether a fulfillment tells once more of a parcel that has its own."""
    fulfilled = any(each.id == parcel.fulfillment for each in side.fulfillments)
    same = set(parcel.tracking.numbers) & set(stranger.tracking.numbers)
    return fulfilled and bool(same) and not parcel.cancelled


def _too_many(
    parcels: Sequence[Parcel], consignments: Sequence[Consignment], side: ShopSide
) -> dict[str, int]:
    """Units by order line that Shopify counts as fulfilled beyond those the warehouse shipped, and
    beyond those that the warehouse was never asked for."""
    done = _sum(each.units for each in side.fulfillments)
    shipped = _sum(parcel.lines for parcel in parcels if not parcel.cancelled)
    there = _sum(each.lines for each in consignments)
    found = {}
    for line, number in done.items():
        elsewhere = max(0, side.ordered.get(line, 0) - there.get(line, 0))
        if there.get(line, 0) and number - shipped.get(line, 0) > elsewhere:
            found[line] = number - shipped.get(line, 0) - elsewhere
    return found


def of_tag(wanted: str, seen: Sequence[str], key: str, *, command: bool) -> Difference | None:
    """Compare an order's state tag with those that it carries. ``command``: somebody has set a tag
    by hand to have it sent, and we have not heard of it."""
    if list(seen) == ([wanted] if wanted else []):
        return None
    return Difference(
        Kind.STATE,
        key,
        Repair.READ if command else Repair.TAG,
        f"Tagged {', '.join(seen)}." if seen else "No state tag.",
        f"It should be {wanted}." if wanted else "It should have none.",
        about={"tags": list(seen)},
    )


def _shipped(parcel: Parcel) -> str:
    return f"Shipped: {_with_numbers(parcel.lines, parcel.tracking)}."


def _fulfilled(made: Fulfilled) -> str:
    return f"Fulfilled: {_with_numbers(made.units, made.tracking)}."


def _with_numbers(units: Quantities, tracking: Tracking) -> str:
    return ", ".join([in_units(sum(units.values())), *tracking.numbers[:5]])


def _in_words(tracking: Tracking) -> str:
    """Company, numbers and addresses, as they stand."""
    words = [tracking.company, *tracking.numbers[:5], *tracking.urls[:5]]
    return ", ".join(word for word in words if word) or "No tracking."


def _sum(quantities: Iterable[Quantities]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in quantities:
        for line, number in each.items():
            total[line] = total.get(line, 0) + number
    return total

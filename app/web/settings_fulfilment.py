"""Settings of fulfilment: the warehouse's carriers beside the names that Shopify shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.carriers import company_for, is_known
from app.models import Connection

# As the settings keep the names of carriers.
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class CarrierRow:
    """A carrier. ``name``: what the WMS calls it, empty when the merchant named it. ``proposed``:
    what Shopify shows without a name of the merchant's own; ``linked``: Shopify knows that one and
    follows its numbers by itself."""

    key: str
    name: str
    company: str
    proposed: str = ""
    linked: bool = False


def carrier_rows(connection: Connection | None, own: Mapping[str, str]) -> list[CarrierRow]:
    """A row for each carrier that the WMS told when it was connected, then those that the merchant
    has added."""
    told = list(_told(connection, own))
    names = {row.key for row in told}
    return told + [CarrierRow(key, "", own[key]) for key in sorted(own) if key not in names]


def tells(connection: Connection | None, ability: str) -> bool:
    """Whether the WMS says that it can do something; what is not connected yet may."""
    if connection is None or not connection.info:
        return True
    return bool(connection.info.get("capabilities", {}).get(ability))


def _told(connection: Connection | None, own: Mapping[str, str]) -> Iterator[CarrierRow]:
    given: list[dict[str, Any]] = connection.info.get("carriers", []) if connection else []
    seen = set()
    for each in given:
        code, name = each.get("code", ""), each.get("name", "")
        key = (code or name).strip()[:_LONGEST].strip()
        if not key or key in seen:
            continue
        seen.add(key)
        others = {word: company for word, company in own.items() if word != key}
        proposed = company_for(code, name, others)
        yield CarrierRow(key, name or code, own.get(key, ""), proposed, is_known(proposed))

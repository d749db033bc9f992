"""What the gates look at: an order as last read, and all that stands around it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.facts import Facts, PartFacts
from app.domain.settings import Settings

# Shopify hides orders older than this without the scope read_all_orders.
VISIBLE_FOR = timedelta(days=60)
# Shopify rates the fraud risk after the order is placed; some orders it never rates.
RATING_TAKES = timedelta(minutes=10)
HIGH_RISK, UNRATED = "cancel", "none"
# Fulfillment orders are made shortly after the order; none by then means nothing to ship.
ROUTING_TAKES = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the gates look at.

    ``shop_locations``: the locations the merchant manages; empty while they are not known.
    ``sent``: some revision is already at the WMS. ``edited``: the order is another than the one
    the WMS has, ``untold``: and this WMS can't be told of that. ``returned``: units of it came back
    open because their fulfillment was cancelled.
    ``there``: the fulfillment orders of which the WMS has something, ``changed``: those of which it
    has not what it should.
    ``settled``: the WMS has all that it should have of it, so nothing is left to send.
    ``refused``: the WMS's last words where it refused this order, or empty.
    ``required_defaults``: the keys and names of the default values that the WMS requires.
    """

    facts: Facts
    now: datetime
    first_seen_at: datetime
    placed_at: datetime | None = None
    connected: bool = True
    connection_message: str = ""
    automatic: bool = True
    tracked: bool = True
    manual: bool = False
    hidden: bool = False
    read: bool = True
    sent: bool = False
    edited: bool = False
    untold: bool = False
    returned: bool = False
    there: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    settled: bool = False
    refused: str = ""
    default_warehouse: str = ""
    required_defaults: tuple[tuple[str, str], ...] = ()
    shop_locations: frozenset[str] = frozenset()
    settings: Settings = field(default_factory=Settings)

    def warehouse_for(self, location: str) -> str | None:
        """The warehouse a location's fulfillment orders go to; None when they are not sent.

        Until the merchant maps a first location to a warehouse, all that the merchant manages go to
        the connection's default warehouse.
        """
        mapped = self.settings.locations
        if location in mapped:
            return mapped[location]
        if any(mapped.values()) or self._is_foreign(location):
            return None
        return self.default_warehouse or None

    @property
    def lacking_defaults(self) -> list[str]:
        """The names of the default values that the WMS requires and nobody has entered."""
        entered = self.settings.defaults
        return [name for key, name in self.required_defaults if not entered.get(key)]

    @property
    def parts(self) -> list[PartFacts]:
        """The fulfillment orders without what the line policy leaves out."""
        if self.settings.lines_without_sku != "skip":
            return self.facts.parts
        bare = {line.id for line in self.facts.lines if not line.sku}
        return [part.without(bare) for part in self.facts.parts]

    @property
    def parts_to_go(self) -> list[PartFacts]:
        """The fulfillment orders of which something is still to be sent, as long as there is one of
        which the WMS has nothing yet; else all with something to ship."""
        sent = [part for part in self.parts if part.live and self.warehouse_for(part.location)]
        new = [part for part in sent if part.id not in self.there]
        changed = [part for part in sent if part.id in self.there & self.changed]
        return new + changed if new else self.facts.live_parts

    def is_unmapped(self, location: str) -> bool:
        """Whether nobody has decided yet where a location's fulfillment orders go."""
        if location in self.settings.locations or self._is_foreign(location):
            return False
        return self.warehouse_for(location) is None

    def _is_foreign(self, location: str) -> bool:
        """Whether a third party fulfils from there."""
        return bool(self.shop_locations) and location not in self.shop_locations


def is_being_rated(at: Situation) -> bool:
    """Whether Shopify may yet say how risky the order is."""
    young = at.now < rated_by(at)
    return at.facts.risk == UNRATED and at.read and young and not at.sent


def rated_by(at: Situation) -> datetime:
    """When an order without a rating of its fraud risk counts as harmless."""
    return (at.placed_at or at.first_seen_at) + RATING_TAKES


def cooled_at(at: Situation) -> datetime:
    """When the order's edit window is over."""
    return (at.placed_at or at.first_seen_at) + timedelta(minutes=at.settings.cool_off_minutes)

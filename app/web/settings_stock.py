"""Settings of stock: what updating it would change, how it stands, and where each warehouse's stock
counts."""

from dataclasses import dataclass
from typing import Any

from app.db import session
from app.domain.settings import Settings
from app.models import Connection, Run, Shop
from app.sync import stock
from app.sync.engine import atomically
from app.sync.preferences import settings_of
from app.sync.stock_runs import READING, Progress
from app.sync.stock_state import JOB, PROBLEMS, places_by, problem_of
from app.web import tally
from app.web.settings_places import location_name, warehouses_of
from app.web.stock_list import CHANGES, list_stock
from app.web.stock_words import PHASES, REASONS

# While it is compared the page looks after it more often. In seconds.
_PACE, _BUSY_PACE = 15, 2
_FIRST = 10


@dataclass(frozen=True, slots=True)
class CountedAt:
    """A warehouse. ``chosen`` is what the merchant chose: a location, None for none, and empty
    when nothing was; ``proposed`` the name of the location that it counts for then. ``known``: the
    WMS names it; ``gone``: the name of the location where the shop has that one no more."""

    code: str
    name: str
    chosen: str | None
    proposed: str
    known: bool = True
    gone: str = ""


def stock_values(shop: Shop, connection: Connection | None) -> dict[str, Any]:
    """Everything that the page of stock shows."""
    seen = atomically(lambda: stock.preview_state(shop))
    settings = settings_of(shop)
    on = settings.update_inventory and settings.stock_confirmed and seen.compared_at is not None
    return {
        "stock": seen,
        "stock_on": on,
        "stock_paused": settings.update_inventory and not on,
        "stock_missing": bool(problem_of(shop)),
        "stock_problem": PROBLEMS.get(seen.problem, ""),
        "stock_phase": PHASES.get(_phase(seen), "") if seen.running else "",
        "stock_job": tally.jobs(shop, (JOB,))[0],
        "stock_reasons": REASONS,
        "stock_rows": list_stock(shop, CHANGES, first=_FIRST).rows if seen.compared_at else [],
        "counted_at": counted_at(shop, connection),
        "stock_pace": _BUSY_PACE if seen.running else _PACE,
    }


def _phase(seen: stock.Preview) -> str:
    run = session().get(Run, seen.run)
    return Progress.of(run).phase if run else READING


def counted_at(shop: Shop, connection: Connection | None) -> list[CountedAt]:
    """Each warehouse, with the location that its stock counts for."""
    settings = settings_of(shop)
    chosen = settings.stock_locations
    told = warehouses_of(connection)
    known = {warehouse.code: warehouse.name for warehouse in told}
    names = known | {code: code for code in chosen if code not in known}
    proposed = _proposed(settings, shop, connection)
    return [
        CountedAt(
            code=code,
            name=name,
            chosen=chosen.get(code, ""),
            proposed=proposed.get(code, ""),
            known=code in known or not known,
            gone=_gone(shop, chosen.get(code)),
        )
        for code, name in names.items()
    ]


def _gone(shop: Shop, chosen: str | None) -> str:
    if not chosen or chosen in {place["id"] for place in shop.locations}:
        return ""
    return location_name(chosen)


def _proposed(settings: Settings, shop: Shop, connection: Connection | None) -> dict[str, str]:
    """The name of the location that each warehouse counts for while nothing was chosen."""
    unchosen = settings.model_copy(update={"stock_locations": {}})
    names = {place["id"]: place["name"] for place in shop.locations}
    found = places_by(unchosen, shop, connection)
    return {code: names.get(location, location) for code, location in found.items()}

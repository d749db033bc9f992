"""Hears what the warehouse has shipped before Shopify cancels or refunds what it has cancelled.

That can't be undone, and what tells of parcels may be behind what tells of cancellations. As long
as it can't be heard they wait, and use up no tries; where no warehouse is connected any more, or
the WMS tells of no shipments, there is nothing to hear.
"""

from collections.abc import Sequence

from app.db import database_now, session
from app.errors import Rejected, TryLater
from app.models import Connection, OutboundOrder, Shop
from app.sync import breaker, feed_looks, feeds, seller, taking_off
from app.sync.claims import Claim, renew
from app.sync.engine import atomically
from app.sync.situations import connection_of, paused_because

_MORE = "The warehouse has more to tell of what it shipped."
_RESTS = "The warehouse does not answer. Nothing to do: it is tried again by itself."
# Seconds until an answer is waited for again.
_SOON, _ONCE_MENDED = 5.0, 60.0


def cancel_orders(shop: Shop, claims: Sequence[Claim]) -> None:
    """Cancel each claimed order in Shopify, as far as the warehouse has shipped none of it."""
    _hear(shop, claims)
    seller.cancel_orders(shop, claims)


def take_off(shop: Shop, claims: Sequence[Claim]) -> None:
    """Take off what is open of each claimed outbound order. A refund that was written down is
    brought to its end whether the warehouse answers or not: reads of the order wait for it."""
    if not all(_is_under_way(claimed) for claimed in claims):
        _hear(shop, claims)
    taking_off.take_off(shop, claims)


def _is_under_way(claimed: Claim) -> bool:
    outbound = session().get(OutboundOrder, int(claimed.subject_id))
    return outbound is not None and outbound.taking is not None


def _hear(shop: Shop, claims: Sequence[Claim]) -> None:
    """Take in all that the warehouse has to tell of shipments. Commits.

    Raises TryLater as long as that can't be had.
    """
    connection = connection_of(shop)
    if connection is not None:
        _require_usable(connection)
    done, trouble = _read(shop)
    if trouble:
        raise TryLater(trouble, _ONCE_MENDED, counts=False)
    if not done:
        raise TryLater(_MORE, counts=False)
    atomically(lambda: _hold(claims))


def _hold(claims: Sequence[Claim]) -> None:
    """Hearing takes its time: what follows has a lease of its own."""
    for claimed in claims:
        renew(claimed)


def _read(shop: Shop) -> tuple[bool, str]:
    """Whether all of them were read, and what is wrong with their feed alone."""
    try:
        _, done, trouble = feed_looks.read_for_job(shop, feeds.SHIPMENTS, by_person=False)
    except TryLater as problem:
        breaker.failed(shop, problem)
        raise TryLater(problem.message, max(problem.wait, _SOON), counts=False) from problem
    except Rejected as problem:
        if breaker.refused(shop, problem):
            raise TryLater(problem.message, _ONCE_MENDED, counts=False) from problem
        raise TryLater(problem.message) from problem
    return done, trouble


def _require_usable(connection: Connection) -> None:
    """Raise TryLater while the WMS is left alone, or a person must mend its connection first."""
    now = database_now()
    ends = [each for each in (connection.open_until, connection.paced_until) if each and each > now]
    if ends:
        raise TryLater(_RESTS, (max(ends) - now).total_seconds(), counts=False)
    why = paused_because(connection)
    if why and (connection.token or connection.locked):
        raise TryLater(why, _ONCE_MENDED, counts=False)

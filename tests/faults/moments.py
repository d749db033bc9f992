"""Moments in a worker's work to strike at: each places orders and returns when it has come.

``chance`` settles what a seed decides.
"""

import random
import time
from collections.abc import Callable

from tests.faults.campaign import Campaign

# Seconds that a request takes at least, so that polling can't miss what comes before its answer.
_LONG_ENOUGH = 1.5
Moment = Callable[[Campaign, random.Random], None]


def catch(campaign: Campaign) -> None:
    """Freeze who is at work just now, so that nothing more is recorded."""
    for name in campaign.fleet.busy():
        campaign.fleet.freeze(name)
        campaign.fleet.caught.append(name)


# --- Around the WMS post --------------------------------------------------------------------------


def while_reading(campaign: Campaign, chance: random.Random) -> None:
    """The order is being read for its send; nothing is written down."""
    campaign.shopify_fault("delay", "ReadOrder", value=chance.uniform(0.3, 1.0))
    campaign.place(3)
    campaign.until_taken(campaign.client.shopify)


def once_written_down(campaign: Campaign, chance: random.Random) -> None:
    """The batch is committed, its request not begun or just begun."""
    campaign.wms_fault("delay", value=_LONG_ENOUGH)
    campaign.place(3)
    campaign.until(campaign.books.is_posting, "a batch")


def while_posting(campaign: Campaign, chance: random.Random) -> None:
    """The WMS has the request in hand and will take the orders in, with nobody to hear it."""
    campaign.wms_fault("delay", value=chance.uniform(0.3, 2.0))
    campaign.place(3)
    campaign.until(lambda: not campaign.client.wms("GET", "/faults"), "the post")


def once_posted(campaign: Campaign, chance: random.Random) -> None:
    """The WMS has taken the orders in and answered; the answer is not recorded."""
    before = len(campaign.batches())
    while_posting(campaign, chance)
    catch(campaign)
    campaign.until(lambda: len(campaign.batches()) > before, "the WMS's answer")


# --- Around the tag write -------------------------------------------------------------------------


def once_announced(campaign: Campaign, chance: random.Random) -> None:
    """The tag is announced in the database, its request not begun or just begun."""
    campaign.shopify_fault("delay", "WriteTags", value=_LONG_ENOUGH)
    campaign.place(3)
    campaign.until(campaign.books.is_tagging, "a tag")


def while_tagging(campaign: Campaign, chance: random.Random) -> None:
    """Shopify has the request in hand and will write the tags."""
    _until_tagging(campaign, chance)


def once_tagged(campaign: Campaign, chance: random.Random) -> None:
    """Shopify has written the tags and answered; the answer is not recorded."""
    mark = _until_tagging(campaign, chance)
    catch(campaign)
    campaign.until(lambda: campaign.tag_writes(mark), "the tags")


def at_any_moment(campaign: Campaign, chance: random.Random) -> None:
    """Whatever the worker does just then."""
    campaign.place(3)
    _some_time(chance, 2.0)
    campaign.until(campaign.fleet.busy, "a busy worker")


def _until_tagging(campaign: Campaign, chance: random.Random) -> int:
    """Where Shopify's ledger stood before the request came that it now has in hand."""
    campaign.place(3)
    _some_time(chance, 0.8)
    delay = chance.uniform(_LONG_ENOUGH, 2 * _LONG_ENOUGH)
    campaign.shopify_fault("delay", "WriteTags", value=delay)
    mark = campaign.mark()
    campaign.place(1)
    campaign.until_taken(campaign.client.shopify)
    return mark


def _some_time(chance: random.Random, most: float) -> None:
    end = time.monotonic() + chance.uniform(0.0, most)
    while time.monotonic() < end:
        time.sleep(0.01)


AROUND_THE_POST: tuple[Moment, ...] = (
    while_reading,
    once_written_down,
    while_posting,
    once_posted,
)
AROUND_THE_TAG: tuple[Moment, ...] = (once_announced, while_tagging, once_tagged, at_any_moment)

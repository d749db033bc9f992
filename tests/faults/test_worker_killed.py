"""A worker dies by SIGKILL at every moment around the WMS post and around the tag write.

A seed chooses the moment and who dies. Orders of many seeds flow together, so that one wait for the
leases of the dead serves them all.
"""

import random
import time
from collections.abc import Callable

import pytest

from tests.faults.campaign import Campaign
from tests.faults.fleet import Fleet

SEEDS = range(20)
_serial = iter(range(1000))


def _strike_down(campaign: Campaign, death: Callable[[Fleet, str], None]) -> None:
    """Let a death come upon every worker that has a job in hand, and start others instead."""
    campaign.notes[str(death.__doc__)] += 1
    for name in [*campaign.fleet.busy(), *campaign.fleet.caught]:
        death(campaign.fleet, name)
    campaign.fleet.caught.clear()
    campaign.struck()


def _all(fleet: Fleet, name: str) -> None:
    """The machine loses its power."""
    fleet.kill(name)
    fleet.launch_worker(f"worker-{next(_serial)}")


def _fork(fleet: Fleet, name: str) -> None:
    """The kernel is out of memory and takes the job."""
    fleet.kill_forks(name)
    fleet.thaw(name)


def _parent(fleet: Fleet, name: str) -> None:
    """The worker dies; the job it has forked goes on without it, beside others."""
    fleet.thaw(name)
    fleet.kill_parent(name)
    fleet.launch_worker(f"worker-{next(_serial)}")


def _sleep(fleet: Fleet, name: str) -> None:
    """The machine sleeps through its lease; it will wake up when all is done by others."""
    fleet.freeze(name)
    fleet.launch_worker(f"worker-{next(_serial)}")


# A machine that dies is the common case.
_KILLS = (_all, _all, _all, _fork, _parent)


def _catch(campaign: Campaign) -> None:
    """Freeze who is at work just now, so that nothing more is recorded."""
    for name in campaign.fleet.busy():
        campaign.fleet.freeze(name)
        campaign.fleet.caught.append(name)


# --- Around the WMS post --------------------------------------------------------------------------


def _while_reading(campaign: Campaign, chance: random.Random) -> None:
    """The order is being read for its send; nothing is written down."""
    campaign.shopify_fault("delay", "ReadOrders", value=chance.uniform(0.3, 1.0))
    campaign.place(3)
    campaign.until_taken(campaign.client.shopify)


def _once_written_down(campaign: Campaign, chance: random.Random) -> None:
    """The batch is committed, its request not begun or just begun."""
    campaign.place(3)
    campaign.until(campaign.books.is_posting, "a batch")


def _while_posting(campaign: Campaign, chance: random.Random) -> None:
    """The WMS has the request in hand and will take the orders in, with nobody to hear it."""
    campaign.wms_fault("delay", value=chance.uniform(0.3, 2.0))
    campaign.place(3)
    campaign.until(lambda: not campaign.client.wms("GET", "/faults"), "the post")


def _once_posted(campaign: Campaign, chance: random.Random) -> None:
    """The WMS has taken the orders in and answered; the answer is not recorded."""
    before = len(campaign.batches())
    _while_posting(campaign, chance)
    _catch(campaign)
    campaign.until(lambda: len(campaign.batches()) > before, "the WMS's answer")


# --- Around the tag write -------------------------------------------------------------------------


def _once_announced(campaign: Campaign, chance: random.Random) -> None:
    """The tag is announced in the database, its request not begun or just begun."""
    campaign.place(3)
    campaign.until(campaign.books.is_tagging, "a tag")


def _while_tagging(campaign: Campaign, chance: random.Random) -> None:
    """Shopify has the request in hand and will write the tags."""
    campaign.place(3)
    _some_time(chance, 0.8)
    campaign.shopify_fault("delay", "WriteTags", value=chance.uniform(0.3, 1.5))
    campaign.place(1)
    campaign.until_taken(campaign.client.shopify)


def _once_tagged(campaign: Campaign, chance: random.Random) -> None:
    """Shopify has written the tags and answered; the answer is not recorded."""
    _while_tagging(campaign, chance)
    _catch(campaign)
    mark = campaign.mark()
    campaign.until(lambda: campaign.tag_writes(mark), "the tags")


def _at_any_moment(campaign: Campaign, chance: random.Random) -> None:
    """Whatever the worker does just then."""
    campaign.place(3)
    _some_time(chance, 2.0)
    campaign.until(campaign.fleet.busy, "a busy worker")


def _some_time(chance: random.Random, most: float) -> None:
    end = time.monotonic() + chance.uniform(0.0, most)
    while time.monotonic() < end:
        time.sleep(0.01)


Moment = Callable[[Campaign, random.Random], None]
_POST: tuple[Moment, ...] = (_while_reading, _once_written_down, _while_posting, _once_posted)
_TAG: tuple[Moment, ...] = (_once_announced, _while_tagging, _once_tagged, _at_any_moment)


@pytest.mark.timeout(240)
def test_a_killed_worker_loses_and_doubles_nothing(
    campaign: Campaign, database_address: str
) -> None:
    """Twenty seeds around the post, twenty around the tag write; half of them on each database."""
    half = 0 if database_address.startswith("sqlite") else 1
    seeds = [seed for seed in SEEDS if seed % 2 == half]
    orphaned = sum(_strike(campaign, seed, around) for seed in seeds for around in (_POST, _TAG))
    for moment in (_once_posted, _once_tagged):
        _put_to_sleep(campaign, moment)
    campaign.prove()
    assert orphaned >= len(seeds), "too few kills fell upon a claim"
    _wake_sleepers(campaign)
    campaign.prove()


def _put_to_sleep(campaign: Campaign, moment: Moment) -> None:
    moment(campaign, random.Random(moment.__name__))
    _strike_down(campaign, _sleep)
    campaign.no_faults()


def _wake_sleepers(campaign: Campaign) -> None:
    """Those that slept through their leases find that their claims are lost, and record nothing."""
    mark = campaign.mark()
    for name in list(campaign.fleet.frozen):
        campaign.fleet.thaw(name)
    campaign.until(lambda: not campaign.fleet.busy(), "the sleepers at rest")
    assert campaign.tag_writes(mark) == []


def _strike(campaign: Campaign, seed: int, around: tuple[Moment, ...]) -> bool:
    """Place orders, wait for the seed's moment, kill. True: a claim was left behind."""
    chance = random.Random(f"{seed} {around[0].__name__}")
    moment, leases = around[seed // 2 % len(around)], campaign.books.leases()
    known = set(campaign.orders)
    moment(campaign, chance)
    _strike_down(campaign, chance.choice(_KILLS))
    campaign.edit(chance.choice(sorted(set(campaign.orders) - known)), chance.randint(1, 6))
    left_behind = bool(campaign.books.leases() - leases)
    campaign.no_faults()
    words = " ".join(str(moment.__doc__).split())
    campaign.notes[f"{words}{' A claim is left behind.' if left_behind else ''}"] += 1
    return left_behind

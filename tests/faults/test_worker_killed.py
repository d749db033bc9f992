"""A worker dies by SIGKILL at every moment around the WMS post and around the tag write.

A seed chooses the moment and who dies. Orders of many seeds flow together, so that one wait for the
leases of the dead serves them all.
"""

import random
from collections.abc import Callable

import pytest

from tests.faults.campaign import Campaign
from tests.faults.fleet import Fleet
from tests.faults.moments import AROUND_THE_POST, AROUND_THE_TAG, Moment

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


# A machine that dies is the common case.
_KILLS = (_all, _all, _all, _fork, _parent)


@pytest.mark.timeout(240)
def test_a_killed_worker_loses_and_doubles_nothing(
    campaign: Campaign, database_address: str
) -> None:
    """Twenty seeds around the post, twenty around the tag write; half of them on each database."""
    half = 0 if database_address.startswith("sqlite") else 1
    seeds = [seed for seed in SEEDS if seed % 2 == half]
    orphaned = sum(
        _strike(campaign, seed, around)
        for seed in seeds
        for around in (AROUND_THE_POST, AROUND_THE_TAG)
    )
    campaign.prove()
    assert orphaned >= len(seeds), "too few kills fell upon a claim"


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

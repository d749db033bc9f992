"""A worker dies by SIGKILL at every moment around the WMS post and around the tag write.

A seed chooses the moment and who dies. Orders of many seeds flow together, so that one wait for the
leases of the dead serves them all.
"""

import random

from tests.faults.campaign import Campaign
from tests.faults.deaths import KILLS, strike_down
from tests.faults.moments import AROUND_THE_POST, AROUND_THE_TAG, Moment

SEEDS = range(20)


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
    strike_down(campaign, chance.choice(KILLS))
    campaign.edit(chance.choice(sorted(set(campaign.orders) - known)), chance.randint(1, 6))
    left_behind = bool(campaign.books.leases() - leases)
    campaign.no_faults()
    words = " ".join(str(moment.__doc__).split())
    campaign.notes[f"{words}{' A claim is left behind.' if left_behind else ''}"] += 1
    return left_behind

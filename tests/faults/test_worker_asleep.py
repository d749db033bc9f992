"""A worker sleeps through its lease, as a machine does whose host stops it; then it goes on as if
nothing had happened. Others have done its work by then, and it must not record a thing.
"""

import random

import pytest

from tests.faults.campaign import Campaign
from tests.faults.moments import Moment, catch, once_posted, once_tagged

ON_SQLITE = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")
ON_POSTGRESQL = pytest.mark.parametrize(
    "database_address", ["postgresql"], indirect=True, scope="session"
)


@ON_SQLITE
def test_a_worker_sleeps_in_the_midst_of_a_request(campaign: Campaign) -> None:
    for moment in (once_posted, once_tagged):
        _put_to_sleep(campaign, moment)
    campaign.prove()
    _wake_sleepers(campaign)
    campaign.prove()


def _put_to_sleep(campaign: Campaign, moment: Moment) -> None:
    campaign.until(lambda: not campaign.fleet.orphans(), "the orphans' end")
    moment(campaign, random.Random(moment.__name__))
    campaign.no_faults()
    _replace_sleepers(campaign)


@ON_POSTGRESQL
def test_a_worker_sleeps_in_the_midst_of_a_transaction(campaign: Campaign) -> None:
    """It holds locks that others wait for: the database must take them away from it."""
    gid = campaign.place(1)[0]
    campaign.settle()
    with campaign.books.holding("SELECT id FROM orders FOR UPDATE"):
        campaign.edit(gid, 5)
        campaign.until(campaign.books.waiting_for_locks, "a worker in a transaction")
        catch(campaign)
    _replace_sleepers(campaign)
    campaign.place(2)
    campaign.prove()
    _wake_sleepers(campaign)
    campaign.prove()


def _replace_sleepers(campaign: Campaign) -> None:
    assert campaign.fleet.caught, "nobody was at work"
    campaign.struck()
    for name in campaign.fleet.caught:
        campaign.fleet.launch_worker(f"{name}-again")
    campaign.fleet.caught.clear()


def _wake_sleepers(campaign: Campaign) -> None:
    """Those that slept through their leases find that their claims are lost."""
    mark = campaign.mark()
    for name in list(campaign.fleet.frozen):
        campaign.fleet.thaw(name)
    campaign.until(lambda: not campaign.fleet.busy(), "the sleepers at rest")
    assert campaign.tag_writes(mark) == []

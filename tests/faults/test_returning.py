"""A worker dies by SIGKILL around the disposal of goods that came back.

Shopify's disposal can't be repeated safely: what counts is that every unit has its end once, and
is on the shelf once.
"""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from sandbox.demo.client import SHOP
from tests.faults.campaign import SKU, Campaign
from tests.faults.deaths import KILLS, strike_down
from tests.faults.moments import catch

SEEDS = range(6)
_MUTATION = "DisposeReturnedGoods"


def test_a_killed_worker_disposes_of_everything_once(
    campaign: Campaign, database_address: str
) -> None:
    """Six seeds, half of them on each kind of database."""
    half = 0 if database_address.startswith("sqlite") else 1
    returned: dict[str, int] = {}
    for seed in SEEDS:
        if seed % 2 == half:
            returned |= _strike(campaign, seed)
    campaign.prove()
    assert {gid: restocked(campaign, gid) for gid in returned} == returned
    unsettled = campaign.books.rows("SELECT id, reason FROM returns WHERE NOT settled")
    assert not unsettled


def _strike(campaign: Campaign, seed: int) -> dict[str, int]:
    """Let goods of two orders come back, wait for the seed's moment, kill. Returns how many units
    each order gives back."""
    chance = random.Random(f"{seed} return")
    gids = campaign.place(2)
    backs = sent_back(campaign, gids)
    moment = _MOMENTS[seed // 2 % len(_MOMENTS)]
    moment(campaign, chance, list(backs))
    strike_down(campaign, chance.choice(KILLS))
    campaign.no_faults()
    campaign.notes[str(moment.__doc__)] += 1
    counts = Counter(dict.fromkeys(gids, 0))
    for order, units in backs.values():
        counts[order] += units
    return dict(counts)


def sent_back(campaign: Campaign, gids: list[str]) -> dict[str, tuple[str, int]]:
    """Ship the orders and open a return of all of each, which the warehouse expects. Returns each
    return's order and units."""
    campaign.until(lambda: set(gids) <= _synced(campaign), "new orders")
    held = {order["order_ref"]: order for order in campaign.client.wms("GET", "/orders")}
    for gid in gids:
        campaign.client.wms("POST", "/orders/ship", {"external_id": held[gid]["external_id"]})
    shipped = "SELECT order_id FROM shipments WHERE settled AND fulfillment <> ''"
    known = "SELECT id FROM orders WHERE gid IN ({})".format(", ".join(f"'{gid}'" for gid in gids))
    campaign.until(
        lambda: (
            {row["id"] for row in campaign.books.rows(known)}
            <= {row["order_id"] for row in campaign.books.rows(shipped)}
        ),
        "the fulfillments",
    )
    backs: dict[str, tuple[str, int]] = {}
    for gid in gids:
        made = campaign.client.shopify("POST", f"/{SHOP}/returns", {"order": gid.rsplit("/", 1)[1]})
        backs[made["id"]] = (gid, sum(line["quantity"] for line in made["lines"]))
    campaign.until(lambda: set(backs) <= _expected(campaign), "the announcements")
    return backs


def _synced(campaign: Campaign) -> set[str]:
    rows = campaign.books.rows("SELECT gid FROM orders WHERE tag_state = 'synced'")
    return {row["gid"] for row in rows}


def _expected(campaign: Campaign) -> set[str]:
    return {one["external_id"] for one in campaign.client.wms("GET", "/returns")}


def receive(campaign: Campaign, backs: list[str]) -> None:
    """All of it comes, told twice."""
    campaign.client.wms(
        "PUT", "/faults", [{"where": "any", "do": "duplicate_callback", "value": 2, "times": 20}]
    )
    for back in backs:
        campaign.client.wms("POST", "/returns/receive", {"external_id": back})


def while_disposing(campaign: Campaign, chance: random.Random, backs: list[str]) -> None:
    """Shopify has the request in hand and will put the goods on the shelf."""
    campaign.shopify_fault("delay", _MUTATION, value=chance.uniform(0.3, 1.5))
    receive(campaign, backs)
    campaign.until_taken(campaign.client.shopify)


def once_disposed(campaign: Campaign, chance: random.Random, backs: list[str]) -> None:
    """Shopify has put the goods on the shelf and answered; the answer is not recorded."""
    mark = campaign.mark()
    while_disposing(campaign, chance, backs)
    catch(campaign)

    def answered() -> bool:
        asked = campaign.client.shopify("GET", f"/ledger?kind=graphql&shop={SHOP}&after={mark}")
        return any(entry["operation"] == _MUTATION for entry in asked)

    campaign.until(answered, "the disposal")


def when_the_answer_is_lost(campaign: Campaign, chance: random.Random, backs: list[str]) -> None:
    """The answer to a disposal is lost, and then the worker dies."""
    campaign.shopify_fault("drop_after", _MUTATION)
    receive(campaign, backs)
    campaign.until_taken(campaign.client.shopify)


_MOMENTS: tuple[Callable[[Campaign, random.Random, list[str]], None], ...] = (
    while_disposing,
    once_disposed,
    when_the_answer_is_lost,
)


def restocked(campaign: Campaign, gid: str) -> int:
    """How many units of an order are on the shelf again; none may have any other end."""
    order: dict[str, Any] = campaign.client.shopify(
        "GET", f"/{SHOP}/orders/{gid.rsplit('/', 1)[1]}"
    )
    found: Counter[str] = Counter()
    for one in order["returns"]:
        for reverse in one["reverse_fulfillment_orders"]:
            for line in reverse["lines"]:
                assert line["sku"] == SKU
                for each in line["dispositions"]:
                    found[each["type"]] += each["quantity"]
    assert set(found) <= {"RESTOCKED"}
    return found["RESTOCKED"]

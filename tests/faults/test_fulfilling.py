"""A worker dies by SIGKILL at every moment around a fulfillment, told of twice by the warehouse.

Shopify's ``fulfillmentCreate`` can't be repeated safely: what counts is that every parcel is there
once, with one e-mail, and none is missing.
"""

import random
from collections import Counter
from collections.abc import Callable

from sandbox.demo.client import SHOP
from tests.faults.campaign import Campaign
from tests.faults.deaths import KILLS, strike_down
from tests.faults.moments import catch

SEEDS = range(20)
_MUTATION = "CreateFulfillment"


def test_a_killed_worker_fulfils_everything_once(campaign: Campaign, database_address: str) -> None:
    """Twenty seeds, half of them on each kind of database."""
    half = 0 if database_address.startswith("sqlite") else 1
    shipped: dict[str, int] = {}
    for seed in SEEDS:
        if seed % 2 == half:
            shipped |= _strike(campaign, seed)
    campaign.prove()
    assert _fulfilled(campaign, shipped) == shipped
    told = campaign.client.shopify("GET", f"/ledger?kind=email&shop={SHOP}&after=0")
    mails = [mail for mail in told if mail["order"] in shipped]
    assert set(Counter(mail["fulfillment"] for mail in mails).values()) == {1}
    assert len(mails) == sum(shipped.values())
    unsettled = campaign.books.rows("SELECT id, reason FROM shipments WHERE NOT settled")
    assert not unsettled


def _strike(campaign: Campaign, seed: int) -> dict[str, int]:
    """Let the warehouse ship new orders in parts, wait for the seed's moment, kill. Returns how
    many parcels each order is in."""
    chance = random.Random(f"{seed} fulfil")
    gids = campaign.place(3)
    campaign.until(lambda: set(gids) <= _synced(campaign), "new orders")
    moment = _MOMENTS[seed // 2 % len(_MOMENTS)]
    parcels = moment(campaign, chance, gids)
    strike_down(campaign, chance.choice(KILLS))
    campaign.no_faults()
    campaign.notes[str(moment.__doc__)] += 1
    return parcels


def _synced(campaign: Campaign) -> set[str]:
    rows = campaign.books.rows("SELECT gid FROM orders WHERE tag_state = 'synced'")
    return {row["gid"] for row in rows}


def _ship(campaign: Campaign, gids: list[str]) -> dict[str, int]:
    """Ship each order in as many parcels as it has units, each told twice."""
    campaign.client.wms(
        "PUT", "/faults", [{"where": "any", "do": "duplicate_callback", "value": 2, "times": 20}]
    )
    parcels = {}
    held = {order["order_ref"]: order for order in campaign.client.wms("GET", "/orders")}
    for gid in gids:
        (line,) = held[gid]["lines"]
        for unit in range(line["quantity"]):
            body = {
                "external_id": held[gid]["external_id"],
                "lines": [{"line_id": line["line_id"], "quantity": 1}],
                "packages": [{"tracking_number": f"{gid[-4:]}-{unit}"}],
            }
            campaign.client.wms("POST", "/orders/ship", body)
        parcels[gid] = line["quantity"]
    return parcels


def once_announced(campaign: Campaign, chance: random.Random, gids: list[str]) -> dict[str, int]:
    """The attempt is written down, its request not begun or just begun."""
    campaign.shopify_fault("delay", _MUTATION, value=1.5)
    parcels = _ship(campaign, gids)
    campaign.until(
        lambda: campaign.books.rows("SELECT id FROM shipments WHERE attempt IS NOT NULL"),
        "an attempt",
    )
    return parcels


def while_fulfilling(campaign: Campaign, chance: random.Random, gids: list[str]) -> dict[str, int]:
    """Shopify has the request in hand and will make the fulfillment."""
    campaign.shopify_fault("delay", _MUTATION, value=chance.uniform(0.3, 1.5))
    parcels = _ship(campaign, gids)
    campaign.until_taken(campaign.client.shopify)
    return parcels


def once_fulfilled(campaign: Campaign, chance: random.Random, gids: list[str]) -> dict[str, int]:
    """Shopify has made the fulfillment and answered; the answer is not recorded."""
    mark = campaign.mark()
    parcels = while_fulfilling(campaign, chance, gids)
    catch(campaign)

    def answered() -> bool:
        asked = campaign.client.shopify("GET", f"/ledger?kind=graphql&shop={SHOP}&after={mark}")
        return any(entry["operation"] == _MUTATION for entry in asked)

    campaign.until(answered, "the fulfillment")
    return parcels


def when_the_answer_is_lost(
    campaign: Campaign, chance: random.Random, gids: list[str]
) -> dict[str, int]:
    """The answer to a fulfillment is lost, and then the worker dies."""
    campaign.shopify_fault("drop_after", _MUTATION)
    parcels = _ship(campaign, gids)
    campaign.until_taken(campaign.client.shopify)
    return parcels


_MOMENTS: tuple[Callable[[Campaign, random.Random, list[str]], dict[str, int]], ...] = (
    once_announced,
    while_fulfilling,
    once_fulfilled,
    when_the_answer_is_lost,
)


def _fulfilled(campaign: Campaign, gids: dict[str, int]) -> dict[str, int]:
    """How many fulfillments stand, by order; each is of one unit."""
    found = {}
    for gid in gids:
        order = campaign.client.shopify("GET", f"/{SHOP}/orders/{gid.rsplit('/', 1)[1]}")
        units = [line["quantity"] for made in order["fulfillments"] for line in made["lines"]]
        assert set(units) == {1}, (gid, units)
        found[gid] = len(order["fulfillments"])
    return found

"""A worker dies by SIGKILL at every moment around the setting of stock, while orders are placed and
answers get lost. At rest both sides have the same of everything.
"""

import random
import time
from collections.abc import Callable
from typing import Any

from sandbox.demo.client import SHOP
from tests.faults.campaign import Campaign, Placed
from tests.faults.deaths import KILLS, strike_down
from tests.faults.moments import catch

SEEDS = range(10)
_MUTATION = "SetQuantities"
_SKUS = [f"TIN-{number}" for number in range(12)]


def test_a_killed_worker_leaves_stock_equal(campaign: Campaign, database_address: str) -> None:
    """Ten seeds, half of them on each kind of database."""
    switch_on(campaign)
    half = 0 if database_address.startswith("sqlite") else 1
    for seed in SEEDS:
        if seed % 2 == half:
            _strike(campaign, seed)
    campaign.prove()
    campaign.until(lambda: stock_there(campaign) == shown(campaign), "stock equal on both sides")
    campaign.prove()
    assert stock_there(campaign) == shown(campaign)
    left = campaign.books.rows("SELECT item, reason FROM stock_levels WHERE due OR reason <> ''")
    assert not left
    campaign.client.app("POST", "/api/stock/off")


def switch_on(campaign: Campaign) -> None:
    """Sell tins, count them at the warehouse, and have the stock set."""
    client = campaign.client
    for sku in _SKUS if not shown(campaign) else ():
        body = {"title": sku, "sku": sku, "price": "3.00", "available": 100}
        client.shopify("POST", f"/{SHOP}/products", body)
    count(campaign, dict.fromkeys(_SKUS, 100))
    places = client.shopify("GET", f"/{SHOP}/locations")
    milano = next(place["id"] for place in places if place["name"] == "Milano")
    version = client.app("GET", "/api/settings")["version"]
    wanted = {"version": version, "stock_locations": {"WH": milano}}
    client.app("PUT", "/api/settings", wanted)
    before = _comparisons(campaign)
    client.app("POST", "/api/stock/compare")
    campaign.until(lambda: _comparisons(campaign) > before, "the comparison")
    version = client.app("GET", "/api/settings")["version"]
    client.app("POST", "/api/stock/confirm", {"version": version})
    campaign.settle()


def _comparisons(campaign: Campaign) -> int:
    done = "SELECT count(*) FROM runs WHERE kind = 'stock_preview' AND finished_at IS NOT NULL"
    return campaign.books.count(done)


def count(campaign: Campaign, units: dict[str, int]) -> None:
    rows = [{"sku": sku, "on_hand": number} for sku, number in units.items()]
    campaign.client.wms("PUT", "/stock", rows)


def stock_there(campaign: Campaign) -> dict[str, int]:
    """What the warehouse has available of each."""
    rows = {row["sku"]: row["levels"] for row in campaign.client.wms("GET", "/stock")}
    return {sku: rows[sku][0]["available"] for sku in _SKUS}


def shown(campaign: Campaign) -> dict[str, int]:
    """What Shopify shows of each."""
    rows = campaign.client.shopify("GET", f"/{SHOP}/inventory?location=Milano&query=TIN")
    return {row["sku"]: row["available"] for row in rows if row["sku"] in _SKUS}


def _strike(campaign: Campaign, seed: int) -> None:
    """Goods come and go while tins are sold; at the seed's moment a worker dies."""
    chance = random.Random(f"{seed} stock")
    moment = _MOMENTS[seed // 2 % len(_MOMENTS)]
    moment(campaign, chance)
    _sell(campaign, chance)
    strike_down(campaign, chance.choice(KILLS))
    campaign.no_faults()
    campaign.notes[str(moment.__doc__)] += 1
    _sell(campaign, chance)
    campaign.settle()


def _sell(campaign: Campaign, chance: random.Random) -> None:
    for sku in chance.sample(_SKUS, 2):
        body: dict[str, Any] = {
            "lines": [{"sku": sku, "quantity": chance.randint(1, 3)}],
            "paid": True,
            "location": "Milano",
            "tags": ["tin"],
        }
        gid = campaign.client.shopify("POST", f"/{SHOP}/orders", body)["ids"][0]
        campaign.orders[gid] = Placed(gid, ("tin",), time.time())


def _goods_come(campaign: Campaign, chance: random.Random) -> None:
    skus = chance.sample(_SKUS, 6)
    count(campaign, {sku: chance.randint(80, 300) for sku in skus})


def once_written_down(campaign: Campaign, chance: random.Random) -> None:
    """What is to be set is written down, its request not begun or just begun."""
    campaign.shopify_fault("delay", _MUTATION, value=1.5)
    _goods_come(campaign, chance)
    attempted = "SELECT id FROM stock_levels WHERE due AND seen IS NULL AND wanted IS NOT NULL"
    campaign.until(lambda: campaign.books.rows(attempted), "an attempt")


def while_setting(campaign: Campaign, chance: random.Random) -> None:
    """Shopify has the request in hand and will set it."""
    campaign.shopify_fault("delay", _MUTATION, value=chance.uniform(0.3, 1.2))
    _goods_come(campaign, chance)
    campaign.until_taken(campaign.client.shopify)


def once_set(campaign: Campaign, chance: random.Random) -> None:
    """Shopify has set it and answered; the answer is not recorded."""
    mark = campaign.mark()
    while_setting(campaign, chance)
    catch(campaign)

    def answered() -> bool:
        asked = campaign.client.shopify("GET", f"/ledger?kind=graphql&shop={SHOP}&after={mark}")
        return any(entry["operation"] == _MUTATION for entry in asked)

    campaign.until(answered, "the answer")


def when_the_answer_is_lost(campaign: Campaign, chance: random.Random) -> None:
    """The answer is lost, and then the worker dies."""
    campaign.shopify_fault("drop_after", _MUTATION)
    _goods_come(campaign, chance)
    campaign.until_taken(campaign.client.shopify)


def while_it_is_told(campaign: Campaign, chance: random.Random) -> None:
    """The warehouse tells of its stock, slowly."""
    rule = {"where": "inventory", "do": "delay", "value": 0.5, "times": 1}
    campaign.client.wms("PUT", "/faults", [rule])
    _goods_come(campaign, chance)
    campaign.until_taken(campaign.client.wms)


_MOMENTS: tuple[Callable[[Campaign, random.Random], None], ...] = (
    once_written_down,
    while_setting,
    once_set,
    when_the_answer_is_lost,
    while_it_is_told,
)

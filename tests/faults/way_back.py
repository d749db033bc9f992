"""News of every kind from the warehouse, each of another order: begun by ``begin``, and in Shopify
or told to a person once ``arrived``."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.both_sides import at_warehouse, in_shopify, log_of, only_part
from tests.faults.campaign import Campaign
from tests.faults.test_returning import receive, restocked, sent_back
from tests.faults.test_stock_equal import count, shown, stock_there, switch_on

_TIN = "TIN-0"


@dataclass(frozen=True, slots=True)
class News:
    """Something that happens at the warehouse. ``owes``: what its callback owes."""

    name: str
    begin: Callable[[], None]
    arrived: Callable[[], bool]
    owes: str = "feed"


def news_of_every_kind(campaign: Campaign) -> list[News]:
    """Place the orders and switch stock on; the campaign is at rest then."""
    switch_on(campaign)
    shipped, held, cancelled, sent = campaign.place(4)
    ((back, (_, units)),) = sent_back(campaign, [sent]).items()
    campaign.settle()
    return [
        News(
            "shipped",
            lambda: at_warehouse(campaign, shipped, "ship"),
            lambda: len(in_shopify(campaign, shipped)["fulfillments"]) == 1,
        ),
        News(
            "held",
            lambda: at_warehouse(campaign, held, "hold", reason="Count first"),
            lambda: len(only_part(campaign, held)["fulfillmentHolds"]) == 1,
            "ask_state",
        ),
        News(
            "cancelled",
            lambda: at_warehouse(campaign, cancelled, "cancel", reason="Broken"),
            lambda: len(log_of(campaign, cancelled, "wms_cancelled")) == 1,
        ),
        News(
            "returned",
            lambda: receive(campaign, [back]),
            lambda: restocked(campaign, sent) == units,
        ),
        News(
            "counted",
            lambda: count(campaign, {_TIN: stock_there(campaign)[_TIN] + 7}),
            lambda: stock_there(campaign) == shown(campaign),
        ),
    ]

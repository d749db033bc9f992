"""Moments around one call to the outside, whichever it is and whatever makes it due."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.demo.client import SHOP
from tests.faults.campaign import Campaign
from tests.faults.moments import catch


@dataclass(frozen=True, slots=True)
class Call:
    """A call to the warehouse at one of its places, as ``cancel``, or else a document of
    Shopify's, as ``CreateRefund``."""

    name: str
    at_wms: bool = False

    def fails(self, campaign: Campaign, do: str, value: float | None = None) -> None:
        """Let the next such call fail."""
        if self.at_wms:
            campaign.wms_fault(do, self.name, value=value)
        else:
            campaign.shopify_fault(do, self.name, value=value)

    def until_taken(self, campaign: Campaign) -> None:
        """Wait until the fault has met its call."""
        campaign.until_taken(campaign.client.wms if self.at_wms else campaign.client.shopify)

    def answered(self, campaign: Campaign) -> int:
        """How many such calls were carried out, heard of or not."""
        if self.at_wms:
            asked = campaign.client.wms("GET", "/ledger?kind=request")
            return sum(entry["path"].endswith(f"/orders/{self.name}") for entry in asked)
        asked = campaign.client.shopify("GET", f"/ledger?kind=graphql&shop={SHOP}")
        return sum(entry["operation"] == self.name for entry in asked)


Begin = Callable[[], None]


def in_hand(campaign: Campaign, chance: random.Random, call: Call, begin: Begin) -> None:
    """The other side has the request in hand and will do it, with nobody to hear of it."""
    call.fails(campaign, "delay", chance.uniform(0.5, 1.2))
    begin()
    call.until_taken(campaign)


def once_done(campaign: Campaign, chance: random.Random, call: Call, begin: Begin) -> None:
    """The other side has done it and answered; the answer is not recorded."""
    before = call.answered(campaign)
    in_hand(campaign, chance, call, begin)
    catch(campaign)
    campaign.until(lambda: call.answered(campaign) > before, "the answer")


def when_the_answer_is_lost(
    campaign: Campaign, _chance: random.Random, call: Call, begin: Begin
) -> None:
    """The other side has done it, its answer is lost, and then the worker dies."""
    call.fails(campaign, "drop_after")
    begin()
    call.until_taken(campaign)


MOMENTS: tuple[Callable[[Campaign, random.Random, Call, Begin], None], ...] = (
    in_hand,
    once_done,
    when_the_answer_is_lost,
)

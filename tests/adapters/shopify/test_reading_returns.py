"""Returns read in the sandbox's Shopify, to the last of them and to their last line."""

from collections.abc import Iterator

import pytest
from shop_identity import SHOP

from app.shopify.client import Shopify, dispose
from app.shopify.returns import read_goods, read_returns
from app.shopify.tokens import SCOPES

LINES = 130
TWENTY_FIVE = {"sku": "TSHIRT-BLUE-M", "quantity": 25}


@pytest.fixture
def seeing(world, sandbox_config, bucket) -> Iterator[Shopify]:
    """A client of a shop that lets the app see returns."""
    world.post(f"{SHOP}/install", {"scopes": [*SCOPES, "write_returns"]})
    token = world.post(f"{SHOP}/tokens")["access_token"]
    yield Shopify(SHOP, token, config=sandbox_config, bucket=bucket, priority=0)
    dispose()


@pytest.fixture
def shipped(world) -> str:
    """A long order that was shipped whole."""
    (gid,) = world.create(lines=[{"sku": "MUG-WHITE", "quantity": 1}] * (LINES - 1) + [TWENTY_FIVE])
    world.act(gid, "fulfil")
    return str(gid)


def opened(world, order: str, **lines: object) -> str:
    wanted = {"order": order.rpartition("/")[2], **lines}
    return str(world.post(f"{SHOP}/returns", wanted)["id"])


def test_all_lines_of_a_return_and_of_its_goods_are_read(seeing, world, shipped):
    back = opened(world, shipped)
    read = read_returns(seeing, shipped)
    assert len(read.fulfillment_of) == LINES
    (found,) = read.returns
    assert {each.unit for each in found.coming} == set(read.fulfillment_of)
    assert {each.unit for each in read_goods(seeing, back).goods} == set(read.fulfillment_of)


def test_all_returns_of_an_order_are_read(seeing, world, shipped):
    line = {"sku": TWENTY_FIVE["sku"], "quantity": 1, "reason": "DEFECTIVE"}
    names = [opened(world, shipped, lines=[line]) for _ in range(TWENTY_FIVE["quantity"])]
    assert [each.id for each in read_returns(seeing, shipped).returns] == names

"""Settings that are changed after an order was sent don't count as an edit of that order."""

from typing import Any

import pytest

from tests.sync.test_holds_both_ways import calls, reference
from tests.world import World

GIFT = {"gift": "attribute:gift"}


@pytest.fixture
def sent(shop: World) -> str:
    """An order that the warehouse has, with what the settings of then put into it."""
    shop.choose(defaults={"division": "Shop"}, metadata={**GIFT, "source": "source_name"})
    gid = shop.order(attributes={"gift": "yes", "slot": "AM"}, tags=["vip"])
    shop.settle()
    assert (there(shop, gid)["defaults"], there(shop, gid)["metadata"]["gift"]) == (
        {"division": "Shop"},
        "yes",
    )
    return gid


def there(world: World, gid: str) -> dict[str, Any]:
    """The order as the warehouse has it."""
    orders = world.wms.ask("GET", "/sandbox/orders")
    return dict(next(each for each in orders if each["external_id"] == reference(world, gid)))


def read_again(world: World, gid: str) -> None:
    """Let something happen that makes Tagdock read the order, and changes nothing of it."""
    world.change(gid, "risk", recommendation="INVESTIGATE")
    world.change(gid, "risk", recommendation="ACCEPT")
    world.settle()


def revisions(world: World) -> list[int]:
    """The revisions that the warehouse has applied."""
    return [revision for _, revision in world.applied()]


CHANGES = {
    "another default": {"defaults": {"division": "Web", "terms": "30 days"}},
    "one more field": {"metadata": {**GIFT, "source": "source_name", "slot": "attribute:slot"}},
    "one field less": {"metadata": GIFT},
    "both": {"defaults": {}, "metadata": {**GIFT, "vip": "tag:vip"}},
}


@pytest.mark.parametrize("after_edit", ["hold", "notice", "resend"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_they_neither_hold_an_order_nor_send_it_again(
    shop: World, sent: str, change: dict[str, Any], after_edit: str
) -> None:
    shop.choose(after_edit=after_edit, **change)
    read_again(shop, sent)
    assert (revisions(shop), calls(shop, "/orders/hold")) == ([1], 0)
    assert there(shop, sent)["state"] == "picking"
    assert (shop.row(sent)["reason"], shop.state_tags(sent)) == ("", ["wms-synced"])


def test_a_packed_order_is_no_error_because_of_them(shop: World, sent: str) -> None:
    body = {"external_id": reference(shop, sent), "state": "packed"}
    shop.wms.ask("PUT", "/sandbox/orders/state", **body)
    shop.choose(after_edit="resend", defaults={"division": "Web"})
    read_again(shop, sent)
    assert shop.state_tags(sent) == ["wms-synced"]
    assert len(shop.batches()) == 1


def test_an_edit_takes_the_new_settings_along(shop: World, sent: str) -> None:
    shop.choose(defaults={"division": "Web"}, metadata={**GIFT, "slot": "attribute:slot"})
    shop.change(sent, "edit", note="Ring twice")
    shop.settle()
    order = there(shop, sent)
    assert revisions(shop) == [1, 2]
    assert order["defaults"] == {"division": "Web"}
    assert order["metadata"] == {"gift": "yes", "slot": "AM"}
    read_again(shop, sent)
    assert revisions(shop) == [1, 2]


def test_a_person_sends_it_as_the_settings_are_now(shop: World, sent: str) -> None:
    shop.choose(after_edit="hold", defaults={"division": "Web"})
    shop.send(sent)
    shop.settle()
    assert there(shop, sent)["defaults"] == {"division": "Web"}
    assert (revisions(shop), shop.state_tags(sent)) == ([1, 2], ["wms-synced"])
    read_again(shop, sent)
    assert revisions(shop) == [1, 2]


@pytest.mark.parametrize("changed_since", [False, True])
def test_metadata_that_the_merchant_edits_is_an_edit(
    shop: World, sent: str, changed_since: bool
) -> None:
    shop.choose(after_edit="hold")
    if changed_since:
        shop.choose(metadata={**GIFT, "vip": "tag:vip"})
    shop.change(sent, "edit", attributes={"gift": "no", "slot": "AM"})
    shop.settle()
    assert there(shop, sent)["state"] == "on_hold"
    assert shop.log("held") == ["The warehouse holds it: it was edited after it was sent."]
    shop.send(sent)
    shop.settle()
    assert there(shop, sent)["metadata"]["gift"] == "no"


def test_metadata_that_the_merchant_adds_is_an_edit(shop: World) -> None:
    shop.choose(after_edit="resend", metadata=GIFT)
    gid = shop.order()
    shop.settle()
    assert there(shop, gid)["metadata"] == {}
    shop.change(gid, "edit", attributes={"gift": "yes"})
    shop.settle()
    assert (there(shop, gid)["metadata"], revisions(shop)) == ({"gift": "yes"}, [1, 2])

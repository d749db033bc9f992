"""A cursor that the warehouse takes for none: its feed is read from the beginning, and goes on."""

import pytest

from tests.sync.test_broken_feed import asked, broken, by_schedule, mark
from tests.sync.test_fulfil import fulfilled, sent
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World


@pytest.mark.parametrize("status", [400, 410])
def test_a_cursor_that_is_refused_begins_from_empty(shop: World, status: int) -> None:
    first, name = sent(shop)
    second, other = sent(shop)
    at_warehouse(shop, "ship", name)
    shop.settle()
    shop.wms.ask("PUT", "/sandbox/settings", defects=["expired_cursor_400"] * (status == 400))
    shop.wms.call("POST", "/sandbox/cursors/expire")
    shop.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    at_warehouse(shop, "ship", other)
    assert by_schedule(shop, "export_shipped_orders") == ("done", "")
    shop.settle()
    assert [len(fulfilled(shop, gid)) for gid in (first, second)] == [1, 1]
    before = mark(shop)
    assert by_schedule(shop, "export_shipped_orders") == ("done", "")
    assert asked(shop, before) == ["shipments"], "the new cursor is kept"


def test_a_feed_that_is_refused_from_the_beginning_too_is_asked_twice(shop: World) -> None:
    _, name = sent(shop)
    at_warehouse(shop, "ship", name)
    shop.settle()
    broken(shop, "shipments", value=422)
    before = mark(shop)
    assert by_schedule(shop, "export_shipped_orders")[0] == "failed"
    # Once by the job, once by the feed's own look, which is given up.
    assert asked(shop, before) == ["shipments"] * 4

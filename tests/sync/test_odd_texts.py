"""Half of an emoji in what the warehouse tells costs that text a sign; all behind it arrives."""

from tests.sync.test_broken_feed import by_schedule
from tests.sync.test_fulfil import fulfilled, parcel, sent
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World


def test_what_comes_behind_half_of_an_emoji_arrives(shop: World) -> None:
    first, one = sent(shop)
    second, other = sent(shop)
    shop.settle()
    shop.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    at_warehouse(shop, "ship", one, packages=[parcel("DP-1\ud83d")])
    at_warehouse(shop, "ship", other, packages=[parcel("DP-2")])
    assert by_schedule(shop, "export_shipped_orders") == ("done", "")
    shop.settle()
    assert [len(fulfilled(shop, gid)) for gid in (first, second)] == [1, 1]
    told = [fulfilled(shop, gid)[0]["trackingInfo"] for gid in (first, second)]
    assert [each["number"] for (each,) in told] == ["DP-1\ufffd", "DP-2"]

"""Send to WMS, from the click to the tag."""

from tests.world import World


def test_an_order_goes_from_the_click_to_the_warehouse_and_its_tag(world: World) -> None:
    gid = world.order(tags=["vip"])
    world.settle()
    assert world.tags(gid) == ["vip", "wms-no-sync"]
    receipt = world.send(gid)
    assert receipt["queued"] == 1
    world.settle()
    assert world.tags(gid) == ["vip", "wms-synced"]
    assert len(world.applied()) == 1
    run = world.api("GET", f"/api/runs/{receipt['run']}")
    assert (run["state"], run["items"][0]["outcome"]) == ("done", "sent")

"""Orders edited after they were sent: sent again, held at the warehouse, or left with a notice."""

from tests.world import World

MUGS = [{"sku": "MUG-WHITE", "quantity": 3}, {"sku": "TEA-GREEN", "quantity": 1}]


def sent_order(world: World) -> str:
    """An order that is in the warehouse."""
    gid = world.order(lines=MUGS)
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    return gid


def edit(world: World, gid: str, quantity: int) -> None:
    """Change how many mugs are wanted."""
    world.change(gid, "edit", lines=[{"sku": "MUG-WHITE", "quantity": quantity}])
    world.settle()


def at_warehouse(world: World) -> tuple[int, str, int]:
    """The revision, state and number of mugs that the warehouse has."""
    (order,) = world.wms.ask("GET", "/sandbox/orders")
    mugs = next(line for line in order["lines"] if line["sku"] == "MUG-WHITE")
    return order["revision"], order["state"], mugs["quantity"]


def test_an_edit_is_sent_again(automatic: World) -> None:
    gid = sent_order(automatic)
    edit(automatic, gid, 5)
    assert at_warehouse(automatic)[::2] == (2, 5)
    assert automatic.state_tags(gid) == ["wms-synced"]


def test_an_edit_is_left_with_a_notice_until_a_person_sends(automatic: World) -> None:
    automatic.choose(after_edit="notice")
    gid = sent_order(automatic)
    edit(automatic, gid, 5)
    assert at_warehouse(automatic)[::2] == (1, 3)
    assert automatic.state_tags(gid) == ["wms-synced"]
    row = automatic.row(gid)
    assert (row["reason"], row["outbound"][0]["held"]) == ("edited", False)
    assert automatic.log("waiting") == [f"Not sent. {row['message']}"]
    automatic.send(gid)
    automatic.settle()
    assert at_warehouse(automatic)[::2] == (2, 5)
    assert automatic.row(gid)["reason"] == ""


def test_an_edit_holds_the_order_at_the_warehouse_until_a_person_sends(automatic: World) -> None:
    automatic.choose(after_edit="hold")
    gid = sent_order(automatic)
    before = at_warehouse(automatic)[1]
    edit(automatic, gid, 5)
    assert at_warehouse(automatic) == (1, "on_hold", 3)
    assert automatic.row(gid)["outbound"][0]["held"]
    automatic.send(gid)
    automatic.settle()
    assert at_warehouse(automatic) == (2, before, 5)
    assert not automatic.row(gid)["outbound"][0]["held"]


def test_an_edit_taken_back_releases_the_order(automatic: World) -> None:
    automatic.choose(after_edit="hold")
    gid = sent_order(automatic)
    before = at_warehouse(automatic)[1]
    automatic.change(gid, "edit", note="Leave it at the door")
    automatic.settle()
    assert at_warehouse(automatic) == (1, "on_hold", 3)
    automatic.change(gid, "edit", note="")
    automatic.settle()
    assert at_warehouse(automatic) == (1, before, 3)
    assert (automatic.row(gid)["reason"], automatic.state_tags(gid)) == ("", ["wms-synced"])


def test_a_warehouse_that_cannot_hold_is_told_of_in_the_log(automatic: World) -> None:
    automatic.choose(after_edit="hold")
    automatic.wms.ask("PUT", "/sandbox/settings", lacks=["hold"])
    gid = sent_order(automatic)
    edit(automatic, gid, 5)
    assert at_warehouse(automatic)[::2] == (1, 3)
    (told,) = automatic.log("held")
    assert told.startswith("The warehouse did not hold it. ")
    assert automatic.owed_soon() == []


def test_a_split_order_reaches_two_warehouses_and_one_refused_half_is_an_error(
    automatic: World,
) -> None:
    here, there, *_ = automatic.locations().values()
    codes = [w["code"] for w in automatic.wms.ask("GET", "/sandbox/warehouses")]
    automatic.choose(locations={here: codes[0], there: codes[1]})
    lines = [
        {"sku": "MUG-WHITE", "quantity": 2, "location": here},
        {"sku": "UNKNOWN-1", "quantity": 1, "location": there},
    ]
    gid = automatic.order(lines=lines)
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-error"]
    accepted, refused = automatic.row(gid)["outbound"]
    assert [accepted["warehouse"], refused["warehouse"]] == codes[:2]
    automatic.wms.ask("PUT", "/sandbox/settings", unknown_skus=[])
    automatic.send(gid)
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    assert sorted(automatic.applied()) == sorted(
        [(accepted["external_id"], 1), (refused["external_id"], 1)]
    )
    requests = [order for batch in automatic.batches() for order in batch["orders"]]
    assert sum(external_id == accepted["external_id"] for external_id, _ in requests) == 1

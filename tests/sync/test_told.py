"""Whatever keeps an order from the warehouse is told on the order and in the log."""

from tests.world import World


def test_a_send_that_does_not_arrive_says_so_once_until_it_does(automatic: World) -> None:
    automatic.warehouse_fails({"where": "batch", "do": "status", "value": 503, "times": 2})
    gid = automatic.order()

    def undelivered() -> bool:
        automatic.drain()
        return bool(automatic.log("undelivered"))

    automatic.until(undelivered, "the failed send in the log")
    row = automatic.row(gid)
    assert row["reason"] == "retrying"
    assert automatic.log("undelivered") == [f"Not delivered yet. {row['message']}"]
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    assert automatic.row(gid)["reason"] == ""
    assert len(automatic.log("undelivered")) == 1


def test_a_read_meanwhile_leaves_what_a_send_says_that_does_not_arrive(automatic: World) -> None:
    automatic.warehouse_fails({"where": "batch", "do": "status", "value": 503})
    gid = automatic.order()
    automatic.until(
        lambda: automatic.drain() or automatic.log("undelivered"), "the failed send in the log"
    )
    known = automatic.row(gid)
    automatic.change(gid, "edit", note="Gift")
    automatic.until(
        lambda: automatic.drain() or automatic.row(gid)["content_hash"] != known["content_hash"],
        "the read",
    )
    row = automatic.row(gid)
    assert (row["reason"], row["message"]) == ("retrying", known["message"])
    assert len(automatic.log("undelivered")) == 1


def test_a_refused_token_is_told_on_the_order(automatic: World) -> None:
    connector = automatic.connector["id"]
    automatic.wms.ask("POST", f"/sandbox/connectors/{connector}/rotate-token")
    gid = automatic.order()
    automatic.until(
        lambda: automatic.drain() or automatic.log("undelivered"), "the refusal in the log"
    )
    row = automatic.row(gid)
    assert row["reason"] == "connection"
    assert row["message"].startswith("Token refused.")
    assert automatic.applied() == []


def test_each_manual_send_has_its_answer_in_the_log(automatic: World) -> None:
    automatic.choose(require_payment=True)
    gid = automatic.order(paid=False)
    automatic.settle()
    for _ in range(2):
        automatic.send(gid)
        automatic.settle()
    assert len(automatic.log("asked")) == 2
    assert len(automatic.log("waiting")) == 3


def test_an_unchanged_order_is_told_to_be_unchanged(automatic: World) -> None:
    gid = automatic.order()
    automatic.settle()
    run = automatic.send(gid)["run"]
    automatic.settle()
    (item,) = automatic.api("GET", f"/api/runs/{run}")["items"]
    assert (item["outcome"], item["reason"]) == ("sent", "unchanged")
    assert automatic.log("unchanged") == ["Not sent. The warehouse has it; nothing changed."]
    assert len(automatic.batches()) == 1


def test_the_log_says_who_asked_an_order_back(automatic: World) -> None:
    gid = automatic.order()
    automatic.settle()
    automatic.change(gid, "cancel")
    automatic.settle()
    asked = "It was cancelled in Shopify. The warehouse is asked to cancel it."
    assert automatic.log("asked_back") == [asked]
    assert automatic.log("cancelled") == ["The warehouse has cancelled it."]

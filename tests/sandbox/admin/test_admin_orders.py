"""The order list and the order page: live, selectable, a merchant's hand."""

import requests
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.sandbox.admin.conftest import SHOP, Place

QUANTITY = "Quantity of Maglietta Basic · M"


def test_tags_change_before_ones_eyes_and_the_selection_stays(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/store/tagdock-demo/orders")
    page.get_by_label("Select #1040").check()
    page.get_by_label("Select #1039").check()
    number = next(one["number"] for one in place.orders() if one["name"] == "#1040")
    place.control(f"orders/{number}/tags", {"add": ["wms-synced"], "remove": ["wms-no-sync"]})
    row = page.get_by_role("row").filter(has_text="#1040")
    expect(row.locator(".chip.synced")).to_have_text("wms-synced")
    expect(row.locator(".chip.no-sync")).to_have_count(0)
    expect(page.locator("#selected")).to_have_text("2 selected")
    expect(page.get_by_label("Select #1039")).to_be_checked()


def test_new_orders_arrive_on_top_and_stay_unselected(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/store/tagdock-demo/orders")
    page.get_by_label("Select all orders").check()
    expect(page.locator("#selected")).to_have_text("40 selected")
    name = place.control("orders", {"tags": ["vip"]})["names"][0]
    first = page.locator("tbody tr").first
    expect(first).to_contain_text(name)
    expect(first).to_contain_text("vip")
    expect(first.get_by_role("checkbox")).not_to_be_checked()
    expect(page.locator("#selected")).to_have_text("40 selected")


def test_all_can_be_selected_once_there_are_orders(page: Page, place: Place) -> None:
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/sandbox/*/orders", lambda route: held.append((route, route.fetch())))
    page.goto(f"{place.url}/store/tagdock-demo/orders")
    expect(page.get_by_label("Select all orders")).to_be_disabled()
    while not held:
        page.wait_for_timeout(10)
    route, orders = held[0]
    route.fulfill(response=orders)
    page.get_by_label("Select all orders").check()
    expect(page.locator("#selected")).to_have_text("40 selected")
    page.unroute_all(behavior="ignoreErrors")


def test_shift_click_selects_a_range(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/store/tagdock-demo/orders")
    page.get_by_label("Select #1040").click()
    page.get_by_label("Select #1036").click(modifiers=["Shift"])
    expect(page.locator("#selected")).to_have_text("5 selected")


def test_the_list_fits_a_narrow_screen_and_speaks_italian(page: Page, place: Place) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{place.url}/store/tagdock-demo/orders?lang=it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ordini")
    expect(page.locator("tbody tr")).to_have_count(40)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_merchant_edits_an_order_by_hand(page: Page, place: Place) -> None:
    lines = [{"sku": "TS-M", "quantity": 2}, {"sku": "SOC-42", "quantity": 1}]
    made = place.control("orders", {"lines": lines, "paid": False, "tags": ["vip"]})
    page.goto(f"{place.url}/store/tagdock-demo/orders/{made['ids'][0].split('/')[-1]}")
    page.get_by_label(QUANTITY).fill("5")
    page.get_by_role("button", name="Save quantities").click()
    page.get_by_role("button", name="Mark as paid").click()
    page.get_by_label("Add tag").fill("fragile")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Remove tag vip").click()
    page.get_by_role("button", name="Hold", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Hold").click()
    expect(page.get_by_role("button", name="Release hold")).to_be_visible()
    expect(page.locator("#tags .chip")).to_have_text(["fragile×"])
    found = next(one for one in place.orders() if one["name"] == made["names"][0])
    assert found["tags"] == ["fragile"]
    assert found["displayFinancialStatus"] == "PAID"
    assert found["displayFulfillmentStatus"] == "ON_HOLD"
    expect(page.get_by_label(QUANTITY)).to_have_value("5")


def test_a_quantity_that_is_not_saved_yet_stays_whatever_else_changes(
    page: Page, place: Place
) -> None:
    made = place.control("orders", {"lines": [{"sku": "TS-M", "quantity": 2}]})
    number = made["ids"][0].split("/")[-1]
    page.goto(f"{place.url}/store/tagdock-demo/orders/{number}")
    quantity = page.get_by_label(QUANTITY)
    quantity.fill("5")
    quantity.blur()
    place.control(f"orders/{number}/edit", {"lines": [{"sku": "SOC-42", "quantity": 1}]})
    place.control(f"orders/{number}/tags", {"add": ["seen"]})
    expect(page.locator("#tags .chip")).to_have_text(["seen×"])
    expect(quantity).to_have_value("5")
    page.get_by_role("button", name="Save quantities").click()
    expect(page.locator("#items .line")).to_have_count(2)
    expect(quantity).to_have_value("5")
    found = requests.get(f"{place.url}/sandbox/{SHOP}/orders/{number}", timeout=60).json()
    quantities = {line["sku"]: line["currentQuantity"] for line in found["lines"]}
    assert quantities == {"TS-M": 5, "SOC-42": 1}


def test_an_order_read_before_a_deed_is_not_shown_after_it(page: Page, place: Place) -> None:
    number = place.control("orders", {"lines": [{"sku": "TS-M"}]})["ids"][0].split("/")[-1]
    held: list[tuple[Route, APIResponse]] = []
    page.goto(f"{place.url}/store/tagdock-demo/orders/{number}")
    archive = page.get_by_role("button", name="Archive", exact=True)
    expect(archive).to_be_visible()
    address = f"**/sandbox/{SHOP}/orders/{number}"
    page.route(address, lambda route: held.append((route, route.fetch())))
    with page.expect_request(address):
        pass
    while not held:
        page.wait_for_timeout(10)
    archive.click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    with page.expect_request(address):
        route, early = held[0]
        route.fulfill(response=early)
    assert page.get_by_role("button", name="Unarchive").count() == 1
    page.unroute_all(behavior="ignoreErrors")


def test_cancelling_asks_first(page: Page, place: Place) -> None:
    made = place.control("orders")
    page.goto(f"{place.url}/store/tagdock-demo/orders/{made['ids'][0].split('/')[-1]}")
    page.get_by_role("button", name="Cancel order").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep order").click()
    page.get_by_role("button", name="Cancel order").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel order").click()
    expect(page.locator("#badges")).to_contain_text("Cancelled")
    found = next(one for one in place.orders() if one["name"] == made["names"][0])
    assert found["cancelledAt"]

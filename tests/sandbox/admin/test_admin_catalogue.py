"""Orders of one's own making, products and locations, by hand."""

import re
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.sandbox.admin.conftest import SHOP, Place
from tests.sandbox.admin.test_admin_deeds import CLOSE

STORE = "store/tagdock-demo"


def told(place: Place, path: str) -> Any:
    return requests.get(f"{place.url}/sandbox/{SHOP}/{path}", timeout=60).json()


def newest(place: Place) -> Any:
    return told(place, f"orders/{place.orders()[-1]['number']}")


def create(page: Page, place: Place, **choices: str) -> Any:
    """Fill the form of a new order, send it, and return the order."""
    page.goto(f"{place.url}/{STORE}/orders")
    page.get_by_role("link", name="Create order").click()
    expect(page.locator("#lines li")).to_have_count(1)
    for label, choice in choices.items():
        page.get_by_label(label.replace("_", " "), exact=True).select_option(label=choice)
    page.get_by_role("button", name="Create order").click()
    page.wait_for_url(re.compile(r"/orders/\d+$"))
    return newest(place)


def test_an_order_of_several_lines_is_created(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/{STORE}/orders/new")
    page.get_by_label("Line 1: Quantity").fill("3")
    for _ in range(2):
        page.get_by_role("button", name="Add line").click()
    page.get_by_label("Line 2: Product").select_option(label="Tazza in ceramica (MUG-330)")
    page.get_by_label("Line 3: Product").select_option(label="An item without a SKU")
    page.get_by_label("Test order").check()
    page.get_by_label("Tags, separated by commas").fill("vip, gift")
    page.get_by_label("Note").fill("Ring <twice>")
    page.get_by_role("button", name="Create order").click()
    page.wait_for_url(re.compile(r"/orders/\d+$"))
    made = newest(place)
    lines = [(line["sku"], line["currentQuantity"]) for line in made["lines"]]
    assert lines == [("TS-M", 3), ("MUG-330", 1), (None, 1)]
    assert (made["test"], made["tags"], made["note"]) == (True, ["gift", "vip"], "Ring <twice>")
    assert made["displayFinancialStatus"] == "PAID"


def test_cash_on_delivery_is_not_paid(page: Page, place: Place) -> None:
    made = create(page, place, Payment="Cash on delivery", Fraud_risk="High: cancel")
    assert made["displayFinancialStatus"] == "PENDING"
    assert made["paymentGatewayNames"] == ["Cash on Delivery (COD)"]
    assert made["risk"]["recommendation"] == "CANCEL"


def test_a_pick_up_has_its_place_and_no_address(page: Page, place: Place) -> None:
    made = create(page, place, Delivery="Pick-up in store", Location="Roma")
    assert made["shippingAddress"] is None
    expect(page.locator("#fulfillment")).to_contain_text("Roma")
    (one,) = newest(place)["fulfillment_orders"]
    assert one["deliveryMethod"]["methodType"] == "PICK_UP"


def test_many_are_created_at_once(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/{STORE}/orders/new")
    page.get_by_label("How many orders").fill("5")
    page.get_by_role("button", name="Create order").click()
    page.wait_for_url(f"**/{STORE}/orders")
    expect(page.locator("#selected")).to_have_text("45 orders")


def test_a_sku_is_changed_and_taken_away(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/{STORE}/products")
    for sku in ("TS-M2", ""):
        page.get_by_label("SKU of Maglietta Basic · M", exact=True).fill(sku)
        page.get_by_role("button", name="Save the SKU of Maglietta Basic · M").click()
        expect(page.locator(".toast").last).to_contain_text("Saved")
        page.evaluate(CLOSE)
        assert told(place, "products")[0]["sku"] == (sku or None)


def test_a_product_is_added(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/{STORE}/products")
    expect(page.locator("#products tr").first).to_be_visible()
    page.get_by_role("button", name="Add product").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill("<i>Cup</i>")
    dialog.get_by_role("button", name="Add product").click()
    expect(page.get_by_label("SKU of <i>Cup</i>", exact=True)).to_have_value("")
    assert told(place, "products")[-1]["product"] == "<i>Cup</i>"


def test_a_location_is_opened_renamed_closed_and_deleted(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/{STORE}/locations")
    expect(page.locator("#locations tr")).to_have_count(2)
    page.get_by_role("button", name="Add location").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Torino")
    dialog.get_by_role("button", name="Add location").click()
    page.get_by_role("button", name="Rename Torino").click()
    dialog.get_by_label("Name").fill("Torino Nord")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Deactivate Torino Nord").click()
    dialog.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_role("row").filter(has_text="Torino Nord")).to_contain_text("Deactivated")
    page.get_by_role("button", name="Delete Torino Nord").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.locator("#locations tr")).to_have_count(2)
    assert [one["name"] for one in told(place, "locations")] == ["Milano", "Roma"]


def test_open_orders_go_elsewhere_when_their_location_closes(page: Page, place: Place) -> None:
    waiting = sum(one["open"] for one in told(place, "locations"))
    page.goto(f"{place.url}/{STORE}/locations")
    page.get_by_role("button", name="Deactivate Milano").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Move what is open to").select_option(label="Roma")
    dialog.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_role("button", name="Activate Milano", exact=True)).to_be_visible()
    found = {one["name"]: (one["active"], one["open"]) for one in told(place, "locations")}
    assert found == {"Milano": (False, 0), "Roma": (True, waiting)}


def test_a_name_that_is_taken_is_refused_in_words(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/{STORE}/locations")
    page.get_by_role("button", name="Rename Roma").click()
    page.get_by_role("dialog").get_by_label("Name").fill("milano")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator(".toast.error")).to_contain_text("already have a location")


@pytest.mark.parametrize("path", ["orders/new", "products", "locations"])
def test_the_pages_fit_a_narrow_screen_in_italian(page: Page, place: Place, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{place.url}/{STORE}/{path}?lang=it")
    expect(page.locator("main select, main input, main tr button").first).to_be_visible()
    expect(page.locator(".strip")).to_have_text("Sandbox. Nessun ordine reale")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

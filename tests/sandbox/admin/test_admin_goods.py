"""Stock, shipments and returns in the admin, by hand."""

from typing import Any

import requests
from playwright.sync_api import Page, expect

from tests.sandbox.admin.conftest import SHOP, Place

STORE = "store/tagdock-demo"


def told(place: Place, path: str) -> Any:
    return requests.get(f"{place.url}/sandbox/{SHOP}/{path}", timeout=60).json()


def shipped(place: Place) -> int:
    """Make an order of two lines, ship it in one parcel, and return its number."""
    lines = [{"sku": "TS-M", "quantity": 3}, {"sku": "MUG-330", "quantity": 2}]
    made = place.control("orders", {"lines": lines, "routed": False})
    number = int(made["ids"][0].rpartition("/")[2])
    place.control(f"orders/{number}/route")
    tracking = {"company": "GLS", "number": "GL1", "url": "https://gls.example.com/GL1"}
    place.control(f"orders/{number}/fulfil", {"tracking": tracking})
    return number


def test_a_level_is_found_and_set(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/{STORE}/inventory")
    expect(page.locator("#levels tr").first).to_be_visible()
    page.get_by_label("Product or SKU").fill("mug")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#levels tr")).to_have_count(2)
    page.get_by_label("Location").select_option(label="Roma")
    expect(page.locator("#levels tr")).to_have_count(1)
    page.get_by_label("Available of MUG-330 at Roma", exact=True).fill("7")
    page.get_by_role("button", name="Save what is available of MUG-330 at Roma").click()
    expect(page.locator(".toast").last).to_contain_text("Saved")
    (row,) = told(place, "inventory?sku=MUG-330&location=Roma")
    assert (row["available"], row["active"]) == (7, True)


def test_what_is_looked_for_stays_in_the_address(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/{STORE}/inventory?query=tazza")
    expect(page.locator("#levels tr")).to_have_count(2)
    expect(page.get_by_label("Product or SKU")).to_have_value("tazza")


def test_many_goods_are_shown_in_part(page: Page, place: Place) -> None:
    place.control("products", {"title": "Item {n}", "sku": "S-{n}", "count": 300})
    page.goto(f"{place.url}/{STORE}/inventory")
    expect(page.locator("#more")).to_contain_text("The first 100 rows")
    expect(page.locator("#levels tr")).to_have_count(100)


def test_a_shipment_shows_its_parcel_and_how_far_it_is(page: Page, place: Place) -> None:
    number = shipped(place)
    page.goto(f"{place.url}/{STORE}/orders/{number}")
    shipments = page.locator("#fulfillment")
    expect(shipments.get_by_role("link", name="GLS GL1")).to_have_attribute(
        "href", "https://gls.example.com/GL1"
    )
    expect(shipments).to_contain_text("From Milano")
    expect(shipments).to_contain_text("2 × MUG-330")


def test_a_return_is_created_received_processed_and_closed(page: Page, place: Place) -> None:
    number = shipped(place)
    (before,) = told(place, "inventory?sku=TS-M&location=Roma")
    page.goto(f"{place.url}/{STORE}/orders/{number}")
    page.get_by_role("button", name="Create return").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("TS-M, of 3").fill("2")
    dialog.get_by_label("MUG-330, of 2").fill("0")
    dialog.get_by_label("Reason").select_option(label="Size was too small")
    dialog.get_by_role("button", name="Create return").click()
    part = page.locator("#returns")
    expect(part).to_contain_text("2 × TS-M (Size was too small)")
    page.get_by_role("button", name="Receive items").click()
    dialog.get_by_label("Location").select_option(label="Roma")
    dialog.get_by_role("button", name="Receive items").click()
    expect(part).to_contain_text("2 × TS-M: Restocked, Roma")
    page.get_by_role("button", name="Process").click()
    expect(part).to_contain_text("2 processed")
    page.get_by_role("button", name="Close return").click()
    expect(page.get_by_role("button", name="Reopen return")).to_be_visible()
    (after,) = told(place, "inventory?sku=TS-M&location=Roma")
    assert after["available"] == before["available"] + 2
    order = told(place, f"orders/{number}")
    assert (order["returnStatus"], order["returns"][0]["status"]) == ("RETURNED", "CLOSED")


def test_a_customers_wish_is_declined_and_listed(page: Page, place: Place) -> None:
    number = shipped(place)
    place.control("returns", {"order": number, "status": "REQUESTED"})
    page.goto(f"{place.url}/{STORE}/returns")
    page.get_by_role("link", name="-R1").click()
    page.get_by_role("button", name="Decline").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").select_option(label="Final sale")
    dialog.get_by_role("button", name="Decline").click()
    expect(page.locator("#returns")).to_contain_text("Final sale")
    (one,) = told(place, "returns")
    assert (one["status"], one["decline"]["reason"]) == ("DECLINED", "FINAL_SALE")


def test_the_pages_fit_a_narrow_screen_in_italian(page: Page, place: Place) -> None:
    number = shipped(place)
    place.control("returns", {"order": number, "status": "REQUESTED"})
    page.set_viewport_size({"width": 320, "height": 640})
    for path, words in (
        ("inventory?query=ts-", "Disponibile"),
        ("returns", "Richiesto"),
        (f"orders/{number}", "Approva"),
    ):
        mark = "&" if "?" in path else "?"
        page.goto(f"{place.url}/{STORE}/{path}{mark}lang=it")
        expect(page.locator("main")).to_contain_text(words)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320

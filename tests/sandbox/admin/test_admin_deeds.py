"""What a merchant does on an order's page, button by button, and what becomes of the order."""

from typing import Any

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from sandbox.shopify.admin.words import LANGUAGES
from tests.sandbox.admin.conftest import SHOP, Place

LINES = [{"sku": "TS-M", "quantity": 3}, {"sku": "SOC-42", "quantity": 2}]

# Such a message also goes by itself, perhaps while it is looked for.
CLOSE = "document.querySelectorAll('.toast .close').forEach((button) => button.click())"
WIDEST = """Math.max(...[...document.querySelectorAll('main *')]
  .map((one) => one.getBoundingClientRect().right))"""


class Desk:
    """One order's page and the order behind it."""

    def __init__(self, page: Page, place: Place, **spec: Any) -> None:
        requests.put(f"{place.url}/sandbox/settings", json={"routing_seconds": 0}, timeout=60)
        self.page, self.place = page, place
        made = place.control("orders", {"lines": LINES} | spec)
        self.number = made["ids"][0].split("/")[-1]
        page.goto(f"{place.url}/store/tagdock-demo/orders/{self.number}")
        expect(page.locator("#fulfillment .steps").first).to_be_visible()

    def order(self) -> Any:
        """The order as the control API tells it."""
        address = f"{self.place.url}/sandbox/{SHOP}/orders/{self.number}"
        return requests.get(address, timeout=60).json()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True).first

    def asked(self, opener: str, verb: str = "", **values: str) -> None:
        """Press a button, fill what the dialog asks and confirm it; wait until it is saved."""
        self.button(opener).click()
        dialog = self.page.get_by_role("dialog")
        for label, value in values.items():
            field = dialog.get_by_label(label.replace("_", " "))
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
        dialog.get_by_role("button", name=verb or opener, exact=True).click()
        self.saved()

    def saved(self) -> None:
        expect(self.page.locator(".toast").last).to_contain_text("Saved")
        self.page.evaluate(CLOSE)


def test_a_line_is_removed_and_another_added(page: Page, place: Place) -> None:
    desk = Desk(page, place)
    page.get_by_role("button", name="Remove Calzini a righe").click()
    desk.saved()
    page.locator("#variant").select_option(label="Tazza in ceramica (MUG-330)")
    page.locator("#units").fill("4")
    page.get_by_role("button", name="Add item").click()
    desk.saved()
    lines = [(line["sku"], line["currentQuantity"]) for line in desk.order()["lines"]]
    assert lines == [("TS-M", 3), ("SOC-42", 0), ("MUG-330", 4)]
    expect(page.locator("#items .line")).to_have_count(3)


def test_the_address_is_edited_and_taken_away(page: Page, place: Place) -> None:
    desk = Desk(page, place)
    desk.asked("Edit: Shipping address", "Save", City="Torino", Country_code="FR")
    found = desk.order()["shippingAddress"]
    assert (found["city"], found["countryCodeV2"], found["name"]) == ("Torino", "FR", "Anna Rossi")
    expect(page.locator("#customer")).to_contain_text("Torino")
    labels = ("Name", "Address", "Postal_code", "City", "Province_code", "Phone")
    desk.asked("Edit: Shipping address", "Save", **dict.fromkeys(labels, ""))
    assert desk.order()["shippingAddress"] is None
    expect(page.locator("#customer")).to_contain_text("No address")


def test_the_note_is_edited(page: Page, place: Place) -> None:
    desk = Desk(page, place)
    page.locator("#note-text").fill("Ring <twice>")
    page.locator("#note").get_by_role("button", name="Save").click()
    desk.saved()
    assert desk.order()["note"] == "Ring <twice>"


def test_a_part_is_split_off_moved_and_merged_back(page: Page, place: Place) -> None:
    desk = Desk(page, place)
    desk.asked("Split", **{"TS-M, of 3": "1"})
    units = [[line["remainingQuantity"] for line in one["lines"]] for one in open_ones(desk)]
    assert units == [[2, 2], [1]]
    desk.button("Merge those at one location").click()
    desk.saved()
    assert len(open_ones(desk)) == 1
    before = open_ones(desk)[0]["id"]
    desk.asked("Move", New_location="Roma")
    (moved,) = open_ones(desk)
    assert (moved["id"], moved["location"]["name"]) == (before, "Roma")
    desk.asked("Move", New_location="Milano", **{"TS-M, of 3": "1", "SOC-42, of 2": "0"})
    assert [one["location"]["name"] for one in open_ones(desk)] == ["Roma", "Milano"]


def open_ones(desk: Desk) -> list[Any]:
    return [one for one in desk.order()["fulfillment_orders"] if one["status"] != "CLOSED"]


def test_a_hold_says_why_until_it_is_released(page: Page, place: Place) -> None:
    desk = Desk(page, place)
    desk.asked("Hold", Reason="Incorrect address", Notes="Ask <Anna>")
    (held,) = desk.order()["fulfillment_orders"]
    assert held["fulfillmentHolds"][0]["reason"] == "INCORRECT_ADDRESS"
    expect(page.locator("#fulfillment")).to_contain_text("Incorrect address: Ask <Anna>")
    desk.button("Release hold").click()
    desk.saved()
    assert desk.order()["fulfillment_orders"][0]["status"] == "OPEN"


def test_a_part_is_fulfilled_by_hand_and_taken_back(page: Page, place: Place) -> None:
    desk = Desk(page, place)
    desk.asked("Fulfill", Carrier="DemoPost", Tracking_number="1Z99", **{"TS-M, of 3": "1"})
    (made,) = desk.order()["fulfillments"]
    assert (made["totalQuantity"], made["trackingInfo"][0]["number"]) == (3, "1Z99")
    expect(page.locator("#fulfillment")).to_contain_text("DemoPost 1Z99")
    desk.button("Cancel fulfillment").click()
    desk.saved()
    assert desk.order()["fulfillments"][0]["status"] == "CANCELLED"


def test_fraud_risk_is_set(page: Page, place: Place) -> None:
    desk = Desk(page, place)
    page.get_by_label("Fraud risk").last.select_option(label="High: cancel")
    desk.button("Set").click()
    desk.saved()
    assert desk.order()["risk"]["recommendation"] == "CANCEL"


def test_attributes_and_metafields_are_added_and_removed(page: Page, place: Place) -> None:
    desk = Desk(page, place, attributes={"wrap": "red"})
    desk.asked("Add detail", "Add", Key="gift", Value="yes")
    desk.asked("Add detail", "Add", Kind="Metafield", Key="lot", Value="<b>L-7</b>")
    found = desk.order()
    assert [one["key"] for one in found["customAttributes"]] == ["wrap", "gift"]
    assert [(one["namespace"], one["value"]) for one in found["metafields"]] == [
        ("custom", "<b>L-7</b>")
    ]
    for title in ("wrap", "custom.lot"):
        page.get_by_role("button", name=f"Remove {title}").click()
        desk.saved()
    expect(page.locator("#details li")).to_have_count(1)
    assert desk.order()["metafields"] == []


def test_an_order_is_archived_and_back(page: Page, place: Place) -> None:
    desk = Desk(page, place)
    desk.button("Archive").click()
    desk.saved()
    desk.button("Unarchive").click()
    desk.saved()
    assert desk.order()["closedAt"] is None


def test_a_cancelled_order_can_only_be_deleted(page: Page, place: Place) -> None:
    desk = Desk(page, place)
    desk.asked("Cancel order", Reason="Fraudulent order")
    assert desk.order()["cancelReason"] == "FRAUD"
    for gone in ("Mark as paid", "Archive", "Add item", "Save quantities"):
        expect(page.get_by_role("button", name=gone)).to_have_count(0)
    desk.button("Delete order").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete order").click()
    page.wait_for_url("**/orders")
    assert desk.number not in [str(one["number"]) for one in place.orders()]


def test_what_shopify_refuses_is_said(page: Page, place: Place) -> None:
    desk = Desk(page, place)
    desk.asked("Fulfill", **{"SOC-42, of 2": "0"})
    page.get_by_role("button", name="Remove Maglietta Basic · M").click()
    expect(page.locator(".toast.error")).to_contain_text("not fulfilled")
    assert desk.order()["lines"][0]["currentQuantity"] == 3


def test_escape_leaves_an_order_as_it_is_and_gives_the_focus_back(page: Page, place: Place) -> None:
    desk = Desk(page, place)
    desk.button("Move").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(desk.button("Move")).to_be_focused()
    assert desk.order()["fulfillment_orders"][0]["location"]["name"] == "Milano"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_fits_a_narrow_screen(page: Page, place: Place, language: str) -> None:
    desk = Desk(page, place)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{place.url}/store/tagdock-demo/orders/{desk.number}?lang={language}")
    expect(page.locator("#items .line")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(WIDEST) <= 320


def test_both_languages_have_the_same_words() -> None:
    english, italian = LANGUAGES["en"], LANGUAGES["it"]
    assert english.keys() == italian.keys()
    assert all(italian.values())

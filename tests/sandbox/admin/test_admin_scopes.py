"""``shopify.scopes``: what the app may do, and the question whether it may do more."""

import json
from typing import Any

import pytest
import requests
from playwright.sync_api import FrameLocator, Page, expect

from tests.sandbox.admin.conftest import SHOP, Place

REQUIRED = ["read_products", "write_orders"]
OPTIONAL = ["write_inventory", "write_returns"]
ASKING = """<p id="said"></p><script>
const said = document.getElementById('said');
const told = value => { said.textContent = JSON.stringify(value); };
const call = (deed, ...values) => {
  said.textContent = '';
  shopify.scopes[deed](...values).then(told, error => told({error: error.message}));
};
</script><h1>Scopes</h1>"""


@pytest.fixture
def frame(page: Page, place: Place) -> FrameLocator:
    """A page of the app that says what ``shopify.scopes`` answers."""
    place.app.pages["/"] = ASKING
    page.goto(f"{place.url}/store/tagdock-demo/apps/tiny-app")
    shown = page.frame_locator("#app iframe")
    expect(shown.get_by_role("heading")).to_have_text("Scopes")
    return shown


def _call(frame: FrameLocator, deed: str, *values: Any) -> None:
    script = f"() => {{ call({json.dumps(deed)}, ...{json.dumps(values)}) }}"
    frame.locator("body").evaluate(script)


def _answer(frame: FrameLocator) -> Any:
    said = frame.locator("#said")
    expect(said).not_to_be_empty()
    return json.loads(said.inner_text())


def _granted(place: Place) -> list[str]:
    address = f"{place.url}/sandbox/{SHOP}/scopes"
    return list(requests.get(address, timeout=60).json()["granted"])


def test_an_app_learns_what_it_may_do(frame: FrameLocator) -> None:
    _call(frame, "query")
    told = {"granted": REQUIRED, "required": REQUIRED, "optional": OPTIONAL}
    assert _answer(frame) == told


def test_a_person_says_yes(page: Page, frame: FrameLocator, place: Place) -> None:
    _call(frame, "request", ["write_inventory", "write_orders"])
    dialog = page.get_by_role("dialog", name=f"Tiny app asks for more access to {SHOP}")
    expect(dialog).to_contain_text("It wants these permissions: write_inventory.")
    dialog.get_by_role("button", name="Grant", exact=True).click()
    answer, wanted = _answer(frame), [*REQUIRED[:1], "write_inventory", "write_orders"]
    assert (answer["result"], answer["detail"]["granted"]) == ("granted-all", wanted)
    assert _granted(place) == wanted


@pytest.mark.parametrize("no", ["button", "key"])
def test_a_person_says_no(page: Page, frame: FrameLocator, place: Place, no: str) -> None:
    _call(frame, "request", ["write_returns"])
    expect(page.get_by_role("dialog")).to_be_visible()
    if no == "key":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="Don't grant").click()
    answer = _answer(frame)
    assert (answer["result"], answer["detail"]["granted"]) == ("declined-all", REQUIRED)
    assert _granted(place) == REQUIRED


def test_nobody_is_asked_for_what_is_granted(page: Page, frame: FrameLocator) -> None:
    _call(frame, "request", ["write_orders"])
    assert _answer(frame)["result"] == "granted-all"
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_only_what_the_configuration_names_is_asked_for(
    page: Page, frame: FrameLocator, place: Place
) -> None:
    _call(frame, "request", ["write_inventory", "write_themes"])
    assert _answer(frame)["error"].endswith("doesn't name these scopes: write_themes.")
    _call(frame, "request", "write_inventory")
    assert _answer(frame)["error"] == "Name the scopes in a list."
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert _granted(place) == REQUIRED


def test_optional_scopes_are_given_back(frame: FrameLocator, place: Place) -> None:
    place.control("scopes", {"grant": ["write_returns"]})
    _call(frame, "revoke", ["write_returns"])
    assert _answer(frame)["detail"]["granted"] == REQUIRED
    assert _granted(place) == REQUIRED
    _call(frame, "revoke", ["write_orders"])
    assert "required by the app's configuration: write_orders" in _answer(frame)["error"]


def test_the_question_is_asked_in_italian(page: Page, frame: FrameLocator, place: Place) -> None:
    page.goto(f"{place.url}/store/tagdock-demo/apps/tiny-app?lang=it")
    expect(frame.get_by_role("heading")).to_have_text("Scopes")
    _call(frame, "request", ["write_inventory"])
    dialog = page.get_by_role("dialog", name=f"Tiny app chiede più accesso a {SHOP}")
    dialog.get_by_role("button", name="Non concedere").click()
    assert _answer(frame)["result"] == "declined-all"

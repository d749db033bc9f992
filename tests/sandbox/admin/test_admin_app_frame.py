"""The app in its frame: tokens, navigation, toasts, the save bar, the way back."""

from playwright.sync_api import Page, expect

from sandbox.shopify.app_config import CLIENT_ID
from tests.sandbox.admin.conftest import Place

FORM = """<s-page heading="Settings"><form data-save-bar id="form">
<s-text-field name="label" label="Label" value="Acme"></s-text-field></form>
<s-link href="/other?shop=x">Other</s-link>
<script>document.getElementById('form').addEventListener('submit', event => {
event.preventDefault();
shopify.toast.show(`Saved ${new FormData(event.target).get('label')}`); })</script></s-page>"""
ASKING = """<s-button id="go">Go</s-button><script>
document.getElementById('go').addEventListener('click', async () => {
const body = await (await fetch('/api/settings')).json();
shopify.toast.show(`Got ${body.path}`); })</script>"""


def _open(page: Page, place: Place, path: str = "") -> None:
    page.goto(f"{place.url}/store/tagdock-demo/apps/tiny-app{path}")


def test_the_frame_gets_what_shopify_sends(page: Page, place: Place) -> None:
    place.app.pages["/logs"] = "<p id=q></p><script>q.textContent = location.search</script>"
    _open(page, place, "/logs?level=error")
    shown = page.frame_locator("#app iframe").locator("#q")
    for part in (
        "level=error",
        "embedded=1",
        "shop=tagdock-demo.myshopify.com",
        "host=",
        "id_token=",
        "locale=en",
    ):
        expect(shown).to_contain_text(part)
    assert page.url.endswith("/apps/tiny-app/logs?level=error")


def test_the_client_id_leads_to_the_app_and_another_app_nowhere(page: Page, place: Place) -> None:
    place.app.pages["/logs"] = "<p id=q></p><script>q.textContent = location.search</script>"
    page.goto(f"{place.url}/store/tagdock-demo/apps/{CLIENT_ID}/logs?level=error")
    expect(page.frame_locator("#app iframe").locator("#q")).to_contain_text("level=error")
    assert page.url.endswith("/apps/tiny-app/logs?level=error")
    answer = page.goto(f"{place.url}/store/tagdock-demo/apps/other")
    assert answer is not None
    assert answer.status == 404


def test_a_navigation_without_a_token_is_patched(page: Page, place: Place) -> None:
    place.app.pages["/"] = '<a href="/orders?shop=tagdock-demo.myshopify.com">Orders</a>'
    place.app.pages["/orders"] = "<h1>All orders</h1>"
    _open(page, place)
    page.frame_locator("#app iframe").get_by_role("link", name="Orders").click()
    expect(page.frame_locator("#app iframe").get_by_role("heading")).to_have_text("All orders")
    page.wait_for_url("**/apps/tiny-app/orders")
    visits = [bool(one["id_token"]) for one in place.app.asked if one["path"] == "/orders"]
    assert visits == [False, True]


def test_fetch_carries_a_token_and_toasts_appear(page: Page, place: Place) -> None:
    place.app.pages["/"] = ASKING
    _open(page, place)
    page.frame_locator("#app iframe").get_by_role("button", name="Go").click()
    expect(page.get_by_text("Got settings")).to_be_visible()
    assert place.app.asked[-1]["token"].startswith("Bearer ey")


def test_the_apps_navigation_appears_in_the_admin(page: Page, place: Place) -> None:
    place.app.pages["/logs"] = "<h1>Log lines</h1>"
    _open(page, place)
    links = page.locator("#app-nav a")
    expect(links).to_have_text(["Logs"])
    links.first.click()
    expect(page.frame_locator("#app iframe").get_by_role("heading")).to_have_text("Log lines")
    page.wait_for_url(lambda url: url.endswith("/apps/tiny-app/logs?a=1"))
    expect(links.first).to_have_attribute("aria-current", "page")
    page.goto(f"{place.url}/store/tagdock-demo/orders")
    expect(links).to_have_text(["Logs"])


def test_a_product_is_looked_for_by_its_title(page: Page, place: Place) -> None:
    address = "shopify://admin/products?query=tazza%20in"
    place.app.pages["/"] = f'<s-link href="{address}">Open product</s-link>'
    _open(page, place)
    page.frame_locator("#app iframe").get_by_role("link", name="Open product").click()
    page.wait_for_url("**/store/tagdock-demo/products?query=tazza%20in")
    expect(page.locator("#products tr")).to_have_count(1)
    expect(page.locator("#products tr")).to_contain_text("Tazza in ceramica")


def test_the_save_bar_saves_and_discards(page: Page, place: Place) -> None:
    place.app.pages["/"] = FORM
    _open(page, place)
    field, bar = page.frame_locator("#app iframe").get_by_label("Label"), page.locator("#save-bar")
    expect(field).to_have_value("Acme")
    expect(bar).to_be_hidden()
    field.fill("Zed")
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="Discard").click()
    expect(field).to_have_value("Acme")
    expect(bar).to_be_hidden()
    field.fill("Zed")
    bar.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved Zed")).to_be_visible()
    expect(bar).to_be_hidden()


def test_unsaved_changes_are_not_lost_by_leaving(page: Page, place: Place) -> None:
    place.app.pages["/"] = FORM
    _open(page, place)
    frame = page.frame_locator("#app iframe")
    frame.get_by_label("Label").fill("Zed")
    expect(page.locator("#save-bar")).to_be_visible()
    page.get_by_role("link", name="Orders").click()
    page.get_by_role("button", name="Stay").click()
    frame.get_by_role("link", name="Other").click()
    page.get_by_role("button", name="Stay").click()
    expect(frame.get_by_label("Label")).to_have_value("Zed")
    page.get_by_role("link", name="Orders").click()
    page.get_by_role("button", name="Leave page").click()
    page.wait_for_url("**/orders")


def test_an_app_that_is_not_installed_can_be(page: Page, place: Place) -> None:
    place.app.pages["/"] = "<h1>Welcome</h1>"
    place.control("uninstall")
    _open(page, place)
    expect(page.get_by_role("heading", level=1)).to_contain_text("is not installed")
    page.get_by_role("button", name="Install Tiny app").click()
    expect(page.frame_locator("#app iframe").get_by_role("heading")).to_have_text("Welcome")


def test_an_app_that_is_down_is_told(page: Page, place: Place) -> None:
    page.route(f"{place.app_url}/**", lambda route: route.abort())
    _open(page, place)
    expect(page.get_by_role("alert")).to_contain_text(
        f"The app does not answer at {place.app_url}."
    )
    page.unroute(f"{place.app_url}/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.frame_locator("#app iframe").locator("s-page")).to_be_visible()

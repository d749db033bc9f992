"""Built extension bundles run in sandboxed frames, with what Shopify gives them."""

import base64
import json
from contextlib import suppress

import pytest
from playwright.sync_api import Error, FrameLocator, Page, expect

from tests.sandbox.admin.conftest import Place

LIST, SELECTION = "admin.order-index.action.render", "admin.order-index.selection-action.render"
ACTION, BLOCK = "admin.order-details.action.render", "admin.order-details.block.render"
WORDS = {
    "name": "Try it",
    "count": {"one": "{{n}} order", "other": "{{n}} orders"},
    "deep": {"words": "Hello {{who}}"},
}
TOML = """api_version = "2026-07"
[[extensions]]
name = "t:name"
handle = "try-it"
type = "ui_extension"
{targeting}"""
# What the CLI builds: a function called at once that extends targets.
SCRIPT = """(() => {
  const show = async () => {
    document.body.innerHTML = `<s-admin-action heading="${shopify.i18n.translate('name')}">
      <p id="out">${shopify.i18n.translate('count', {count: shopify.data.selected.length,
        n: shopify.i18n.formatNumber(shopify.data.selected.length)})}</p>
      <s-button slot="primary-action" variant="primary" id="send">Send</s-button>
      <s-button slot="secondary-actions" id="leave">Leave</s-button></s-admin-action>`;
    document.getElementById('leave').addEventListener('click', () => shopify.close());
    document.getElementById('send').addEventListener('click', async () => {
      const out = document.getElementById('out');
      out.textContent = JSON.stringify(await (%s)());
    });
  };
  for (const target of %s) shopify.extend(target, (...args) => show(...args));
})();"""


def _targeting(*targets: str, condition: str = "") -> str:
    return TOML.format(
        targeting="\n".join(
            f'[[extensions.targeting]]\nmodule = "./src/x.jsx"\ntarget = "{target}"\n{condition}'
            for target in targets
        )
    )


def _write(place: Place, work: str = "async () => 1", *targets: str, **scripts: str) -> None:
    chosen = targets or (LIST, SELECTION, ACTION)
    scripts = scripts or {"try_it": SCRIPT % (work, json.dumps(chosen))}
    place.extension("try-it", _targeting(*chosen), **scripts)
    locale = place.directory / "app_extensions/try-it/locales/en.default.json"
    locale.write_text(json.dumps(WORDS), "utf-8")
    italian = locale.with_name("it.json")
    italian.write_text(
        json.dumps({"count": {"one": "{{n}} ordine", "other": "{{n}} ordini"}}), "utf-8"
    )


def _open(page: Page, place: Place, *names: str, query: str = "") -> FrameLocator:
    page.goto(f"{place.url}/store/tagdock-demo/orders{query}")
    for name in names:
        page.get_by_label(f"#{name}").check()
    page.locator("#more-actions > button").click()
    page.get_by_role("menuitem", name="Try it").click()
    return page.frame_locator("dialog iframe")


@pytest.fixture(autouse=True)
def _remove(place: Place) -> None:
    for file in (place.directory / "app_extensions").glob("*/*/*"):
        file.unlink()
    for file in (place.directory / "app_extensions").glob("*/*.toml"):
        file.unlink()


def test_a_selection_reaches_the_bundle_in_a_frame_of_no_origin(page: Page, place: Place) -> None:
    _write(place, "async () => [origin, shopify.extension.target, shopify.data.selected.length]")
    frame = _open(page, place, "1040", "1039")
    expect(frame.locator("#out")).to_have_text("2 orders")
    frame.get_by_role("button", name="Send").click()
    expect(frame.locator("#out")).to_have_text(
        json.dumps(["null", SELECTION, 2], separators=(",", ":"))
    )


def test_without_a_selection_the_other_target_is_offered(page: Page, place: Place) -> None:
    _write(place, "async () => [shopify.extension.target, shopify.data.selected]")
    frame = _open(page, place)
    frame.get_by_role("button", name="Send").click()
    expect(frame.locator("#out")).to_have_text(json.dumps([LIST, []], separators=(",", ":")))


def test_words_follow_the_admins_language_and_fall_back(page: Page, place: Place) -> None:
    _write(
        place,
        """async () => [shopify.i18n.translate('deep.words', {who: 'Zoë'}),
        shopify.i18n.translate('none'), shopify.i18n.formatNumber(1234567.5)]""",
    )
    frame = _open(page, place, "1040", query="?lang=it")
    expect(frame.locator("#out")).to_have_text("1 ordine")
    frame.get_by_role("button", name="Send").click()
    expect(frame.locator("#out")).to_have_text('["Hello Zoë","none","1.234.567,5"]')


def test_relative_requests_go_to_the_app_with_the_persons_token(page: Page, place: Place) -> None:
    _write(
        place,
        """async () => (await fetch('/api/orders/send', {method: 'POST',
        headers: {'Content-Type': 'application/json'}, body: '{"ids": [1]}'})).json()""",
    )
    frame = _open(page, place, "1040")
    frame.get_by_role("button", name="Send").click()
    expect(frame.locator("#out")).to_have_text('{"body":{"ids":[1]},"path":"orders/send"}')
    asked = place.app.asked[-1]
    assert asked["origin"] == "null"
    claims = json.loads(base64.urlsafe_b64decode(asked["token"].split(".")[1] + "=="))
    assert claims["dest"] == "https://tagdock-demo.myshopify.com"


def test_a_token_the_app_refuses_is_renewed_once(page: Page, place: Place) -> None:
    _write(place, "async () => (await fetch('/api/x')).status")
    place.app.refusals = 1
    frame = _open(page, place)
    frame.get_by_role("button", name="Send").click()
    expect(frame.locator("#out")).to_have_text("200")
    assert len({one["token"] for one in place.app.asked}) == 2


def test_closing_returns_the_focus(page: Page, place: Place) -> None:
    _write(place)
    frame = _open(page, place)
    frame.get_by_role("button", name="Leave").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("#more-actions > button")).to_be_focused()


def test_escape_inside_the_frame_closes_it(page: Page, place: Place) -> None:
    _write(place)
    frame = _open(page, place)
    with suppress(Error):  # the frame may be gone before it has answered the key
        frame.get_by_role("button", name="Send").press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_storage_outlives_the_frame(page: Page, place: Place) -> None:
    _write(
        place,
        """async () => { const {storage} = shopify;
        await storage.set('n', (await storage.get('n') ?? 0) + 1);
        return [...await storage.entries()]; }""",
    )
    for run in (1, 2):
        frame = _open(page, place)
        frame.get_by_role("button", name="Send").click()
        expect(frame.locator("#out")).to_have_text(f'[["n",{run}]]')


def test_queries_are_answered_by_the_admin_api(page: Page, place: Place) -> None:
    _write(
        place,
        """async () => (await shopify.query('query Q($id: ID!) { order(id: $id) { name } }',
        {variables: {id: shopify.data.selected[0].id}})).data""",
    )
    frame = _open(page, place, "1040")
    frame.get_by_role("button", name="Send").click()
    expect(frame.locator("#out")).to_have_text('{"order":{"name":"#1040"}}')


def test_links_to_the_app_open_it_in_the_admin(page: Page, place: Place) -> None:
    _write(
        place,
        """async () => document.body.insertAdjacentHTML('beforeend',
        '<s-link href="app:orders?state=error">More</s-link>') ?? 1""",
    )
    frame = _open(page, place)
    frame.get_by_role("button", name="Send").click()
    frame.get_by_role("link", name="More").click()
    page.wait_for_url("**/store/tagdock-demo/apps/tiny-app/orders?state=error")


def test_a_missing_bundle_says_what_to_do(page: Page, place: Place) -> None:
    _write(place, nothing="1")
    page.goto(f"{place.url}/store/tagdock-demo/orders")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Try it").click()
    expect(page.get_by_role("alert")).to_contain_text("Build the extensions first: make extensions")
    expect(page.get_by_role("alert")).to_contain_text("app_extensions/try-it/dist/try-it.js")


def test_a_bundle_that_throws_is_told(page: Page, place: Place) -> None:
    _write(
        place,
        try_it=f"shopify.extend({json.dumps(LIST)}, async () => {{ throw new Error('torn'); }})",
    )
    _open(page, place)
    expect(page.get_by_role("alert")).to_contain_text("The extension failed: torn")


def test_an_uninstalled_app_offers_nothing(page: Page, place: Place) -> None:
    _write(place)
    place.control("uninstall")
    page.goto(f"{place.url}/store/tagdock-demo/orders")
    page.get_by_role("button", name="More actions").click()
    expect(page.get_by_text("No app actions here.")).to_be_visible()


@pytest.mark.parametrize("display", [True, False])
def test_should_render_decides_whether_an_action_is_offered(
    page: Page, place: Place, display: bool
) -> None:
    condition = '[extensions.targeting.should_render]\nmodule = "./src/y.js"\n'
    answer = "true" if display else "false"
    place.extension(
        "try-it",
        _targeting(ACTION, condition=condition),
        try_it=SCRIPT % ("async () => 1", json.dumps([ACTION])),
        try_it_conditions=f"""(() => shopify.extend('admin.order-details.action.should-render',
        async () => ({{display: shopify.data.selected.length === 1 && {answer}}})))()""",
    )
    number = place.orders()[-1]["number"]
    page.goto(f"{place.url}/store/tagdock-demo/orders/{number}")
    page.get_by_role("button", name="More actions").click()
    if display:
        expect(page.get_by_role("menuitem")).to_have_text(["name"])
    else:
        expect(page.get_by_text("No app actions here.")).to_be_visible()


def test_blocks_are_rendered_in_the_order_page(page: Page, place: Place) -> None:
    script = f"""shopify.extend({json.dumps(BLOCK)}, async () => {{ document.body.innerHTML =
    `<s-admin-block heading="Warehouse">${{shopify.data.selected[0].id}}</s-admin-block>`; }})"""
    _write(place, "", BLOCK, try_it=script)
    order = place.orders()[-1]
    page.goto(f"{place.url}/store/tagdock-demo/orders/{order['number']}")
    expect(page.frame_locator("#blocks iframe").locator("s-admin-block")).to_contain_text(
        order["id"]
    )


@pytest.mark.parametrize("address", ["extension:try-it", "extension://try-it"])
def test_a_block_opens_an_action_of_the_app(page: Page, place: Place, address: str) -> None:
    script = SCRIPT % ("async () => 1", json.dumps([ACTION]))
    script += f"""shopify.extend({json.dumps(BLOCK)}, async () => {{
    document.body.innerHTML = '<s-link href="{address}">Send</s-link>'; }})"""
    _write(place, "", ACTION, BLOCK, try_it=script)
    page.goto(f"{place.url}/store/tagdock-demo/orders/{place.orders()[-1]['number']}")
    page.frame_locator("#blocks iframe").get_by_role("link", name="Send").click()
    expect(page.frame_locator("dialog iframe").locator("#out")).to_have_text("1 order")

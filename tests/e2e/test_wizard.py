"""A merchant sets the app up, by keyboard alone and with interruptions, to a sent order."""

from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

from sandbox.services import free_port
from tests.e2e.admin import Admin
from tests.e2e.keyboard import press, tab_to, write
from tests.e2e.store import Store
from tests.frames import until_listening

CONTINUE = "Save and continue"


def test_by_keyboard_alone_from_the_install_to_a_sent_order(
    admin: Admin, bare_store: Store
) -> None:
    page, app = admin.page, admin.open_app()
    press(page, page.get_by_role("button", name="Install Tagdock"))
    _until_installed(page, app)
    press(page, app.get_by_role("link", name="Begin setup"))
    (order,) = bare_store.place()
    _connect(page, app, bare_store.new_connector())
    _map(page, app)
    _rule(page, app)
    _at(app, 4, "Fulfilment and stock")
    expect(app.get_by_text("Cancels orders: yes")).to_be_visible()
    press(page, app.get_by_role("button", name="Continue"))
    _at(app, 5, "Finish")
    expect(app.get_by_text("1 order will be sent now")).to_be_visible()
    assert bare_store.batches() == []
    press(page, app.get_by_role("switch", name="Enable automatic processes"), "Space")
    press(page, app.get_by_role("button", name="Finish"))
    expect(app.get_by_text("Connection established")).to_be_visible()
    expect(app.get_by_role("link", name="Begin setup")).to_have_count(0)
    bare_store.until_tagged([order], "wms-synced")
    assert len(bare_store.applied()) == 1


def _until_installed(page: Page, app: FrameLocator) -> None:
    expect(app.locator("s-page")).to_be_visible()
    until_listening(page)


def _connect(page: Page, app: FrameLocator, connector: dict[str, Any]) -> None:
    """Step 1: three verdicts on what is typed, of which only the last is kept."""
    _at(app, 1, "Connect your warehouse")
    write(page, app.get_by_label("Label"), "Acme WMS")
    dead = f"http://127.0.0.1:{free_port()}/c/none"
    good = "Connection established. Reference WMS 1.0, 2 warehouses."
    for app_url, token, words in (
        (connector["app_url"], "wrong", "Token refused. Copy it again from the connector's page."),
        (dead, "wrong", "Unreachable. Nothing answered at 127.0.0.1"),
        (connector["app_url"], connector["token"], good),
    ):
        _back_to_top(page, app)
        write(page, app.get_by_label("App URL"), app_url)
        write(page, app.get_by_label("Authorization token"), token)
        press(page, app.get_by_role("button", name="Test connection"))
        expect(app.locator("form [data-verdict]")).to_contain_text(words, timeout=10_000)
    tab_to(page, app.get_by_role("button", name=CONTINUE), "Shift+Tab")
    page.keyboard.press("Enter")


def _back_to_top(page: Page, app: FrameLocator) -> None:
    tab_to(page, app.get_by_label("Label"), "Shift+Tab")


def _map(page: Page, app: FrameLocator) -> None:
    """Step 2: the warehouses of the same name are proposed."""
    _at(app, 2, "Locations")
    expect(app.get_by_label("Milano")).to_have_value('"WH"')
    expect(app.get_by_label("Roma")).to_have_value('"WH-2"')
    tab_to(page, app.get_by_label("Roma"))
    page.keyboard.press("End")
    expect(app.get_by_label("Roma")).to_have_value("null")
    press(page, app.get_by_role("button", name=CONTINUE))


def _rule(page: Page, app: FrameLocator) -> None:
    """Step 3: a rule, and what it would do."""
    _at(app, 3, "Order rules")
    press(page, app.get_by_role("switch", name="Require payment"), "Space")
    minutes = app.get_by_label("Minutes to wait before the first send")
    field = app.locator("s-number-field[name=cool_off_minutes]")
    write(page, minutes, "-5")
    press(page, app.get_by_role("button", name="Preview orders"))
    expect(field).to_contain_text("Enter a whole number of minutes")
    write(page, minutes, "0")
    expect(field).not_to_contain_text("Enter a whole number of minutes")
    press(page, app.get_by_role("button", name="Preview orders"))
    expect(app.locator("[data-preview-rows]")).to_contain_text("1 order would be sent")
    press(page, app.get_by_role("button", name=CONTINUE))


def _at(app: FrameLocator, step: int, title: str) -> None:
    """The wizard is at a step, whose heading has taken the focus of the app's frame."""
    expect(app.locator("[data-focus]:focus")).to_have_text(f"Step {step} of 5: {title}")


def test_every_step_survives_a_reload_and_the_way_back(admin: Admin, bare_store: Store) -> None:
    page, app = admin.page, admin.open_app("/setup")
    page.get_by_role("button", name="Install Tagdock").click()
    _until_installed(page, app)
    connector = bare_store.new_connector()
    app.get_by_label("Label").fill("Acme WMS")
    app.get_by_label("App URL").fill(connector["app_url"])
    app.get_by_label("Authorization token").fill(connector["token"])
    _go_on(app)
    app.get_by_label("Roma").select_option("null")
    _resume(admin, app, 2, "Locations")
    app.get_by_label("Roma").select_option("null")
    _go_on(app)
    _resume(admin, app, 3, "Order rules")
    app.get_by_label("Minutes to wait before the first send").fill("15")
    _go_on(app)
    _resume(admin, app, 4, "Fulfilment and stock")
    app.get_by_role("button", name="Continue").click()
    _resume(admin, app, 5, "Finish")
    for step, title in ((4, "Fulfilment and stock"), (3, "Order rules")):
        app.get_by_role("link", name="Back").click()
        _at(app, step, title)
    expect(app.get_by_label("Minutes to wait before the first send")).to_have_value("15")
    app.get_by_role("link", name="Back").click()
    expect(app.get_by_label("Roma")).to_have_value("null")
    app.get_by_role("link", name="Back").click()
    expect(app.get_by_label("Label")).to_have_value("Acme WMS")
    expect(app.get_by_text("Stored")).to_be_visible()


def _go_on(app: FrameLocator) -> None:
    app.get_by_role("button", name=CONTINUE).click()


def _resume(admin: Admin, app: FrameLocator, step: int, title: str) -> None:
    """Reloading shows the same step; so does opening setup anew."""
    _at(app, step, title)
    admin.page.reload()
    _at(app, step, title)
    admin.open_app("/setup")
    _at(app, step, title)


def test_a_refused_field_is_named_and_the_step_stays(admin: Admin, bare_store: Store) -> None:
    page, app = admin.page, admin.open_app("/setup")
    page.get_by_role("button", name="Install Tagdock").click()
    _until_installed(page, app)
    app.get_by_label("Label").fill("Acme WMS")
    app.get_by_label("App URL").fill("http://wms.example.com")
    app.get_by_label("Authorization token").fill("x")
    _go_on(app)
    expect(app.get_by_label("App URL")).to_be_focused()
    expect(app.locator("s-url-field")).to_contain_text("https")
    for label in ("Label", "App URL", "Authorization token"):
        app.get_by_label(label).fill("")
    expect(app.locator("s-url-field")).not_to_contain_text("https")
    _go_on(app)
    expect(app.get_by_label("Label")).to_be_focused()
    expect(app.locator("s-text-field[name=label]")).to_contain_text("Give the connection a name")
    expect(app.locator("s-password-field")).to_contain_text("Enter the authorization token")
    expect(app.locator("[data-focus]")).to_contain_text("Step 1 of 5")

"""The stand-ins for Polaris web components keep the promises that pages rely on."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Show = Callable[[str], Page]
PALETTE = [
    "page",
    "section",
    "stack",
    "grid",
    "grid-item",
    "box",
    "divider",
    "heading",
    "text",
    "paragraph",
    "link",
    "button",
    "button-group",
    "badge",
    "banner",
    "icon",
    "spinner",
    "progress",
    "empty-state",
    "table",
    "table-header-row",
    "table-header",
    "table-body",
    "table-row",
    "table-cell",
    "modal",
    "text-field",
    "url-field",
    "password-field",
    "email-field",
    "number-field",
    "search-field",
    "date-field",
    "text-area",
    "select",
    "option",
    "checkbox",
    "switch",
    "choice-list",
    "choice",
    "app-nav",
    "admin-action",
    "admin-block",
]
ENTRIES = """form => { const found = {}; for (const [name, value] of new FormData(form))
(found[name] ??= []).push(value); return found; }"""
FORM = """<form id="form" onsubmit="event.preventDefault(); window.sent = (window.sent ?? 0) + 1">
<s-text-field name="label" label="Label" value="Acme" details="Seen by staff"></s-text-field>
<s-url-field name="url" label="App URL" required></s-url-field>
<s-password-field name="token" label="Token"></s-password-field>
<s-number-field name="minutes" label="Minutes" value="5" min="0" max="60"></s-number-field>
<s-date-field name="from" label="From" value="2026-11-21"></s-date-field>
<s-text-area name="note" label="Note" rows="3">x</s-text-area>
<s-select name="edit" label="After an edit" value="hold">
<s-option value="resend">Send again</s-option>
<s-option value="hold">Hold</s-option></s-select>
<s-checkbox name="test" label="Test orders" value="yes"></s-checkbox>
<s-switch name="automatic" label="Automatic" checked></s-switch>
<s-choice-list name="on" label="Fulfil on" multiple>
<s-choice value="packed" selected>Packed</s-choice>
<s-choice value="shipped">Shipped<span slot="details">Later</span></s-choice></s-choice-list>
<s-text-field name="off" label="Off" value="never" disabled></s-text-field>
<s-button type="submit" variant="primary">Save</s-button>
<s-button type="reset">Undo</s-button></form>"""


def test_every_element_of_the_palette_exists(components: Show) -> None:
    page = components("".join(f"<s-{name}></s-{name}>" for name in PALETTE))
    drawn = "name => document.querySelector(`s-${name}`).shadowRoot !== null"
    assert [name for name in PALETTE if not page.evaluate(drawn, name)] == []


def test_a_form_sends_what_its_fields_hold(components: Show) -> None:
    page = components(FORM)
    page.get_by_label("App URL").fill("https://wms.example.com")
    page.get_by_label("Test orders").check()
    page.get_by_label("After an edit").select_option(label="Send again")
    page.get_by_label("Shipped").check()
    page.get_by_label("Automatic").uncheck()
    assert page.locator("#form").evaluate(ENTRIES) == {
        "label": ["Acme"],
        "url": ["https://wms.example.com"],
        "token": [""],
        "minutes": ["5"],
        "from": ["2026-11-21"],
        "note": [""],
        "edit": ["resend"],
        "test": ["yes"],
        "on": ["packed", "shipped"],
    }


def test_reset_goes_back_to_where_the_form_started(components: Show) -> None:
    page = components(FORM)
    before = page.locator("#form").evaluate(ENTRIES)
    page.get_by_label("Label").fill("Other")
    page.get_by_label("Automatic").uncheck()
    page.get_by_label("After an edit").select_option("resend")
    page.get_by_label("Packed").uncheck()
    page.get_by_role("button", name="Undo").click()
    assert page.locator("#form").evaluate(ENTRIES) == before


def test_submit_button_and_enter_submit_the_form(components: Show) -> None:
    page = components(FORM)
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Label").press("Enter")
    page.evaluate("document.querySelector('s-button[type=submit]').click()")
    assert page.evaluate("window.sent") == 3


def test_fields_send_input_and_change_to_listeners_above(components: Show) -> None:
    page = components(FORM)
    page.evaluate(
        """window.heard = []; for (const name of ['input', 'change', 'focus', 'blur'])
        document.querySelector('s-text-field').addEventListener(name,
        e => heard.push(`${e.type} ${e.currentTarget.value}`));
        for (const name of ['input', 'change'])
        form.addEventListener(name, e => heard.push(`form ${e.type} ${e.target.localName}`))"""
    )
    page.get_by_label("Label").fill("Zed")
    page.get_by_label("Label").blur()
    assert page.evaluate("heard") == [
        "focus Acme",
        "input Zed",
        "form input s-text-field",
        "change Zed",
        "form change s-text-field",
        "blur Zed",
    ]


def test_errors_and_details_belong_to_the_field(components: Show) -> None:
    page = components(
        '<s-url-field label="URL" details="Where it is" error="Not a URL"></s-url-field>'
    )
    field = page.get_by_label("URL")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Not a URL Where it is")
    page.evaluate("document.querySelector('s-url-field').error = ''")
    expect(field).to_have_accessible_description("Where it is")


def test_properties_and_attributes_mirror_each_other(components: Show) -> None:
    page = components('<s-button>Go</s-button><s-checkbox label="A" indeterminate></s-checkbox>')
    page.evaluate(
        """Object.assign(document.querySelector('s-button'),
        {loading: true, accessibilityLabel: 'Go now'})"""
    )
    button = page.get_by_role("button", name="Go now")
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("aria-busy", "true")
    assert (
        page.evaluate("document.querySelector('s-button').getAttribute('accessibilitylabel')")
        == "Go now"
    )
    assert page.evaluate("document.querySelector('s-checkbox').indeterminate")


def test_a_disabled_or_loading_button_sends_no_click(components: Show) -> None:
    page = components(
        "<s-button disabled>A</s-button><s-button loading>B</s-button><s-button>C</s-button>"
    )
    clicks = page.evaluate(
        """() => [...document.querySelectorAll('s-button')].map(one => {
        let count = 0; one.addEventListener('click', () => count++); one.click();
        one.shadowRoot.querySelector('button').click(); return count })"""
    )
    assert clicks == [0, 0, 2]


def test_a_button_with_an_address_is_a_link(components: Show) -> None:
    page = components('<s-button href="#there">Open</s-button><s-link href="#here">Read</s-link>')
    expect(page.get_by_role("link", name="Open")).to_have_attribute("href", "#there")
    page.get_by_role("link", name="Read").click()
    assert page.url.endswith("#here")
    page.evaluate("document.querySelector('s-button').click()")
    assert page.url.endswith("#there")


def test_a_button_commands_a_modal_and_gets_the_focus_back(components: Show) -> None:
    page = components(
        """<s-button commandfor="sure" command="--show">Disconnect</s-button>
        <s-modal id="sure" heading="Disconnect?"><s-paragraph>Orders stay.</s-paragraph>
        <s-button slot="secondary-actions" commandfor="sure" command="--hide">Keep</s-button>
        <s-button slot="primary-action" tone="critical">Disconnect now</s-button></s-modal>"""
    )
    page.evaluate(
        """window.heard = []; for (const name of ['show', 'aftershow', 'hide', 'afterhide'])
        sure.addEventListener(name, e => heard.push(e.type + e.bubbles))"""
    )
    opener = page.get_by_role("button", name="Disconnect", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Disconnect?")).to_be_visible()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    page.wait_for_function("heard.length >= 4")
    assert page.evaluate("heard") == ["showfalse", "aftershowfalse", "hidefalse", "afterhidefalse"]


def test_a_select_follows_its_options(components: Show) -> None:
    page = components('<form id="form"><s-select name="x" label="X"></s-select></form>')
    page.evaluate(
        """document.querySelector('s-select').innerHTML =
        '<s-option value="a">A</s-option><s-option value="b" selected>B</s-option>'"""
    )
    expect(page.get_by_label("X")).to_have_value("b")
    page.evaluate("document.querySelector('s-select').value = 'a'")
    assert page.locator("#form").evaluate(ENTRIES) == {"x": ["a"]}


def test_a_banner_can_be_dismissed(components: Show) -> None:
    page = components('<s-banner heading="New location" tone="info" dismissible>Roma</s-banner>')
    page.evaluate(
        """window.heard = []; for (const name of ['dismiss', 'afterhide'])
        document.querySelector('s-banner').addEventListener(name, e => heard.push(e.type))"""
    )
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("status")).to_have_count(0)
    assert page.evaluate("heard") == ["dismiss", "afterhide"]


TABLE = """<s-section heading="Orders" padding="none"><s-table paginate hasnextpage>
<s-search-field slot="filters" label="Find"></s-search-field>
<s-table-header-row><s-table-header listslot="primary">Name</s-table-header>
<s-table-header>Reason</s-table-header></s-table-header-row>
<s-table-body><s-table-row clickdelegate="go">
<s-table-cell><s-link id="go" href="#1001">#1001</s-link></s-table-cell>
<s-table-cell>No SKU</s-table-cell></s-table-row></s-table-body></s-table></s-section>"""


def test_a_table_is_a_table_and_a_list_when_narrow(components: Show) -> None:
    page = components(TABLE)
    expect(page.get_by_role("table", name="Orders")).to_be_visible()
    expect(page.get_by_role("columnheader")).to_have_text(["Name", "Reason"])
    cell = page.locator("s-table-cell").nth(1)
    assert cell.evaluate("e => getComputedStyle(e).display") == "table-cell"
    page.set_viewport_size({"width": 320, "height": 600})
    expect(page.locator("s-table.list")).to_have_count(1)
    assert cell.evaluate("e => e.shadowRoot.querySelector('.label').textContent") == "Reason"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_row_delegates_clicks_and_pages_turn(components: Show) -> None:
    page = components(TABLE)
    page.evaluate(
        """window.turned = 0;
        document.querySelector('s-table').addEventListener('nextpage', () => turned++)"""
    )
    page.get_by_text("No SKU").click()
    assert page.url.endswith("#1001")
    expect(page.get_by_role("button", name="Previous page")).to_be_disabled()
    page.get_by_role("button", name="Next page").click()
    assert page.evaluate("turned") == 1


def test_slots_of_a_page_land_in_their_places(components: Show) -> None:
    page = components(
        """<s-page heading="Home"><s-button slot="primary-action">Save</s-button>
        <s-link slot="breadcrumb-actions" href="#">Orders</s-link>
        <s-banner slot="supplemental-start">All is well</s-banner>
        <s-section heading="Left">x</s-section>
        <s-section slot="aside" heading="Right">y</s-section></s-page>"""
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    left, right = (
        page.get_by_role("heading", name=name).bounding_box() for name in ("Left", "Right")
    )
    assert left is not None
    assert right is not None
    assert right["x"] > left["x"] + 200


def test_an_admin_action_cuts_headings_and_hides_while_loading(components: Show) -> None:
    page = components(
        f'<s-admin-action heading="{"Send " * 10}" loading><p>Body</p></s-admin-action>'
    )
    assert len(page.get_by_role("heading").inner_text()) == 40
    expect(page.get_by_text("Body")).to_be_hidden()
    page.evaluate("document.querySelector('s-admin-action').loading = false")
    expect(page.get_by_text("Body")).to_be_visible()

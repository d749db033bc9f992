"""Templates use Polaris as it is: known components, attributes and slots; nothing inline."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "app" / "web" / "templates").rglob("*.html"))
ELEMENTS = ROOT / "node_modules" / "@shopify" / "polaris-types" / "dist" / "custom-elements.json"
# The components that pages may use; the sandbox implements these.
PALETTE = frozenset(
    f"s-{name}"
    for name in [
        "page",
        "section",
        "stack",
        "grid",
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
    ]
)
# App Bridge's own, which Polaris does not describe.
APP_BRIDGE = {"s-app-nav": frozenset[str](), "s-link": frozenset({"rel"})}
EVERYWHERE = frozenset({"id", "class", "slot", "hidden", "lang", "dir"})
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
Tag = tuple[str, dict[str, str | None], str]


class _Tags(HTMLParser):
    """Collects a template's tags, each with its attributes and its nearest Polaris parent."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = next((each for each in reversed(self._open) if each.startswith("s-")), "")
        self.tags.append((tag, dict(attrs), parent))
        if tag not in ("meta", "link", "input", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass


def _tags(template: Path) -> list[Tag]:
    parser = _Tags()
    parser.feed(JINJA.sub("", template.read_text(encoding="utf-8")))
    parser.close()
    return parser.tags


def _polaris() -> Iterator[tuple[str, Tag]]:
    for template in TEMPLATES:
        for tag in _tags(template):
            if tag[0].startswith("s-"):
                yield f"{template.name}: <{tag[0]}>", tag


@pytest.fixture(scope="module")
def known() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Each component's attributes and slots, in lower case, as Shopify describes them."""
    if not ELEMENTS.is_file():
        pytest.skip("Shopify's description of Polaris is not installed: npm ci")
    modules = json.loads(ELEMENTS.read_text(encoding="utf-8"))["modules"]
    return {
        found["tagName"]: (
            frozenset(each["name"].lower() for each in found.get("attributes", [])),
            frozenset(each["name"] for each in found.get("slots", [])),
        )
        for module in modules
        for found in module.get("declarations", [])
        if found.get("tagName")
    }


def test_there_are_templates() -> None:
    assert len(TEMPLATES) >= 10
    assert sum(1 for _ in _polaris()) > 100


def test_every_component_is_of_the_palette() -> None:
    assert {tag for _, (tag, _, _) in _polaris()} <= PALETTE


def test_every_component_and_attribute_is_known_to_polaris(
    known: dict[str, tuple[frozenset[str], frozenset[str]]],
) -> None:
    strays = []
    for place, (tag, attributes, _) in _polaris():
        bridge = APP_BRIDGE.get(tag)
        assert tag in known or bridge is not None, place
        allowed = EVERYWHERE | (known[tag][0] if tag in known else frozenset()) | (bridge or set())
        strays += [
            f"{place} {name}"
            for name in attributes
            if name not in allowed and not name.startswith("data-")
        ]
    assert strays == []


def test_every_slot_is_known_to_the_component_around(
    known: dict[str, tuple[frozenset[str], frozenset[str]]],
) -> None:
    for template in TEMPLATES:
        for tag, attributes, parent in _tags(template):
            slot = attributes.get("slot")
            if slot and parent:
                assert slot in known[parent][1], f"{template.name}: <{tag} slot={slot}> in {parent}"


def test_every_field_has_a_name_that_can_be_heard() -> None:
    fields = ("s-text-field", "s-url-field", "s-password-field", "s-search-field", "s-select")
    for place, (tag, attributes, _) in _polaris():
        if tag in fields or tag == "s-switch":
            assert "label" in attributes, place
        if tag in ("s-checkbox", "s-section"):
            named = {"label", "accessibilitylabel", "heading"} & set(attributes)
            assert named, place


def test_a_button_that_is_only_an_icon_says_what_it_does() -> None:
    for template in TEMPLATES:
        text = JINJA.sub("x", template.read_text(encoding="utf-8"))
        for attributes in re.findall(r"<s-button([^>]*)></s-button>", text):
            assert "accessibilitylabel" in attributes, template.name


def test_nothing_is_inline() -> None:
    for template in TEMPLATES:
        for tag, attributes, _ in _tags(template):
            assert tag != "style", template.name
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            if tag == "script":
                assert "src" in attributes or attributes.get("type") == "application/json"


def test_nothing_is_marked_safe() -> None:
    """Autoescaping is never switched off."""
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", ""), template.name
        assert "autoescape" not in text, template.name

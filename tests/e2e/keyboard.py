"""A person without a mouse."""

from playwright.sync_api import Locator, Page, expect

_MOST_STEPS = 60


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab (or another key) until it has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(_MOST_STEPS):
        if has_focus(wanted):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{_MOST_STEPS} times {key} did not lead to {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Go to it and press a key on it."""
    tab_to(page, wanted)
    page.keyboard.press(key)


def write(page: Page, field: Locator, words: str) -> None:
    """Go to a field and type into it, in place of what it held."""
    tab_to(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def has_focus(wanted: Locator) -> bool:
    """Whether what is typed now goes there."""
    return bool(wanted.evaluate("e => e.getRootNode().activeElement === e && document.hasFocus()"))

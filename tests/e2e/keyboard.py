"""A person without a mouse."""

from contextlib import suppress

from playwright.sync_api import Error, Locator, Page, expect

_MOST_STEPS, _KEY_SECONDS = 60, 15.0
# A ring is drawn by the element itself, or for one that is out of sight by what stands for it.
_RING = """element => {
    const drawn = (one) => {
        const {outlineStyle, outlineWidth, opacity, visibility} = getComputedStyle(one);
        const {width, height} = one.getBoundingClientRect();
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 && opacity > 0
            && visibility === 'visible' && width > 4 && height > 4;
    };
    const beside = [element, element.nextElementSibling, element.parentElement];
    return element.matches(':focus-visible') && beside.some((one) => one && drawn(one));
}"""


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab (or another key) until it has the focus, and shows it."""
    expect(wanted).to_be_visible()
    for _ in range(_MOST_STEPS):
        if has_focus(wanted):
            return expect_ring(wanted)
        page.keyboard.press(key)
    raise AssertionError(f"{_MOST_STEPS} times {key} did not lead to {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Go to it and press a key on it."""
    tab_to(page, wanted)
    strike(wanted, key)


def strike(wanted: Locator, key: str = "Enter") -> None:
    """Press a key that may close the frame that it is in."""
    with suppress(Error):  # the frame may be gone before it has answered the key
        wanted.press(key, timeout=_KEY_SECONDS * 1000)


def write(page: Page, field: Locator, words: str) -> None:
    """Go to a field and type into it, in place of what it held."""
    tab_to(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def has_focus(wanted: Locator) -> bool:
    """Whether what is typed now goes there."""
    return bool(wanted.evaluate("e => e.getRootNode().activeElement === e && document.hasFocus()"))


def expect_ring(wanted: Locator) -> None:
    """Expect it to have the focus, and eyes to see that."""
    expect(wanted).to_be_focused()
    assert wanted.evaluate(_RING), f"nothing shows that the focus is on {wanted}"

"""Pages in frames of the admin: when somebody may act on them."""

from playwright.sync_api import Page


def until_listening(page: Page) -> None:
    """Return once the scripts of every frame on a page listen, what is seen notwithstanding: they
    run when all of it is read."""
    for frame in page.main_frame.child_frames:
        frame.wait_for_load_state()

"""``python -m sandbox picture``: takes the README's pictures of a Tagdock at work."""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import FrameLocator, Page, ViewportSize, expect, sync_playwright

from sandbox.browser import ARGUMENTS, find_chromium
from sandbox.demo.client import HANDLE, SHOP, Client
from sandbox.demo.world import ROOT, World

FOLDER = ROOT / "docs" / "images"
PATIENCE = 60.0
NO_SYNC = "wms-no-sync"

# Newest first: who ordered, what, and the shop's own tags. The state each reaches is in `_play`.
ORDERS: list[tuple[str, str, list[str]]] = [
    ("Anna Rossi", "TS-M", []),
    ("Jean-François Lefèvre", "COF-1000", ["gift"]),
    ("Zoë Müller", "BAG-20L", []),
    ("Marco Bianchi", "TEA-050", ["vip"]),
    ("Nguyễn Thị Ánh", "HD-01", []),
    ("Sinéad O’Connor", "MUG-330", []),
    ("Łukasz Żółć", "LMP-01", []),
    ("Gian-Luca D'Angelo", "BTL-500", ["gift"]),
    ("Björk Guðmundsdóttir", "BLK-140", []),
    ("Giulia Ferrari", "TS-XS", []),
    ("Élodie Martin", "PZL-1000", []),
    ("Paolo Conti", "OIL-750", ["vip"]),
    ("Marta Novák", "NB-A5", []),
    ("João Pereira", "PST-MI", []),
    ("Chiara Esposito", "CND-02", ["gift"]),
]
UNKNOWN = "TS-XS"
REFUSED = next(place for place, (_, sku, _) in enumerate(ORDERS) if sku == UNKNOWN)
MOVING = slice(4, 8)
SELECTED = 3


def main(arguments: list[str]) -> int:
    """Take every picture; returns 0, or 1 when there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m sandbox picture")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pictures go")
    folder = parser.parse_args(arguments).folder
    if find_chromium() is None:
        print("There is no Chromium to take pictures with: install it from your system's packages.")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, World(Path(scratch) / "world") as world:
        _play(world)
        with _page() as page:
            for take in (_home, _orders, _logs, _admin):
                name = folder / f"{take.__name__.removeprefix('_')}.png"
                take(page, f"{world.shopify_url}/store/{HANDLE}")
                page.screenshot(path=name)
                print(f"{name}: {name.stat().st_size // 1024} KB")
    return 0


# --- A shop in the middle of its day --------------------------------------------------------------


def _play(world: World) -> None:
    """Bring the orders to every state at once."""
    client = Client(app_url=world.app_url, shopify_url=world.shopify_url, wms_url=world.wms_url)
    with closing(client):
        _connect(client)
        gids = _place(client)
        _until(lambda: client.shopify("GET", "/quiet")["quiet"])
        _send(client, gids[MOVING.stop :])
        _until_gone(client, "wms-no-sync", "wms-syncing", among=gids[MOVING.stop :])
        client.app("POST", "/api/jobs/reconcile/run")
        client.app("POST", "/api/jobs/sync_status/run")
        _send(client, [gids[REFUSED]])
        _until_refused(client, 2)
        client.wms("PUT", "/settings", {"hold_jobs": True})
        _send(client, gids[MOVING])
        _until_gone(client, "wms-no-sync", among=gids[MOVING])


def _connect(client: Client) -> None:
    client.shopify("POST", "/reset", {"seed": "none"})
    client.shopify("POST", f"/{SHOP}/install")
    client.open_app()
    client.wms("PUT", "/settings", {"unknown_skus": [UNKNOWN]})
    connector = client.wms("POST", "/connectors", {"label": "Acme", "account": "ACME"})
    wanted = {"label": "Acme WMS", "automatic": False}
    wanted |= {"app_url": connector["app_url"], "token": connector["token"]}
    client.app("PUT", "/api/connection", wanted)
    client.app("POST", "/api/connection/test")


def _place(client: Client) -> list[str]:
    """Place the orders, a few hours apart; return their gids, newest first."""
    made = []
    for age, (customer, sku, tags) in reversed(list(enumerate(ORDERS))):
        body = {
            "lines": [{"sku": sku, "quantity": 1 + age % 3, "price": f"{19 + 7 * age}.90"}],
            "shipping_address": {"name": customer, "address1": "Via Torino 12", "city": "Milano"},
            "created_at": (datetime.now(UTC) - timedelta(hours=1 + 3 * age)).isoformat(),
            "tags": [NO_SYNC, *tags],
        }
        made += client.shopify("POST", f"/{SHOP}/orders", body)["ids"]
    return made[::-1]


def _send(client: Client, gids: list[str]) -> None:
    client.app("POST", "/api/orders/send", {"ids": gids})


def _until_gone(client: Client, *tags: str, among: list[str]) -> None:
    """Wait until none of these orders carries any of these tags."""

    def gone() -> bool:
        found: list[dict[str, Any]] = client.shopify("GET", f"/{SHOP}/orders")
        return not any(set(tags) & set(one["tags"]) for one in found if one["id"] in among)

    _until(gone)


def _until_refused(client: Client, times: int) -> None:
    """Wait until the warehouse has refused that often, and until that has been told."""
    _until(lambda: len(client.wms("GET", "/ledger?kind=rejected")) >= times)
    _until(lambda: client.shopify("GET", "/quiet")["quiet"])


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("The shop did not reach the state that is to be pictured.")
        time.sleep(0.2)


# --- The pictures ---------------------------------------------------------------------------------


@contextmanager
def _page() -> Iterator[Page]:
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        yield browser.new_page(viewport=ViewportSize(width=1280, height=800))
        browser.close()


def _admin(page: Page, store: str) -> None:
    """The order list with every state at once, some orders selected, the action at hand."""
    page.goto(f"{store}/orders")
    expect(page.locator("#orders tr")).to_have_count(len(ORDERS))
    for box in page.locator("#orders input").all()[:SELECTED]:
        box.check()
    page.locator("#more-actions > button").click()
    expect(page.get_by_role("menuitem", name="Send to WMS")).to_be_visible()
    page.mouse.move(0, 0)


def _home(page: Page, store: str) -> None:
    """The app's home page."""
    expect(_open(page, f"{store}/apps/tagdock/").locator("[data-part=jobs]")).to_contain_text("Run")


def _orders(page: Page, store: str) -> None:
    """The app's list of orders."""
    expect(_open(page, f"{store}/apps/tagdock/orders").locator("s-table-row").first).to_be_visible()


def _logs(page: Page, store: str) -> None:
    """The app's log with the warehouse's own lines of a job."""
    frame = _open(page, f"{store}/apps/tagdock/logs")
    frame.locator("s-table-row").filter(has_text=UNKNOWN).locator("summary").first.click()
    expect(frame.locator("[data-loaded] li").first).to_be_visible()


def _open(page: Page, address: str) -> FrameLocator:
    page.goto(address)
    frame = page.frame_locator("#app iframe")
    expect(frame.locator("s-page")).to_be_visible()
    return frame

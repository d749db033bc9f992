"""`make demo ONCE=1`: its exit status says whether every order arrived, and it ends by itself."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.demo import report
from sandbox.demo.choice import plain
from sandbox.demo.client import SHOP, Client
from sandbox.demo.main import main
from sandbox.demo.tour import ORDERS

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.timeout(220)


@pytest.fixture
def _own_signals() -> Iterator[None]:
    """A demo takes the process's signals for its own."""
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


def is_over(said: str) -> bool:
    """Whether nobody answers any more at the addresses of the parts."""
    addresses = re.findall(r"(?m)^  (?:shopify|wms|web) .* (http://\S+)$", said)
    return len(addresses) == 3 and not any(answers(each) for each in addresses)


def answers(address: str) -> bool:
    try:
        requests.get(f"{address}/healthz", timeout=60)
    except requests.ConnectionError:
        return False
    return True


def test_it_succeeds_when_all_orders_arrive(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", "demo", "--once", "--folder", tmp_path / "demo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"(?m)^#\d+ .*→ wms-synced ", done.stdout)) == ORDERS
    assert is_over(done.stdout)


@pytest.mark.usefixtures("_own_signals")
def test_it_fails_when_an_order_does_not_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    up: dict[str, str] = {}
    tell = report.part_ready

    def part_ready(name: str, address: str, seconds: float) -> None:
        tell(name, address, seconds)
        up[name] = address
        if name == "wms":
            up["order"], up["sku"] = forget_an_article(up["shopify"], address)

    monkeypatch.setattr(report, "part_ready", part_ready)
    status = main(["--once", "--folder", str(tmp_path / "demo")])
    said = capsys.readouterr().out
    assert status == 1, said
    assert len(re.findall(r"(?m)^#\d+ .*→ wms-synced ", said)) == ORDERS - 1
    assert re.search(rf"(?m)^{up['order']} .*→ wms-error ", said)
    assert re.search(rf"(?m)^{up['order']} did not reach synced\. .*{up['sku']}", said)
    assert is_over(said)


def forget_an_article(shopify: str, wms: str) -> tuple[str, str]:
    """Have the warehouse not know what only the last order to be sent has; its name, and that."""
    client = Client(app_url="", shopify_url=shopify, wms_url=wms)
    try:
        *others, last = to_be_sent(client)
        (sku, *_) = sorted(skus(last) - {sku for each in others for sku in skus(each)})
        client.wms("PUT", "/settings", {"unknown_skus": [sku]})
    finally:
        client.close()
    return last["name"], sku


def to_be_sent(client: Client) -> list[dict[str, Any]]:
    listed = client.shopify("GET", f"/{SHOP}/orders")
    ids = (order["id"].rsplit("/", 1)[1] for order in listed)
    whole = (client.shopify("GET", f"/{SHOP}/orders/{each}") for each in ids)
    return [order for order in whole if plain(order)][:ORDERS]


def skus(order: dict[str, Any]) -> set[str]:
    return {line["sku"] for line in order["lines"]}

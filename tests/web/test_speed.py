"""With 10,000 orders and 1,000,000 log lines, every page's first byte comes within 200 ms."""

import statistics
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.paging import Cursor
from tests import busy_shelves
from tests.at_best import at_best
from tests.busy_months import LINES, POPULAR, RARE, fill
from tests.web.addresses import pages
from tests.web.conftest import World
from tests.web.signing import id_token

MOST_SECONDS = 0.2
SAMPLES = 10


SECTIONS = ("connection", "locations", "order-rules", "defaults", "fulfilment", "stock")
MORE_SECTIONS = ("automation", "alerts", "access", "data")


@pytest.fixture
def full(world_with: Any) -> FlaskClient:
    """A browser for a shop with three months and a big catalogue behind it; its operator's too."""
    world: World = world_with(operator_token="operator-of-a-test")
    world.install()
    world.connect()
    with world.app.app_context():
        fill()
        busy_shelves.fill()
    client = world.client
    signed_in = client.post("/operator/sign-in", data={"token": "operator-of-a-test"})
    assert signed_in.status_code == 303
    return client


def _addresses() -> list[str]:
    there = datetime.now(UTC) - timedelta(days=60)
    deep = Cursor(False, there, LINES // 3).write()
    back = Cursor(True, there, LINES // 3).write()
    job = f"{4711 * 7919:08x}"
    logs = [
        *("window=24h", "window=7d", "window=30d", "window=all", "runs=all"),
        *(f"window=all&cursor={deep}", f"window=all&cursor={back}"),
        *("level=warning", "level=error", "level=error&window=all", "level=warning&window=all"),
        f"level=error&window=all&cursor={deep}",
        *("job=sync_status", "job=reconcile&window=all"),
        f"job=sync_status&window=all&cursor={deep}",
        *("q=%231234&window=all", f"q={job}&window=all", f"q={POPULAR}&window=all"),
        *(f"q={RARE}&window=all", f"q={RARE}", "q=needle&window=all", "q=needle"),
        *(f"q=needle&window=all&cursor={deep}", f"q=needle&window=all&cursor={back}"),
        *("q=warehouse&window=30d", "q=needle&level=error&window=all"),
        *(f"part=tail&after={LINES}", "part=tail&after=0&q=needle&window=all"),
    ]
    orders = ["", "state=no_sync", "state=error&reason=sku-unknown", "reason=paid", "q=1234"]
    orders += [f"q={POPULAR}", f"q={RARE}", f"q={job}", f"cursor={deep}", "q=nothing-such"]
    return [
        *("/", "/?part=counts", "/?part=charts", "/?part=jobs", "/orders/4711"),
        *("/setup", *(f"/setup?step={step}" for step in range(1, 6))),
        *(f"/orders?{query}" for query in orders),
        *(f"/logs?{query}" for query in logs),
        *("/settings", *(f"/settings/{section}" for section in SECTIONS + MORE_SECTIONS)),
        *("/stock", "/stock?show=untracked", "/stock?show=gone"),
        *("/skus", "/skus?kind=duplicate", "/skus?q=SKU-4711", "/skus?q=shirt"),
        *("/drift", "/drift?kind=quantity"),
        *("/operator", "/operator/weeks", "/operator/prepared"),
    ]


def test_no_page_is_forgotten(app: Flask) -> None:
    asked = {address.partition("?")[0].replace("4711", "<number>") for address in _addresses()}
    assert asked == pages(app.url_map)


@pytest.mark.alone
@pytest.mark.timeout(900)
def test_every_page_answers_at_once(full: FlaskClient) -> None:
    slow = {}
    for address in _addresses():
        seconds = at_best(partial(_percentile, full, address), MOST_SECONDS)
        if seconds > MOST_SECONDS:
            slow[address] = f"{seconds * 1000:.0f} ms"
    assert slow == {}


def _percentile(client: FlaskClient, address: str) -> float:
    """The 95th percentile of the time to the first byte, in seconds."""
    _first_byte(client, address)  # templates are read once a process
    times = [_first_byte(client, address) for _ in range(SAMPLES)]
    return statistics.quantiles(times, n=20, method="inclusive")[18]


def _first_byte(client: FlaskClient, address: str) -> float:
    at_the_desk = address.startswith("/operator")
    headers = {} if at_the_desk else {"Authorization": f"Bearer {id_token()}"}
    began = time.perf_counter()
    answer = client.get(address, headers=headers, buffered=False)
    passed = time.perf_counter() - began
    assert answer.status_code == 200, (address, answer.status_code)
    answer.close()
    return passed

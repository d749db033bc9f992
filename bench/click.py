"""How long after the click an order carries *syncing*, on an idle system with an async WMS.

Each order is clicked alone, and only when all is at rest. Beside it: the least that has to happen,
one read of the order, one post to the WMS and one tag write, by hand and one after the other.
"""

import json
import re
import statistics
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from sqlalchemy import text

from bench.deployment import ROOT, Deployment, deployment
from bench.figure import Line, percentile
from sandbox.demo.client import SHOP

SAMPLES = 40
MOST = {0.5: 1.5, 0.95: 3.0}
_OPERATIONS = ROOT / "app" / "shopify" / "operations"
_SYNCING = "wms-syncing"
_PATIENCE = 30.0
_POLL_SECONDS = 0.02
_LAST_SENT = text("SELECT document FROM revisions ORDER BY first_posted_at DESC LIMIT 1")
_TAG = """mutation Tag($id: ID!, $add: [String!]!, $remove: [String!]!) {
  add: tagsAdd(id: $id, tags: $add) { userErrors { message } }
  remove: tagsRemove(id: $id, tags: $remove) { node { ... on Order { tags } } }
}"""


def measure(database: str) -> list[Line]:
    """The median and the slow end of the clicks, each beside the same share of the sequences."""
    with deployment(mode="async", database=database) as shop:
        ids = shop.place(SAMPLES)
        shop.client.wms("PUT", "/settings", {"hold_jobs": True})
        clicks = [_click(shop, order) for order in ids]
        with _by_hand(shop) as sequence:
            sequences = [sequence(order) for order in ids]
    print(f"  mean {statistics.mean(clicks):.2f} s, slowest {max(clicks):.2f} s")
    return [_line(share, clicks, sequences) for share in MOST]


def _line(share: float, clicks: list[float], sequences: list[float]) -> Line:
    seconds, by_hand = percentile(clicks, share), percentile(sequences, share)
    return Line(
        f"Click to syncing, p{share * 100:.0f} of {len(clicks)}",
        f"{seconds:.2f} s",
        f"read, post and tag by hand {by_hand:.3f} s",
        f"< {MOST[share]} s",
        seconds < MOST[share],
    )


def _click(shop: Deployment, order: str) -> float:
    """Seconds from the click until the tag is there; then everything comes to rest."""
    mark, began = shop.mark(), time.time()
    shop.click([order])
    seconds = _syncing_at(shop, mark) - began
    shop.client.wms("POST", "/jobs/release")
    shop.all_synced([order], mark)
    shop.rest()
    return seconds


def _syncing_at(shop: Deployment, mark: int) -> float:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        for write in shop.ledger("tags", mark):
            if _SYNCING in write["after"]:
                return float(write["at"])
        time.sleep(_POLL_SECONDS)
    raise AssertionError(f"No {_SYNCING} tag within {_PATIENCE:.0f} s.")


@contextmanager
def _by_hand(shop: Deployment) -> Iterator[Any]:
    """A function that does the least for one order, and says how many seconds that took."""
    shop.shopify("PUT", "/settings", {"webhooks": False})
    shop.client.wms("PUT", "/settings", {"hold_jobs": False})
    token = shop.shopify("POST", "/{shop}/tokens")["access_token"]
    with shop.engine.connect() as connection:
        found = connection.execute(_LAST_SENT).scalar_one()
    batch = {"orders": [json.loads(found) if isinstance(found, str) else found]}
    with requests.Session() as session:
        hand = _Hand(session, shop, token, batch)
        yield hand.sequence


class _Hand:
    def __init__(self, session: requests.Session, shop: Deployment, token: str, batch: Any) -> None:
        self._session, self._batch = session, batch
        self._shopify = f"{shop.world.shopify_url}/admin/api/2026-10/graphql.json"
        self._wms = f"{shop.connector['app_url']}/v1/orders/batch"
        self._to_shopify = {"Host": SHOP, "X-Shopify-Access-Token": token}
        self._to_wms = {"Authorization": f"Bearer {shop.connector['token']}"}
        self._read = _read_document()

    def sequence(self, order: str) -> float:
        """Read, post, tag."""
        began = time.monotonic()
        self._ask(self._read, {"id": order})
        self._post(order)
        self._ask(_TAG, {"id": order, "add": ["by-hand"], "remove": ["vip"]})
        return time.monotonic() - began

    def _ask(self, query: str, variables: dict[str, Any]) -> None:
        body = {"query": query, "variables": variables}
        answer = self._session.post(self._shopify, json=body, headers=self._to_shopify, timeout=10)
        assert answer.ok, answer.text
        assert "errors" not in answer.json(), answer.text

    def _post(self, order: str) -> None:
        documents = [{**one, "external_id": f"hand-{order}"} for one in self._batch["orders"]]
        headers = self._to_wms | {"Idempotency-Key": str(uuid.uuid4())}
        body = {"orders": documents}
        answer = self._session.post(self._wms, json=body, headers=headers, timeout=10)
        assert answer.ok, answer.text


def _read_document() -> str:
    """The query with which the app reads one order, with the fragments it names."""
    found = (_OPERATIONS / "read_order.graphql").read_text(encoding="utf-8")
    fragments = {
        re.findall(r"fragment (\w+)", fragment)[0]: fragment
        for file in _OPERATIONS.glob("fragments/*.graphql")
        for fragment in [file.read_text(encoding="utf-8")]
    }
    while missing := set(re.findall(r"\.\.\.(\w+)", found)) - set(
        re.findall(r"fragment (\w+)", found)
    ):
        found += "\n".join(fragments[name] for name in sorted(missing))
    return found

"""Shop A's token reaches nothing of shop B, on any route: generated from the URL map."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.db import db
from app.models import (
    Batch,
    Connection,
    DriftRow,
    LogLine,
    Order,
    OutboundOrder,
    Owed,
    Run,
    RunItem,
    Shipment,
    Shop,
)
from app.web import access
from tests.web.addresses import address
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B

MARK = "only-of-shop-b"
NUMBER = 9001
GID = f"gid://shopify/Order/{NUMBER}"
JOB, RUN = str(uuid.uuid4()), str(uuid.uuid4())
# What fills each variable part of an address: shop B's own ids; a new kind must be named here.
OF_B = {"run": RUN, "number": str(NUMBER), "job_id": JOB, "name": "reconcile"}
OF_B |= {"outbound": "1", "revision": "1", "batch": JOB}
# Queries and bodies that name what is shop B's, tried on every route.
QUERY = f"id={GID}&q={MARK}&window=all&state=error&reason=&cursor="
# These ask Shopify, which is out of reach here, and say so.
AWAY = {("shadow.show", 503), ("permissions.take", 503)}
BODIES: list[dict[str, Any]] = [{"ids": [GID]}, {"all": "no-sync"}, {"label": "taken over"}, {}]
BODIES += [{"ids": [1]}, {"all": True}, {"kind": "tracking"}]


@pytest.fixture
def two_shops(world: World) -> World:
    """Shop A, empty; shop B with an order, a job, a run and log lines that carry a mark."""
    world.install(SHOP_A)
    world.connect(SHOP_A, label="A's warehouse", account="A")
    world.install(SHOP_B)
    connection = world.connect(SHOP_B, label=MARK, account=MARK, system=MARK)
    order = world.order(NUMBER, SHOP_B, name=MARK, tag_state="error", message=MARK, reason="sku")
    world.outbound(order, connection, job_id=JOB, wms_id=MARK, message=MARK, warehouse=MARK)
    with world.app.app_context():
        shop = db.session.query(Shop).filter_by(domain=SHOP_B).one()
        now = datetime.now(UTC)
        db.session.add_all(
            [
                Run(id=RUN, shop_id=shop.id, kind="send", started_by="1", started_at=now),
                Batch(
                    id=str(uuid.uuid4()),
                    shop_id=shop.id,
                    connection_id=connection,
                    generation=1,
                    body=b"{}",
                    job_id=JOB,
                    created_at=now,
                ),
                LogLine(
                    shop_id=shop.id,
                    at=now,
                    level="error",
                    event="rejected",
                    order_id=order,
                    order_name=MARK,
                    job_id=JOB,
                    run_id=RUN,
                    message=MARK,
                ),
            ]
        )
        db.session.add(
            Owed(
                shop_id=shop.id,
                effect="send",
                subject_type="order",
                subject_id=str(order),
                due_at=now,
                dead_at=now,
                last_error=MARK,
            )
        )
        outbound = db.session.query(OutboundOrder).one()
        db.session.add(
            Shipment(
                shop_id=shop.id,
                order_id=order,
                outbound_order_id=outbound.id,
                connection_id=connection,
                generation=1,
                number=MARK,
                told_version=1,
                state="shipped",
                packages=[{"code": MARK, "name": MARK, "number": MARK, "url": ""}],
                seen_at=now,
                reason="on-hold",
                message=MARK,
            )
        )
        db.session.add(
            DriftRow(
                shop_id=shop.id,
                order_id=order,
                key=MARK,
                kind="tracking",
                repair="tag",
                side="shopify",
                name=MARK,
                shopify=MARK,
                warehouse=MARK,
                message=MARK,
                about={"tags": []},
                found_at=now,
                seen_at=now,
            )
        )
        db.session.flush()
        db.session.add(RunItem(run_id=RUN, order_id=order, outcome="failed", message=MARK))
        db.session.commit()
    return world


def _guarded(app: Flask) -> list[tuple[Rule, str]]:
    methods = ("GET", "POST", "PUT", "DELETE", "PATCH")
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if not access.is_open(rule.endpoint)
        for method in methods
        if method in (rule.methods or ())
    ]


def _told(answer: TestResponse) -> str:
    """What an answer says, without what the asker typed: in the search's field and its links."""
    typed = rf'value="{MARK}"|(?<=[?;])q={MARK}(?=&amp;|")'
    return re.sub(typed, "", answer.text)


def _state(world: World) -> dict[str, Any]:
    """Everything of shop B that a person could change."""
    with world.app.app_context():
        shop = db.session.query(Shop).filter_by(domain=SHOP_B).one()
        tables = (Order, Connection, Run, LogLine, Batch)
        return {
            "counts": [db.session.query(t).filter_by(shop_id=shop.id).count() for t in tables],
            "given up": [
                (owed.owed_seq, owed.dead_at)
                for owed in db.session.query(Owed).filter_by(shop_id=shop.id, last_error=MARK)
            ],
            "shipments": [
                (each.reason, each.message, each.settled)
                for each in db.session.query(Shipment).filter_by(shop_id=shop.id)
            ],
            "drift": [
                (each.state, each.asked_at)
                for each in db.session.query(DriftRow).filter_by(shop_id=shop.id)
            ],
            "order": [
                (o.tag_state, o.tracked, o.manual, o.version)
                for o in db.session.query(Order).filter_by(shop_id=shop.id)
            ],
            "connection": [
                (c.label, c.app_url, c.automatic, c.status, c.generation)
                for c in db.session.query(Connection).filter_by(shop_id=shop.id)
            ],
        }


def test_the_marks_can_be_seen_by_shop_b(two_shops: World) -> None:
    """Otherwise the next test would prove nothing."""
    for path in ("/", "/orders", f"/orders/{NUMBER}", "/logs", "/drift", f"/api/runs/{RUN}"):
        assert MARK in two_shops.get(path, shop=SHOP_B).text, path


def test_no_route_shows_or_changes_anything_of_another_shop(two_shops: World) -> None:
    before = _state(two_shops)
    routes = _guarded(two_shops.app)
    assert len(routes) >= 15
    for rule, method in routes:
        asked = f"{address(rule, OF_B)}?{QUERY}&shop={SHOP_B}"
        for body in BODIES if method != "GET" else [None]:
            answer = two_shops.ask(method, asked, json=body)
            assert MARK not in _told(answer), f"{method} {rule.rule}"
            status = answer.status_code
            assert status < 500 or (rule.endpoint, status) in AWAY, f"{method} {rule.rule}"
    assert _state(two_shops) == before


def test_another_shops_ids_look_like_ids_that_do_not_exist(two_shops: World) -> None:
    for known, unknown in (
        (f"/api/runs/{RUN}", f"/api/runs/{uuid.uuid4()}"),
        (f"/api/orders/status?id={GID}", "/api/orders/status?id=gid://shopify/Order/5"),
        (f"/logs/{JOB}/wms", f"/logs/{uuid.uuid4()}/wms"),
    ):
        same = {"X-Request-Id": "the-same-id"}
        mine = two_shops.get(known, headers=same)
        none = two_shops.get(unknown, headers=same)
        assert (mine.status_code, mine.data) == (none.status_code, none.data)
        assert mine.status_code == 404
    assert two_shops.get(f"/orders/{NUMBER}").status_code == 404


def test_every_route_is_guarded_or_named_as_open(app: Flask) -> None:
    """A new route is behind the ID token unless it stands in this list."""
    open_routes = {rule.rule for rule in app.url_map.iter_rules() if access.is_open(rule.endpoint)}
    assert open_routes == {
        "/static/<path:filename>",
        "/auth",
        "/auth/callback",
        "/auth/patch-id-token",
        "/webhooks",
        "/wms/callbacks/<connection_id>",
        "/healthz",
        "/readyz",
        "/metrics",
        # Behind a token of their own: tests/web/test_operator.py.
        "/operator",
        "/operator/stores.csv",
        "/operator/weeks",
        "/operator/weeks.csv",
        "/operator/prepared",
        f"/operator/prepared/<int(max={2**63 - 1}):prepared_id>/withdraw",
        "/operator/sign-in",
        "/operator/sign-out",
    }


def test_no_guarded_route_answers_without_a_token(two_shops: World) -> None:
    for rule, method in _guarded(two_shops.app):
        answer = two_shops.client.open(address(rule, OF_B), method=method, json={})
        assert answer.status_code == 401, f"{method} {rule.rule}"
        assert MARK not in answer.text

"""A shop with three months behind it, written straight into the database."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from app.db import db
from app.domain.facts import Facts
from app.models import LogLine

ORDERS, LINES, DAYS = 10_000, 1_000_000, 90
# One SKU is in a tenth of all orders, the others in one or two.
POPULAR, RARE = "MUG-WHITE", "SKU-4711"
FACTS = Facts(
    financial_status="paid",
    shipping_title="Standard",
    present=["shipping_address", "billing_address", "email", "phone", "zip", "province"],
)


@dataclass(frozen=True)
class Dialect:
    """What the two databases write differently."""

    postgres: bool

    def numbers(self, count: int) -> str:
        """A table of the numbers from 1 on."""
        if self.postgres:
            return f"WITH numbers(n) AS (SELECT generate_series(1, {count}))"
        return (
            "WITH RECURSIVE numbers(n) AS"
            f" (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
        )

    def ago(self, seconds: str) -> str:
        """The moment so many seconds before ``:now``."""
        if self.postgres:
            return f"CAST(:now AS timestamptz) - ({seconds}) * interval '1 second'"
        return f"strftime('%Y-%m-%d %H:%M:%f000', :now, '-' || ({seconds}) || ' seconds')"

    def hexadecimal(self, number: str) -> str:
        """A number in eight hexadecimal digits."""
        if self.postgres:
            return f"lpad(to_hex({number}), 8, '0')"
        return f"printf('%08x', {number})"

    def json(self, value: str) -> str:
        """A literal JSON value."""
        return f"CAST({value} AS jsonb)" if self.postgres else value


def fill() -> None:
    """Give the one connected shop of the current app's database ``ORDERS`` orders over ``DAYS``
    days, and ``LINES`` log lines. Takes ten seconds or more."""
    to = Dialect(db.engine.dialect.name == "postgresql")
    _write(to)
    if to.postgres:  # as its own housekeeping does after so much news
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as plain:
            plain.execute(text("VACUUM ANALYZE orders, outbound_orders, order_terms, log_lines"))


def _write(to: Dialect) -> None:
    connection = db.session.execute(text("SELECT id, shop_id FROM connections")).one()
    now = datetime.now(UTC)
    values = {
        "now": now if to.postgres else f"{now:%Y-%m-%d %H:%M:%S}",
        "shop": connection.shop_id,
        "connection": connection.id,
        "facts": json.dumps(FACTS.to_json()),
    }
    if to.postgres:
        db.session.execute(text("SET LOCAL maintenance_work_mem = '400MB'"))
        # The rows are known to belong together: two million looks are saved.
        db.session.execute(text("SET LOCAL session_replication_role = 'replica'"))
    indexes = sorted(LogLine.__table__.indexes, key=lambda index: str(index.name))
    for index in indexes:  # to be made at one go is faster
        index.drop(db.session.connection())
    for statement in (_orders(to), _outbound(to), _terms(to), _lines(to)):
        wanted = {name: value for name, value in values.items() if f":{name}" in statement}
        db.session.execute(text(statement), wanted)
    for index in indexes:
        index.create(db.session.connection())
    db.session.commit()


def _orders(to: Dialect) -> str:
    state = (
        "CASE n % 20 WHEN 0 THEN 'error' WHEN 1 THEN 'no_sync' WHEN 2 THEN 'no_sync'"
        " WHEN 3 THEN 'syncing' ELSE 'synced' END"
    )
    reason = (
        "CASE n % 20 WHEN 0 THEN 'sku-unknown' WHEN 1 THEN 'paid' WHEN 2 THEN 'location'"
        " ELSE '' END"
    )
    no_tags = to.json("'[]'")
    return f"""{to.numbers(ORDERS)}
        INSERT INTO orders (id, shop_id, gid, name, placed_at, first_seen_at, tracked, taken_out,
            manual, given_up, hidden, deleted, facts, content_hash, tag_state, reason, message,
            tags_written, tags_before, tags_seen, tag_pending, version)
        SELECT n, :shop, 'gid://shopify/Order/' || n, '#' || (1000 + n),
            {to.ago(f"n * {DAYS * 86400 // ORDERS}")}, {to.ago("n")}, true, false, false, false,
            false, false, {to.json(":facts")}, '', {state}, {reason}, '', {no_tags}, {no_tags},
            {no_tags}, '', 1
        FROM numbers"""


def _outbound(to: Dialect) -> str:
    return f"""{to.numbers(ORDERS)}
        INSERT INTO outbound_orders (id, shop_id, order_id, connection_id, generation,
            fulfillment_order, external_id, location, warehouse, state, wanted_revision,
            wanted_hash, sent_revision, sent_hash, confirmed_revision, lines, confirmed_lines,
            fulfilled_lines, held_back, carries_cod, cancel_wanted, wms_id, job_id, reason, message,
            tries, archived, version)
        SELECT n, :shop, n, :connection, 1, 'gid://shopify/FulfillmentOrder/' || n,
            'gid://shopify/FulfillmentOrder/' || n, '', 'WH-' || (n % 3), 'accepted', 1, '', 1, '',
            1, {to.json("'{}'")}, {to.json("'{}'")}, {to.json("'{}'")}, false, false, false,
            'W' || n, {to.hexadecimal("n * 7919")}, '', '', 0, false, 1
        FROM numbers"""


def _terms(to: Dialect) -> str:
    sku = f"CASE WHEN n % 10 = 0 THEN '{POPULAR.lower()}' ELSE 'sku-' || n END"
    return f"""{to.numbers(ORDERS)}
        INSERT INTO order_terms (shop_id, term, order_id)
        SELECT :shop, '' || (1000 + n), n FROM numbers
        UNION ALL SELECT :shop, {sku}, n FROM numbers"""


def _lines(to: Dialect) -> str:
    """From old to new, as they are written; every fiftieth is of a run that did nothing."""
    age = f"({LINES} - n) * {DAYS * 86400 / LINES}"
    return f"""{to.numbers(LINES)}
        INSERT INTO log_lines (shop_id, at, level, event, order_id, order_name, job_id, run_id,
            kind, actor, code, message, details)
        SELECT :shop, {to.ago(age)},
            CASE WHEN n % 1000 = 7 THEN 'error' WHEN n % 100 = 3 THEN 'warning' ELSE 'info' END,
            'confirmed', n % {ORDERS} + 1, '#' || (1001 + n % {ORDERS}),
            {to.hexadecimal(f"(n % {ORDERS} + 1) * 7919")},
            '', CASE WHEN n % 50 = 0 THEN 'sync_status' WHEN n = 500 THEN 'reconcile' ELSE '' END,
            '', CASE WHEN n % 50 = 0 AND n % 1000 <> 0 THEN 'idle' ELSE '' END,
            CASE WHEN n = 1000 THEN 'The oldest needle.'
                ELSE 'In the warehouse WH-1, revision ' || n % 9 END,
            {to.json("'{}'")}
        FROM numbers"""

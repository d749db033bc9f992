"""What the pages show, in which words, and that they stay light."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from app.db import db
from app.models import LogLine, Run, Shop
from app.sync.schedule import JOBS
from app.web.words import JOBS as WORDS
from tests.web.conftest import World
from tests.web.signing import SHOP_A

EVIL = "<img src=x onerror=alert(1)>\"'&"


def _log(world: World, count: int = 1, **values: object) -> None:
    with world.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        for number in range(count):
            known = {"level": "info", "event": "sent", "message": f"Line {number}.", "actor": ""}
            at = datetime.now(UTC) - timedelta(seconds=number)
            db.session.add(LogLine(shop_id=shop_id, **{"at": at, **known, **values}))
        db.session.commit()


def test_a_new_shop_is_asked_to_connect(world: World) -> None:
    world.install()
    page = world.get("/").text
    assert "Connect your warehouse" in page
    assert "No orders yet. New ones appear here by themselves." in page
    assert "Never tested" in page
    assert all(str(WORDS[job.name]) in page for job in JOBS)
    assert page.count("Run now</s-button>") == len(JOBS)


def test_home_counts_orders_and_says_who_must_act(shop_a: World) -> None:
    for number in range(3):
        shop_a.order(1001 + number, tag_state="error", reason="sku-unknown", message="No.")
    shop_a.order(1010, reason="routed")
    shop_a.order(1011, tag_state="synced", reason="automatic")
    shop_a.order(1012, tag_state="synced", reason="cancelled")
    page = shop_a.get("/").text
    assert "Connection established" in page
    assert re.search(r"Error: 3", page)
    assert re.search(r"Needs you.*SKU unknown 3", page, re.DOTALL)
    assert "Changed since it was sent: Automatic processes off 1" in page
    assert re.search(r"Goes by itself.*Not routed yet 1", page, re.DOTALL)


def test_a_stored_token_is_never_shown_again(shop_a: World) -> None:
    page = shop_a.get("/settings/connection").text
    assert "Stored" in page
    assert "Replace token" in page
    field = re.search(r'<s-password-field name="token"[^>]*>', page)
    assert field is not None
    assert "value" not in field[0]


def test_a_refused_token_is_asked_for_where_it_is_mended(world: World) -> None:
    world.install()
    world.connect(status="refused")
    page = world.get("/settings/connection").text
    field = re.search(r'<s-password-field name="token"[^>]*>', page)
    assert field is not None
    assert "hidden" not in field[0]
    assert "Replace token" not in page
    assert "Replace token" in world.get("/orders").text


@pytest.mark.parametrize(
    ("status", "tone", "words"),
    [
        ("refused", "critical", "Token refused"),
        ("unreachable", "warning", "Unreachable since"),
        ("unusable", "warning", "No usable answer since"),
        ("other_account", "warning", "Another warehouse account answers"),
    ],
)
def test_one_banner_says_what_is_wrong_with_the_connection(
    world: World, status: str, tone: str, words: str
) -> None:
    world.install()
    world.connect(status=status, other_account="NEW")
    world.order(1001)
    for path in ("/", "/orders", "/orders/1001", "/settings"):
        page = world.get(path).text
        assert page.count("<s-banner") == 1, path
        assert f'tone="{tone}" heading="{words}' in page, path


def test_what_others_wrote_is_always_escaped(shop_a: World) -> None:
    with shop_a.app.app_context():
        shop = db.session.query(Shop).filter_by(domain=SHOP_A).one()
        connection = db.session.execute(db.text("SELECT id FROM connections")).scalar_one()
        now = datetime.now(UTC)
        run = {"kind": "reconcile", "started_by": EVIL, "message": EVIL, "outcome": EVIL[:16]}
        db.session.add(Run(id="r", shop_id=shop.id, started_at=now, finished_at=now, **run))
        db.session.execute(
            db.text("UPDATE connections SET label = :x, system = :x, status_message = :x"),
            {"x": EVIL},
        )
        db.session.commit()
    facts = {"financial_status": EVIL, "shipping_title": EVIL}
    order = shop_a.order(
        1001, name=EVIL, message=EVIL, reason=EVIL[:32], facts=facts, tags_written=[EVIL]
    )
    shop_a.outbound(order, connection, warehouse=EVIL, wms_id=EVIL, job_id=EVIL, message=EVIL)
    _log(shop_a, message=EVIL, order_name=EVIL, job_id=EVIL, actor=EVIL, order_id=order)
    query = f"?q={EVIL}&state={EVIL}&locale={EVIL}&host={EVIL}&part={EVIL}"
    for path in ("/", "/orders", "/orders/1001", "/logs", "/settings", "/settings/connection"):
        for address in (path, path + query):
            assert "<img" not in shop_a.get(address).text, address


def test_a_part_comes_alone_and_only_when_it_changed(shop_a: World) -> None:
    part = shop_a.get("/?part=counts")
    assert "<html" not in part.text
    assert "<s-section" in part.text
    again = shop_a.get("/?part=counts", headers={"If-None-Match": part.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    shop_a.order(1001)
    changed = shop_a.get("/?part=counts", headers={"If-None-Match": part.headers["ETag"]})
    assert changed.status_code == 200


def test_hashed_files_may_be_kept_for_good(shop_a: World) -> None:
    found = re.search(r'href="(/static/tagdock.css\?v=\w+)"', shop_a.get("/").text)
    assert found is not None
    with shop_a.client.get(found[1]) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


class _Inline(HTMLParser):
    """Collects what the page's policy would forbid."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        inline = tag == "script" and "src" not in given and given.get("type") != "application/json"
        handlers = [name for name in given if name.startswith("on") or name == "style"]
        if inline or tag == "style" or handlers:
            self.found.append(f"{tag} {given}")


def test_nothing_on_a_page_is_inline(shop_a: World) -> None:
    shop_a.order(1001)
    for path in ("/", "/orders", "/orders/1001", "/orders/404", "/logs", "/settings/connection"):
        parser = _Inline()
        parser.feed(shop_a.get(path).text)
        assert parser.found == [], path
        parser.close()


def test_shopifys_scripts_come_first_and_in_their_order(shop_a: World) -> None:
    page = shop_a.get("/").text
    scripts = re.findall(r'<script src="([^"]+)"', page)
    assert [address.rsplit("/", 1)[1].split("?")[0] for address in scripts] == [
        "app-bridge.js",
        "polaris-1.js",
        "tagdock.js",
        "me.js",
    ]
    assert scripts[0].startswith("https://cdn.shopify.com/shopifycloud/")

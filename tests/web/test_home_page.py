"""Home: setup, what needs a person, the charts, the jobs, Shopify's budget, one banner."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import redis

from app.db import db
from app.models import Run, Shop, Tally
from app.shopify.bucket import Bucket
from app.sync import tallies
from app.web import chart_days, chart_waiting
from app.web.chart import WIDTH, short
from app.web.settings_access import SCOPES
from tests.web.conftest import World
from tests.web.signing import KEY, SHOP_A

ENOUGH = ",".join(scope.handle for scope in SCOPES if not scope.optional)
MILAN, ROME = "gid://shopify/Location/1", "gid://shopify/Location/2"

pytestmark = pytest.mark.usefixtures("today")


def _change_shop(world: World, **values: object) -> None:
    with world.app.app_context():
        db.session.execute(db.update(Shop).where(Shop.domain == SHOP_A).values(**values))
        db.session.commit()


def _tally(world: World, ago: int, kind: str, number: int) -> None:
    with world.app.app_context():
        shop = db.session.query(Shop).filter_by(domain=SHOP_A).one()
        day = tallies.day_of(shop, datetime.now(UTC)) - timedelta(days=ago)
        db.session.add(Tally(shop_id=shop.id, day=day, kind=kind, number=number))
        db.session.commit()


# --- Setup --------------------------------------------------------------------------------------


def test_setup_goes_on_where_it_was_left_until_it_is_done(world: World) -> None:
    world.install()
    page = world.get("/").text
    assert "Step 1 of 5: Connect your warehouse" in page
    assert "Begin setup" in page
    world.connect()
    page = world.get("/").text
    assert "Step 2 of 5: Locations" in page
    assert re.search(r'<s-progress value="2" max="5" accessibilitylabel="Step 2 of 5"', page)
    assert re.search(r'variant="primary" href="/setup\?step=2[^"]*">Continue<', page)
    _change_shop(world, setup_step=3)
    assert "Step 3 of 5: Order rules" in world.get("/").text
    _change_shop(world, setup_done_at=datetime.now(UTC))
    assert "/setup" not in world.get("/").text


# --- Orders -------------------------------------------------------------------------------------


def test_causes_lead_to_their_orders(shop_a: World) -> None:
    shop_a.order(1001, tag_state="error", reason="sku-unknown")
    shop_a.order(1002, reason="location")
    shop_a.order(1003, reason="paid")
    shop_a.order(1004, reason="paid", deleted=True)
    page = shop_a.get("/").text
    needs, by_itself = page.split("Goes by itself")
    assert re.search(
        r'href="/orders\?state=error&amp;reason=sku-unknown[^"]*">SKU unknown 1<', needs
    )
    assert re.search(
        r'href="/orders\?state=no_sync&amp;reason=location[^"]*">No location 1<', needs
    )
    assert re.search(r'href="/orders\?state=no_sync&amp;reason=paid[^"]*">Not paid 1<', by_itself)
    assert re.search(r'href="/orders\?state=no_sync[^"]*" accessibilitylabel="To send: 2"', page)


def test_with_automatic_processes_on_nobody_is_asked_to_switch_them_on(world: World) -> None:
    world.install()
    world.connect(automatic=False)
    world.order(1001, reason="automatic")
    assert "Automatic processes off 1<" in world.get("/?part=counts").text
    assert world.ask("PUT", "/api/connection", json={"automatic": True}).status_code == 200
    page = world.get("/?part=counts").text
    assert "Automatic processes off" not in page
    assert 'accessibilitylabel="To send: 1"' in page


def test_without_orders_there_are_no_charts(shop_a: World) -> None:
    page = shop_a.get("/").text
    assert "No orders yet. New ones appear here by themselves." in page
    assert "<svg" not in page


def test_a_part_that_is_asked_for_alone_is_the_same_part(shop_a: World) -> None:
    shop_a.order(1001)
    for part in ("counts", "charts", "jobs", "connection", "budget"):
        alone = shop_a.get(f"/?part={part}")
        assert alone.status_code == 200
        assert "<html" not in alone.text
        assert "<s-section" in alone.text, part


# --- Charts -------------------------------------------------------------------------------------


def test_the_first_chart_says_and_draws_the_last_fourteen_days(shop_a: World) -> None:
    _tally(shop_a, 13, "sent", 30)
    _tally(shop_a, 13, "sent", 4)
    _tally(shop_a, 1, "sent", 1200)
    _tally(shop_a, 1, "error", 5)
    _tally(shop_a, 14, "sent", 999)
    page = shop_a.get("/?part=charts").text
    assert '<title id="days-title">Orders, 14 days</title>' in page
    assert 'aria-labelledby="days-title days-finding"' in page
    finding = re.search(r'<desc id="days-finding">([^<]+)</desc>', page)
    assert finding is not None
    assert re.match(
        r"1234 orders were sent, most on \d+ \w+ \(1200\)\. 5 were refused\.", finding[1]
    )
    assert ">1.2k</text>" in page
    assert ">34</text>" in page
    assert 'fill="url(#hatched)"' in page
    table = page[page.index("Show as table") : page.index("Waiting now")]
    assert table.count("<tr>") == 1 + 14
    assert "<td>1200</td><td>5</td>" in table


def test_the_second_chart_tells_how_long_orders_wait(shop_a: World) -> None:
    now = datetime.now(UTC)
    for number, age in enumerate((5, 30, 30, 180, 600, 3000)):
        shop_a.order(1001 + number, placed_at=now - timedelta(minutes=age))
    shop_a.order(1010, placed_at=now - timedelta(minutes=5), tag_state="syncing")
    shop_a.order(1011, placed_at=None, first_seen_at=now - timedelta(hours=2))
    shop_a.order(1012, tag_state="synced")
    with shop_a.app.app_context():
        shop = db.session.query(Shop).filter_by(domain=SHOP_A).one()
        ages = chart_waiting.ages_of(shop)
    assert [(age.to_send, age.syncing) for age in ages] == [(1, 1), (2, 0), (2, 0), (1, 0), (1, 0)]
    page = shop_a.get("/?part=charts").text
    assert '<desc id="ages-finding">8 orders wait. 1 for longer than a day.</desc>' in page
    assert "&lt; 15 min</text>" in page


def test_nothing_waits_and_nothing_was_sent_are_said(shop_a: World) -> None:
    _tally(shop_a, 0, "error", 1)
    page = shop_a.get("/?part=charts").text
    assert "No order waits." in page
    assert "0 orders were sent. 1 was refused." in page


def test_bars_stay_within_the_drawing_and_show_what_is_not_zero() -> None:
    first = date(2026, 11, 8)
    numbers = [(0, 0, 0), (1, 0, 0), (100_000, 0, 99_000), (0, 1, 1)] * 3 + [(5, 5, 5)] * 2
    days = [chart_days.Day(first + timedelta(days=n), *three) for n, three in enumerate(numbers)]
    columns = chart_days.columns_of(days)
    for column, (sent, errors, shipped) in zip(columns, numbers, strict=True):
        bars = (column.sent, column.errors, column.shipped)
        for bar, number in zip(bars, (sent, errors, shipped), strict=True):
            assert (bar.height > 1) == bool(number)
            assert bar.x >= 0
            assert bar.x + bar.width <= WIDTH
            assert bar.y >= 20
            assert bar.text_y - len(bar.text) * 6.5 >= 15  # below the legend, read from below
        assert column.errors.y + column.errors.height == pytest.approx(column.sent.y)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1_000, "1k"), (1_250, "1.2k"), (9_999, "9.9k"), (12_345, "12k"),
     (999_999, "999k"), (5_000_000, "5M")],
)  # fmt: skip
def test_numbers_on_bars_are_short(number: int, text: str) -> None:
    assert short(number) == text


# --- Jobs and budget ----------------------------------------------------------------------------


def test_a_job_shows_its_last_run(shop_a: World) -> None:
    with shop_a.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        begun = datetime.now(UTC) - timedelta(minutes=1)
        run = {"shop_id": shop_id, "kind": "import_orders", "started_by": "42", "outcome": "done"}
        run |= {"finished_at": begun + timedelta(seconds=2.5), "counts": {"sent": 3, "failed": 0}}
        db.session.add(Run(id="r", started_at=begun, **run))
        db.session.commit()
    page = shop_a.get("/?part=jobs").text
    row = page[page.index("Import orders") : page.index("Reconcile")]
    for words in ("Staff 42</bdi>, ", "2.5 s", "3 sent", "Done", "/api/jobs/import_orders/run"):
        assert words in row, words
    assert "prune" not in page
    assert "Tidying up" not in page


def test_nobody_starts_the_tidying_up(shop_a: World) -> None:
    assert shop_a.ask("POST", "/api/jobs/prune/run").status_code == 404


def test_shopifys_budget_is_what_the_workers_share(shop_a: World, redis_url: str) -> None:
    assert "wasn't used lately" in shop_a.get("/?part=budget").text
    with redis.Redis.from_url(redis_url) as client:
        bucket = Bucket(client, SHOP_A, KEY)
        bucket.take(500)
        bucket.settle(
            500,
            360,
            {"currentlyAvailable": 1640, "maximumAvailable": 2000, "restoreRate": 1},
        )
    found = re.search(r"1,6(\d\d) of 2,000 API points left", shop_a.get("/?part=budget").text)
    assert found is not None
    assert 40 <= int(found[1]) <= 60


# --- Banners ------------------------------------------------------------------------------------


def test_a_missing_permission_names_what_it_blocks(shop_a: World) -> None:
    _change_shop(shop_a, scopes=ENOUGH.replace("write_fulfillments,", ""))
    for path in ("/", "/logs"):
        page = shop_a.get(path).text
        assert page.count("<s-banner") == 1
        assert 'heading="A permission is missing"' in page
        assert "write_fulfillments: Shipments can&#39;t be written to Shopify." in page
        assert 'href="/settings/access' in page
    _change_shop(shop_a, scopes=ENOUGH)
    assert "<s-banner" not in shop_a.get("/").text


def test_a_new_location_is_told_once_others_are_mapped(shop_a: World) -> None:
    places = [
        {"id": MILAN, "name": "Milano", "active": True},
        {"id": ROME, "name": "<b>Roma", "active": True},
        {"id": "gid://shopify/Location/3", "name": "Closed", "active": False},
    ]
    _change_shop(shop_a, scopes=ENOUGH, locations=places)
    assert "<s-banner" not in shop_a.get("/").text
    _change_shop(shop_a, settings={"locations": {MILAN: "WH-1"}})
    page = shop_a.get("/").text
    assert 'heading="A new location"' in page
    assert "ships the orders of &lt;b&gt;Roma." in page
    assert 'href="/settings/locations' in page
    assert "<s-banner" not in shop_a.get("/settings/locations").text
    _change_shop(shop_a, settings={"locations": {MILAN: "WH-1", ROME: None}})
    assert "<s-banner" not in shop_a.get("/").text


def test_the_most_pressing_banner_comes_first(world: World) -> None:
    world.install()
    world.connect(status="refused")
    new = [{"id": ROME, "name": "Roma", "active": True}]
    settings = {"locations": {MILAN: "WH-1"}}
    _change_shop(world, scopes="write_orders", locations=new, settings=settings)
    for status, heading in (
        ("refused", "Token refused"),
        ("unreachable", "Unreachable since"),
        ("never_tested", "Connection not tested"),
        ("established", "permissions are missing"),
    ):
        with world.app.app_context():
            db.session.execute(db.text("UPDATE connections SET status = :s"), {"s": status})
            db.session.commit()
        page = world.get("/").text
        assert page.count("<s-banner") == 1
        assert heading in page, status
    _change_shop(world, scopes=ENOUGH)
    assert "A new location" in world.get("/").text


def test_a_connection_nobody_tested_says_that_sending_is_paused(shop_a: World) -> None:
    _change_shop(shop_a, scopes=ENOUGH)
    assert "<s-banner" not in shop_a.get("/").text
    assert shop_a.ask("PUT", "/api/connection", json={"token": "new"}).status_code == 200
    for path in ("/", "/orders", "/logs", "/settings"):
        page = shop_a.get(path).text
        assert 'heading="Connection not tested"' in page, path
        assert "Sending is paused." in page
        assert re.search(r'href="/settings/connection[^"]*">Test it<', page)
    page = shop_a.get("/settings/connection").text
    assert 'heading="Connection not tested"' in page
    assert ">Test it<" not in page
    assert shop_a.ask("POST", "/api/connection/disconnect").status_code == 200
    assert "<s-banner" not in shop_a.get("/").text

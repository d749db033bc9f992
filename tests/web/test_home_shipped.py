"""Home tells what was shipped: in the chart's finding and bars, and by the jobs that bring it."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from app.db import db
from app.models import Owed, Run, Shop, Tally
from app.sync import tallies
from app.web.words import JOBS
from tests.web.conftest import World
from tests.web.signing import SHOP_A

EXPORTS = {
    "export_shipped_orders": ("Export shipped orders", "Esporta ordini spediti"),
    "export_delivered_orders": ("Export delivered orders", "Esporta ordini consegnati"),
}

pytestmark = pytest.mark.usefixtures("today")


def _tally(world: World, ago: int, kind: str, number: int) -> None:
    with world.app.app_context():
        shop = db.session.query(Shop).filter_by(domain=SHOP_A).one()
        day = tallies.day_of(shop, datetime.now(UTC)) - timedelta(days=ago)
        db.session.add(Tally(shop_id=shop.id, day=day, kind=kind, number=number))
        db.session.commit()


def _finding(world: World, query: str = "") -> str:
    page = html.unescape(world.get(f"/?part=charts{query}").text)
    found = re.search(r'<desc id="days-finding">([^<]+)</desc>', page)
    assert found is not None
    return found[1]


def test_the_chart_says_and_draws_what_was_shipped(shop_a: World) -> None:
    _tally(shop_a, 1, "sent", 3)
    assert "shipped" not in _finding(shop_a)
    _tally(shop_a, 1, "shipped", 1)
    assert _finding(shop_a).endswith("None was refused. 1 was shipped.")
    _tally(shop_a, 0, "shipped", 7)
    assert _finding(shop_a).endswith("8 were shipped.")
    assert _finding(shop_a, "&locale=it").endswith("8 spediti.")
    page = shop_a.get("/?part=charts").text
    assert ">Shipped</text>" in page
    table = page[page.index("Show as table") : page.index("Waiting now")]
    assert "<td>0</td><td>0</td><td>7</td>" in table
    assert "<td>3</td><td>0</td><td>1</td>" in table


def test_shipped_without_a_send_is_said_too(shop_a: World) -> None:
    _tally(shop_a, 0, "shipped", 2)
    assert _finding(shop_a) == "No order was sent in these days. 2 were shipped."


@pytest.mark.parametrize("job", EXPORTS)
def test_the_jobs_that_bring_shipments_are_listed_in_both_languages(
    shop_a: World, job: str
) -> None:
    english, italian = EXPORTS[job]
    assert JOBS[job] == english
    for query, label, run in (("", english, "Run now"), ("&locale=it", italian, "Esegui ora")):
        page = html.unescape(shop_a.get(f"/?part=jobs{query}").text)
        assert f'data-post="/api/jobs/{job}/run"' in page
        assert f'accessibilitylabel="{run}: {label}"' in page


@pytest.mark.parametrize("job", EXPORTS)
def test_run_now_begins_a_run_in_the_staff_lane(shop_a: World, job: str) -> None:
    answer = shop_a.ask("POST", f"/api/jobs/{job}/run")
    assert answer.status_code == 202
    with shop_a.app.app_context():
        run = db.session.get_one(Run, answer.json["run"])
        assert (run.kind, run.started_by) == (job, "42")
        owed = db.session.query(Owed).filter_by(subject_type="run", subject_id=run.id).one()
        assert owed.lane == "staff"


def test_what_an_export_counted_is_said_in_words(shop_a: World) -> None:
    with shop_a.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        now = datetime.now(UTC)
        counts = {"new": 2, "changed": 1, "unknown": 3, "waiting": 0}
        run = {"kind": "export_shipped_orders", "started_by": "42", "outcome": "done"}
        db.session.add(
            Run(id="r", shop_id=shop_id, started_at=now, finished_at=now, counts=counts, **run)
        )
        db.session.commit()
    assert "2 new, 1 changed, 3 unknown to Tagdock" in shop_a.get("/?part=jobs").text
    assert "2 nuovi, 1 cambiati" in shop_a.get("/?part=jobs&locale=it").text

"""The log's page: filters, paging, and the WMS's own lines."""

from datetime import UTC, datetime, timedelta

from app.db import db
from app.models import LogLine, Shop
from tests.web.conftest import World
from tests.web.signing import SHOP_A


def _log(world: World, count: int = 1, **values: object) -> None:
    with world.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        for number in range(count):
            known = {"level": "info", "event": "sent", "message": f"Line {number}.", "actor": ""}
            at = datetime.now(UTC) - timedelta(seconds=number)
            db.session.add(LogLine(shop_id=shop_id, **{"at": at, **known, **values}))
        db.session.commit()


def test_logs_are_filtered(shop_a: World) -> None:
    old = datetime.now(UTC) - timedelta(days=3)
    _log(shop_a, message="Refused 100%.", level="error", order_name="#1001", job_id="job-1")
    _log(shop_a, message="All well.")
    _log(shop_a, message="Long ago.", at=old)
    for query, present, absent in (
        ("", ["Refused 100%.", "All well."], ["Long ago."]),
        ("window=7d", ["Long ago."], []),
        ("window=nonsense", ["All well."], ["Long ago."]),
        ("level=error", ["Refused 100%."], ["All well."]),
        ("q=%231001", ["Refused 100%."], ["All well."]),
        ("q=1001", ["Refused 100%."], ["All well."]),
        ("q=job-1", ["Refused 100%."], ["All well."]),
        ("q=100%25", ["Refused 100%."], ["All well."]),
        ("q=%25%25", [], ["All well."]),
        ("job=send", [], ["All well."]),
        ("q=%00", ["All well."], []),
    ):
        page = shop_a.get(f"/logs?{query}").text
        assert all(words in page for words in present), query
        assert not any(words in page for words in absent), query


def test_logs_filter_by_the_job_that_wrote_them(shop_a: World) -> None:
    run = shop_a.ask("POST", "/api/jobs/reconcile/run").json["run"]
    _log(shop_a, message="Of the run.", run_id=run, kind="reconcile")
    _log(shop_a, message="Of another.")
    page = shop_a.get("/logs?job=reconcile").text
    assert "Of the run." in page
    assert "Of another." not in page


def test_logs_are_paged_and_offer_the_wms_lines(shop_a: World) -> None:
    _log(shop_a, 60, job_id="job-1")
    page = shop_a.get("/logs").text
    assert page.count("<s-table-row ") == 50
    assert "hasnextpage" in page
    assert 'data-load="/logs/job-1/wms"' in page


def test_wms_lines_that_do_not_come_are_said(shop_a: World) -> None:
    order = shop_a.order(1001)
    with shop_a.app.app_context():
        connection = db.session.execute(db.text("SELECT id FROM connections")).scalar_one()
    shop_a.outbound(order, connection, job_id="job-1")
    answer = shop_a.get("/logs/job-1/wms")
    assert answer.status_code == 200
    assert "The WMS didn&#39;t answer. Our lines are complete." in answer.text
    assert shop_a.get("/logs/another/wms").status_code == 404

"""The SKU doctor's page: counts, the list with its filters and pages, the file, the scan."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest

from app.db import db
from app.domain.skus import alike
from app.models import Catalogue, CatalogueItem, Run, Shop, SkuFinding
from tests.web.conftest import World
from tests.web.signing import SHOP_A, SHOP_B


def shop_id(domain: str = SHOP_A) -> int:
    return db.session.query(Shop.id).filter_by(domain=domain).scalar()


def scanned(world: World, domain: str = SHOP_A) -> None:
    """The shop's catalogue has been scanned."""
    with world.app.app_context():
        moment = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
        db.session.add(Catalogue(shop_id=shop_id(domain), scan=1, scanned_at=moment))
        db.session.add(CatalogueItem(shop_id=shop_id(domain), item="gid://x/1", sku="MUG"))
        db.session.commit()


def find(world: World, kind: str, sku: str, domain: str = SHOP_A, **values: str) -> None:
    """The doctor has found something."""
    name = values.setdefault("name", sku.title())
    with world.app.app_context():
        finding = SkuFinding(
            shop_id=shop_id(domain),
            kind=kind,
            sku=sku,
            alike=alike(sku, name),
            title=name.casefold(),
            **values,
        )
        db.session.add(finding)
        db.session.commit()


def skus(page: str) -> list[str]:
    rows = page.rpartition("<s-table-body>")[2]
    return re.findall(r"<s-table-row>\s*<s-table-cell>(?:<bdi>)?([^<]+)", rows)


@pytest.fixture
def known(shop_a: World) -> World:
    """A shop whose catalogue was scanned, with three findings."""
    scanned(shop_a)
    find(shop_a, "not_at_warehouse", "LAMP", name="Lampada", product="gid://shopify/Product/7")
    find(shop_a, "not_in_shopify", "OLD-1", name="", warehouse="WH-1")
    find(shop_a, "looks_alike", "ts-m", name="Maglietta", other="TS-M")
    return shop_a


def test_before_the_first_scan_there_is_one_thing_to_do(shop_a: World) -> None:
    page = shop_a.get("/skus").text
    assert "The catalogue has not been scanned yet." in page
    assert page.count('data-post="/api/skus/scan"') == 1
    assert "<s-table" not in page


def test_each_row_says_what_to_do_and_leads_to_its_product(known: World) -> None:
    page = known.get("/skus").text
    assert skus(page) == ["LAMP", "OLD-1", "ts-m"]
    assert 'href="shopify://admin/products/7"' in page
    assert "No warehouse has told of it." in page
    assert "At WH-1" in page
    assert "The warehouse writes it TS-M." in page
    assert "Items in Shopify: 1." in page


def test_a_filter_by_finding_and_a_search_by_sku_or_product(known: World) -> None:
    assert skus(known.get("/skus?kind=looks_alike").text) == ["ts-m"]
    assert skus(known.get("/skus?q=TS%20-").text) == ["ts-m"]
    assert skus(known.get("/skus?q=lampa").text) == ["LAMP"]
    assert "Nothing matches." in known.get("/skus?q=spoon").text
    assert skus(known.get("/skus?kind=nothing").text) == ["LAMP", "OLD-1", "ts-m"]


def test_pages_go_on_and_back(shop_a: World) -> None:
    scanned(shop_a)
    for number in range(120):
        find(shop_a, "duplicate", f"SKU-{number // 2:03}")
    seen, page = [], shop_a.get("/skus").text
    while True:
        seen += skus(page)
        following = re.search(r'data-next="([^"]+)"', page)
        if not following:
            break
        page = shop_a.get(following[1].replace("&amp;", "&")).text
    assert seen == [f"SKU-{number // 2:03}" for number in range(120)]
    previous = re.search(r'data-previous="([^"]+)"', page)
    assert previous
    assert skus(shop_a.get(previous[1].replace("&amp;", "&")).text) == seen[50:100]


@pytest.mark.parametrize("cursor", ["x", "W10", "WzAsIkEiXQ", "%00", "WzAsICJBIiwgImIiXQ"])
def test_a_cursor_that_is_not_ours_begins_at_the_beginning(known: World, cursor: str) -> None:
    assert skus(known.get(f"/skus?cursor={cursor}").text) == ["LAMP", "OLD-1", "ts-m"]


def test_the_file_holds_what_the_filter_finds_and_no_formula(known: World) -> None:
    find(known, "no_sku", "", name="=HYPERLINK(1)")
    answer = known.get("/skus/export.csv?kind=no_sku")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="skus-no_sku.csv"'
    header, row = csv.reader(io.StringIO(answer.text))
    assert header[:3] == ["Finding", "SKU", "Product"]
    assert row[2] == "'=HYPERLINK(1)"
    assert len(list(csv.reader(io.StringIO(known.get("/skus/export.csv").text)))) == 5


def test_no_other_shop_is_shown(known: World) -> None:
    known.install(SHOP_B)
    scanned(known, SHOP_B)
    find(known, "bundle", "THEIRS", SHOP_B)
    assert "THEIRS" not in known.get("/skus").text
    assert "THEIRS" not in known.get("/skus/export.csv").text


def test_a_scan_is_started_once(known: World) -> None:
    first = known.ask("POST", "/api/skus/scan")
    assert first.status_code == 202
    assert known.ask("POST", "/api/skus/scan").get_json() == first.get_json()
    with known.app.app_context():
        assert db.session.query(Run).filter_by(kind="scan_catalogue").count() == 1
        db.session.query(Run).update({"counts": {"read": 12500}})
        db.session.commit()
    assert "12,500 variants read" in known.get("/skus?part=summary").text


def test_a_scan_that_failed_says_why(known: World) -> None:
    known.ask("POST", "/api/skus/scan")
    with known.app.app_context():
        ended = {"finished_at": datetime.now(UTC), "outcome": "failed", "message": "No answer."}
        db.session.query(Run).filter_by(kind="scan_catalogue").update(ended)
        db.session.commit()
    assert "The last scan failed. No answer." in known.get("/skus").text

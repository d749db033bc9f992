"""The live tail: what was logged since, each line once."""

import re
from datetime import UTC, datetime, timedelta

from app.db import db
from app.models import LogLine, Shop
from tests.web.conftest import World
from tests.web.signing import SHOP_A
from tests.web.test_log_page import write_lines

AFTER = "X-Log-After"


def _tail(world: World, after: object, query: str = "") -> tuple[list[str], str]:
    answer = world.get(f"/logs?part=tail&after={after}&{query}")
    assert answer.status_code == 200
    return re.findall(r"Line \w+\.", answer.text), answer.headers[AFTER]


def test_only_what_came_since_is_given(shop_a: World) -> None:
    write_lines(shop_a, message="Line old.", at=datetime.now(UTC) - timedelta(minutes=5))
    start = re.search(r'data-tail="(\d+)"', shop_a.get("/logs").text)
    assert start is not None
    assert _tail(shop_a, start[1]) == ([], start[1])
    write_lines(shop_a, message="Line new.")
    lines, after = _tail(shop_a, start[1])
    assert lines == ["Line new."]
    assert int(after) == int(start[1]) + 1


def test_a_filter_holds_for_the_tail_too(shop_a: World) -> None:
    write_lines(shop_a, message="Line one.", level="error", order_name="#1001")
    write_lines(shop_a, message="Line two.")
    for query, lines in (
        ("level=error", ["Line one."]),
        ("q=%231001", ["Line one."]),
        ("q=two", ["Line two."]),
        ("job=send", []),
    ):
        assert _tail(shop_a, 0, query)[0] == lines, query
        assert int(_tail(shop_a, 0, query)[1]) > 0


def test_a_line_whose_number_was_overtaken_is_not_missed(shop_a: World) -> None:
    """A transaction that began earlier may commit later."""
    with shop_a.app.app_context():
        shop_id = db.session.query(Shop.id).filter_by(domain=SHOP_A).scalar()
        late = {"shop_id": shop_id, "level": "info", "event": "x", "at": datetime.now(UTC)}
        db.session.add(LogLine(id=2_000, message="Line high.", **late))
        db.session.commit()
        after = _tail(shop_a, 1_000)[1]
        db.session.add(LogLine(id=1_999, message="Line low.", **late))
        db.session.commit()
    assert "Line low." in _tail(shop_a, after)[0]


def test_no_more_than_a_page_keeps_are_given(shop_a: World) -> None:
    write_lines(shop_a, 250)
    assert len(_tail(shop_a, 0)[0]) == 200


def test_nonsense_is_no_number(shop_a: World) -> None:
    write_lines(shop_a, message="Line one.")
    for after in ("", "x", "-1", "1e9", "9" * 40, "%00"):
        assert _tail(shop_a, after)[0] == ["Line one."], after

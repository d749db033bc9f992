"""The log as a file."""

import csv
import io
import json
import re

from tests.web.conftest import World
from tests.web.test_log_page import days_ago, write_lines

EVIL = '=HYPERLINK("http://127.0.0.1/","x")'


def _csv(world: World, query: str = "") -> list[dict[str, str]]:
    """The lines of a file, but for the one that says that the app was installed."""
    answer = world.get(f"/logs/export.csv?{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = csv.DictReader(io.StringIO(answer.text, newline=""))
    return [row for row in rows if row["event"] != "installed"]


def test_the_file_holds_what_the_filter_finds(shop_a: World) -> None:
    write_lines(shop_a, message="Refused.", level="error", order_name="#1001", job_id="job-1")
    write_lines(shop_a, message="Città, è fatta.", actor="7")
    write_lines(shop_a, message="Long ago.", at=days_ago(3))
    assert [row["message"] for row in _csv(shop_a)] == ["Città, è fatta.", "Refused."]
    assert _csv(shop_a)[0]["who"] == "Staff 7"
    (row,) = _csv(shop_a, "level=error")
    assert (row["level"], row["order"], row["job_id"]) == ("error", "#1001", "job-1")
    assert row["time"].endswith("Z")
    assert [row["message"] for row in _csv(shop_a, "q=long&window=7d")] == ["Long ago."]
    assert len(_csv(shop_a, "window=all")) == 3


def test_no_cell_is_a_formula(shop_a: World) -> None:
    for text in (EVIL, "+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1"):
        write_lines(shop_a, message=text, order_name=text, job_id=text[:64], actor=text)
    for row in _csv(shop_a):
        for name in ("message", "order", "job_id", "who"):
            assert row[name].startswith("'"), row
    (row,) = _csv(shop_a, f"q={EVIL}")
    assert row["message"] == f"'{EVIL}"


def test_json_names_its_range_first(shop_a: World) -> None:
    write_lines(shop_a, message='She said "no"\n<b>.', level="error")
    answer = shop_a.get("/logs/export.json?level=error&window=7d")
    assert answer.text.startswith('{"range": {"from": "')
    found = json.loads(answer.text)
    assert found["filter"] == {"level": "error", "window": "7d"}
    assert found["range"]["from"] < found["lines"][0]["time"] < found["range"]["to"]
    assert found["lines"][0]["message"] == 'She said "no"\n<b>.'
    assert json.loads(shop_a.get("/logs/export.json?q=nothing").text)["lines"] == []


def test_the_files_name_tells_what_is_in_it(shop_a: World) -> None:
    name = shop_a.get("/logs/export.csv?level=error").headers["Content-Disposition"]
    assert name.startswith('attachment; filename="log-error-20')
    name = shop_a.get("/logs/export.json?window=all").headers["Content-Disposition"]
    assert "log-all-20" in name
    assert shop_a.get("/logs/export.exe").status_code == 404


def test_the_page_names_the_range_before_it_is_downloaded(shop_a: World) -> None:
    page = shop_a.get("/logs?level=error").text
    assert page.index("Download <time") < page.index('action="/logs/export.csv"')
    for form in re.findall(r'<form method="get" action="/logs/export.*?</form>', page, re.DOTALL):
        assert '<input type="hidden" name="level" value="error">' in form
    assert "Download all until <time" in shop_a.get("/logs?window=all").text


def test_long_files_are_streamed_in_order(shop_a: World) -> None:
    write_lines(shop_a, 2_500, at=days_ago(0.5))
    numbers = [int(row["message"].removeprefix("Line ").rstrip(".")) for row in _csv(shop_a)]
    assert numbers == list(range(2_499, -1, -1))

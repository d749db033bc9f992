"""Who hears Home instead of seeing it: a chart is one picture, named by its title and finding."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Frame

from tests.e2e.pages.visit import Visitor

Node = dict[str, Any]
TITLES = {
    "en": ("Orders, 14 days", "Waiting now"),
    "it": ("Ordini, 14 giorni", "In attesa ora"),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A picture as the tree has it: its name, and what is read out inside it."""

    name: str
    inside: list[str]


def test_each_chart_is_one_picture_named_by_title_and_finding(visitor: Visitor) -> None:
    frame = visitor.open("home")
    days, ages = _charts(visitor, frame)
    sent, refused, shipped = _column_sums(frame, 0)
    waiting = sum(_column_sums(frame, 1))
    assert min(sent, refused, waiting) > 1
    assert days.name.startswith(f"Orders, 14 days {sent} orders were sent, most on ")
    assert f" {refused} were refused. {shipped} " in days.name
    assert days.name.endswith("shipped.")
    assert ages.name.startswith(f"Waiting now {waiting} orders wait. ")
    assert days.inside == ages.inside == []


@pytest.mark.parametrize("language", TITLES)
def test_what_is_spoken_is_what_is_written(visitors: dict[str, Visitor], language: str) -> None:
    visitor = visitors[language]
    visitor.sit_down()
    frame = visitor.open("home")
    written = frame.locator("s-section:has(> s-stack > svg.chart) > s-stack > s-text")
    findings = written.all_inner_texts()
    names = [chart.name for chart in _charts(visitor, frame)]
    pairs = zip(TITLES[language], findings, strict=True)
    assert names == [f"{title} {finding}" for title, finding in pairs]


def _charts(visitor: Visitor, frame: Frame) -> list[Spoken]:
    """The pictures on a page that a screen reader comes across."""
    page = visitor.page
    line = page.context.new_cdp_session(page)
    frames = line.send("Page.getFrameTree")["frameTree"]["childFrames"]
    (wanted,) = [one["frame"]["id"] for one in frames if one["frame"]["url"] == frame.url]
    nodes = line.send("Accessibility.getFullAXTree", {"frameId": wanted})["nodes"]
    line.detach()
    heard = {node["nodeId"]: node for node in nodes}
    pictures = [node for node in nodes if _said(node, "role") in ("image", "img")]
    return [Spoken(_said(node, "name"), _inside(node, heard)) for node in pictures]


def _inside(node: Node, heard: dict[str, Node]) -> list[str]:
    """What is read out below a node, by name."""
    children = [heard[each] for each in node.get("childIds", ()) if each in heard]
    said = [_said(child, "name") for child in children if not child["ignored"]]
    return said + [words for child in children for words in _inside(child, heard)]


def _said(node: Node, what: str) -> str:
    return "" if node["ignored"] else str(node.get(what, {}).get("value", ""))


def _column_sums(frame: Frame, table: int) -> list[int]:
    """The sums of a chart's columns, from the table below it."""
    rows = frame.locator("table.numbers").nth(table).locator("tbody tr")
    cells = [row.locator("td").all_text_contents() for row in rows.all()]
    return [sum(map(int, column)) for column in zip(*cells, strict=True)]

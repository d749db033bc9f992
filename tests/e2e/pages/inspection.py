"""One visit to a page, and all that is to be known of it afterwards."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Frame

from sandbox.demo.world import ROOT
from tests.e2e.pages.visit import DESK, PHONE, Visitor

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a page weighs, whom it keeps out (by axe), and how it looks: as it is, turned round for
    a script that is read from the right, and in words two fifths longer. Flaws are sentences."""

    language: str
    weight: dict[str, float]
    barriers: list[str]
    flaws: list[str]
    turned: list[str]
    longer: list[str]
    troubles: list[str]


def inspect(visitor: Visitor, name: str) -> Inspection:
    """Look at a page from all sides, in one visit."""
    visitor.sit_down()
    frame = visitor.open(name)
    return Inspection(
        language=str(frame.locator("html").get_attribute("lang")),
        weight=visitor.look(frame, "weigh"),
        barriers=_barriers(visitor, frame),
        flaws=flaws(visitor, frame),
        turned=_turned(visitor, frame),
        longer=_longer(visitor, frame),
        troubles=list(visitor.troubles),
    )


def fits(visitor: Visitor, name: str) -> Inspection:
    """Look at a page, but only whether its words fit."""
    visitor.sit_down()
    frame = visitor.open(name)
    language = str(frame.locator("html").get_attribute("lang"))
    return Inspection(language, {}, [], flaws(visitor, frame), [], [], list(visitor.troubles))


def flaws(visitor: Visitor, frame: Frame) -> list[str]:
    """What is wrong with a page to the eye, at a desk and on a phone."""
    return [*_at(DESK, visitor, frame, "flaws"), *_at(PHONE, visitor, frame, "flaws")]


def _barriers(visitor: Visitor, frame: Frame) -> list[str]:
    frame.evaluate(AXE)
    return [*_at(PHONE, visitor, frame, "barriers"), *_at(DESK, visitor, frame, "barriers")]


def _turned(visitor: Visitor, frame: Frame) -> list[str]:
    visitor.look(frame, "turn", "rtl")
    found = flaws(visitor, frame)
    visitor.look(frame, "turn", "ltr")
    return found


def _longer(visitor: Visitor, frame: Frame) -> list[str]:
    visitor.look(frame, "stretch")
    return flaws(visitor, frame)


def _at(size: tuple[int, int], visitor: Visitor, frame: Frame, what: str) -> list[str]:
    visitor.resize(size)
    found: list[Any] = visitor.look(frame, what)
    return [f"{size[0]} px: {flaw}" for flaw in found]

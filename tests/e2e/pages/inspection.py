"""One visit to a page, and all that is to be known of it afterwards."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Frame

from sandbox.demo.world import ROOT
from tests.e2e.pages.busy_store import PLAIN, UNKNOWN
from tests.e2e.pages.visit import DESK, PHONE, Visitor

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
_SKUS = [PLAIN, UNKNOWN]


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
        barriers=barriers(visitor, frame),
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


def barriers(visitor: Visitor, frame: Frame, *, part: bool = False) -> list[str]:
    """What keeps somebody out of a page or a part of one, by axe, on a phone and at a desk."""
    frame.evaluate(AXE)
    sizes = (PHONE, DESK)
    return [each for size in sizes for each in _at(size, visitor, frame, "barriers", part)]


def _turned(visitor: Visitor, frame: Frame) -> list[str]:
    found = [*_at(PHONE, visitor, frame, "unturned"), *_at(DESK, visitor, frame, "unturned")]
    visitor.look(frame, "turn", "rtl")
    found += visitor.look(frame, "backwards", _SKUS)
    found += flaws(visitor, frame)
    visitor.look(frame, "turn", "ltr")
    return found


def _longer(visitor: Visitor, frame: Frame) -> list[str]:
    visitor.look(frame, "stretch")
    return flaws(visitor, frame)


def _at(
    size: tuple[int, int], visitor: Visitor, frame: Frame, what: str, *arguments: Any
) -> list[str]:
    visitor.resize(size)
    found: list[Any] = visitor.look(frame, what, *arguments)
    return [f"{size[0]} px: {flaw}" for flaw in found]

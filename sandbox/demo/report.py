"""What the demo prints."""

from collections.abc import Iterable, Sequence

from sandbox.demo.client import HANDLE
from sandbox.demo.journey import Journey
from sandbox.demo.world import World

HEADINGS = ("Order", "Tags, before → after", "WMS job", "Seconds")


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def part_ready(name: str, address: str, seconds: float) -> None:
    """One part is up."""
    say(f"  {name:10} {seconds:5.1f} s  {address}")


def table(journeys: Iterable[Journey]) -> str:
    """The orders' ways as a table."""
    rows = [
        (item.name, " → ".join(item.tags), item.job or "-", f"{item.seconds:.1f}")
        for item in journeys
    ]
    return _columns([HEADINGS, *rows])


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)


def addresses(world: World) -> str:
    """Where to click."""
    return "\n".join(
        (
            f"  Shopify admin, orders  {world.shopify_url}/store/{HANDLE}/orders",
            f"  Tagdock in the admin   {world.shopify_url}/store/{HANDLE}/apps/tagdock/",
            f"  The WMS                {world.wms_url}/",
            f"  Operator page          {world.app_url}/operator",
            f"    its token            {world.environment['OPERATOR_TOKEN']}",
            f"  Logs                   {world.folder}/*.log",
        )
    )

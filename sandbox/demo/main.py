"""``python -m sandbox demo``: start the world, send three orders, show their tags, stay up."""

import argparse
import shutil
import signal
import sys
import time
from types import FrameType

from sandbox.demo import report
from sandbox.demo.client import Client, StepFailed
from sandbox.demo.tour import Tour
from sandbox.demo.world import ROOT, World
from sandbox.services import MissingBinary, ProcessFailed
from sandbox.services.process import tail

FOLDER = ROOT / "var" / "demo"


def main(arguments: list[str]) -> int:
    """Run the demo; returns 0 when every order reached ``synced`` and it was ended on purpose."""
    parser = argparse.ArgumentParser(prog="python -m sandbox demo")
    parser.add_argument("--once", action="store_true", help="end after the table")
    once = parser.parse_args(arguments).once
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)  # even where a shell made background jobs ignore it
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        return _run(once)
    except (ProcessFailed, MissingBinary, StepFailed) as error:
        print(f"\nThe demo stopped. {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        report.say("\nStopped; nothing is left running.")
        return 0


def _run(once: bool) -> int:
    report.say("Starting the local world:")
    world = World(FOLDER, say=report.part_ready)
    with world:
        status = _tour(world)
        report.say(f"\n{report.addresses(world)}\n")
        if not once:
            _stay(world)
    return status


def _tour(world: World) -> int:
    client = Client(app_url=world.app_url, shopify_url=world.shopify_url, wms_url=world.wms_url)
    try:
        journeys = Tour(client, world.check).take()
    except StepFailed as error:
        raise StepFailed(f"{error}\n{_logs(world)}") from error
    finally:
        client.close()
    report.say(f"\n{report.table(journeys)}")
    late = [item for item in journeys if not item.synced]
    for item in late:
        report.say(f"\n{item.name} did not reach synced. {item.message}")
    if late:
        report.say(_logs(world))
    return 1 if late else 0


def _logs(world: World) -> str:
    return "\n".join(tail(world.parts[name].log) for name in ("web", "worker", "ticker"))


def _stay(world: World) -> None:
    report.say("All of it stays up until Ctrl-C.")
    while True:
        world.check()
        time.sleep(0.5)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

"""``python -m sandbox demo``: start the world, send three orders, show their tags, stay up."""

import argparse
import fcntl
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
    parser.add_argument("--folder", type=Path, default=FOLDER, help="for its database and logs")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)  # even where a shell made background jobs ignore it
    try:
        with _alone(chosen.folder):
            return _run(chosen.folder, once=chosen.once)
    except (ProcessFailed, MissingBinary, StepFailed) as error:
        print(f"\nThe demo stopped. {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        report.say("\nStopped; nothing is left running.")
        return 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Empty the folder and keep it for this process; raise StepFailed if another demo has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StepFailed(f"Another one is already running in {folder}: end it first.") from None
        shutil.rmtree(folder)
        yield


def _run(folder: Path, *, once: bool) -> int:
    report.say("Starting the local world:")
    world = World(folder, say=report.part_ready)
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

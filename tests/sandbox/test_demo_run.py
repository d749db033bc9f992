"""`make demo` as a person runs it: orders arrive, it stays up, and it leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
SECONDS = 110

pytestmark = [
    pytest.mark.timeout(2 * SECONDS),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


class Demo:
    """A running demo and what it has printed so far."""

    def __init__(self, folder: Path) -> None:
        # Inside a session of its own, whatever it starts can be found again.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "demo", "--folder", str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"DEMO_MARK": str(os.getpid())},
        )
        self.said = ""

    def read_until(self, words: str) -> None:
        assert self.process.stdout is not None
        deadline = time.monotonic() + SECONDS
        while words not in self.said:
            line = self.process.stdout.readline()
            assert line, f"it ended early:\n{self.said}"
            assert time.monotonic() < deadline, self.said
            self.said += line

    def processes(self) -> set[int]:
        """Every process that carries the mark, the demo's own included."""
        mark = f"DEMO_MARK={os.getpid()}".encode()
        return {int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _has(folder, mark)}

    def wait_gone(self) -> None:
        deadline = time.monotonic() + 60
        while left := self.processes():
            assert time.monotonic() < deadline, f"still there: {left}"
            time.sleep(0.05)


def _has(process: Path, mark: bytes) -> bool:
    try:
        return mark in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _command(pid: int) -> bytes:
    """What a process was started with, nothing of one that has ended meanwhile."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    running = Demo(tmp_path / "demo")
    yield running
    running.process.kill()
    running.process.wait()
    assert running.process.stdout is not None
    running.process.stdout.close()
    running.wait_gone()


def test_orders_arrive_and_ctrl_c_ends_it_all(demo: Demo) -> None:
    demo.read_until("until Ctrl-C")
    rows = re.findall(r"(?m)^(#\d+) +(.+ → wms-synced) +([0-9a-f-]{36}) +[\d.]+$", demo.said)
    assert len(rows) == 3
    assert all("wms-syncing" in tags for _, tags, _ in rows)
    told = demo.said.split("Seconds")[1]
    # The operator's page wants its token, which stands there too; the others ignore it.
    door = {"Authorization": f"Bearer {re.findall(r'its token +(.+)', told)[0]}"}
    for address in re.findall(r"http://127\.0\.0\.1:\d+/\S*", told):
        assert requests.get(address, headers=door, timeout=30).status_code < 400, address
    assert len(demo.processes()) >= 7
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(timeout=60) == 0
    demo.wait_gone()


def test_nothing_outlives_a_demo_that_is_killed(demo: Demo) -> None:
    demo.read_until("worker")
    demo.process.kill()
    demo.wait_gone()


def test_two_demos_do_not_share_a_folder(demo: Demo, tmp_path: Path) -> None:
    demo.read_until("Starting")
    second = subprocess.run(
        [sys.executable, "-m", "sandbox", "demo", "--folder", str(tmp_path / "demo")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "already" in second.stderr


def test_a_part_that_dies_is_named_with_its_log(demo: Demo) -> None:
    demo.read_until("until Ctrl-C")
    ticker = next(pid for pid in demo.processes() if _command(pid).endswith(b"worker.py\0tick\0"))
    os.kill(ticker, signal.SIGKILL)
    demo.read_until("ticker.log")
    assert "The demo stopped. ticker ended with status -9." in demo.said
    assert demo.process.wait(timeout=60) == 1
    demo.wait_gone()

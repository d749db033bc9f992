"""Redis and PostgreSQL start from nothing, answer, and never outlive whoever started them."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import redis as redis_client

from sandbox.services import (
    MissingBinary,
    ProcessFailed,
    Server,
    free_port,
    launch,
    postgres,
    reaper,
    redis,
    stop,
)
from sandbox.services.process import wait_ready
from sandbox.services.server import new_home

ROOT = Path(__file__).parents[2]
SOURCES = pytest.mark.parametrize("from_path", [True, False], ids=["path", "wheel"])


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # the latter when it goes while it is read
        return False
    return state != "Z"


@SOURCES
def test_redis_answers_and_leaves_nothing(from_path: bool) -> None:
    with redis(from_environment=False, from_path=from_path) as server:
        with redis_client.Redis.from_url(server.url) as client:
            client.set("key", "value")
            assert client.get("key") == b"value"
        assert server.process is not None
        assert server.home is not None
    assert server.process.poll() is not None
    assert not server.home.exists()


@SOURCES
def test_postgres_answers_and_leaves_nothing(from_path: bool) -> None:
    with postgres(from_environment=False, from_path=from_path) as server:
        with psycopg.connect(server.url) as connection:
            row = connection.execute("select current_setting('server_encoding')").fetchone()
            assert row == ("UTF8",)
        assert server.process is not None
        assert server.home is not None
    assert server.process.poll() is not None
    assert not server.home.exists()


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@127.0.0.1:1/theirs")
    assert redis() == Server("redis://127.0.0.1:1/0")
    assert postgres() == Server("postgresql://someone@127.0.0.1:1/theirs")


def test_nothing_to_start_from_is_said_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(MissingBinary, match="REDIS_URL"):
        redis(from_environment=False, from_path=False)
    with pytest.raises(MissingBinary, match="DATABASE_URL"):
        postgres(from_environment=False, from_path=False)


def test_a_server_comes_back_on_its_port(redis_server: Server) -> None:
    with redis(from_environment=False) as first:
        port = first.port
    with redis(port=port, from_environment=False) as second:
        assert second.url == f"redis://127.0.0.1:{port}/0"


STARTER = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from sandbox.services import postgres, redis
servers = [redis(from_environment=False), postgres(from_environment=False)]
print(*[server.process.pid for server in servers], flush=True)
signal.pause()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_orphan_when_the_starter_dies(ending: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as starter:
        assert starter.stdout is not None
        pids = [int(word) for word in starter.stdout.readline().split()]
        assert len(pids) == 2
        assert all(alive(pid) for pid in pids)
        starter.send_signal(ending)
        starter.wait(timeout=60)
    wait_until(lambda: not any(alive(pid) for pid in pids))


def test_folders_of_dead_starters_are_swept() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    mine = new_home("sweeping")
    left = mine.with_name(f"tagdock-sweeping-{gone.pid}-left")
    left.mkdir()
    another = new_home("sweeping")
    assert not left.exists()
    assert mine.exists()
    mine.rmdir()
    another.rmdir()


def test_a_dead_process_is_explained_by_its_log(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    process = launch([sys.executable, "-c", "raise SystemExit('no disk')"], log=log)
    with pytest.raises(ProcessFailed, match=r"(?s)Thing ended with status 1.*no disk"):
        wait_ready(process, "Thing", log, lambda: False)


def test_a_silent_process_is_ended(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    process = launch(["sleep", "60"], log=log)
    with pytest.raises(ProcessFailed, match="Thing was not ready after 0 s"):
        wait_ready(process, "Thing", log, lambda: False, seconds=0.2)
    assert process.poll() is not None


def test_what_ignores_its_starters_end_is_killed(tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True)"
    log = tmp_path / "it.log"
    process = launch([sys.executable, "-c", f"{stubborn}; time.sleep(60)"], log=log)
    wait_until(lambda: "up" in log.read_text())
    reaper.end({process.pid: signal.SIGTERM}, grace=0.2)
    assert process.wait(timeout=60) == -signal.SIGKILL
    stop(process)


def test_the_reaper_forgets_what_ended() -> None:
    assert reaper.read(["+ 7 15\n", "+ 8 3\n", "- 7\n", "- 9\n"]) == {8: 3}


def test_stopping_takes_what_a_process_started_too(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    script = "sleep 60 & echo $!; exec sleep 60"
    process = launch(["sh", "-c", script], log=log)
    wait_until(lambda: log.read_text().strip().isdigit())
    child = int(log.read_text())
    stop(process)
    wait_until(lambda: not alive(child))


def test_free_ports_are_free() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        assert listener.getsockname()[1] > 1024


def test_free_ports_are_none_that_the_system_gives_to_whoever_asks_for_any() -> None:
    free = {free_port() for _ in range(200)}
    assert len(free) > 150, "two that choose at once hardly ever choose the same"
    with ExitStack() as stack:
        asked = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(200)]
        assert max(free) < min(one.getsockname()[1] for one in asked)


def test_a_port_in_use_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        taken = listener.getsockname()[1]
        beside = range(taken - 1, taken + 2)
        monkeypatch.setattr(f"{free_port.__module__}._ports_of_ones_choice", lambda: beside)
        assert taken not in {free_port() for _ in range(50)}


def test_databases_are_empty_and_ones_own(empty_database_url: str) -> None:
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(empty_database_url)
    try:
        assert inspect(engine).get_table_names() == []
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE mine (id INTEGER)"))
    finally:
        engine.dispose()

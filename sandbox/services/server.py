"""A running server: its address, its process, its data."""

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from sandbox.services.process import stop


@dataclass(slots=True)
class Server:
    """A running server; its process and its data folder only when it was started here."""

    url: str
    process: "subprocess.Popen[bytes] | None" = None
    home: Path | None = None
    ending: signal.Signals = signal.SIGTERM

    @property
    def port(self) -> int:
        """The port in the address, 0 if it names none."""
        return urlsplit(self.url).port or 0

    def stop(self) -> None:
        """End the process and remove its data. A server that was found running is left alone."""
        if self.process is not None:
            stop(self.process, self.ending)
        if self.home is not None:
            shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()


def new_home(kind: str) -> Path:
    """An empty temporary folder for a server; removes those of starters that died."""
    parent = Path(tempfile.gettempdir())
    for old in parent.glob(f"tagdock-{kind}-*"):
        if not _alive(int(old.name.split("-")[2])):
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"tagdock-{kind}-{os.getpid()}-", dir=parent))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""Run a command that never outlives whoever started it.

    python leash.py PARENT SIGNAL USER COMMAND…

PARENT is the starter's process id, SIGNAL the number the command gets when the starter dies, USER
an account to run as (empty: the same). On Linux this process becomes the command and the kernel
keeps watch; elsewhere it stays beside the command and looks every half second. Standard library
only, so that any Python starts it at once.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from types import FrameType

_PR_SET_PDEATHSIG = 1


def main(parent: int, death: int, user: str, command: list[str]) -> int:
    """Become or supervise the command; returns its exit status where it can."""
    if user:
        _become(user)
    if sys.platform == "linux":
        return _exec(parent, death, command)
    return _watch(parent, death, command)


def _become(user: str) -> None:
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def _exec(parent: int, death: int, command: list[str]) -> int:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, death, 0, 0, 0)
    if os.getppid() == parent:  # else it died before the kernel was asked to watch
        os.execvp(command[0], command)  # noqa: S606  never a shell
    return 1


def _watch(parent: int, death: int, command: list[str]) -> int:
    child = subprocess.Popen(command)

    def forward(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, forward)
    while True:
        try:
            return child.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            if os.getppid() != parent:
                child.send_signal(death)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))

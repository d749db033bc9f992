"""``python -m sandbox wms``: the reference WMS as a process of its own."""

import argparse
import signal
import threading
from collections.abc import Sequence

from sandbox.serve import serve
from sandbox.wms import create_app


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; prints ``ready http://127.0.0.1:PORT`` once listening."""
    wanted = _arguments(argv)
    app = create_app(mode=wanted.mode, job_seconds=wanted.job_seconds, max_batch=wanted.max_batch)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with serve(app, wanted.port) as server:
        print(f"ready {server.url}", flush=True)
        stop.wait()
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox wms", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--mode", choices=("async", "sync"), default="async")
    parser.add_argument("--job-seconds", type=float, default=1.0, help="how long a job takes")
    parser.add_argument("--max-batch", type=int, default=10, help="orders a request, up to 100")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())

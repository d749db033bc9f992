"""Puts the stand-in together, and runs it as a process."""

import argparse
import importlib
import importlib.util
import signal
import threading
from pathlib import Path

from flask import Flask

from sandbox.serve import serve
from sandbox.shopify import (
    control,
    control_catalogue,
    control_inventory,
    control_orders,
    control_returns,
    control_scopes,
    endpoint,
    oauth,
    seeds,
)
from sandbox.shopify.world import Settings, World

control_orders.attach(control.blueprint)
control_catalogue.attach(control.blueprint)
control_inventory.attach(control.blueprint)
control_returns.attach(control.blueprint)
control_scopes.attach(control.blueprint)


def build(
    app_url: str, app_dir: str | Path, seed: str, webhook_speed: float, throttle: bool
) -> Flask:
    """Return the app with its world under ``config["WORLD"]``."""
    app = Flask("sandbox.shopify", static_folder=None)
    world = World(app_url, app_dir, Settings(throttle=throttle, webhook_speed=webhook_speed))
    app.config["WORLD"] = world
    app.config["KITCHEN"] = endpoint.make_kitchen()
    app.extensions["on_stop"] = [world.stop]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    with world.lock:
        seeds.plant(world, seed)
    for part in (endpoint, oauth, control):
        app.register_blueprint(part.blueprint)
    _add_admin(app)
    return app


def _add_admin(app: Flask) -> None:
    """Register the admin pages where they are part of the package."""
    if importlib.util.find_spec("sandbox.shopify.admin") is None:
        return
    pages = importlib.import_module("sandbox.shopify.admin")
    if hasattr(pages, "blueprint"):
        app.register_blueprint(pages.blueprint)


def main(argv: list[str]) -> None:
    """Serve until SIGTERM or Ctrl-C; prints ``ready <url>`` once listening."""
    options = _options(argv)
    app = build(
        options.app_url, options.app_dir, options.seed, options.webhook_speed, options.throttle
    )
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with serve(app, options.port) as server:
        print(f"ready {server.url}", flush=True)
        ended.wait()


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox shopify", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--app-url", default="http://127.0.0.1:5000", help="where the app runs")
    parser.add_argument("--app-dir", default=".", help="the folder of its shopify.app.toml")
    parser.add_argument("--webhook-speed", type=float, default=60.0)
    parser.add_argument("--seed", choices=sorted(seeds.SEEDS), default="demo")
    parser.add_argument("--no-throttle", dest="throttle", action="store_false")
    return parser.parse_args(argv)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])

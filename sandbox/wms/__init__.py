"""The reference WMS: the connector API, a control API for tests, and the Cloud App's pages."""

from importlib import import_module

from flask import Flask, jsonify

from sandbox.wms.settings import Settings
from sandbox.wms.world import World

# Each module holds a blueprint of its own name.
CONTROLS = ("control", "control_connectors", "control_orders", "control_returns")
PAGES = ("pages", "loading", "goods_in", "stockroom", "workshop", "papers")
PARTS = ("api", *CONTROLS, "control_shipments", "control_stock", *PAGES)


def create_app(*, mode: str = "async", job_seconds: float = 1.0, max_batch: int = 10) -> Flask:
    """A warehouse in memory. Raises Problem for a setting that makes no sense."""
    app = Flask(__name__)
    changes = {"mode": mode, "job_seconds": job_seconds, "max_batch": max_batch}
    world = World(
        Settings().changed(changes), lambda: str(app.config.get("ORIGIN", "http://localhost"))
    )
    app.extensions["wms"] = world
    app.extensions["on_stop"] = [world.stop]
    for name in PARTS:
        app.register_blueprint(getattr(import_module(f"{__name__}.{name}"), name))
    app.add_url_rule("/healthz", view_func=lambda: jsonify(ok=True))
    return app

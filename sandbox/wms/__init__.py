"""The reference WMS: the connector API, a control API for tests, and the Cloud App's pages."""

from flask import Flask, jsonify

from sandbox.wms.settings import Settings
from sandbox.wms.world import World


def create_app(*, mode: str = "async", job_seconds: float = 1.0, max_batch: int = 10) -> Flask:
    """A warehouse in memory. Raises Problem for a setting that makes no sense."""
    from sandbox.wms.api import api
    from sandbox.wms.control import control
    from sandbox.wms.pages import pages
    from sandbox.wms.stockroom import stockroom
    from sandbox.wms.workshop import workshop

    app = Flask(__name__)
    changes = {"mode": mode, "job_seconds": job_seconds, "max_batch": max_batch}
    world = World(Settings().changed(changes))
    app.extensions["wms"] = world
    app.extensions["on_stop"] = [world.stop]
    for part in (api, control, pages, stockroom, workshop):
        app.register_blueprint(part)
    app.add_url_rule("/healthz", view_func=lambda: jsonify(ok=True))
    return app

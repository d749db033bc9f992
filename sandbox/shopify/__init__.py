"""A local Shopify: the real Admin schema executed, with scopes, costs, OAuth and webhooks."""

from pathlib import Path

from flask import Flask


def create_app(
    app_url: str,
    app_dir: str | Path,
    *,
    seed: str = "demo",
    webhook_speed: float = 60.0,
    throttle: bool = True,
) -> Flask:
    """Return the stand-in for an app that runs at ``app_url`` and is configured in ``app_dir``.

    ``seed`` is ``demo`` or ``none``; ``webhook_speed`` divides the waits between webhook retries.
    """
    from sandbox.shopify.server import build

    return build(app_url, app_dir, seed, webhook_speed, throttle)

"""What the app answers to: pages, APIs, webhooks, callbacks. A blueprint a file."""

from flask import Flask

from app.web import (
    access,
    actions,
    answers,
    auth,
    callbacks,
    context,
    cors,
    csp,
    health,
    home,
    languages,
    limits,
    links,
    logs,
    orders,
    requests_log,
    settings,
    setup_api,
    static_files,
    webhooks,
)

BLUEPRINTS = (
    actions.blueprint,
    auth.blueprint,
    callbacks.blueprint,
    health.blueprint,
    home.blueprint,
    logs.blueprint,
    orders.blueprint,
    settings.blueprint,
    setup_api.blueprint,
    webhooks.blueprint,
)
# What comes first sees a request first and its answer last: the rate limit knows the shop that
# access found, and the request's log line knows everything.
PARTS = (
    requests_log,
    cors,
    access,
    limits,
    csp,
    answers,
    languages,
    links,
    context,
    static_files,
)


def register(app: Flask) -> None:
    """Put every part and blueprint on the app."""
    for part in PARTS:
        part.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)

"""What the app answers to: pages, APIs, webhooks, callbacks. A blueprint a file."""

from flask import Flask

from app.web import (
    access,
    actions,
    actors,
    answers,
    auth,
    callbacks,
    context,
    cors,
    csp,
    drift,
    health,
    home,
    languages,
    limits,
    links,
    logs,
    me,
    operator,
    orders,
    permissions,
    requests_log,
    settings,
    settings_api,
    settings_fields,
    setup,
    setup_api,
    shadow,
    skus,
    static_files,
    stock,
    webhooks,
)

BLUEPRINTS = (
    actions.blueprint,
    auth.blueprint,
    callbacks.blueprint,
    drift.blueprint,
    health.blueprint,
    home.blueprint,
    logs.blueprint,
    me.blueprint,
    operator.blueprint,
    orders.blueprint,
    permissions.blueprint,
    settings.blueprint,
    settings_api.blueprint,
    setup.blueprint,
    setup_api.blueprint,
    shadow.blueprint,
    skus.blueprint,
    stock.blueprint,
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
    actors,
    settings_fields,
    static_files,
)


def register(app: Flask) -> None:
    """Put every part and blueprint on the app."""
    for part in PARTS:
        part.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)

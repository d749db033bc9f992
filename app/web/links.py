"""Links between pages carry on ``shop``, ``host`` and ``locale``; a page can't open without."""

from typing import Any

from flask import Flask, g, request, url_for

from app.web.access import host


def register(app: Flask) -> None:
    """Give the templates ``link`` and ``carried``."""
    app.jinja_env.globals.update(link=link, carried=carried)


def carried() -> dict[str, str]:
    """What every link and form of this request's pages carries on."""
    found = {
        "shop": g.shop.domain if "shop" in g else "",
        "host": host(),
        "locale": request.args.get("locale", "")[:12],
    }
    return {name: text for name, text in found.items() if text}


def link(endpoint: str, **values: Any) -> str:
    """The address of a page within the app; values that are None or empty are left out."""
    given: dict[str, Any] = {
        name: value for name, value in values.items() if value not in (None, "")
    }
    every: dict[str, Any] = {**given, **carried()}
    return url_for(endpoint, **every)

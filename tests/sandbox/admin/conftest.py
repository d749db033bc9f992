"""A Shopify stand-in with a tiny app beside it, and a browser to look at them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, Response, jsonify, redirect, request
from playwright.sync_api import Browser, Page

from sandbox.serve import serve
from sandbox.shopify import create_app

SHOP = "tagdock-demo.myshopify.com"
TOML = """name = "Tiny app"
[access_scopes]
scopes = "write_orders,read_products"
optional_scopes = ["write_inventory", "write_returns"]
"""
PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<script src="{cdn}/shopifycloud/app-bridge.js" data-api-key="key"></script>
<script src="{cdn}/shopifycloud/polaris-1.js"></script></head><body>
<s-app-nav><s-link href="/" rel="home">Home</s-link>
<s-link href="/logs?a=1">Logs</s-link></s-app-nav>
{body}</body></html>"""


@dataclass
class TinyApp:
    """An app of a few pages; ``pages`` maps paths to bodies, ``asked`` lists what came."""

    cdn: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    refusals: int = 0

    def flask(self) -> Flask:
        """The app as Flask runs it."""
        app = Flask("tiny")
        app.add_url_rule("/healthz", view_func=lambda: "ok")
        app.add_url_rule("/auth/patch-id-token", view_func=self.patch)
        rules = {"methods": ["GET", "POST", "OPTIONS"]}
        app.add_url_rule("/api/<path:path>", view_func=self.api, **rules)
        app.add_url_rule("/", view_func=self.page, defaults={"path": ""})
        app.add_url_rule("/<path:path>", view_func=self.page)
        return app

    def api(self, path: str) -> Response:
        """Tell what was asked; extensions may ask from origin ``null``."""
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Expose-Headers": "X-Shopify-Retry-Invalid-Session-Request",
        }
        token = request.headers.get("Authorization", "")
        if request.method != "OPTIONS":
            self.asked.append(
                {"path": path, "token": token, "origin": request.headers.get("Origin")}
            )
        response = jsonify(path=path, body=request.get_json(silent=True))
        if request.method != "OPTIONS" and self.refusals:
            self.refusals -= 1
            response.status_code = 401
            headers["X-Shopify-Retry-Invalid-Session-Request"] = "1"
        response.headers.update(headers)
        return response

    def page(self, path: str) -> Response | str:
        """A page; without a token the browser is sent to fetch one."""
        self.asked.append({"path": f"/{path}", "id_token": request.args.get("id_token", "")})
        if "id_token" not in request.args:
            return redirect(
                f"/auth/patch-id-token?shop={request.args.get('shop', '')}"
                f"&shopify-reload=/{path}%3Fshop={request.args.get('shop', '')}"
            )  # type: ignore[return-value]
        body = self.pages.get(f"/{path}", "<s-page heading='Home'></s-page>")
        return PAGE.format(title=f"Page {path}", cdn=self.cdn, body=body)

    def patch(self) -> str:
        """What Shopify's own package answers: App Bridge and nothing else."""
        return f'<script data-api-key="key" src="{self.cdn}/shopifycloud/app-bridge.js"></script>'


@dataclass
class Place:
    """Where everything is."""

    url: str
    app_url: str
    app: TinyApp
    directory: Path

    def control(self, path: str, body: Any = None, shop: str = SHOP) -> Any:
        """Post to the control API."""
        answer = requests.post(f"{self.url}/sandbox/{shop}/{path}", json=body or {}, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def orders(self) -> list[dict[str, Any]]:
        """The shop's orders as the control API lists them."""
        return list(requests.get(f"{self.url}/sandbox/{SHOP}/orders", timeout=60).json())

    def extension(self, handle: str, toml: str, **scripts: str) -> None:
        """Write an extension with its built scripts, as the Shopify CLI lays them out."""
        folder = self.directory / "app_extensions" / handle
        (folder / "dist").mkdir(parents=True, exist_ok=True)
        (folder / "locales").mkdir(exist_ok=True)
        (folder / "shopify.extension.toml").write_text(toml, "utf-8")
        for name, script in scripts.items():
            (folder / "dist" / f"{name.replace('_', '-')}.js").write_text(script, "utf-8")


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The stand-in and the tiny app, running."""
    directory, app = tmp_path_factory.mktemp("app"), TinyApp()
    (directory / "shopify.app.toml").write_text(TOML, "utf-8")
    with serve(app.flask()) as tiny, serve(create_app(tiny.url, directory)) as shopify:
        app.cdn = f"{shopify.url}/cdn"
        yield Place(shopify.url, tiny.url, app, directory)


@pytest.fixture(autouse=True)
def _fresh(place: Place) -> None:
    requests.post(f"{place.url}/sandbox/reset", json={"seed": "demo"}, timeout=30)
    requests.put(f"{place.url}/sandbox/settings", json={"webhooks": False}, timeout=60)
    place.control("install")
    place.app.pages.clear()
    place.app.asked.clear()
    place.app.refusals = 0


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; a script error in it fails the test."""
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(10_000)
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    yield made
    context.close()
    assert errors == []


@pytest.fixture
def components(page: Page, place: Place) -> Callable[[str], Page]:
    """Show some markup with the Polaris stand-in loaded, outside any admin."""

    def show(markup: str) -> Page:
        script = f'<script src="{place.app.cdn}/shopifycloud/polaris-1.js"></script>'
        html = f'<!doctype html><html lang="en"><head><title>x</title>{script}</head><body>{markup}'
        address = f"{place.url}/components"
        page.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(address)
        return page

    return show

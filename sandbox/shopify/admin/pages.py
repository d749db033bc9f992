"""The admin's pages: orders, one order, a new one, returns, goods, locations, the app's frame."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from sandbox.shopify.admin.routes import blueprint, the_shop, the_world
from sandbox.shopify.admin.words import COOKIE, LANGUAGES, language
from sandbox.shopify.installation import host_parameter
from sandbox.shopify.shop import Shop


@blueprint.get("/")
def front() -> AnyResponse:
    """Go to the first store's orders."""
    handle = next((shop.handle for shop in the_world().shops.values()), "")
    if not handle:
        raise NotFound("There is no store. Seed the sandbox first.")
    return redirect(url_for("admin.orders", handle=handle))


@blueprint.get("/store/<handle>")
@blueprint.get("/store/<handle>/")
def store(handle: str) -> AnyResponse:
    """Go to a store's orders."""
    return redirect(url_for("admin.orders", handle=the_shop(handle).handle))


@blueprint.get("/store/<handle>/orders")
def orders(handle: str) -> Response:
    """The list of orders; its script fills it and keeps it fresh."""
    return _page("orders.html", the_shop(handle))


@blueprint.get("/store/<handle>/orders/<int:number>")
def order(handle: str, number: int) -> Response:
    """One order."""
    shop = the_shop(handle)
    found = shop.orders.get(number)
    if found is None:
        raise NotFound(f"There is no order {number} in {shop.domain}.")
    return _page("order.html", shop, number=number, name=found["name"])


@blueprint.get("/store/<handle>/orders/new")
def new_order(handle: str) -> Response:
    """A form for an order of one's own making."""
    return _page("new_order.html", the_shop(handle))


@blueprint.get("/store/<handle>/products")
def products(handle: str) -> Response:
    """The variants and their SKUs."""
    return _page("products.html", the_shop(handle))


@blueprint.get("/store/<handle>/inventory")
def inventory(handle: str) -> Response:
    """What is on the shelves, location by location."""
    return _page("inventory.html", the_shop(handle))


@blueprint.get("/store/<handle>/returns")
def returns(handle: str) -> Response:
    """The returns of every order."""
    return _page("returns.html", the_shop(handle))


@blueprint.get("/store/<handle>/locations")
def locations(handle: str) -> Response:
    """The locations."""
    return _page("locations.html", the_shop(handle))


@blueprint.get("/store/<handle>/apps/<app>")
@blueprint.get("/store/<handle>/apps/<app>/")
@blueprint.get("/store/<handle>/apps/<app>/<path:path>")
def app_frame(handle: str, app: str, path: str = "") -> AnyResponse:
    """The app in its frame, or the page that installs it. Its client id leads here, too."""
    shop, known = the_shop(handle), the_world().app
    if app == known.client_id:
        place = url_for("admin.app_frame", handle=handle, app=known.handle, path=path)
        return redirect(f"{place}?{request.query_string.decode()}".rstrip("?"))
    if app != known.handle:
        raise NotFound(f"There is no app {app} in {shop.domain}.")
    template = "app.html" if shop.installed else "install.html"
    return _page(template, shop, path=f"/{path}", scopes=sorted(the_world().app.scopes))


def _page(template: str, shop: Shop, **values: Any) -> Response:
    chosen, app = language(), the_world().app
    words = LANGUAGES[chosen]
    facts = {
        "shop": shop.domain,
        "handle": shop.handle,
        "host": host_parameter(shop),
        "language": chosen,
        "zone": shop.zone.key,
        "appUrl": app.url,
        "appName": app.name,
        "appHandle": app.handle,
        "locations": [{"id": one["id"], "name": one["name"]} for one in shop.active_locations()],
        "words": words,
        **values,
    }
    html = render_template(
        f"admin/{template}", words=words, shop=shop, shops=the_world().shops.values(),
        app=app, facts=facts, language=chosen, other="en" if chosen == "it" else "it", **values,
    )  # fmt: skip
    response = make_response(html)
    response.headers["Cache-Control"] = "no-store"
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, chosen, samesite="Lax")
    return response

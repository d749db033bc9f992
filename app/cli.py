"""The command line: ``flask wms-check URL``, ``flask custom-app SHOP`` and ``flask rotate-keys``.

A WMS vendor has no settings of Tagdock's: ``flask --app app.cli wms-check URL`` needs none.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
from flask import Flask
from flask.cli import with_appcontext

from app.wms.limits import CALL_SECONDS

if TYPE_CHECKING:
    from app.sync.secret_keys import Rotation


def _url(_: click.Context, __: click.Parameter, value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise click.BadParameter("It must begin with https:// or http://.")
    return value


def _address(_: click.Context, __: click.Parameter, value: str) -> str:
    host, _colon, port = value.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise click.BadParameter("It must be HOST:PORT, such as 0.0.0.0:8099.")
    return value


class _NothingToAsk(click.ClickException):
    exit_code = 2


def _token(context: click.Context, option: click.Parameter, value: str | None) -> str:
    """The token that was given, or that somebody types now; empty where none is needed."""
    if value or context.params.get("client_credentials"):
        return value or ""
    if not sys.stdin.isatty():
        raise _NothingToAsk(f"No token was given. Set {option.envvar}, or give --token.")
    return str(click.prompt("Token", hide_input=True))


def _shop(_: click.Context, __: click.Parameter, value: str) -> str:
    from app.shopify.origin import is_shop_domain

    if not is_shop_domain(value):
        raise click.BadParameter("It must be the shop's own name.myshopify.com.")
    return value


@click.command("custom-app")
@click.argument("shop", callback=_shop)
@click.option(
    "--client-credentials",
    is_flag=True,
    is_eager=True,
    help="For your own app of the Dev Dashboard: by SHOPIFY_API_KEY and SHOPIFY_API_SECRET.",
)
@click.option("--token", envvar="ADMIN_TOKEN", callback=_token, help="Else from $ADMIN_TOKEN.")
@with_appcontext
def custom_app(shop: str, token: str, *, client_credentials: bool) -> None:
    """Install SHOP with the fixed Admin API token (shpat_…) of an older custom app, or by client
    credentials, which need no token.

    The same again keeps a new token. Exits 1 when Shopify refuses it; nothing is kept then.
    """
    from app.errors import Rejected, TryLater
    from app.sync.custom_app import install_by_credentials, install_with

    try:
        missing = install_by_credentials(shop) if client_credentials else install_with(shop, token)
    except (Rejected, TryLater) as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{shop} is installed.")
    if missing:
        click.echo(f"The token lacks permissions: {', '.join(missing)}.")


@click.command("rotate-keys")
@click.option("--forget", is_flag=True, help="First forget what no key opens; it is lost then.")
@with_appcontext
def rotate_keys(forget: bool) -> None:
    """Write every stored secret anew under the first of ENCRYPTION_KEYS.

    It may be repeated and cut short. Exits 1 and names what no key opens; the rest is done.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from app.sync import secret_keys

    try:
        if forget:
            secret_keys.forget()
        lost = [_told(done) for done in secret_keys.rotate()]
    except SQLAlchemyError:
        raise click.ClickException(
            "The database doesn't answer, or isn't migrated: flask --app wsgi db upgrade."
        ) from None
    if any(lost):
        raise click.ClickException(secret_keys.said_of(", ".join(filter(None, lost))))
    click.echo("All are under the first key: the others may be dropped.")


def _told(done: Rotation) -> str:
    """Say what became of a column's secrets; returns its name if some are lost."""
    click.echo(
        f"{done.column}: {done.rewritten} written anew, {done.current} already under the first"
        f" key, {len(done.lost)} unreadable"
    )
    for store in done.lost:
        click.echo(f"  unreadable: {store}")
    return done.column if done.lost else ""


@click.command("wms-check")
@click.argument("url", callback=_url)
@click.option("--token", envvar="WMS_TOKEN", callback=_token, help="Else from $WMS_TOKEN.")
@click.option("--sku", default="TAGDOCK-TEST", help="An article that the WMS has.")
@click.option(
    "--wait",
    type=click.FloatRange(0),
    default=0,
    help="Seconds to wait for each thing you are asked to do at the warehouse; 0 asks for nothing.",
)
@click.option(
    "--listen",
    default="127.0.0.1:0",
    callback=_address,
    help="HOST:PORT to listen on for callbacks.",
)
@click.option(
    "--callback-url",
    default="",
    callback=_url,
    help="The address by which the WMS reaches that, if it isn't on this machine.",
)
@click.option("--expired-cursor", default="", help="A cursor of /shipments that has expired.")
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
    default=CALL_SECONDS,
    show_default=True,
    help="Seconds to wait for an answer; Tagdock waits no longer than by default.",
)
@click.option(
    "--patience",
    type=click.FloatRange(0),
    default=30,
    help="Seconds to wait for a callback.",
)
@click.option("--json", "as_json", is_flag=True, help="Say it all at the end, as JSON.")
def wms_check(as_json: bool, **given: Any) -> None:
    """Check the WMS at its app URL against the connector API.

    Exits 0 when nothing failed, 1 when a check failed, 2 when it could not begin. It sends orders
    that say that they are tests and cancels them, and sets the connector's callbacks: use a
    connector of its own.
    """
    from app.wms.conformance import report
    from app.wms.conformance.options import Options
    from app.wms.conformance.receiver import CannotListen
    from app.wms.conformance.run import run

    verdicts = []
    made = run(Options(**given), lambda what: click.echo(report.request(what), err=True))
    try:
        for verdict in made:
            verdicts.append(verdict)
            if not as_json:
                click.echo(str(verdict))
    except CannotListen as error:
        raise _NothingToAsk(str(error)) from None
    last = report.as_json(given["url"], verdicts) if as_json else report.summary(verdicts)
    click.echo(last)
    sys.exit(any(verdict.outcome == report.FAILED for verdict in verdicts))


def register(app: Flask) -> None:
    """Put the commands on the app."""
    app.cli.add_command(wms_check)
    if "TAGDOCK" in app.config:
        app.cli.add_command(custom_app)
        app.cli.add_command(rotate_keys)


def create_app() -> Flask:
    """The commands alone, without settings, database or pages."""
    app = Flask(__name__)
    register(app)
    return app

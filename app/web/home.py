"""Home: is all well, what needs a person."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.sync.schedule import JOBS
from app.web import tally
from app.web.banners import banner_for
from app.web.current import shop
from app.web.parts import page
from app.web.setup_api import find_connection

blueprint = Blueprint("home", __name__)
PARTS = {
    "counts": "parts/counts.html",
    "jobs": "parts/jobs.html",
    "connection": "parts/connection.html",
}


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The connection, orders by state and reason, the jobs."""
    connection = find_connection()
    return page(
        "home.html",
        PARTS,
        connection=connection,
        warning=banner_for(connection),
        tally=tally.count(shop()),
        scheduled=tally.jobs(shop(), tuple(job.name for job in JOBS)),
    )

"""``flask wms-check`` holds a WMS to the times and sizes that Tagdock keeps in use."""

import inspect
import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from verbs import ACCOUNT
from wire import http

from app import cli
from app.wms.conformance.options import Options
from app.wms.http import ConnectorApi
from app.wms.limits import ANSWER_CAP, CALL_SECONDS, ERROR_CAP

DOCS = Path(__file__).parents[3] / "docs"


def check(url: str, *given: str) -> Result:
    """Run the command."""
    runner = cli.create_app().test_cli_runner()
    return runner.invoke(args=["wms-check", url, "--token", "x", *given])


def test_it_waits_as_long_as_tagdock_does_in_use() -> None:
    (timeout,) = (each.default for each in cli.wms_check.params if each.name == "timeout")
    in_use = inspect.signature(ConnectorApi).parameters["timeout"].default
    assert (timeout, Options("", "").timeout) == (in_use, in_use)


@pytest.mark.parametrize("page", ["writing-a-wms.md", "connector-api.yaml"])
def test_vendors_are_told_the_limits(page: str) -> None:
    told = " ".join((DOCS / page).read_text(encoding="utf-8").split())
    assert f" {CALL_SECONDS:.0f} seconds" in told
    assert f" {ANSWER_CAP >> 20} MB" in told
    assert f" {ERROR_CAP >> 20} MB" in told


def test_an_answer_that_drips_is_too_late(wire: Any) -> None:
    def drip(connection: socket.socket) -> None:
        for at in range(len(ACCOUNT)):
            connection.sendall(ACCOUNT[at : at + 1])
            time.sleep(0.02)

    done = check(wire(drip).url, "--timeout", "0.4")
    assert done.exit_code == 1
    assert "no whole answer came back in time" in " ".join(done.output.split())


def test_an_answer_beyond_the_cap_is_called_one(wire: Any) -> None:
    body = json.dumps({"account": "x" * ANSWER_CAP}).encode()
    done = check(wire(http(body)).url)
    assert "GET /connection answered more than Tagdock takes." in done.output
    assert "Mend: Answer less at a time: 5 MB at most" in done.output

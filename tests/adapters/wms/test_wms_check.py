"""``flask wms-check``: what it prints, what it asks for, and its exit code."""

import json
import os
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from vendor import SKU, Vendor

from app import cli, create_app
from sandbox.serve import serve
from sandbox.wms import create_app as create_wms
from tests.world import config_for

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def vendor() -> Iterator[Vendor]:
    """A vendor with a reference WMS."""
    with serve(create_wms()) as server:
        found = Vendor(server)
        yield found
        found.http.close()


@pytest.fixture
def invoke(redis_url: str) -> Callable[..., Result]:
    """Runs the command."""
    runner = create_app(config_for(redis_url=redis_url)).test_cli_runner()
    return lambda *given, **more: runner.invoke(args=["wms-check", *given], **more)


def place(vendor: Vendor) -> list[str]:
    """Where the WMS is and how it is entered."""
    return [vendor.connector["app_url"], "--token", vendor.connector["token"], "--sku", SKU]


def test_it_prints_a_list_that_fits_a_terminal(vendor: Vendor, invoke: Any) -> None:
    vendor.begin()
    done = invoke(*place(vendor))
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "  1. passed       GET /connection says who answers and what it can do"
    assert lines[-1] == "46 passed, 0 failed, 8 not checked."
    assert "\x1b" not in done.output
    assert vendor.connector["token"] not in done.output


def test_a_failure_says_what_is_wrong_and_how_to_mend_it(vendor: Vendor, invoke: Any) -> None:
    vendor.begin(defects=["no_wms_id", "no_limit"])
    done = invoke(*place(vendor))
    assert done.exit_code == 1
    lines = done.output.splitlines()
    at = lines.index("  5. FAILED       A new order is created and has a wms_id")
    assert [line.strip() for line in lines[at + 1 : at + 3]] == [
        "The result has no wms_id.",
        "Mend: Name your own id of the order.",
    ]
    assert lines[-1] == "Failed: 5, 16."


def test_json_is_for_programs(vendor: Vendor, invoke: Any) -> None:
    vendor.begin(defects=["no_wms_id"])
    done = invoke(*place(vendor), "--json")
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert (said["ok"], said["passed"], said["failed"], said["not_checked"]) == (False, 45, 1, 8)
    assert said["url"] == vendor.connector["app_url"]
    assert said["checks"][4] == {
        "number": 5,
        "title": "A new order is created and has a wms_id",
        "outcome": "failed",
        "what": "The result has no wms_id.",
        "mend": "Name your own id of the order.",
    }
    assert vendor.connector["token"] not in done.output


def test_it_asks_for_what_is_to_be_done_and_says_so_when_nobody_does(
    vendor: Vendor, invoke: Any
) -> None:
    vendor.begin()
    done = invoke(*place(vendor), "--wait", "0.1", "--patience", "60")
    assert done.exit_code == 1
    assert "     AT ONCE      Pack all of order CHECK-" in done.stderr
    assert "Failed: 47, 52, 53." in done.output


def test_the_token_may_come_from_the_environment(vendor: Vendor, invoke: Any) -> None:
    vendor.begin()
    done = invoke(vendor.connector["app_url"], env={"WMS_TOKEN": "wrong"})
    assert done.exit_code == 1
    assert "answered 401" in done.output
    assert "Mend: Give the check the connector's own token" in done.output
    assert done.output.endswith("Failed: 1. Without it the others make no sense.\n")


def test_the_token_may_stand_beside_the_settings(vendor: Vendor, tmp_path: Path) -> None:
    vendor.begin()
    url = vendor.connector["app_url"]
    settings = {
        "APP_URL": "https://tagdock.example",
        "SECRET_KEY": "a secret key for tests, long enough",
        "SHOPIFY_API_KEY": "key",
        "SHOPIFY_API_SECRET": "secret",
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'tagdock.db'}",
        "WMS_TOKEN": vendor.connector["token"],
    }
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "wms-check", url, "--sku", SKU],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("46 passed, 0 failed, 8 not checked.\n")


@pytest.mark.parametrize(
    "given",
    [
        ["ftp://somewhere"],
        ["http://127.0.0.1:9", "--listen", "8099"],
        ["http://127.0.0.1:9", "--callback-url", "here"],
        ["http://127.0.0.1:9", "--wait", "-1"],
    ],
    ids=["no address", "no port", "no callback address", "no time"],
)
def test_what_makes_no_sense_is_refused(invoke: Any, given: list[str]) -> None:
    assert invoke(*given, "--token", "x").exit_code == 2


def test_an_address_of_another_machine_is_named_in_a_sentence(vendor: Vendor, invoke: Any) -> None:
    vendor.begin()
    done = invoke(*place(vendor), "--listen", "192.0.2.1:8099")
    assert done.exit_code == 2
    assert done.output.startswith("Error: Nothing can listen on 192.0.2.1:8099: ")
    assert done.output.endswith("Give --listen an address of this machine and a free port.\n")


def test_a_port_that_is_taken_is_named_in_a_sentence(vendor: Vendor, invoke: Any) -> None:
    vendor.begin()
    taken = vendor.url.rpartition("//")[2]
    done = invoke(*place(vendor), "--listen", taken, "--json")
    assert done.exit_code == 2
    assert done.output.startswith(f"Error: Nothing can listen on {taken}: ")
    assert done.output.count("\n") == 1


def test_an_app_url_with_the_version_is_said_to_have_it_twice(vendor: Vendor, invoke: Any) -> None:
    vendor.begin()
    url, *rest = place(vendor)
    done = invoke(f"{url}/v1/", *rest)
    assert done.exit_code == 1
    assert "Mend: Leave out the /v1 at the end of the app URL." in done.output


def test_a_vendor_needs_no_settings(vendor: Vendor) -> None:
    vendor.begin()
    done = cli.create_app().test_cli_runner().invoke(args=["wms-check", *place(vendor)])
    assert done.exit_code == 0, done.output


def test_nobody_there_is_a_failure(invoke: Any) -> None:
    done = invoke("http://127.0.0.1:9/x", "--token", "x", "--timeout", "1")
    assert done.exit_code == 1
    assert "brought no answer" in done.output


def test_without_a_token_and_a_terminal_it_says_so_in_a_sentence(invoke: Any) -> None:
    done = invoke("http://127.0.0.1:9/x")
    assert done.exit_code == 2
    assert done.output == "Error: No token was given. Set WMS_TOKEN, or give --token.\n"


def test_an_untrusted_certificate_is_called_one(invoke: Any, untrusted: str) -> None:
    done = invoke(untrusted, "--token", "x")
    assert done.exit_code == 1
    assert "the certificate there can't be trusted" in " ".join(done.output.split())


def test_a_port_without_tls_is_called_one(vendor: Vendor, invoke: Any) -> None:
    done = invoke(vendor.url.replace("http://", "https://"), "--token", "x")
    assert done.exit_code == 1
    assert "no TLS connection came about" in " ".join(done.output.split())


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[str]:
    """The address of a server whose certificate it signed itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path / "server.pem"))
    with socketserver.TCPServer(("127.0.0.1", 0), _Shaker) as server:
        server.context = context  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


class _Shaker(socketserver.BaseRequestHandler):
    """Offers its certificate, and hangs up."""

    def handle(self) -> None:
        with suppress(OSError):
            self.server.context.wrap_socket(self.request, server_side=True).close()  # type: ignore[attr-defined]


def _self_signed(file: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, form, plain) + certificate.public_bytes(pem))
    return file

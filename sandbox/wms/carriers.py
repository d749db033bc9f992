"""The carriers that fetch parcels here, and the packages handed to them."""

from typing import Any
from urllib.parse import quote

CARRIERS: list[dict[str, Any]] = [
    {
        "code": "demopost",
        "name": "DemoPost",
        "services": [
            {"code": "standard", "name": "Standard"},
            {"code": "express", "name": "Express"},
        ],
    },
    {
        "code": "rapido",
        "name": "Corriere Rapido",
        "services": [{"code": "24h", "name": "24 h"}],
    },
]
NAMES = {carrier["code"]: carrier["name"] for carrier in CARRIERS}


def package(wanted: dict[str, Any] | None = None, number: str = "") -> dict[str, Any]:
    """A package as the feed shows it; without wishes one of the first carrier with that number.

    A carrier is known by its code, and its name is added; a tracking number brings its address
    unless one is given.
    """
    if wanted is None:
        wanted = {"carrier": {"code": "demopost"}, "tracking_number": number}
    tracked, url = wanted.get("tracking_number"), wanted.get("tracking_url")
    carrier = _carrier(wanted.get("carrier"))
    if tracked and "tracking_url" not in wanted and carrier and carrier["code"] in NAMES:
        url = f"https://{carrier['code']}.example/track/{quote(tracked)}"
    return {"carrier": carrier, "tracking_number": tracked, "tracking_url": url}


def _carrier(wanted: dict[str, Any] | None) -> dict[str, str] | None:
    if not wanted:
        return None
    code = wanted.get("code") or ""
    name = wanted.get("name") or NAMES.get(code) or code
    return {"code": code, "name": name}

"""Requests to Shopify's token endpoint: where they go, and what their answers mean.

``shopifyapp`` makes its requests with httpx and sleeps on 429. It gets a client of ours, which
sends them to the sandbox where that is set, and raises TryLater when an answer asks for patience.
"""

from collections.abc import Mapping
from typing import Any

import httpx

from app.config import Config
from app.errors import Rejected, TryLater
from app.shopify.origin import origin_of

_LIMITS = httpx.Timeout(10.0, connect=3.0)
_PACED = 2.0
_RENEW = (
    "shopify-token-refused",
    "Shopify no longer accepts our access. Open the app in the Shopify admin to renew it.",
)
_SETUP = (
    "shopify-app-refused",
    "Shopify does not know this app. Check SHOPIFY_API_KEY, SHOPIFY_API_SECRET and the install.",
)
# Shopify's code for a store that has not the app, or is not of its organisation.
NOT_PERMITTED = "shop_not_permitted"
_ELSEWHERE = (
    "shopify-token-refused",
    (
        "Shopify gives this app no access to the store. Install the app there; client credentials"
        " work in stores of the app's own organisation only."
    ),
)
_REFUSALS = {
    NOT_PERMITTED: _ELSEWHERE,
    "invalid_subject_token": _RENEW,
    "invalid_grant": _RENEW,
    "invalid_request": _RENEW,
    "refresh_token_expired": _RENEW,
    "invalid_client": _SETUP,
    "application_cannot_be_found": _SETUP,
}


def open_client(config: Config, shop: str) -> httpx.Client:
    """Return a client for one shop; the caller closes it."""
    base, host = origin_of(config, shop)
    transport = _Towards(httpx.URL(base), host)
    return httpx.Client(transport=transport, timeout=_LIMITS, trust_env=False)


def post(config: Config, shop: str, fields: Mapping[str, object]) -> Mapping[str, Any]:
    """Post a grant that no library makes and return the JSON answered.

    Raises TryLater, or Rejected with what Shopify said.
    """
    identity = {"client_id": config.shopify_api_key, "client_secret": config.shopify_api_secret}
    with open_client(config, shop) as client:
        try:
            url = f"https://{shop}/admin/oauth/access_token"
            response = client.post(url, json={**identity, **fields})
        except httpx.RequestError as error:
            raise TryLater("Shopify did not answer.") from error
    given = _object(response)
    if response.status_code != 200:
        raise refusal(str(given.get("error")))
    return given


def refusal(code: str) -> Exception:
    """Return the error to raise for Shopify's OAuth error code, or for the library's own."""
    if code in ("network_error", "server_error"):
        return TryLater("Shopify did not answer.")
    unknown = (
        "shopify-token-refused",
        f"Shopify gave no access ({code[:60]}). Open the app in the Shopify admin and try again.",
    )
    return Rejected(*_REFUSALS.get(code, unknown))


class _Towards(httpx.BaseTransport):
    """Sends everything to one origin under the shop's name."""

    def __init__(self, origin: httpx.URL, host: str) -> None:
        self._origin = origin
        self._host = host
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises TryLater when Shopify paces us, is down or talks nonsense."""
        request.url = request.url.copy_with(
            scheme=self._origin.scheme, host=self._origin.host, port=self._origin.port
        )
        request.headers["Host"] = self._host
        response = self._inner.handle_request(request)
        if response.status_code == 429 or response.status_code >= 500:
            response.close()
            raise _patience(response)
        response.read()
        if response.status_code == 200 and not _object(response).get("access_token"):
            raise TryLater("Shopify answered without an access token.")
        return response

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()


def _object(response: httpx.Response) -> Mapping[str, Any]:
    """Return the JSON object answered, empty when it was anything else."""
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _patience(response: httpx.Response) -> TryLater:
    if response.status_code != 429:
        return TryLater(f"Shopify failed (HTTP {response.status_code}).")
    given = response.headers.get("Retry-After", "")
    wait = float(given) if given.replace(".", "", 1).isdigit() else _PACED
    return TryLater("Shopify asks for fewer requests.", wait, counts=False)

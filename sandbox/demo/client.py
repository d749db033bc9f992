"""Talks JSON to the parts of the world as a person's browser would, and says what went wrong."""

import base64
from typing import Any

import requests

SHOP = "tagdock-demo.myshopify.com"
HANDLE = SHOP.split(".", maxsplit=1)[0]


class StepFailed(Exception):
    """A step of the demo was refused; the message says which and what came back."""


class Client:
    """One person's session with the sandbox's control APIs and with the app inside the admin."""

    def __init__(self, *, app_url: str, shopify_url: str, wms_url: str) -> None:
        self._app, self._shopify, self._wms = app_url, shopify_url, wms_url
        self._session = requests.Session()

    def shopify(self, method: str, path: str, body: object = None) -> Any:
        """Call the Shopify stand-in's control API; returns its JSON."""
        return self._call(method, f"{self._shopify}/sandbox{path}", body)

    def wms(self, method: str, path: str, body: object = None) -> Any:
        """Call the reference WMS's control API; returns its JSON."""
        return self._call(method, f"{self._wms}/sandbox{path}", body)

    def app(self, method: str, path: str, body: object = None) -> Any:
        """Call the app's API with a fresh ID token, as App Bridge does; returns its JSON."""
        headers = {"Authorization": f"Bearer {self._id_token()}"}
        return self._call(method, f"{self._app}{path}", body, headers)

    def open_app(self) -> None:
        """Open the app's home page as the admin's frame does; the app then exchanges the token."""
        host = base64.urlsafe_b64encode(f"admin.shopify.com/store/{HANDLE}".encode()).decode()
        query = {
            "shop": SHOP,
            "host": host.rstrip("="),
            "embedded": "1",
            "locale": "en",
            "id_token": self._id_token(),
        }
        answer = self._session.get(self._app, params=query, timeout=30, allow_redirects=False)
        if answer.status_code != 200:
            raise StepFailed(f"The app's home page answered {answer.status_code}, not 200.")

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def _id_token(self) -> str:
        return str(self.shopify("POST", f"/{SHOP}/id-token", {"user": "1"})["token"])

    def _call(
        self, method: str, url: str, body: object, headers: dict[str, str] | None = None
    ) -> Any:
        answer = self._session.request(method, url, json=body, headers=headers, timeout=30)
        if not answer.ok:
            said = answer.text[:300].strip()
            raise StepFailed(f"{method} {url} answered {answer.status_code}: {said}")
        return answer.json() if answer.content else None

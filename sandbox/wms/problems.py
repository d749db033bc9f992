"""Refusals as RFC 9457 problem details, the one shape every error of the connector API has."""

from typing import Any

from flask import Response, json

TITLES = {
    "sku-unknown": "Unknown SKU",
    "warehouse-unknown": "Unknown warehouse",
    "out-of-stock": "Out of stock",
    "address-invalid": "Invalid address",
    "duplicate": "Already being processed",
    "too-late": "Too late",
    "revision-conflict": "Revision conflict",
    "unsupported": "Not supported",
    "rate-limited": "Too many requests",
    "invalid": "Invalid request",
}


class Problem(Exception):
    """The request, or one order of it, is refused; ``code`` is one of ``TITLES``."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}
        self.members = members

    def body(self) -> dict[str, Any]:
        """The problem's JSON members, also used inside an order's result."""
        return {
            "type": "about:blank",
            "title": TITLES[self.code],
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.members,
        }

    def response(self) -> Response:
        """The HTTP answer for the whole request."""
        answer = Response(
            json.dumps(self.body()), self.status, content_type="application/problem+json"
        )
        answer.headers.update(self.headers)
        return answer

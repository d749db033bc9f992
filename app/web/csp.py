"""What a page may load, and who may frame it: that shop's admin and nobody else."""

from urllib.parse import urlsplit

from flask import Flask, Response, g

from app.shopify.origin import frame_ancestors
from app.web.current import config

SHOPIFY_CDN = "https://cdn.shopify.com"
_ADMIN = "https://admin.shopify.com"


def register(app: Flask) -> None:
    """Put the policy on every answer."""
    app.after_request(_mark)


def allow_frame(domain: str) -> None:
    """Let this shop's admin frame the answer.

    ``domain`` comes from a verified token, or, where there is none yet, is checked to be a
    myshopify.com domain and nothing more.
    """
    g.framed_by = domain


def use(text: str) -> None:
    """Give the answer a policy of its own, in place of the one for pages in the admin."""
    g.policy = text


def cdn() -> str:
    """Where Shopify's two page scripts come from."""
    return config().shopify_cdn or SHOPIFY_CDN


def _mark(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if response.mimetype == "text/html":
        own = g.get("policy") or policy(g.get("framed_by", ""))
        response.headers["Content-Security-Policy"] = own
        response.headers["Cache-Control"] = "private, no-store"
    return response


def policy(domain: str) -> str:
    """The Content-Security-Policy of a page; an empty domain is framed by the admin alone."""
    shop = f"https://{domain}" if domain else ""
    parts = urlsplit(cdn())
    scripts = f"{parts.scheme}://{parts.netloc}"
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' {scripts}",
        "style-src": f"'self' 'unsafe-inline' {scripts}",
        "font-src": f"'self' {scripts}",
        "img-src": f"'self' data: {scripts}",
        "connect-src": f"'self' {scripts} {shop} {_ADMIN} https://*.shopifysvc.com",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": _ancestors(domain),
    }
    return "; ".join(f"{name} {' '.join(text.split())}" for name, text in rules.items())


def _ancestors(domain: str) -> str:
    if not domain:
        return f"{_ADMIN} {config().shopify_origin}"
    return frame_ancestors(config(), domain).removeprefix("frame-ancestors ")

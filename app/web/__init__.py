"""What the app answers to: pages, APIs, webhooks, callbacks. A blueprint a file."""

from flask import Flask


def register(app: Flask) -> None:
    """Put every blueprint on the app."""

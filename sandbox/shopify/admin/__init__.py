"""The admin of the Shopify stand-in: order pages, the app in its frame, extensions, page scripts.

Pages read and change orders through the control API alone. ``blueprint`` goes on the stand-in's
Flask app, which keeps its world under ``config["WORLD"]``.
"""

from sandbox.shopify.admin import frames, pages, scripts
from sandbox.shopify.admin.routes import blueprint

__all__ = ["blueprint", "frames", "pages", "scripts"]

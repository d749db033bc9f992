"""The scripts that pages and extension frames load: readable parts, put together when asked for."""

from pathlib import Path

HERE = Path(__file__).parent

# Order matters: each part may use what the parts before it define.
PARTS = {
    "polaris-1.js": (
        "polaris/base.js",
        "polaris/spacing.js",
        "polaris/icons.js",
        "polaris/layout.js",
        "polaris/words.js",
        "polaris/button.js",
        "polaris/notices.js",
        "polaris/field.js",
        "polaris/fields.js",
        "polaris/select.js",
        "polaris/checks.js",
        "polaris/choices.js",
        "polaris/table.js",
        "polaris/overlays.js",
    ),
    "app-bridge.js": (
        "bridge/line.js",
        "bridge/environment.js",
        "bridge/requests.js",
        "bridge/toasts.js",
        "bridge/save_bar.js",
        "bridge/scopes.js",
        "bridge/navigation.js",
        "bridge/start.js",
    ),
    "extension-host.js": (
        "bridge/line.js",
        "extension_host/language.js",
        "bridge/requests.js",
        "extension_host/globals.js",
        "extension_host/run.js",
    ),
}


def bundle(name: str) -> str:
    """Return one script of ``PARTS`` as a single immediately called function.

    Raises KeyError for an unknown name.
    """
    parts = [(HERE / part).read_text("utf-8") for part in PARTS[name]]
    return "\n".join(["(() => {", "'use strict';", *parts, "})();", ""])

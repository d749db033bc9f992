"""Write the pages that come from the code: ``python -m docs.generate [--check]``."""

import re
import sys
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields
from pathlib import Path

from app.config import Config
from docs.state_table import states

FOLDER = Path(__file__).parent

INTRODUCTION = """\
# Configuration

<!-- Written by `make docs` from app/config.py. -->

Tagdock reads its settings once, from environment variables, when a process starts. A missing,
unknown or wrong one stops the process; all are named at once, each with its fix. Spaces around a
value don't count, and an empty variable counts as not set. A variable that is no setting is refused
when it begins as ours do (`TAGDOCK_`, `SHOPIFY_`, `WMS_`, `ENCRYPTION_`, `OPERATOR_`), or is all
but the name of a setting that is not set; others are left alone, and so is `WMS_TOKEN`, which
`flask wms-check` reads. Every process of a deployment (web, worker, ticker, migrations) gets the
same settings.
"""


def configuration() -> str:
    """The text of docs/configuration.md."""
    settings = fields(Config)
    required = [item for item in settings if not _optional(item)]
    optional = [item for item in settings if _optional(item)]
    sandbox = [item for item in optional if _help(item).startswith("Sandbox only")]
    ordinary = [item for item in optional if item not in sandbox]
    return "\n".join(
        (
            INTRODUCTION,
            *_section("Required", required),
            *_section("Optional", ordinary),
            *_section("Development only", sandbox),
            "Any environment but `TAGDOCK_ENV=sandbox` refuses to start with these set.",
            "",
        )
    )


def _section(title: str, settings: Iterable[Field[object]]) -> list[str]:
    rows = [f"| `{item.name.upper()}` | {_default(item)} | {_help(item)} |" for item in settings]
    return [f"## {title}", "", "| variable | default | what |", "| --- | --- | --- |", *rows, ""]


def _optional(item: "Field[object]") -> bool:
    return item.default is not MISSING or item.default_factory is not MISSING


def _help(item: "Field[object]") -> str:
    return re.sub(r"\s+", " ", str(item.metadata["help"])).replace("|", "\\|")


def _default(item: "Field[object]") -> str:
    return f"`{item.default}`" if _optional(item) and item.default else "–"


PAGES = {"configuration.md": configuration, "states.md": states}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say whether they are current; return the exit status."""
    texts = {FOLDER / name: text() for name, text in PAGES.items()}
    if "--check" not in arguments:
        for page, text in texts.items():
            page.write_text(text, encoding="utf-8")
        return 0
    old = [page.name for page, text in texts.items() if not _is_current(page, text)]
    for name in old:
        print(f"{name} is not current: run `make docs`.", file=sys.stderr)
    return 1 if old else 0


def _is_current(page: Path, text: str) -> bool:
    return page.exists() and page.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

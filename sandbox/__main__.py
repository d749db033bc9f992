"""The sandbox's command line: ``python -m sandbox VERB``."""

import importlib
import sys

VERBS = {
    "demo": ("sandbox.demo.main:main", "the whole local world, with orders flowing"),
    "shopify": ("sandbox.shopify.server:main", "the Shopify stand-in"),
    "wms": ("sandbox.wms.server:main", "the reference WMS"),
    "redis": ("sandbox.services.hold:hold_redis", "a Redis, until Ctrl-C"),
    "postgres": ("sandbox.services.hold:hold_postgres", "a PostgreSQL, until Ctrl-C"),
    "browser": ("sandbox.browser:main", "find or install a Chromium for the browser tests"),
    "pictures": ("sandbox.pictures.main:main", "take the documentation's pictures"),
    "migration": ("sandbox.migration:main", "write a new numbered migration"),
}


def main(arguments: list[str]) -> int:
    """Run one verb with the arguments after it; returns the exit status."""
    verb, *rest = arguments or [""]
    if verb not in VERBS:
        print(_usage(), file=sys.stderr)
        return 2
    module, function = VERBS[verb][0].split(":")
    return int(getattr(importlib.import_module(module), function)(rest) or 0)


def _usage() -> str:
    lines = [f"  {verb:10} {text}" for verb, (_, text) in VERBS.items()]
    return "\n".join(["usage: python -m sandbox VERB", *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

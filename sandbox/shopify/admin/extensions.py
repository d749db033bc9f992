"""Finds an app's admin extensions and what the Shopify CLI has built of them.

The CLI leaves ``<folder>/dist/<handle>.js``, which extends every rendering target, and
``<folder>/dist/<handle>-conditions.js``, which extends the ``.should-render`` twins.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = "app_extensions"


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension on one target. ``conditions`` is None when it is always offered."""

    handle: str
    name: str
    target: str
    folder: Path
    bundle: Path
    conditions: Path | None
    translations: dict[str, Any]

    @property
    def missing(self) -> Path | None:
        """The first file that has still to be built, None when all are there."""
        needed = [self.bundle, *([self.conditions] if self.conditions else [])]
        return next((path for path in needed if not path.is_file()), None)


def find_extensions(app_directory: Path, language: str) -> list[Extension]:
    """Return every extension and target of an app, with its words in a language."""
    files = sorted((app_directory / FOLDER).glob("*/shopify.extension.toml"))
    return [found for file in files for found in _read(file, language)]


def built_file(app_directory: Path, handle: str, name: str) -> Path | None:
    """Return a built script of an extension, None when there is none of that name."""
    for extension in find_extensions(app_directory, "en"):
        if extension.handle == handle:
            path = extension.bundle.with_name(name)
            return path if path.suffix == ".js" and path.is_file() else None
    return None


def _read(file: Path, language: str) -> Iterator[Extension]:
    described = tomllib.loads(file.read_text("utf-8"))
    words = translations(file.parent, language)
    for one in described.get("extensions") or [described]:
        for targeting in one.get("targeting") or ():
            yield _extension(file.parent, one, targeting, words)


def _extension(
    folder: Path, one: dict[str, Any], targeting: dict[str, Any], words: dict[str, Any]
) -> Extension:
    handle = str(one.get("handle") or folder.name)
    conditional = bool(targeting.get("should_render"))
    return Extension(
        handle=handle,
        name=_translated(str(one.get("name") or handle), words),
        target=str(targeting["target"]),
        folder=folder,
        bundle=folder / "dist" / f"{handle}.js",
        conditions=folder / "dist" / f"{handle}-conditions.js" if conditional else None,
        translations=words,
    )


def _translated(name: str, words: dict[str, Any]) -> str:
    key = name.removeprefix("t:")
    return str(words.get(key, key)) if name != key else name


def translations(folder: Path, language: str) -> dict[str, Any]:
    """Return an extension's words: the default language's, overlaid by those asked for."""
    merged: dict[str, Any] = {}
    for pattern in ("*.default.json", f"{language}.json"):
        for file in sorted((folder / "locales").glob(pattern)):
            merged = _overlay(merged, json.loads(file.read_text("utf-8")))
    return merged


def _overlay(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        inner = merged.get(key)
        both = isinstance(value, dict) and isinstance(inner, dict)
        merged[key] = _overlay(inner, value) if both else value  # type: ignore[arg-type]
    return merged

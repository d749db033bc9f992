"""The admin extensions as files: what each declares, says and is made of."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "app_extensions"
SHARED = FOLDER / "shared"
EXTENSIONS = sorted(path.parent for path in FOLDER.glob("*/shopify.extension.toml"))


def extension(folder: Path) -> dict[str, Any]:
    """Return what the extension's configuration says of it."""
    config = tomllib.loads((folder / "shopify.extension.toml").read_text("utf-8"))
    (only,) = config["extensions"]
    return only


def targets(folder: Path) -> list[str]:
    """Return every target the configuration names, conditions included."""
    points = extension(folder)["targeting"]
    conditions = [each["target"] for each in points if "should_render" in each]
    return [each["target"] for each in points] + [
        target.removesuffix("render") + "should-render" for target in conditions
    ]


def sources(folder: Path) -> list[Path]:
    """Return the extension's modules and every shared module they import."""
    found: dict[Path, None] = dict.fromkeys(sorted((folder / "src").iterdir()))
    waiting = list(found)
    while waiting:
        path = waiting.pop()
        for name in re.findall(r"^import .*'(\.[^']+)';$", path.read_text("utf-8"), re.MULTILINE):
            module = (path.parent / name).resolve()
            if module not in found:
                found[module] = None
                waiting.append(module)
    return list(found)


def locales(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the extension's words by language."""
    files = (folder / "locales").glob("*.json")
    return {path.name.removesuffix(".json"): json.loads(path.read_text("utf-8")) for path in files}


def branches(words: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of a locale file with its path."""
    yield path, words
    for key, value in words.items():
        if isinstance(value, dict):
            yield from branches(value, f"{path}.{key}".removeprefix("."))


def flat(words: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every text of a locale file with its path."""
    for path, node in branches(words):
        for key, value in node.items():
            if isinstance(value, str):
                yield f"{path}.{key}".removeprefix("."), value


def spoken_key(path: str) -> str:
    """Return the key the code says for a text: a plural's forms share one."""
    return re.sub(r"\.(one|other)$", "", path)


def placeholders(text: str) -> set[str]:
    """Return the names in double braces."""
    return set(re.findall(r"\{\{(\w+)\}\}", text))


def all_code() -> str:
    """Return every module of every extension."""
    return "\n".join(path.read_text("utf-8") for folder in EXTENSIONS for path in sources(folder))

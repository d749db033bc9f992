"""What every app compiles, compiled once a process: tests make thousands of apps."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from app.db import db

_engines: dict[str, Engine] = {}


class _Templates(BytecodeCache):
    """Keeps the compiled code of templates in memory, for all apps."""

    _kept: ClassVar[dict[tuple[str, str], bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code if this very text was compiled before."""
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def compile_once(patch: pytest.MonkeyPatch) -> None:
    """Keep templates and SQL statements; compile an address's builder when it is first used."""
    patch.setattr(Flask, "jinja_options", {"bytecode_cache": _Templates()})
    patch.setattr(db, "_make_engine", _kept_engines(db._make_engine))
    patch.setattr(Rule, "_compile_builder", _when_used(Rule._compile_builder))


def let_go() -> None:
    """Close the connections of all engines that are kept, before their databases are emptied."""
    for engine in _engines.values():
        engine.dispose()


def _kept_engines(make: Callable[..., Engine]) -> Callable[..., Engine]:
    """One engine for each address: it keeps its statements."""

    def engine(bind: str | None, options: dict[str, Any], app: Flask) -> Engine:
        key = str(sorted(options.items(), key=lambda item: item[0]))
        return _engines.get(key) or _engines.setdefault(key, make(bind, options, app))

    return engine


def _when_used(compiled: Callable[..., Any]) -> Callable[..., Any]:
    def builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        made: list[Callable[..., Any]] = []

        def build(self: Rule, **values: Any) -> Any:
            if not made:
                made.append(compiled(rule, append_unknown))
            return made[0](self, **values)

        return build

    return builder

"""Shopify's schema is fetched by whoever needs it first, and that may be several at once."""

import gzip
import io
import json
import random
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.shopify import schema_build

# Writes the archive where it is told to. The one that is called second has written half of it when
# the first ends, and goes on when what the first was called for is done.
_NPM = """#!{python}
import pathlib, sys, time
here, archive = pathlib.Path({here!r}), pathlib.Path({archive!r}).read_bytes()
target = pathlib.Path(sys.argv[-1], "package.tgz")

def wait_for(name):
    end = time.monotonic() + 30
    while not (here / name).exists():
        assert time.monotonic() < end, name
        time.sleep(0.01)

try:
    (here / "first").touch(exist_ok=False)
except FileExistsError:
    wait_for("written")
    with target.open("wb") as file:
        file.write(archive[: len(archive) // 2])
        file.flush()
        (here / "half").touch()
        wait_for("done")
        file.write(archive[len(archive) // 2 :])
else:
    target.write_bytes(archive)
    (here / "written").touch()
    wait_for("half")
"""


def _pack(target: Path, data: dict[str, str]) -> None:
    """An archive as npm's, with an introspection."""
    content = gzip.compress(json.dumps({"data": data}).encode())
    member = tarfile.TarInfo(schema_build.MEMBER)
    member.size = len(content)
    with tarfile.open(target, "w:gz") as tar:
        tar.addfile(member, io.BytesIO(content))


def test_two_that_fetch_it_at_once_both_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {"noise": random.Random(1).randbytes(50_000).hex()}
    _pack(tmp_path / "archive.tgz", data)
    here, archive = str(tmp_path), str(tmp_path / "archive.tgz")
    npm = tmp_path / "npm"
    npm.write_text(_NPM.format(python=sys.executable, here=here, archive=archive))
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", here, prepend=":")
    monkeypatch.setattr(schema_build, "CACHE", tmp_path / "cache")

    def fetch() -> dict[str, str]:
        try:
            return schema_build.full_introspection()
        finally:
            (tmp_path / "done").touch()

    with ThreadPoolExecutor() as pool:
        both = [pool.submit(fetch) for _ in range(2)]
        assert [each.result() for each in both] == [data, data]
    assert len(list((tmp_path / "cache").iterdir())) == 1

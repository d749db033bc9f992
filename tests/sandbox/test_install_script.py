"""What `make` says where Node is missing or too old: before anything is installed."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "package.json"
OLDEST = re.sub(r"\D*", "", json.loads(PACKAGE.read_text())["engines"]["node"], count=1)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that has its Node packages, as far as installing them looks."""
    (tmp_path / "sandbox").mkdir()
    shutil.copy(ROOT / "sandbox" / "install.sh", tmp_path / "sandbox")
    shutil.copy(PACKAGE, tmp_path)
    for lock in (tmp_path / "package-lock.json", tmp_path / "node_modules" / ".installed"):
        lock.parent.mkdir(exist_ok=True)
        lock.write_text("{}")
    return tmp_path


def install(project: Path, node: str) -> subprocess.CompletedProcess[str]:
    """Run it where ``node --version`` says so."""
    programs = project / "programs"
    programs.mkdir()
    for name, says in (("node", node), ("npm", "10.0.0")):
        (programs / name).write_text(f"#!/bin/sh\necho {says}\n")
        (programs / name).chmod(0o755)
    return subprocess.run(
        ["bash", project / "sandbox" / "install.sh", "node"],
        env={"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("node", ["v18.20.8", "v20.9.0"])
def test_a_node_that_the_package_refuses_is_refused_by_name(project: Path, node: str) -> None:
    done = install(project, node)
    assert done.returncode == 1
    assert done.stderr.strip().startswith(f"Tagdock needs Node {OLDEST} or newer; this is {node}.")


@pytest.mark.parametrize("node", [f"v{OLDEST}.0", "v20.20.2", "v22.3.1", "v24.0.0", "v100.0.0"])
def test_a_node_that_the_package_takes_is_taken(project: Path, node: str) -> None:
    done = install(project, node)
    assert done.returncode == 0, done.stderr


def test_the_readme_asks_for_the_same_node() -> None:
    assert f"Node {OLDEST} or newer" in (ROOT / "README.md").read_text()

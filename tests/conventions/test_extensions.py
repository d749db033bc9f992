"""The admin extensions: built by Shopify's CLI, small, for the places they are meant for."""

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conventions.extension_files import EXTENSIONS, ROOT, SHARED, sources, targets

TARGETS = {
    "admin.order-index.action.render",
    "admin.order-index.selection-action.render",
    "admin.order-details.action.render",
    "admin.order-details.action.should-render",
    "admin.order-details.block.render",
}
MOST_COMPRESSED = 64 * 1024

each_extension = pytest.mark.parametrize("folder", EXTENSIONS, ids=lambda path: path.name)


@pytest.fixture(scope="session")
def bundles() -> dict[str, list[Path]]:
    """Every extension's bundles, built again when a source is newer."""
    if not all(is_fresh(folder) for folder in EXTENSIONS):
        build()
    return {folder.name: sorted((folder / "dist").glob("*.js")) for folder in EXTENSIONS}


@each_extension
def test_the_bundles_are_small(folder, bundles):
    assert bundles[folder.name]
    for bundle in bundles[folder.name]:
        assert len(gzip.compress(bundle.read_bytes())) <= MOST_COMPRESSED, bundle.name


@each_extension
def test_the_bundles_register_the_targets_of_the_configuration(folder, bundles):
    code = "".join(bundle.read_text("utf-8") for bundle in bundles[folder.name])
    registered = re.findall(r'shopify\.extend\("([\w.-]+)"', code)
    assert sorted(registered) == sorted(targets(folder))


def test_together_they_cover_the_order_list_and_the_order_page():
    assert {target for folder in EXTENSIONS for target in targets(folder)} == TARGETS


@each_extension
def test_a_target_stands_once_in_an_extension(folder):
    assert len(targets(folder)) == len(set(targets(folder)))


def test_the_lock_file_pins_everything_and_names_no_address():
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert not [name for name, each in packages.items() if "resolved" in each]
    assert not [name for name, each in packages.items() if "integrity" not in each]
    asked = json.loads((ROOT / "package.json").read_text("utf-8"))
    versions = [*asked["dependencies"].values(), *asked["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def test_the_shared_logic_passes_its_own_tests():
    npm = shutil.which("npm")
    assert npm, "Node with npm is needed."
    run(npm, "test")


def test_every_file_of_tests_is_run_by_name():
    # From Node 22 on, a folder is taken for a module. Node 20 takes no pattern: npm's shell does.
    asked = json.loads((ROOT / "package.json").read_text("utf-8"))["scripts"]["test"]
    listed = run("sh", "-c", asked.replace("node --test", "ls -d")).splitlines()
    assert [ROOT / name for name in listed] == sorted((SHARED / "tests").glob("*.test.js"))


def build() -> None:
    """Build every extension, as ``npm run build`` does; offline, some seconds."""
    assert (ROOT / "node_modules").is_dir(), "Run `npm ci` first."
    npm = shutil.which("npm")
    assert npm, "npm is needed to build the extensions."
    run(npm, "run", "build")


def run(*command: str) -> str:
    """Run a command in the project's folder and return what it printed, which also explains a
    failure."""
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def is_fresh(folder: Path) -> bool:
    """Say whether the extension's bundle is newer than all it is made from."""
    bundle = folder / "dist" / f"{folder.name}.js"
    made_from = [*sources(folder), folder / "shopify.extension.toml"]
    newest = max(path.stat().st_mtime for path in made_from)
    return bundle.exists() and bundle.stat().st_mtime >= newest

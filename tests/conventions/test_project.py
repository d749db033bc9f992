"""The project as a stranger finds it: installable from nowhere special, small, documented."""

import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from app.config import Config

ROOT = Path(__file__).parents[2]
MIGRATIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
MOST_BYTES = 500_000
# Written in pieces, so that this file passes its own test.
REGISTRIES = re.compile(
    "|".join(
        re.escape(host)
        for host in (
            "pypi" + ".org",
            "pythonhosted" + ".org",
            "registry.npmjs" + ".org",
            "registry.yarnpkg" + ".com",
            "npmjs" + ".com",
            "deb.debian" + ".org",
        )
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.-])/(?:home/\w|root/|Users/\w|work/\w|opt/\w|tmp/\w)")
PRERELEASE = re.compile(r"==[\d.]+(a|b|rc|\.dev)\d")


def project_files() -> list[Path]:
    """Every file of the project, committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def texts() -> list[tuple[str, str]]:
    read = []
    for file in project_files():
        try:
            read.append((str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return read


def test_no_file_names_a_package_registry() -> None:
    named = [(name, found[0]) for name, text in texts() if (found := REGISTRIES.search(text))]
    assert named == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    named = [(name, found[0]) for name, text in texts() if (found := MACHINE_PATHS.search(text))]
    assert named == []


def test_files_are_small() -> None:
    large = [file.name for file in project_files() if file.stat().st_size > MOST_BYTES]
    assert large == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_are_pinned_hashed_and_free_of_addresses(lock: Path) -> None:
    text = lock.read_text()
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", text).strip())
    assert all(re.match(r"[a-zA-Z0-9._-]+(\[[\w,-]+\])?==\S+", entry) for entry in entries)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--find-links" not in text
    assert "--index-url" not in text
    assert not PRERELEASE.search(text)


def test_every_requirement_asked_for_is_locked() -> None:
    for lock in LOCKS:
        wanted = lock.with_suffix(".in").read_text()
        asked = re.findall(r"(?m)^([A-Za-z0-9][A-Za-z0-9._-]*)", wanted)
        locked = set(re.findall(r"(?m)^([a-z0-9._-]+)(?:\[[\w,-]+\])?==", lock.read_text()))
        assert {re.sub(r"[._-]+", "-", name).lower() for name in asked} <= locked


def test_the_node_lock_holds_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = {
        name: entry
        for name, entry in packages.items()
        if name.startswith("node_modules/") and not entry.get("link") and not entry.get("inBundle")
    }
    assert fetched
    assert [name for name, entry in fetched.items() if "resolved" in entry] == []
    assert [name for name, entry in fetched.items() if "integrity" not in entry] == []


def test_the_configuration_page_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_pages_made_from_the_code_are_looked_at_before_a_commit() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    entry = hooks[hooks.index("docs.generate --check") :]
    files = re.search(r"(?m)^ +files: (.+)$", entry)
    pages = [page.read_text() for page in (ROOT / "docs").glob("*.md")]
    sources = [name for page in pages for name in re.findall(r"by `make docs` from (\S+)\. ", page)]
    assert len(sources) == 2
    assert files is not None
    assert [name for name in sources if not re.search(files[1], name)] == []


@pytest.mark.parametrize("setting", fields(Config), ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting: object) -> None:
    name = setting.name.upper()
    page = (ROOT / "docs" / "configuration.md").read_text()
    row = re.search(rf"(?m)^\| `{name}` \| .+ \| (.+) \|$", page)
    assert row, f"{name} is missing from docs/configuration.md: run `make docs`"
    assert len(row[1]) > 10


def test_migrations_are_numbered_named_and_in_line() -> None:
    names = [file.stem for file in MIGRATIONS]
    assert all(re.fullmatch(r"\d{4}_[a-z]+(_[a-z0-9]+)+", name) for name in names), names
    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
    for earlier, file in zip([None, *MIGRATIONS], MIGRATIONS, strict=False):
        text = file.read_text()
        before = f'"{earlier.stem[:4]}"' if earlier else "None"
        assert f'revision = "{file.stem[:4]}"' in text
        assert f"down_revision = {before}" in text


def test_decisions_are_numbered_in_line() -> None:
    names = sorted(file.name for file in (ROOT / "docs" / "decisions").glob("*.md"))
    assert all(re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name) for name in names), names
    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make demo" in readme
    assert "make test" in readme


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        (page.name, link)
        for page in pages
        for link in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / link).exists()
    ]
    assert broken == []


def test_no_page_is_named_that_is_not_there() -> None:
    there = {file.name for file in project_files() if file.suffix == ".md"}
    named = {(name, page) for name, text in texts() for page in re.findall(r"[\w-]+\.md\b", text)}
    assert [(name, page) for name, page in sorted(named) if page not in there] == []


def test_every_file_named_as_a_hop_exists() -> None:
    readme = (ROOT / "README.md").read_text()
    hops = re.findall(r"(?m)^\d\. \*\*.*", readme)
    named = [name for hop in hops for name in re.findall(r"`([\w./-]+)`", hop)]
    assert len(hops) == 6
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_module_named_in_a_page_exists() -> None:
    pages = [(name, text) for name, text in texts() if name.endswith(".md")]
    named = {
        (page, name)
        for page, text in pages
        for name in re.findall(r"`((?:app|sandbox)/[\w./-]+\.\w+)`", text)
    }
    assert len(named) > 50
    assert [(page, name) for page, name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("script", [".ci/run", "sandbox/install.sh"])
def test_scripts_are_executable_and_parse(script: str) -> None:
    file = ROOT / script
    assert os.access(file, os.X_OK)
    done = subprocess.run(["bash", "-n", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_make_lists_every_verb() -> None:
    made = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for verb in ("demo", "test", "check", "fix", "bench", "e2e", "migration", "help"):
        assert re.search(rf"(?m)^  make {verb} ", made.stdout), verb

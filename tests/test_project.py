"""What a stranger relies on before any code runs: the lock files, the licence, the declared libraries, the wheel."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements-uv.txt", "requirements.txt", "requirements-dev.txt")

# Written in pieces so that this file does not find itself.
INDEX_ADDRESSES = re.compile(
    r"py" + r"pi\.org|python" + r"hosted\.org|^\s*--?(?:index-url|extra-index-url|find-links|trusted-host|i|f)\b"
    r"|/simple/?\s*$|UV_(?:DEFAULT_)?INDEX(?:_URL)?\s*[:?]?=\s*[\"']?https?:|PIP_INDEX_URL\s*[:?]?=\s*[\"']?https?:",
    re.MULTILINE,
)

# Declared and not imported: why each is there all the same.
NOT_IMPORTED = {
    "tzdata": "data: zoneinfo finds it by itself where the system has no zones",
}

IMPORT_NAMES = {"flufl-bounce": "flufl.bounce", "google-auth": "google.auth"}


@cache
def pyproject() -> dict[str, Any]:
    """Return pyproject.toml as read."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tracked() -> list[Path]:
    """Return the files of the project: git's where there is git, else what an sdist carries."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    files = [ROOT / name for name in names if name] or [
        file
        for file in ROOT.rglob("*")
        if not {".venv", "__pycache__", "dist", "var"} & set(file.relative_to(ROOT).parts)
    ]
    return [file for file in files if file.is_file()]


def normal(name: str) -> str:
    """Return a distribution's name as PEP 503 has it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*extras: str) -> set[str]:
    """Return the names of the runtime dependencies, or of those of extras."""
    project = pyproject()["project"]
    lines = [line for extra in extras for line in project["optional-dependencies"][extra]]
    return {normal(re.split(r"[\s<>=!~;\[]", line)[0]) for line in lines or project["dependencies"]}


def test_no_file_names_a_package_index() -> None:
    """Whoever installs decides where packages come from: no file of the project names an index."""
    named = []
    for file in tracked():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        named += [f"{file.relative_to(ROOT)}: {match.group().strip()}" for match in INDEX_ADDRESSES.finditer(text)]
    assert not named


@pytest.mark.parametrize(
    "line",
    [
        "https://py" + "pi.org/simple",
        "--index" + "-url https://example.com",
        "-i" + " https://example.com",
        "--find" + "-links /opt/wheels",
        "UV_DEFAULT" + '_INDEX="https://example.com/simple"',
        "export PIP_INDEX" + "_URL ?= https://example.com",
    ],
)
def test_an_index_address_is_recognised(line: str) -> None:
    """The search for index addresses finds each way to write one."""
    assert INDEX_ADDRESSES.search(f"requests==2.0\n{line}\n")


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_an_exact_version_and_hashes(name: str) -> None:
    """Nothing is installed that is not exactly what was locked."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
    assert entries
    loose = [
        e.split("\n")[0] for e in entries if not re.match(r"[\w.-]+==\S+ (?:;.*)?\\\n +--hash=sha256:[0-9a-f]{64}", e)
    ]
    assert not loose


@pytest.mark.parametrize(
    ("name", "extras"), [("requirements.txt", ()), ("requirements-dev.txt", ("dev", "holidays", "organisation"))]
)
def test_the_lock_has_every_declared_package(name: str, extras: tuple[str, ...]) -> None:
    """A dependency added to pyproject.toml without `make lock` is noticed."""
    locked = {
        normal(match) for match in re.findall(r"^([\w.-]+)==", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert declared() | (declared(*extras) if extras else set()) <= locked


def test_both_locks_have_the_same_versions() -> None:
    """What is tested is what is run: the development lock never moves a runtime package."""
    runtime, development = (
        set(re.findall(r"^([\w.-]+==\S+(?: ;.*?)?) \\$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in LOCKS[1:]
    )
    assert runtime <= development


def imported_by_the_worker() -> set[str]:
    """Return every dotted name that a module under worker/ imports."""
    names: set[str] = set()
    for file in (ROOT / "worker").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_every_runtime_dependency_is_used() -> None:
    """Nobody installs a library that the worker does not import; exceptions have a reason and do not outlive it."""
    modules: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for distribution in distributions:
            modules.setdefault(normal(distribution), set()).add(module)
    names = imported_by_the_worker()
    unused = set()
    for name in declared() | declared("holidays", "organisation"):
        wanted = {IMPORT_NAMES[name]} if name in IMPORT_NAMES else modules.get(name, set())
        if not any(used == want or used.startswith(f"{want}.") for want in wanted for used in names):
            unused.add(name)
    assert sorted(unused) == sorted(NOT_IMPORTED)


def test_the_licence_is_the_declared_one() -> None:
    """The licence text that ships is the one that the package names."""
    assert pyproject()["project"]["license"] == "MIT"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) 2026 Followthrough contributors\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel, built without fetching anything."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    return folder


def files_of(*folders: str) -> set[str]:
    """Return the project's files in these folders, as paths from the root."""
    names = {file.relative_to(ROOT).as_posix() for file in tracked()}
    return {name for name in names if name.split("/")[0] in folders}


def test_the_wheel_has_the_worker_its_templates_and_its_configuration(built: Path) -> None:
    """An installed wheel has every file that the code reads, and nothing else of the project."""
    (wheel,) = built.glob("followthrough-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        entry_points = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "followthrough = worker.cli:main" in archive.read(entry_points).decode()
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())
    expected = files_of("worker") | {f"worker/_{name}" for name in files_of("templates", "config")}
    assert names == expected
    assert any(name.startswith("worker/_templates/") for name in names)
    assert any(name.startswith("worker/_config/") for name in names)


def test_the_sdist_can_be_built_and_tested(built: Path) -> None:
    """A packager finds sources, templates, configuration, tests and locks in the sdist."""
    (sdist,) = built.glob("followthrough-*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = files_of("worker", "templates", "config", "tests") | {*LOCKS, "Makefile", "LICENSE", "README.md"}
    assert wanted <= names

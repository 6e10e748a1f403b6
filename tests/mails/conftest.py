"""The browser and the tools that mails are held against; each is asked for by name, and its absence is told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

MODULES = Path(__file__).resolve().parent / "node_modules"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch for every mail in every language, mode and content."""
    parser.addoption("--grid", action="store_true", help="every case in every language (long)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test its pages: one case for each kind, or every case and language."""
    from tests.compose.samples import CASES
    from tests.mails import pages

    grid = bool(metafunc.config.getoption("--grid", default=False))
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", list(CASES) if grid else pages.TYPICAL)
    if "content" in metafunc.fixturenames:
        metafunc.parametrize("content", list(pages.CONTENTS))
    if "language" in metafunc.fixturenames:
        metafunc.parametrize("language", pages.LANGUAGES if grid else ("en",))


@pytest.fixture(scope="session")
def modules() -> Path:
    """Return the folder of the npm packages."""
    if not MODULES.is_dir():
        pytest.fail("The npm packages are not there: run `make test-mails`, which installs them.", pytrace=False)
    return MODULES


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the system's Chromium."""
    named = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not named:
        pytest.fail("Chromium is not there: apt-get install chromium, or name it in $CHROMIUM.", pytrace=False)
    return named


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """Return one browser for the whole run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # The sandbox of Chromium needs rights that a container of a build machine has not.
        made = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def tab(browser: Any, modules: Path) -> Iterator[Any]:
    """Return a page that reaches no network, with axe at hand; what it asks for is in `asked`."""
    context = browser.new_context()
    context.add_init_script(path=modules / "axe-core" / "axe.min.js")
    made = context.new_page()
    made.asked = []
    made.on("request", lambda request: made.asked.append(request.url))
    yield made
    context.close()

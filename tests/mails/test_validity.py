"""Every mail's HTML is valid, by a validator that is not ours."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.compose.samples import CASES
from tests.mails.pages import CONTENTS, LANGUAGES, TYPICAL, page

pytestmark = pytest.mark.real

_RULES = Path(__file__).resolve().parent / "htmlvalidate.json"


def validated(modules: Path, folder: Path) -> list[str]:
    """Return what html-validate says of the pages of a folder, one line for each message."""
    program = modules / "html-validate" / "bin" / "html-validate.mjs"
    done = subprocess.run(
        ["node", str(program), "--config", str(_RULES), "--formatter", "json", str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr
    reports: list[dict[str, Any]] = json.loads(done.stdout)
    return [
        f"{Path(report['filePath']).name}:{message['line']} {message['ruleId']}: {message['message']}"
        for report in reports
        for message in report["messages"]
    ]


def test_every_mail_is_valid_html(modules: Path, tmp_path: Path) -> None:
    """Each case in each language, and each kind with each content, has no error."""
    for case in CASES:
        for language in LANGUAGES:
            (tmp_path / f"{case}.{language}.html").write_text(page(case, language=language), encoding="utf-8")
    for case in TYPICAL:
        for content in CONTENTS:
            (tmp_path / f"{case}.{content.replace(' ', '-')}.html").write_text(page(case, content), encoding="utf-8")
    assert validated(modules, tmp_path) == []


def test_the_validator_finds_an_error(modules: Path, tmp_path: Path) -> None:
    """A page with a tag that is not closed is not valid."""
    (tmp_path / "broken.html").write_text("<!DOCTYPE html><html lang='en'><p><b>x</p></html>", encoding="utf-8")
    assert validated(modules, tmp_path) != []

"""The gallery shows every mail, as it looks and as text, in each language."""

from __future__ import annotations

from html import unescape
from pathlib import Path

from tests.compose.gallery import FOLDER, LANGUAGES, write
from tests.compose.samples import CASES, in_language
from worker.compose import compose, environment


def test_the_gallery_has_every_mail(tmp_path: Path) -> None:
    """Each case stands in each language's page, whole, and nothing in the pages is loaded from anywhere."""
    index = write(tmp_path, LANGUAGES)
    made = environment()
    for language in LANGUAGES:
        page = (index if language == "en" else tmp_path / f"{language}.html").read_text(encoding="utf-8")
        assert page.count("<iframe") == len(CASES)
        assert "src=" not in page.replace("srcdoc=", "")
        shown = unescape(page)
        for name, letter in CASES.items():
            mail = compose(in_language(letter, language), made)
            assert mail.text in shown, name
            assert mail.html in shown, name


def test_the_gallery_of_the_docs_has_every_mail() -> None:
    """The page in docs/ shows each case; where one is missing, `python -m tests.compose.gallery` writes it afresh."""
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    assert [name for name in CASES if f"<b>{name}</b>" not in page] == []

"""The gallery: one page with every mail in every state, in docs/gallery.

`python -m tests.compose.gallery` writes the English page afresh, `… gallery de fr es` those of other languages.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from html import escape
from pathlib import Path

from tests.compose.catalogue import ROOT
from tests.compose.samples import CASES, in_language
from worker.compose import Composed, compose, environment

FOLDER = ROOT / "docs" / "gallery"
LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
_STYLE = """
:root { color-scheme: light dark; --line: #d0d7de; --soft: #57606a; --paper: #f6f7f8; }
@media (prefers-color-scheme: dark) { :root { --line: #3b434b; --soft: #a9b2bb; --paper: #1d2126; } }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--paper); }
body { font: 16px/1.5 system-ui, sans-serif; }
h2 { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
.mails { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); gap: 1.25rem; }
figure { margin: 0; min-width: 0; }
figcaption { color: var(--soft); overflow-wrap: anywhere; }
figcaption b { color: CanvasText; }
iframe { width: 100%; height: 30rem; border: 1px solid var(--line); border-radius: .4rem; resize: vertical; }
iframe { background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); padding: .75rem; }
nav a { margin-right: 1rem; }
"""


def gallery(language: str = "en") -> str:
    """Return the page of one language: each kind a chapter, each state a mail as it looks and as text."""
    made = environment()
    mails = {name: compose(in_language(letter, language), made) for name, letter in CASES.items()}
    kinds = dict.fromkeys(letter.action.kind.value for letter in CASES.values())
    links = " ".join(
        f'<a href="{_file(code)}" lang="{code}"{_current(code, language)}>{name}</a>'
        for code, name in LANGUAGES.items()
    )
    chapters = [
        f"<h2>{kind}</h2>\n<div class=mails>\n"
        + "\n".join(_figure(name, mails[name]) for name, letter in CASES.items() if letter.action.kind.value == kind)
        + "\n</div>"
        for kind in kinds
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>The mails of Followthrough: {LANGUAGES[language]}</title><style>{_STYLE}</style></head>\n"
        "<body>\n<main>\n"
        "<h1>The mails of Followthrough</h1>\n<p>Every kind in every state, made from one sample pair.</p>\n"
        f"<nav>{links}</nav>\n" + "\n".join(chapters) + "\n</main>\n</body>\n</html>\n"
    )


def _figure(name: str, mail: Composed) -> str:
    return (
        f"<figure><figcaption><b>{escape(name)}</b><br>{escape(mail.subject)}</figcaption>"
        f'<iframe title="{escape(name)}" loading="lazy" sandbox srcdoc="{escape(mail.html)}"></iframe>'
        f"<details><summary>As text</summary><pre>{escape(mail.text)}</pre></details></figure>"
    )


def _file(language: str) -> str:
    return "index.html" if language == "en" else f"{language}.html"


def _current(code: str, language: str) -> str:
    return ' aria-current="page"' if code == language else ""


def write(folder: Path = FOLDER, languages: Iterable[str] = ("en",)) -> Path:
    """Write the pages of these languages and return the English one."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in languages:
        (folder / _file(language)).write_text(gallery(language), encoding="utf-8")
    return folder / "index.html"


if __name__ == "__main__":
    sys.stdout.write(f"{write(languages=sys.argv[1:] or ['en'])}\n")

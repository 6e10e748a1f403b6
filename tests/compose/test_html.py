"""The HTML of every mail: a safe subset, readable in light, dark and inverted, with links that are whole answers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.compose.safe_subset import contrast, inverted, lint
from tests.compose.samples import ALEX, ANA, CASES, DANA, LAST, NEXT, TOKEN, found, in_language, letter
from worker.compose import Composed, compose, environment
from worker.compose.scene import mailto
from worker.model import MailKind, Reply
from worker.replies import read_form

ENVIRONMENT = environment()
LANGUAGES = ("en", "de", "fr", "es")


def of(name: str, language: str = "en") -> Composed:
    """Return a case as it is sent."""
    return compose(in_language(CASES[name], language), ENVIRONMENT)


@pytest.mark.parametrize("name", CASES)
def test_every_mail_keeps_to_the_safe_subset(name: str) -> None:
    """No tag, attribute or property outside the list, in no language; headings go down one step at a time."""
    for language in LANGUAGES:
        page = lint(of(name, language).html)
        assert page.breaches == []
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1


def test_the_lint_finds_what_is_outside() -> None:
    """Each rule of the lint goes red on a page that breaks it."""
    for html, breach in (
        ("<img src=x>", "<img>"),
        ("<p onclick=x>a</p>", "<p onclick>"),
        ("<p style='padding:1px'>a</p>", "<p style=padding>"),
        ("<p style='position:fixed'>a</p>", "<p style=position>"),
        ("<a href='javascript:x'>a</a>", "href javascript:x"),
        ("<table><tr><td>a</td></tr></table>", "<table> without its role"),
        ("<p style='background-color:#000000'>a</p>", "<p> has a background without a colour"),
        ("<p style='font-size:12px'>a</p>", "<p> has text of 12px"),
        ("<div><p>a</div></p>", "</div> closes another tag"),
    ):
        assert breach in lint(html).breaches, html


@pytest.mark.parametrize("name", CASES)
def test_text_and_html_say_the_same(name: str) -> None:
    """Every line of the text stands in the HTML, apart from how a word is set off."""
    mail = of(name)
    page = re.sub(r"<style>.*?</style>|<[^>]+>", " ", mail.html, flags=re.DOTALL)
    shown = _plain(unescape(page))
    for line in mail.text.splitlines():
        assert _plain(line.removeprefix("- ")) in shown, line


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("`", ""))


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_fetched_and_nothing_is_changed_by_a_click(name: str) -> None:
    """Links are answers to write or places of a calendar; nothing is loaded from anywhere."""
    mail = of(name)
    links = lint(mail.html).links
    assert all(unquote(link).startswith(f"mailto:one-on-ones+{TOKEN}@example.com?") for link in links)
    assert len(links) <= 5
    assert not re.search(r"src=|url\(|@import|<link", mail.html)


@pytest.mark.parametrize("name", CASES)
def test_the_preheader_is_short(name: str) -> None:
    """The hidden first line has 40 to 90 characters in every language."""
    for language in LANGUAGES:
        mail = of(name, language)
        shown = re.search(r'<div style="display:none[^>]*>([^<]*)</div>', mail.html)
        assert shown
        assert 40 <= len(unescape(shown[1])) <= 90


def test_the_style_block_is_small() -> None:
    """The style block, which is an enhancement alone, stays far below what Gmail drops."""
    style = of("agenda-full").html.split("<style>")[1].split("</style>")[0]
    assert len(style) <= 8_000


@pytest.mark.parametrize("name", ["agenda-manager", "follow-up-proposed", "receipt-answer", "welcome-first"])
def test_every_colour_can_be_read(name: str) -> None:
    """Text has a contrast of 4.5 or more on what it stands on: light, dark and inverted."""
    html = of(name).html
    backgrounds = ("#ffffff", "#fdf6e7")
    for styles in lint(html).styles:
        colour, ground = styles.get("color"), styles.get("background-color")
        if not colour or styles.get("display") == "none":
            continue
        for below in (ground,) if ground else backgrounds:
            assert contrast(colour, below) >= 4.5, (colour, below)
            assert contrast(inverted(colour), inverted(below)) >= 4.5, (colour, below)
    dark = re.findall(r"#[0-9a-f]{6}", html.split("prefers-color-scheme: dark")[1].split("@media")[0])
    assert contrast("#e6e8ea", "#15181c") >= 4.5
    assert contrast("#e6e8ea", "#2b2413") >= 4.5
    assert contrast("#a9b2bb", "#15181c") >= 4.5
    assert contrast("#c9c2b2", "#2b2413") >= 4.5
    assert contrast("#10151a", "#9fd0ff") >= 4.5
    assert contrast("#9fd0ff", "#15181c") >= 4.5
    assert contrast("#e6e8ea", "#2c333b") >= 4.5
    assert contrast("#e6e8ea", "#453a20") >= 4.5
    assert set(dark) <= {
        "#15181c",
        "#e6e8ea",
        "#a9b2bb",
        "#3b434b",
        "#2b2413",
        "#e0b050",
        "#c9c2b2",
        "#9fd0ff",
        "#10151a",
        "#2c333b",
        "#453a20",
    }


# ---------------------------------------------------------------------------------------------------- one-tap answers


def answers(mail: Composed) -> list[tuple[str, str, str]]:
    """Return recipient, subject and body of every one-tap answer, as a mail client fills them in (RFC 6068)."""
    expanded = []
    for link in lint(mail.html).links:
        to, _, query = link.removeprefix("mailto:").partition("?")
        fields = dict(part.split("=", 1) for part in query.split("&"))
        assert "+" not in query
        expanded.append((unquote(to), unquote(fields.get("subject", "")), unquote(fields["body"])))
    return expanded


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answers_of_a_form_are_understood(language: str) -> None:
    """Each one-tap answer of a form, sent as it is filled in, is read as what its button says."""
    mail = of("follow-up-proposed", language)
    verbs: list[list[str]] = []
    days: list[int | None] = []
    for to, subject, body in answers(mail):
        assert to == f"one-on-ones+{TOKEN}@example.com"
        assert subject == mail.subject
        reply = read(mail, body, language)
        verbs.append([command.verb for command in reply.commands])
        said = reply.next_check_in
        assert said is None or hasattr(said, "toordinal")
        days.append(
            said.toordinal() - NEXT.start.toordinal() if said is not None and hasattr(said, "toordinal") else None
        )
    assert sorted(verbs[0]) == ["ok", "share"]
    assert verbs[1:4] == [[], [], []]
    assert days[1:4] == [7, 14, 31]
    assert verbs[4] == ["did-not-happen"]


def read(mail: Composed, body: str, language: str) -> Reply:
    """Return what our own reader takes from a reply with this body to this mail, sent on the day of the next 1:1."""
    raw = (
        f"From: dana@example.com\r\nTo: one-on-ones@example.com\r\nSubject: =?utf-8?q?x?=\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
    ).encode()
    return read_form(
        raw,
        mail.text,
        mail.html,
        reference=NEXT.start,
        meeting_start=NEXT.start,
        sender=DANA.email,
        people=(DANA, ALEX),
        items=mail.numbers,
        language=language,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["follow-up-proposed", "agenda-manager", "receipt-weekend"])
def test_the_words_that_a_mail_offers_are_understood(name: str, language: str) -> None:
    """Each word in backticks, answered alone, acts: none is left over, in no language."""
    mail = of(name, language)
    for words in re.findall(r"`([^`]+)`", mail.text):
        if words.startswith("private"):
            continue
        reply = read(mail, words, language)
        assert reply.commands or reply.next_check_in, words
        assert not reply.leftover, words
        assert not reply.problems, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_labels_of_a_form_are_understood(language: str) -> None:
    """A form filled in under each label in the reader's own language has every value where it belongs."""
    mail = of("follow-up-no-proposal", language)
    labels = [line for line in mail.text.splitlines() if line.endswith(":")]
    assert len(labels) == 8
    written = ["12 Mar 2027", "alpha", "bravo", "charlie", "delta", "echo", "Alex: foxtrot", "golf"]
    reply = read(mail, "\r\n".join(f"{label} {words}" for label, words in zip(labels, written, strict=True)), language)
    assert [note.text for note in reply.notes if not note.private] == ["alpha", "bravo", "charlie", "echo"]
    assert [note.text for note in reply.notes if note.private] == ["golf"]
    assert [one.text for one in reply.feedback] == ["delta"]
    assert [one.text for one in reply.action_items] == ["foxtrot"]
    assert reply.next_check_in is not None


@pytest.mark.parametrize("name", ["x" * 300, "王" * 300, "👩‍👩‍👧‍👦" * 80, "مرحبا " * 60, 'a"&?=+%<b>' * 40])
def test_a_link_is_short_whatever_the_name(name: str) -> None:
    """A whole link has fewer than 900 characters with the longest names in any script."""
    person, reader = replace(ALEX, name=name), replace(DANA, name=name)
    letters = [
        letter(MailKind.FOLLOW_UP, reader, LAST, person=person, proposal=NEXT.start),
        letter(MailKind.TOPICS, person),
        letter(MailKind.WELCOME, reader, None, "first", pairs=found(), people=(replace(ANA, name=name),)),
    ]
    for one in letters:
        links = lint(compose(one, ENVIRONMENT).html).links
        assert links
        assert max(len(link) for link in links) < 900


def test_a_link_that_would_be_long_goes_without_its_subject() -> None:
    """A link of 900 characters or more leaves the subject out and keeps the answer."""
    link = mailto("a+b@example.com", "王" * 300, "ok\nshare")
    assert link == "mailto:a%2Bb@example.com?body=ok%0D%0Ashare"


def test_the_same_letter_tomorrow_has_the_same_answers() -> None:
    """A one-tap answer does not depend on when the mail was made: sent twice, it says the same."""
    one = CASES["follow-up-proposed"]
    later = replace(one, now=one.now + timedelta(hours=5))
    assert answers(compose(one, ENVIRONMENT)) == answers(compose(later, ENVIRONMENT))


def test_a_language_from_right_to_left_turns_the_page(tmp_path: Path) -> None:
    """With a Hebrew catalogue in an organisation's folder, page and mail run from right to left, names included."""
    (tmp_path / "languages").mkdir()
    head = 'msgid ""\nmsgstr "Language: he\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
    words = 'msgid "Promised"\nmsgstr "הובטח"\n'
    (tmp_path / "languages" / "he.po").write_text(head + words, encoding="utf-8")
    one = in_language(replace(CASES["agenda-manager"], person=replace(ALEX, name="מרים בן־דוד")), "he")
    mail = compose(one, environment(tmp_path))
    assert mail.problems == ()
    assert mail.html.count('dir="rtl"') == 2
    assert 'class="b rtl"' in mail.html
    assert "\nהובטח\n" in mail.text
    assert "מרים" in mail.subject
    assert lint(mail.html).breaches == []

"""An organisation's own templates, prompts, headings and words: they win by name, and none of them can do harm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jinja2
import pytest

from tests.compose.samples import ALEX, CASES, DANA, EMPTY, PAIR, in_language, letter
from worker.compose import compose, environment
from worker.compose.environment import built_in, shelf
from worker.compose.trial import tried
from worker.model import MailKind

ENVIRONMENT = environment()


def folder(tmp_path: Path, **files: str) -> Path:
    """Return a folder of an organisation with these files ("agenda__txt" is agenda.txt.j2)."""
    for name, text in files.items():
        file = tmp_path / (
            name.replace("___", "/").replace("__", ".") + ("" if "toml" in name or "po" in name else ".j2")
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def test_an_own_template_takes_the_place_of_ours(tmp_path: Path) -> None:
    """A file of the same name is used; everything else stays ours, and nothing is told."""
    text = '{% extends "base.txt.j2" %}{% block body %}From {{ mail.kind }} us{% endblock %}'
    own = folder(tmp_path, notice__txt=text)
    mail = compose(CASES["notice-declined"], environment(own))
    ours = compose(CASES["notice-declined"], ENVIRONMENT)
    assert "From notice us" in mail.text
    assert mail.html == ours.html
    assert mail.problems == ()
    assert mail.text.splitlines()[-1] == ours.text.splitlines()[-1]
    assert compose(CASES["recap"], environment(own)).raw == compose(CASES["recap"], ENVIRONMENT).raw


def test_own_prompts_and_headings_are_used(tmp_path: Path) -> None:
    """Questions and names of the parts come from the organisation's file for that language."""
    text = 'highlights = ["What shone?"]\n[headings]\nhighlights = "Sunshine"\nsupport = "Help"\n'
    one = letter(MailKind.AGENDA, pair=replace(EMPTY, meetings=PAIR.meetings))
    mail = compose(one, environment(folder(tmp_path, prompts__en__toml=text)))
    lines = mail.text.splitlines()
    assert lines[lines.index("Sunshine") + 1] == "- What shone?"
    assert "Help" in lines
    assert "Feedback" in lines


def test_own_words_are_used(tmp_path: Path) -> None:
    """A catalogue of the organisation takes the place of ours for its language."""
    words = (built_in() / "languages" / "de.po").read_text(encoding="utf-8").replace('"Zugesagt"', '"Versprochen"')
    mail = compose(in_language(CASES["agenda-manager"], "de"), environment(folder(tmp_path, languages___de__po=words)))
    assert "\nVersprochen\n" in mail.text


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("notice__txt", "{% block body %}", "Unexpected end of template"),
        ("notice__html", "{{ }}", "Expected an expression"),
        ("prompts__en__toml", "highlights = [", "Invalid value"),
        ("languages___de__po", 'msgid "1:1 with {name}"\nmsgstr "1:1 mit {nmae}"\n', "fields"),
        ("languages___de__po", "", "no translated sentence"),
    ],
)
def test_a_file_that_does_not_compile_is_told_and_passed_over(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    """The built-in one is used, and the problem names the file and ends in the next step."""
    made = environment(folder(tmp_path, **{name: text}))
    (problem,) = shelf(made).problems
    assert reason in problem.text
    assert str(tmp_path) in problem.where
    assert problem.text.endswith("correct the file.")
    for case in ("notice-declined", "agenda-empty"):
        assert compose(CASES[case], made).raw == compose(CASES[case], ENVIRONMENT).raw
    german = in_language(CASES["recap"], "de")
    assert compose(german, made).raw == compose(german, ENVIRONMENT).raw


@pytest.mark.parametrize(
    "text",
    [
        "{{ mail.nothing_like_this }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ view.__init__.__globals__ }}",
        "{{ shelf.sources }}",
        "{% include 'missing.txt.j2' %}",
        "{{ 1 / 0 }}",
        "{% for x in range(10000000) %}{{ x }}{% endfor %}",
    ],
)
def test_a_template_that_fails_or_reaches_out_is_passed_over(tmp_path: Path, text: str) -> None:
    """Whatever an own template does while a mail is made, the mail goes out as ours and the administrator is told."""
    made = environment(folder(tmp_path, notice__txt=text))
    mail = compose(CASES["notice-declined"], made)
    assert mail.raw == compose(CASES["notice-declined"], ENVIRONMENT).raw
    assert len(mail.problems) == 1
    assert "notice" in mail.problems[0]


def test_an_own_template_is_escaped_too(tmp_path: Path) -> None:
    """What a person wrote is escaped in an organisation's HTML as in ours."""
    text = "{% for part in view.sections %}{% for one in part.items %}{{ one.text }}{% endfor %}{% endfor %}"
    own = folder(tmp_path, agenda__html=text)
    pair = CASES["agenda-manager"].pair
    assert pair is not None
    bold = replace(pair, action_items=tuple(replace(one, text="<b>bold</b>") for one in pair.action_items))
    assert "<b>bold" not in compose(letter(MailKind.AGENDA, pair=bold), environment(own)).html


def test_an_own_template_has_nothing_to_leak(tmp_path: Path) -> None:
    """A template that prints all it is given shows the other person nothing that is private."""
    everything = "{{ mail.lead }} {{ view }} {{ mail }}"
    mail = compose(letter(MailKind.AGENDA, ALEX), environment(folder(tmp_path, agenda__txt=everything)))
    assert mail.problems == ()
    assert "only_you=None" in mail.text
    assert "Conference in May" in mail.text
    for kept in ("Salary round in May", "Seemed tired", "Speaks over others", "Ask about Berlin"):
        assert kept not in mail.text + mail.html


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (
            "agenda__txt",
            "{{ view.only_you.items[0].text }}\n{{ mail.lead[0] }}",
            "a private note before the first lines",
        ),
        ("agenda__html", "{{ view.only_you }}<p>{{ mail.lead[0] }}</p>", "a private note before the first lines"),
        ("receipt__txt", "{{ view.not_understood }}{{ mail.lead }}", "a private note before the first lines"),
        ("recap__txt", "{{ view.shared }}{{ mail.lead }}", "words of a person before the first lines"),
        ("digest__html", "<p>1:1s</p>", "leaves out the first lines"),
        (
            "follow-up__txt",
            "{{ mail.lead }} {{ view.labels }}",
            "leaves out Next check-in:, Highlights:, Private notes:",
        ),
        ("base__txt", "{% block body %}{% endblock %}\n{{ mail.lead }}", "before the first lines"),
        ("macros__html", "{% macro line(words) %}{{ words.x }}{% endmacro %}", "UndefinedError"),
    ],
)
def test_a_template_that_leaks_or_cannot_be_answered_is_refused(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    """What shows private words where a lock screen does, or loses the labels, is told and the built-in one is used."""
    made = environment(folder(tmp_path, **{name: text}))
    (problem,) = shelf(made).problems
    assert reason in problem.text
    assert name.replace("__", ".") in problem.where
    for case in ("agenda-manager", "receipt-answer", "recap", "digest-weekly", "follow-up-proposed"):
        assert compose(CASES[case], made).raw == compose(CASES[case], ENVIRONMENT).raw


def test_only_the_file_that_is_wrong_is_passed_over(tmp_path: Path) -> None:
    """Beside a file that is refused, another one of the same folder is used; mails of other kinds tell nothing."""
    notice = "{{ mail.lead[0] }}\n\nOur own words.\n"
    made = environment(folder(tmp_path, notice__txt=notice, agenda__txt="{{ view.only_you }}{{ mail.lead }}"))
    assert [problem.where.rpartition("/")[2] for problem in shelf(made).problems] == ["agenda.txt.j2"]
    mail = compose(CASES["notice-declined"], made)
    assert "Our own words." in mail.text
    assert mail.problems == ()
    assert len(compose(CASES["agenda-manager"], made).problems) == 1


def test_the_built_in_templates_pass_the_trial() -> None:
    """Each of ours is what the trial asks of an organisation's."""
    assert tried(ENVIRONMENT, ENVIRONMENT.list_templates()) == {}


def test_a_folder_that_is_not_there_is_no_folder(tmp_path: Path) -> None:
    """A missing folder leaves the built-in templates."""
    mail = compose(CASES["recap"], environment(tmp_path / "nowhere"))
    assert mail.raw == compose(CASES["recap"], ENVIRONMENT).raw


def test_another_environment_is_refused() -> None:
    """Compose says so when it is given an environment that was not made for it."""
    with pytest.raises(TypeError, match=r"worker\.compose\.environment"):
        compose(letter(MailKind.AGENDA, DANA), jinja2.Environment(autoescape=True))


def test_every_built_in_html_template_escapes() -> None:
    """Autoescape is on for each HTML template and off for each text, whatever suffix Jinja looks at."""
    choose = ENVIRONMENT.autoescape
    assert callable(choose)
    assert all(choose(name) is (".html" in name) for name in ENVIRONMENT.list_templates() if name.endswith(".j2"))


def test_an_own_template_cannot_leave_out_the_first_words(tmp_path: Path) -> None:
    """A manager's first mail says what this is, whatever an organisation's template prints; later ones are its own."""
    own = "{{ mail.lead[0] }}\n\nOur own words.\n"
    made = environment(folder(tmp_path, agenda__txt=own))
    mail = compose(CASES["agenda-first-words"], made)
    assert mail.raw == compose(CASES["agenda-first-words"], ENVIRONMENT).raw
    assert "leaves out the first words" in mail.problems[0]
    assert "Our own words." in compose(CASES["agenda-manager"], made).text

"""The words of every mail: complete in each language, plain, short and neutral."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from gettext import NullTranslations
from itertools import pairwise

import pytest
from babel.messages.pofile import read_po

from tests.compose.catalogue import TEMPLATES, messages
from tests.compose.samples import CASES, DANA, EMPTY, KEY, PAIR, in_language, letter, met
from worker.compose import compose, environment
from worker.compose.environment import shelf
from worker.compose.prompts import picked, prompt
from worker.compose.scene import scene_of
from worker.compose.words import Words, zone
from worker.model import MailKind, Pair, PairKey, Part

ENVIRONMENT = environment()
LANGUAGES = ("de", "fr", "es")
PARTS = [part.value for part in Part if part is not Part.GENERAL]
BANNED = re.compile(
    r"!|\b(overdue|fail(ed|ure)?|must|please|sorry|oops|leverage|seamless\w*|simply|asap|urgent|forgotten|late)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete(language: str) -> None:
    """Every sentence has its words in each language, with the same fields, and none is left without its sentence."""
    with (TEMPLATES / "languages" / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    wanted = messages()
    held: dict[str, str] = {}
    for message in catalogue:
        one, many = (message.id, "") if isinstance(message.id, str) else message.id
        if not one:
            continue
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        assert all(forms), one
        held[f"{message.context}\x04{one}" if message.context else one] = many
        for form in forms:
            assert sorted(re.findall(r"\{\w+\}", form)) == sorted(re.findall(r"\{\w+\}", one)), one
            assert form.count("`") == one.count("`"), one
            assert "!" not in form.replace("¡", ""), one
    assert held == wanted


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_there_are_questions_for_every_part(language: str) -> None:
    """Each part has six questions or more, each special 1:1 three; none stands twice, and each is a question."""
    table = tomllib.loads((TEMPLATES / f"prompts.{language}.toml").read_text(encoding="utf-8"))
    special = {f"{kind}-{part}" for kind in ("first", "career", "review") for part in PARTS}
    special |= {"leave-highlights", "leave-priorities", "quiet-support", "quiet-follow-up", "remote-support"}
    assert set(table) == {*PARTS, *special}
    assert all(len(table[part]) >= 6 for part in PARTS)
    assert all(len(table[name]) >= 3 for name in special)
    questions = [question for part in table.values() for question in part]
    assert len(questions) == len(set(questions)) >= 40
    assert all(question.endswith("?") and len(question) <= 90 for question in questions)
    assert all(not re.search(r"\b(I|me|my|ich|mir|je|moi|yo)\b", question) for question in questions)


def test_no_question_comes_twice_running() -> None:
    """Whatever the rhythm, the number of questions and what is left of the past, each differs from the last."""
    for gap in (1, 3, 7, 14, 28):
        for count in (3, 6, 7, 8, 14):
            start = datetime(2025, 1, 7, 10, tzinfo=UTC)
            meetings = tuple(met(f"m{n}", start + timedelta(days=gap * n)) for n in range(120))
            shown = []
            for place in range(25, 120):
                # Older meetings leave the record, one for each new one.
                kept = meetings[place - 25 : place + 1]
                shown.append(picked(replace(PAIR, meetings=kept), meetings[place], "support", count))
            assert all(one != other for one, other in pairwise(shown)), (gap, count)
            assert set(shown) == set(range(count))


@pytest.mark.parametrize(
    ("before", "location", "pair", "part", "named"),
    [
        (14, "", PAIR, "highlights", ("highlights",)),
        (60, "", PAIR, "highlights", ("leave-highlights",)),
        (60, "", PAIR, "feedback", ("feedback",)),
        (14, "", EMPTY, "follow-up", ("quiet-follow-up",)),
        (14, "https://video.example.com/1", PAIR, "support", ("support", "remote-support")),
        (None, "", EMPTY, "support", ("first-support",)),
    ],
)
def test_special_moments_have_questions_of_their_own(
    before: int | None, location: str, pair: Pair, part: str, named: tuple[str, ...]
) -> None:
    """The first 1:1, one after a long break, one with nothing open and one by video are asked what fits them."""
    start = datetime(2027, 3, 2, 9, tzinfo=UTC)
    meetings = [] if before is None else [met("m0", start - timedelta(days=before))]
    shown = [
        prompt(scene_of(letter(MailKind.AGENDA, pair=one), shelf(ENVIRONMENT)), one, meetings_of[-1], Part(part))[0]
        for days in range(40)
        for meetings_of in [[*meetings, met("m1", start + timedelta(hours=days), location=location)]]
        for one in [replace(pair, key=PairKey(KEY.manager, f"p{days}@example.com"), meetings=tuple(meetings_of))]
    ]
    table = tomllib.loads((TEMPLATES / "prompts.en.toml").read_text(encoding="utf-8"))
    assert set(shown) == {question for name in named for question in table[name]}


def test_two_pairs_are_not_asked_the_same() -> None:
    """The question rotates by pair: a manager does not put the same one to everybody in a week."""
    meeting = met("m", datetime(2027, 3, 2, 10, tzinfo=UTC))
    pairs = [replace(PAIR, key=PairKey(KEY.manager, f"p{n}@example.com"), meetings=(meeting,)) for n in range(20)]
    assert len({picked(pair, meeting, "support", 8) for pair in pairs}) >= 5


@pytest.mark.parametrize("name", CASES)
def test_our_words_are_plain(name: str) -> None:
    """No exclamation mark, no word of blame or hurry, in any mail."""
    text = compose(CASES[name], ENVIRONMENT).text
    assert not BANNED.findall(text), BANNED.findall(text)


def test_our_sentences_are_short() -> None:
    """The English sentences together read at grade 6 or lower (Flesch-Kincaid), and none is longer than 24 words."""
    sentences = [one.strip() for text in messages() for one in re.split(r"(?<=[.?:;])\s+", text) if " " in one]
    words = [word for one in sentences for word in re.findall(r"[A-Za-z']+", one)]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e\b", "", word.lower())))) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    assert grade <= 6
    assert max(len(one.split()) for one in sentences) <= 24


# --------------------------------------------------------------------------------------------------------------- dates


def words(language: str = "en", now: datetime | None = None) -> Words:
    """Return the words of a reader in Berlin."""
    moment = now or datetime(2027, 3, 1, 8, tzinfo=UTC)
    return Words(language, zone("Europe/Berlin"), moment, shelf(ENVIRONMENT).catalogue(language))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Wed 3 Mar 2027, 10:00 CET"),
        ("de", "Mi., 3. März 2027, 10:00 CET"),
        ("fr", "mer. 3 mars 2027, 10:00 CET"),
        ("es", "miércoles 3 mar 2027, 10:00 CET"),
    ],
)
def test_a_moment_names_its_month_in_words(language: str, shown: str) -> None:
    """Weekday, day, month in words, year, time and zone, as each language writes them."""
    assert words(language).moment(datetime(2027, 3, 3, 9, tzinfo=UTC)) == shown


def test_french_is_set_as_in_print() -> None:
    """The first of a month is an ordinal and no other day is; before `:` and its like stands a space that holds."""
    assert words("fr").day(date(2027, 3, 1)) == "lun. 1er mars 2027"
    assert words("fr").day(date(2027, 3, 21)) == "dim. 21 mars 2027"
    for name, one in CASES.items():
        mail = compose(in_language(one, "fr"), ENVIRONMENT)
        assert not re.search(r" [:;?!»]|« ", mail.text), name
        assert "'" not in mail.text, name


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (None, "no date"),
        (date(2027, 3, 1), "due Mon 1 Mar 2027, today"),
        (date(2027, 3, 2), "due Tue 2 Mar 2027, tomorrow"),
        (date(2027, 3, 14), "due Sun 14 Mar 2027, in 13 days"),
        (date(2027, 3, 15), "due Mon 15 Mar 2027, in 2 weeks"),
        (date(2027, 6, 30), "due Wed 30 Jun 2027, in 4 months"),
        (date(2027, 2, 28), "due Sun 28 Feb 2027, not closed yet for 1 day"),
        (date(2026, 1, 1), "due Thu 1 Jan 2026, not closed yet for 14 months"),
    ],
)
def test_a_due_date_says_how_far_it_is(due: date | None, shown: str) -> None:
    """A due date comes with its distance in words, without blame."""
    assert words().due(due) == shown


def test_the_day_is_the_readers() -> None:
    """Just after midnight in Berlin it is the new day there, while it is still the old one in UTC."""
    late = words(now=datetime(2027, 3, 1, 23, 30, tzinfo=UTC))
    assert late.due(date(2027, 3, 2)) == "due Tue 2 Mar 2027, today"


def test_names_are_joined_as_a_sentence_joins_them() -> None:
    """One name alone, two with the word for and, three with a comma."""
    assert [words().names(names) for names in ([], ["Ana"], ["Ana", "Tom"], ["Ana", "Tom", "Sam"])] == [
        "",
        "Ana",
        "Ana and Tom",
        "Ana, Tom and Sam",
    ]


def test_fields_in_names_are_left_alone() -> None:
    """A name that looks like a field is printed as it is, and an unknown field stays."""
    plain = Words("en", zone("UTC"), datetime(2027, 3, 1, tzinfo=UTC), NullTranslations())
    assert plain.t("1:1 with {name}", name="{moment} {0}") == "1:1 with {moment} {0}"


@pytest.mark.parametrize("language", ["pt", "xx", "de-AT", "FR_ca", ""])
def test_an_unknown_language_is_english(language: str) -> None:
    """A regional code takes its language, and one without a catalogue English, dates included."""
    mail = compose(in_language(CASES["agenda-manager"], language), ENVIRONMENT)
    expected = {"de-AT": "\nZugesagt\n", "FR_ca": "\nEngagements\n"}.get(language, "\nPromised\n")
    assert expected in mail.text
    assert DANA.language == "en"

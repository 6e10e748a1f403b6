"""What holds for every text: reading never raises, is linear, and says the same twice."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.model import Ask
from worker.replies.dates import MAXIMUM_FOUND, find_when, is_none_phrase, when
from worker.replies.words import LANGUAGES, table

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
SIZE = 256 * 1024
FOLDER = Path(__file__).parent / "dates"

_WORDS = sorted({word for code in LANGUAGES for word in table(code).single})
_MARKS = [
    "3",
    "12",
    "31",
    "2026",
    "3.12.",
    "12/1",
    "3/12/26",
    "2026-12-03",
    "10:00",
    "14h30",
    "2pm",
    "1st",
    "-",
    ",",
    "(",
    ")",
    "?",
]
soups = st.lists(st.sampled_from(_WORDS + _MARKS * 20), max_size=14).map(" ".join)
references = st.builds(
    lambda day, minutes, zone: (
        datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(minutes=minutes)
    ),
    st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    st.integers(0, 1439),
    st.sampled_from(ZONES),
)


_ORDERS = {"unknown": None, "day": True, "month": False}
_REFUSALS = {
    "en": ("not {}", "{} or 17 March", "maybe {}", "every {}"),
    "de": ("nicht {}", "{} oder 17. März", "vielleicht {}", "jeden {}"),
    "fr": ("pas {}", "{} ou le 17 mars", "peut-être {}", "chaque {}"),
    "es": ("no {}", "{} o el 17 de marzo", "quizás {}", "cada {}"),
    "pt": ("não {}", "{} ou 17 de março", "talvez {}", "cada {}"),
    "it": ("non {}", "{} o il 17 marzo", "forse {}", "ogni {}"),
    "nl": ("niet {}", "{} of 17 maart", "misschien {}", "elke {}"),
}


def _phrases(language: str) -> list[str]:
    """Return the phrases of a corpus without slots."""
    lines = (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [line.partition(" => ")[0] for line in lines if " => " in line and "{" not in line]


def _refused(language: str) -> st.SearchStrategy[tuple[str, str]]:
    """Return phrases of a language with a word that refuses them."""
    wholes = st.sampled_from(_REFUSALS[language])
    return st.builds(
        lambda whole, phrase: (language, whole.format(phrase)), wholes, st.sampled_from(_phrases(language))
    )


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=200), references, st.sampled_from(LANGUAGES))
def test_any_text_is_read(text: str, reference: datetime, language: str) -> None:
    """No text makes reading raise."""
    when(text, reference=reference, language=language)
    find_when(text, reference=reference, language=language)
    is_none_phrase(text, language)


@settings(max_examples=1500, deadline=None)
@given(soups, references, st.sampled_from(LANGUAGES), st.sampled_from(sorted(_ORDERS)))
def test_words_of_dates_in_any_order(text: str, reference: datetime, language: str, order: str) -> None:
    """Whatever date words are thrown together: no error, the same answer twice, and no past or distant day."""
    day_first = _ORDERS[order]
    found = when(text, reference=reference, language=language, day_first=day_first)
    assert found == when(text, reference=reference, language=language, day_first=day_first)
    if isinstance(found, datetime):
        assert found.tzinfo is reference.tzinfo
        assert found > reference
    elif isinstance(found, date):
        assert reference.date() <= found <= reference.date() + timedelta(days=366)
    elif isinstance(found, Ask):
        days = [each.date() if isinstance(each, datetime) else each for each in found.candidates]
        assert days == sorted(days)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(LANGUAGES).flatmap(_refused), references)
def test_refusing_words_always_win(case: tuple[str, str], reference: datetime) -> None:
    """No phrase of a corpus is a day any more once it is negated, doubted, repeated or given an alternative."""
    language, phrase = case
    assert not isinstance(when(phrase, reference=reference, language=language), date), phrase


@settings(max_examples=300, deadline=None)
@given(st.lists(soups, max_size=4).map("\n".join), references, st.sampled_from(LANGUAGES))
def test_dates_in_prose_lie_in_the_text(text: str, reference: datetime, language: str) -> None:
    """Dates found in prose are slices of it, in order, without overlap."""
    found = find_when(text, reference=reference, language=language)
    assert len(found) <= MAXIMUM_FOUND
    end = 0
    for each in found:
        assert end <= each.start < each.end <= len(text)
        assert text[each.start : each.end] == each.phrase
        end = each.end


@pytest.mark.parametrize(
    "piece",
    [
        "in ",
        "3.12. ",
        "Monday ",
        "1 ",
        "the end of ",
        ".",
        "'",
        "\n",
        "9",
        "two weeks after ",
        "é\u0301",
        "(",
        "next ",
        "3, ",
        "or ",
    ],
)
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_hostile_text_costs_little(piece: str, language: str) -> None:
    """256 kB of anything cost less than half a second of processor time."""
    text = piece * (SIZE // len(piece))
    reference = datetime(2026, 11, 19, 10, tzinfo=ZoneInfo("Europe/Berlin"))
    began = time.thread_time()
    when(text, reference=reference, language=language)
    find_when(text, reference=reference, language=language)
    is_none_phrase(text, language)
    assert time.thread_time() - began < 3.0

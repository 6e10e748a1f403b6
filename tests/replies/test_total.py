"""Every entry point answers whatever it is given: any text, any bytes, any reference, any language."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from worker.model import Ask, Person, Reply
from worker.replies import (
    is_automatic,
    read_check_in,
    read_commands,
    read_form,
    read_topics,
    reply_text,
    reply_text_of,
    when,
)

ZONES = (
    None,
    UTC,
    timezone(timedelta(hours=14)),
    timezone(timedelta(hours=-12)),
    *map(ZoneInfo, ("Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kathmandu", "Africa/Monrovia")),
)
# Text with what texts are not made of: lone surrogates, NULs, marks of direction.
TEXTS = st.text(st.characters(), max_size=200) | st.text(
    st.sampled_from("\ud800\udfff\0\u202e\ufeff\u2028\x85 aA1./-:,@\n>é日"), max_size=60
)
PHRASES = (
    "in two weeks",
    "next friday at 10",
    "tomorrow same time",
    "12/1",
    "31.12.9999",
    "in 2000 months",
    "end of month",
    "today at 2:30",
    "last friday in february",
    "in 99999 hours",
    "demain",
    "heute in acht Tagen um halb drei",
    "10am Lagos time",
    "10:00 UTC+25",
    "10:00 UTC-14:99",
    "week 53",
    "29 february",
)
REFERENCES = st.builds(
    datetime,
    st.sampled_from((MINYEAR, MINYEAR + 1, 1900, 2024, 2026, 2027, 9000, MAXYEAR - 1, MAXYEAR)),
    st.sampled_from((1, 2, 3, 10, 11, 12)),
    st.integers(1, 28),
    st.sampled_from((0, 1, 2, 23)),
    st.sampled_from((0, 30, 59)),
    tzinfo=st.sampled_from(ZONES),
    fold=st.integers(0, 1),
)
LANGUAGES = st.sampled_from(("en", "de-AT", "fr", "es_MX", "pt", "it", "nl", "", "xx", "\ud800", "日本語")) | TEXTS
DAY_FIRST = st.sampled_from((None, True, False))
TIMES = st.none() | st.times(timezones=st.none() | st.just(UTC))
DANA, ALEX = Person("dana@example.com", "Dana Kim"), Person("alex@example.com", "Alex Moreno")
FORM = "1. Alex: send the plan\n\nNext check-in:\nHighlights:\nAction items:\nPrivate notes:\n"


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PHRASES) | TEXTS, REFERENCES, LANGUAGES, DAY_FIRST, TIMES)
@example("in two weeks", datetime(1, 1, 1), "en", None, None)  # noqa: DTZ001 - a naive reference is the point
@example("tomorrow", datetime.max, "en", None, None)  # noqa: DTZ901
@example("demain", datetime(9999, 12, 31, 23, 59, tzinfo=ZoneInfo("America/New_York")), "fr", None, time.max)
def test_when_answers_anything(
    phrase: str,
    reference: datetime,
    language: str,
    day_first: bool | None,  # noqa: FBT001 - of three values
    same_time: time | None,
) -> None:
    """A phrase is a day, a moment, a question or nothing; a moment keeps the reference's zone or its lack of one."""
    found = when(phrase, reference=reference, language=language, day_first=day_first, same_time=same_time)
    assert found is None or isinstance(found, date | Ask)
    if isinstance(found, datetime):
        assert (found.tzinfo is None) == (reference.tzinfo is None)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("\ud800 wrote:\n> x")
@example("\0")
def test_reply_text_answers_anything(body: str) -> None:
    """What the human wrote is a text, whatever the body."""
    assert isinstance(reply_text(body), str)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_are_read_whatever_they_are(raw: bytes) -> None:
    """No bytes raise."""
    assert isinstance(reply_text_of(raw), str)
    assert is_automatic(raw) in {True, False}


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=120)
    | TEXTS.map(lambda text: b"From: dana@example.com\n\n" + text.encode("utf-8", "surrogatepass")),
    st.sampled_from((FORM, "", "\ud800\0")) | TEXTS,
    st.none() | st.sampled_from(("", "<p>", "<p>Next check-in:</p>", "\ud800<\0")) | TEXTS,
    REFERENCES,
    st.none() | REFERENCES,
    LANGUAGES,
    DAY_FIRST,
)
def test_readers_answer_anything(
    raw: bytes,
    sent_text: str,
    sent_html: str | None,
    reference: datetime,
    meeting_start: datetime | None,
    language: str,
    day_first: bool | None,  # noqa: FBT001 - of three values
) -> None:
    """Every kind of answer is a Reply, whatever the mail, the form, the moment and the language."""
    for read in (read_form, read_topics, read_check_in, read_commands):
        found = read(
            raw,
            sent_text,
            sent_html,
            reference=reference,
            meeting_start=meeting_start,
            sender=DANA.email,
            people=(DANA, ALEX),
            language=language,
            day_first=day_first,
        )
        assert isinstance(found, Reply)


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_phrases_at_the_ends_of_the_calendar(phrase: str, zone: timezone | ZoneInfo | None) -> None:
    """At the first and last moments that there are, phrases are read or asked about, in every zone."""
    for reference in (datetime.min, datetime(1, 1, 2, 3), datetime(2, 1, 1), datetime(8999, 12, 31, 23), datetime.max):  # noqa: DTZ001, DTZ901
        found = when(phrase, reference=reference.replace(tzinfo=zone))
        assert found is None or isinstance(found, date | Ask)

"""The rules for dates, one by one: said on Thursday 19 November 2026 at 10:00 in Berlin where no test says other."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from worker.model import Ask, AskReason
from worker.replies.dates import find_when, is_none_phrase, when
from worker.replies.words import KINDS, LANGUAGES, table

BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = datetime(2026, 11, 19, 10, 0, tzinfo=BERLIN)


def said(phrase: str, language: str = "en", *, at: datetime = THURSDAY, **options: object) -> object:
    """Return what a phrase means, said on that Thursday."""
    return when(phrase, reference=at, language=language, **options)  # type: ignore[arg-type]  # options are keywords


def asked(phrase: str, reason: AskReason, language: str = "en", *, at: datetime = THURSDAY) -> tuple[object, ...]:
    """Check that a phrase is asked about for a reason and return its candidates."""
    found = said(phrase, language, at=at)
    assert isinstance(found, Ask), (phrase, found)
    assert found.reason is reason, (phrase, found)
    assert list(found.candidates) == sorted(found.candidates, key=str)
    return found.candidates


def berlin(*parts: int) -> datetime:
    """Return a moment on the wall clock of Berlin."""
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[misc,arg-type]  # year to minute


@pytest.mark.parametrize(
    ("phrase", "language", "wanted"),
    [
        ("in two weeks", "en", date(2026, 12, 3)),
        ("Thu 3rd", "en", date(2026, 12, 3)),
        ("next Tuesday 10am", "en", berlin(2026, 11, 24, 10)),
        ("end of month", "en", date(2026, 11, 30)),
        ("same time next week", "en", berlin(2026, 11, 26, 10)),
        ("first Monday in December", "en", date(2026, 12, 7)),
        ("after her leave (10 Jan)", "en", date(2027, 1, 10)),
        ("kommenden Dienstag", "de", date(2026, 11, 24)),
        ("dans deux semaines", "fr", date(2026, 12, 3)),
        ("kommenden Dienstag", "en", date(2026, 11, 24)),
        ("dans deux semaines", "de", date(2026, 12, 3)),
        ("Sat down with Jan about the budget", "en", None),
    ],
)
def test_examples_of_the_rules(phrase: str, language: str, wanted: object) -> None:
    """The examples of the specification mean what it says they mean, in the form's language or another."""
    assert said(phrase, language) == wanted
    assert type(said(phrase, language)) is type(wanted)


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [("12/1", AskReason.AMBIGUOUS), ("skip July", AskReason.NEGATED), ("Nov 12", AskReason.PAST)],
)
def test_examples_that_ask(phrase: str, reason: AskReason) -> None:
    """The examples of the specification that must be asked about are."""
    asked(phrase, reason)


# --------------------------------------------------------------------------------------------------------- weekdays


@pytest.mark.parametrize("phrase", ["Thursday", "this Thursday", "coming Thursday", "on Thu", "thrusday"])
def test_bare_weekday_is_the_next_one_never_today(phrase: str) -> None:
    """A weekday said on that weekday is a week ahead."""
    assert said(phrase) == date(2026, 11, 26)


def test_next_weekday_is_taken_where_both_readings_are_one_day() -> None:
    """The words “Next Tuesday”: said on a Thursday is one day to everybody."""
    assert said("next Tuesday") == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("phrase", "language"),
    [("next Friday", "en"), ("nächsten Freitag", "de"), ("vendredi prochain", "fr"), ("el próximo viernes", "es")],
)
def test_next_weekday_is_asked_where_people_split(phrase: str, language: str) -> None:
    """The words “Next Friday”: said on a Thursday is tomorrow to some and in eight days to others."""
    assert asked(phrase, AskReason.AMBIGUOUS, language) == (date(2026, 11, 20), date(2026, 11, 27))


def test_next_weekday_on_a_sunday_is_asked_in_english() -> None:
    """On a Sunday the week has begun for some who write English, unless they are known to put the day first."""
    sunday = datetime(2026, 11, 22, 10, 0, tzinfo=BERLIN)
    assert asked("next Monday", AskReason.AMBIGUOUS, at=sunday) == (date(2026, 11, 23), date(2026, 11, 30))
    assert said("next Monday", at=sunday, day_first=True) == date(2026, 11, 23)


def test_weekday_and_a_length_of_time_are_asked_where_they_differ() -> None:
    """The words “Tuesday in two weeks”: counts from today or from Tuesday; only the same day is taken."""
    assert asked("Dienstag in zwei Wochen", AskReason.AMBIGUOUS, "de") == (date(2026, 12, 1), date(2026, 12, 8))
    monday = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)
    assert said("Donnerstag in einer Woche", "de", at=monday) == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("phrase", "language", "wanted"),
    [
        ("Tuesday week", "en", date(2026, 12, 1)),
        ("a week on Tuesday", "en", date(2026, 12, 1)),
        ("tomorrow week", "en", date(2026, 11, 27)),
        ("mardi en huit", "fr", date(2026, 12, 1)),
        ("d'ici quinze jours", "fr", date(2026, 12, 3)),
        ("dentro de quince días", "es", date(2026, 12, 3)),
        ("heute in acht Tagen", "de", date(2026, 11, 26)),
        ("morgen über eine Woche", "de", date(2026, 11, 27)),
    ],
)
def test_idioms(phrase: str, language: str, wanted: date) -> None:
    """Idioms of a language mean what its speakers mean by them."""
    assert said(phrase, language) == wanted


# --------------------------------------------------------------------------------------------- order of day and month


def test_order_of_day_and_month_is_never_taken_from_english() -> None:
    """12/1 in English has two readings, both of them candidates."""
    assert asked("12/1", AskReason.AMBIGUOUS) == (date(2026, 12, 1), date(2027, 1, 12))


def test_order_of_day_and_month_comes_from_the_account() -> None:
    """The account's own order settles it."""
    assert said("12/1", day_first=True) == date(2027, 1, 12)
    assert said("12/1", day_first=False) == date(2026, 12, 1)
    assert said("3/12", "de", day_first=False) is not None


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt", "it", "nl"])
def test_other_languages_put_the_day_first(language: str) -> None:
    """German, French, Spanish, Portuguese, Italian and Dutch are day first."""
    assert said("3/12", language) == date(2026, 12, 3)


@pytest.mark.parametrize(("phrase", "wanted"), [("15/12", date(2026, 12, 15)), ("12/12", date(2026, 12, 12))])
def test_one_possible_reading_needs_no_order(phrase: str, wanted: date) -> None:
    """Where only one order makes a day it is taken."""
    assert said(phrase) == wanted


def test_weekday_may_decide_the_order() -> None:
    """3/12 with a weekday that only one of its readings has is that one; one that both have decides nothing."""
    assert said("Thu 3/12") == date(2026, 12, 3)
    asked("Tue 12/1", AskReason.AMBIGUOUS)


def test_day_just_past_does_not_decide_the_order() -> None:
    """12/11 on 19 November: 12 November may be a slip, so 11 December is no certainty."""
    asked("12/11", AskReason.AMBIGUOUS)


# ------------------------------------------------------------------------------------- past, impossible, contradictory


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [
        ("12 November", AskReason.PAST),
        ("yesterday", AskReason.PAST),
        ("two weeks ago", AskReason.PAST),
        ("last Friday", AskReason.PAST),
        ("today 9am", AskReason.PAST),
        ("31 November", AskReason.IMPOSSIBLE),
        ("29 February", AskReason.IMPOSSIBLE),
        ("29 February 2027", AskReason.IMPOSSIBLE),
        ("the 31st", AskReason.IMPOSSIBLE),
        ("Tuesday 3 December", AskReason.CONTRADICTORY),
        ("tomorrow (Thursday)", AskReason.CONTRADICTORY),
        ("in two weeks (4 Dec)", AskReason.CONTRADICTORY),
        ("3 Dec 2028", AskReason.TOO_FAR),
        ("in 18 months", AskReason.TOO_FAR),
        ("in 999999 weeks", AskReason.TOO_FAR),
    ],
)
def test_past_impossible_and_contradictory_days_are_asked(phrase: str, reason: AskReason) -> None:
    """A day that cannot be meant as written is asked about, naming the conflict."""
    asked(phrase, reason)


def test_day_without_a_year_rolls_only_when_long_past() -> None:
    """5 January said in November is next year's; 12 November said a week later is a slip."""
    assert said("5 January") == date(2027, 1, 5)
    assert said("18 August") == date(2027, 8, 18)
    assert asked("20 August", AskReason.PAST) == (date(2027, 8, 20),)


def test_leap_day() -> None:
    """29 February is a day where the year has one."""
    assert said("29 Feb", at=datetime(2028, 1, 10, 9, tzinfo=BERLIN)) == date(2028, 2, 29)
    assert said("29 Feb", at=datetime(2027, 11, 10, 9, tzinfo=BERLIN)) == date(2028, 2, 29)


# --------------------------------------------------------------------------------------------- periods, vague words


def test_next_week_alone_is_the_same_weekday() -> None:
    """The words “Next week”: is a week on."""
    assert said("next week") == date(2026, 11, 26)


def test_in_a_month_is_clamped() -> None:
    """The words “In a month”: keeps the day number, clamped to the month's end."""
    assert said("in a month", at=datetime(2027, 1, 31, 9, tzinfo=BERLIN)) == date(2027, 2, 28)
    assert said("in a month", at=datetime(2028, 1, 31, 9, tzinfo=BERLIN)) == date(2028, 2, 29)


def test_end_of_month_is_its_last_working_day() -> None:
    """The end of a month is its last Monday-to-Friday day, that of a week its Friday."""
    assert said("end of January") == date(2027, 1, 29)
    assert said("end of next week") == date(2026, 11, 27)
    assert said("end of week") == date(2026, 11, 20)


def test_end_of_a_period_that_ends_today_is_asked() -> None:
    """On the last working day of a month, "end of month" may be today or the next one's."""
    asked("end of month", AskReason.AMBIGUOUS, at=datetime(2026, 11, 30, 10, tzinfo=BERLIN))
    asked("end of month", AskReason.PAST, at=datetime(2027, 1, 31, 10, tzinfo=BERLIN))


@pytest.mark.parametrize(
    "phrase",
    [
        "next month", "mid-January", "week of 7 Dec", "Q1", "a few weeks", "soon", "when I am back", "May be later",
        "KW 50", "late January", "maybe Tuesday", "Tuesday?", "after 10 January", "around 3 December", "TBD",
        "in about two weeks", "two weeks after the launch", "10 working days",
    ],
)  # fmt: skip
def test_vague_words_never_become_a_day(phrase: str) -> None:
    """Vague words are asked about, whatever stands beside them."""
    asked(phrase, AskReason.VAGUE)


@pytest.mark.parametrize("phrase", ["every other week", "weekly", "every Tuesday", "twice a month", "Mondays"])
def test_change_of_rhythm_is_asked(phrase: str) -> None:
    """A rule is no date."""
    asked(phrase, AskReason.RULE)


@pytest.mark.parametrize(
    "phrase", ["Tuesday or Thursday", "3-5 Dec", "between 3 and 5 December", "Mon and Wed", "in 2-3 weeks"]
)
def test_two_dates_and_ranges_are_asked(phrase: str) -> None:
    """Two dates or a range of days are several."""
    asked(phrase, AskReason.SEVERAL)


@pytest.mark.parametrize(
    "phrase", ["not Monday", "not before 10 January", "Tuesday, not Monday", "3 December is cancelled"]
)
def test_negation_is_asked(phrase: str) -> None:
    """A negated date is not taken."""
    asked(phrase, AskReason.NEGATED)


# -------------------------------------------------------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("phrase", "language", "hour", "minute"),
    [
        ("tomorrow at 7", "en", 7, 0),
        ("tomorrow at 11", "en", 11, 0),
        ("tomorrow at 12", "en", 12, 0),
        ("tomorrow at 1", "en", 13, 0),
        ("tomorrow at 6", "en", 18, 0),
        ("tomorrow at 15", "en", 15, 0),
        ("tomorrow 8 in the evening", "en", 20, 0),
        ("morgen um halb drei", "de", 14, 30),
        ("morgen om half 3", "nl", 14, 30),
        ("morgen 14 Uhr 30", "de", 14, 30),
        ("demain 10h30", "fr", 10, 30),
        ("mañana a las 10 y media", "es", 10, 30),
        ("mañana a las 4 de la tarde", "es", 16, 0),
        ("tomorrow 2-3pm", "en", 14, 0),
        ("tomorrow 10:00-11:00", "en", 10, 0),
        ("tomorrow at noon", "en", 12, 0),
        ("demain midi", "fr", 12, 0),
    ],
)
def test_times(phrase: str, language: str, hour: int, minute: int) -> None:
    """Bare hours are office hours, words for half hours are those of the language, a range gives its start."""
    assert said(phrase, language) == berlin(2026, 11, 20, hour, minute)


def test_half_three_in_english_is_asked() -> None:
    """The words “Half 3”: is 2:30 to some and 3:30 to others."""
    assert asked("half 3 tomorrow", AskReason.AMBIGUOUS) == (berlin(2026, 11, 20, 14, 30), berlin(2026, 11, 20, 15, 30))


def test_same_time_takes_what_is_given() -> None:
    """The words “Same time”: is the meeting's start, else the reference's."""
    assert said("same time in two weeks", same_time=time(9, 45)) == berlin(2026, 12, 3, 9, 45)
    assert said("gleiche Zeit in zwei Wochen", "de") == berlin(2026, 12, 3, 10, 0)


@pytest.mark.parametrize(
    ("phrase", "wanted"),
    [
        ("3 Dec 10:00 CET", berlin(2026, 12, 3, 10)),
        ("3 Dec 10:00 UTC", berlin(2026, 12, 3, 11)),
        ("3 Dec 10:00 UTC+2", berlin(2026, 12, 3, 9)),
        ("3 Dec 10am EST", berlin(2026, 12, 3, 16)),
        ("3 Dec 10am London time", berlin(2026, 12, 3, 11)),
    ],
)
def test_written_zone_is_converted(phrase: str, wanted: datetime) -> None:
    """A zone written with a time is converted to the person's own."""
    found = said(phrase)
    assert isinstance(found, datetime)
    assert found == wanted
    assert found.tzinfo is BERLIN


@pytest.mark.parametrize(
    "phrase", ["3 Dec 10:00 IST", "3 Dec 10:00 HKT", "3 Dec at 10 Lagos time", "3 Dec 10am your time"]
)
def test_zone_that_is_not_certain_is_asked(phrase: str) -> None:
    """A zone that means several or that nobody here knows is never dropped."""
    asked(phrase, AskReason.AMBIGUOUS)


def test_short_zone_in_summer_is_asked() -> None:
    """The words “CET”: in July is the clock of Berlin to some and an hour off to the strict."""
    asked("10 July 10:00 CET", AskReason.AMBIGUOUS, at=datetime(2027, 7, 1, 9, tzinfo=ZoneInfo("Europe/London")))


def test_days_are_added_on_the_wall_clock() -> None:
    """Two weeks over a change of the clocks keep the hour."""
    before = datetime(2026, 10, 20, 9, 30, tzinfo=BERLIN)
    found = said("same time in two weeks", at=before)
    assert found == berlin(2026, 11, 3, 9, 30)
    assert isinstance(found, datetime)
    assert found.utcoffset() != before.utcoffset()


def test_time_inside_the_gap_is_asked() -> None:
    """02:30 does not exist on the night when the clocks go forward."""
    saturday = datetime(2027, 3, 27, 10, tzinfo=BERLIN)
    candidates = asked("tomorrow 2:30 am", AskReason.CLOCK_CHANGE, at=saturday)
    # What clocks show after the change, and no moment that they never show.
    assert [each.time() for each in candidates if isinstance(each, datetime)] == [time(3, 30)]


def test_time_in_the_repeated_hour_is_asked() -> None:
    """02:30 exists twice on the night when the clocks go back; both are offered."""
    candidates = asked("tomorrow 2:30 am", AskReason.CLOCK_CHANGE, at=datetime(2026, 10, 24, 10, tzinfo=BERLIN))
    moments = [each.astimezone(UTC).hour for each in candidates if isinstance(each, datetime)]
    assert moments == [0, 1]


# ----------------------------------------------------------------------------------------------------- words around it


@pytest.mark.parametrize(
    "phrase", ["Follow up on the Friday incident", "Mark may march on with the second draft", "1.", "3"]
)
def test_weak_phrase_needs_every_word_explained(phrase: str) -> None:
    """A bare weekday or number among other words is no date."""
    assert said(phrase) is None


def test_explicit_day_tolerates_other_words() -> None:
    """A day with its month may stand among any words."""
    assert said("let us aim for a proper retrospective on 3 December") == date(2026, 12, 3)


def test_number_beside_a_date_is_never_lost() -> None:
    """A number that may be a time keeps a date from being taken without it."""
    asked("9 on 22 March", AskReason.UNREADABLE)
    asked("3 December 10:75", AskReason.UNREADABLE)


def test_text_longer_than_a_phrase_is_asked() -> None:
    """Of more than 120 characters nothing is taken; a date inside is offered."""
    text = "I will be travelling a lot and the team needs some time to settle, " * 2 + "so let us meet on 3 December"
    assert asked(text, AskReason.UNREADABLE) == (date(2026, 12, 3),)
    assert said("word " * 100) is None


def test_absence_is_no_meeting() -> None:
    """A date of an absence is asked about, the day after it is not."""
    asked("on vacation until 3 December", AskReason.VAGUE)
    asked("bis 3. Dezember im Urlaub", AskReason.VAGUE, "de")
    assert said("nach dem Urlaub (10. Januar)", "de") == date(2027, 1, 10)


def test_ask_has_the_words() -> None:
    """A question quotes what was written."""
    found = said("next Friday")
    assert isinstance(found, Ask)
    assert found.phrase == "next Friday"


@pytest.mark.parametrize(
    ("phrase", "language"),
    [
        ("none", "en"), ("no need", "en"), ("not needed, thanks", "en"), ("-", "en"), ("keine", "de"),
        ("nicht nötig", "de"), ("pas de prochain", "fr"), ("ninguna", "es"), ("não precisa", "pt"),
        ("nessuna", "it"), ("geen", "nl"), ("keine", "en"),
    ],
)  # fmt: skip
def test_none_phrases(phrase: str, language: str) -> None:
    """What says that there is no next check-in is known, and is no date."""
    assert is_none_phrase(phrase, language)
    assert said(phrase, language) is None


@pytest.mark.parametrize(
    "phrase", ["", "in two weeks", "none before January", "not Monday", "no idea", "nothing new from Sam"]
)
def test_no_none_phrases(phrase: str) -> None:
    """A phrase that says more than "none" is not one."""
    assert not is_none_phrase(phrase)


def test_none_beside_a_date_is_asked() -> None:
    """Words for "no next check-in" with a date beside them are no date."""
    asked("none before 3 December", AskReason.NEGATED)


# ---------------------------------------------------------------------------------------------------------- in prose


@pytest.mark.parametrize(
    ("text", "language", "phrases"),
    [
        ("Alex sends the Q3 plan by Friday", "en", ["by Friday"]),
        ("I'll talk to Sam next week", "en", ["next week"]),
        ("@Dana budget 12 Dec", "en", ["12 Dec"]),
        ("Let's meet again in two weeks, same time.", "en", ["in two weeks, same time"]),
        ("Alex to update the plan (3 Dec) and Dana by end of month", "en", ["3 Dec", "by end of month"]),
        ("Sat down with Jan about the budget, she may march on", "en", []),
        ("Alex schickt den Plan bis Freitag", "de", ["bis Freitag"]),
        ("Max klärt das bis zum 12. Dezember mit Jan", "de", ["bis zum 12. Dezember"]),
        ("Alex envoie le plan d'ici vendredi", "fr", ["d'ici vendredi"]),
        ("Alex envía el plan antes del viernes", "es", ["antes del viernes"]),
        ("Alex sends the plan by Friday", "de", ["by Friday"]),
    ],
)
def test_dates_inside_sentences(text: str, language: str, phrases: list[str]) -> None:
    """A date in a sentence is found with its preposition; names and verbs are left alone."""
    found = find_when(text, reference=THURSDAY, language=language)
    assert [each.phrase for each in found] == phrases
    assert all(text[each.start : each.end] == each.phrase for each in found)


def test_refusing_words_are_part_of_what_is_found() -> None:
    """A negation or an alternative beside a date in a sentence makes it a question."""
    found = find_when("finish it on Monday or Tuesday", reference=THURSDAY)
    assert [type(each.value) for each in found] == [Ask]


# ------------------------------------------------------------------------------------------------------------ tables


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_have_only_known_kinds(language: str) -> None:
    """A table has no kind that the grammar does not know, and all seven days and twelve months."""
    words = table(language)
    meanings = [*words.single.values(), *(found for entries in words.several.values() for _, found in entries)]
    assert {kind for meaning in meanings for kind in meaning} <= KINDS
    assert {meaning.get("weekday") for meaning in meanings} >= set(range(7))
    assert {meaning.get("month") for meaning in meanings} >= set(range(1, 13))


def test_typos_that_fit_one_word_are_taken() -> None:
    """A slip in a long name is understood; one that fits two words is not."""
    assert said("wednseday") == date(2026, 11, 25)
    assert said("in two weeks on Donerstag", "de") is not None
    assert said("Domain review") is None

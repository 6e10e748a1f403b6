"""The corpora of tests/replies/dates/: every phrase at every reference moment, measured by language."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from worker.model import Ask
from worker.replies.dates import when

FOLDER = Path(__file__).parent / "dates"
SAME_TIME = time(11, 15)
REFERENCES = (
    datetime(2026, 11, 19, 10, 0, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2026, 11, 30, 16, 30, tzinfo=ZoneInfo("America/New_York")),
    datetime(2026, 12, 31, 15, 0, tzinfo=ZoneInfo("Europe/London")),
    datetime(2028, 2, 15, 9, 0, tzinfo=ZoneInfo("Asia/Kolkata")),
    datetime(2026, 3, 27, 17, 0, tzinfo=ZoneInfo("Europe/Paris")),
    datetime(2026, 10, 24, 12, 0, tzinfo=ZoneInfo("Europe/Madrid")),
    datetime(2027, 1, 31, 20, 0, tzinfo=ZoneInfo("America/Sao_Paulo")),
    datetime(2026, 7, 29, 8, 30, tzinfo=ZoneInfo("Europe/Zurich")),
)
# Five moments at which the third corpus is read: its phrases were written down before the reader had seen one.
LATER_REFERENCES = (
    datetime(2026, 9, 8, 14, 20, tzinfo=ZoneInfo("America/Chicago")),
    datetime(2027, 3, 5, 11, 5, tzinfo=ZoneInfo("Europe/London")),
    datetime(2026, 6, 14, 18, 30, tzinfo=ZoneInfo("Europe/Paris")),
    datetime(2028, 1, 3, 8, 45, tzinfo=ZoneInfo("Europe/Madrid")),
    datetime(2026, 12, 23, 16, 10, tzinfo=ZoneInfo("Europe/Vienna")),
)
# Another five, with a Saturday, for what was typed on phones.
FOURTH_REFERENCES = (
    datetime(2026, 11, 24, 8, 5, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2026, 12, 4, 18, 45, tzinfo=ZoneInfo("America/Los_Angeles")),
    datetime(2027, 2, 10, 12, 10, tzinfo=ZoneInfo("Europe/London")),
    datetime(2027, 5, 29, 9, 0, tzinfo=ZoneInfo("Europe/Lisbon")),
    datetime(2026, 10, 19, 7, 30, tzinfo=ZoneInfo("Australia/Sydney")),
)
BARS = {"en": 0.95, "de": 0.95, "fr": 0.95, "es": 0.95, "pt": 0.85, "it": 0.85, "nl": 0.85}

Expected = date | datetime | str
OR_ASK = " or ask"


def phrases(language: str, folder: Path = FOLDER) -> Iterator[tuple[str, str]]:
    """Yield the phrases of a file with their rules, slots filled in."""
    slots: dict[str, list[tuple[str, str]]] = {}
    for line in (folder / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        phrase, arrow, rule = line.partition(" => ")
        if not line.strip() or line.startswith("#"):
            continue
        if not arrow:
            name, _, values = line.partition(": ")
            slots[name] = [(one.strip(), two.strip()) for one, two in (item.split("=") for item in values.split(" | "))]
            continue
        yield from _filled(phrase, rule, slots)


def _filled(phrase: str, rule: str, slots: dict[str, list[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    """Yield a phrase with each word of its slots; of several slots all but one go round in step."""
    used = [name for name in slots if "{" + name + "}" in phrase]
    rounds = max((len(slots[name]) for name in used), default=1)
    for turn in range(rounds):
        words, meaning = phrase, rule
        for name in used:
            word, value = slots[name][turn % len(slots[name])]
            words, meaning = words.replace("{" + name + "}", word), meaning.replace("{" + name + "}", value)
        yield words, meaning


def _clamped(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _month_end(year: int, month: int) -> date:
    day = date(year, month, calendar.monthrange(year, month)[1])
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def _month_day(text: str, today: date) -> date | str:
    month, day = (int(part) for part in text.split("-"))
    found = date(today.year, month, day)
    if (today - found).days > 92:
        return date(today.year + 1, month, day)
    return found if found >= today else "ask"


def _next(weekday: int, today: date) -> date:
    coming = today + timedelta(days=1)
    while coming.weekday() != weekday:
        coming += timedelta(days=1)
    return coming


def _in_week(weeks: int, weekday: int, today: date) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(days=7 * weeks + weekday)


def _later(size: str, today: date) -> date:
    number = int(size[1:-1])
    return today + timedelta(days=number) if size.endswith("d") else _clamped(today, number)


def _same(one: date, other: date) -> date | str:
    return one if one == other else "ask"


def _with_weekday(weekday: int, month_day: str, today: date) -> date | str:
    found = _month_day(month_day, today)
    return found if isinstance(found, date) and found.weekday() == weekday else "ask"


def _number(day: int, today: date) -> date | str:
    coming = today + timedelta(days=1)
    while coming.day != day:
        coming += timedelta(days=1)
    return coming if day != today.day else "ask"


def _weekday_number(weekday: int, day: int, today: date) -> date | str:
    found = _number(day, today)
    return found if isinstance(found, date) and found.weekday() == weekday else "ask"


def _nth(numbers: list[int], today: date) -> date | str:
    number, weekday, month = numbers
    year = today.year + (month < today.month)
    days = [date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]
    days = [day for day in days if day.weekday() == weekday]
    return _ahead(days[number - 1 if number > 0 else number], today - timedelta(days=1))


def _ahead(day: date, today: date) -> date | str:
    return day if day > today else "ask"


def _this_month_end(months: int, today: date) -> date | str:
    first = _clamped(today.replace(day=1), months)
    return _ahead(_month_end(first.year, first.month), today)


def _fixed(text: str, today: date) -> date | str:
    day = date.fromisoformat(text)
    return day if today <= day <= _clamped(today, 12) else "ask"


def _day_of(words: list[str], today: date) -> date | str:
    """Return what a rule of README.md means on a day, by hand: nothing of the reader is used."""
    name, numbers = words[0], [int(part) for part in words[1:] if part.lstrip("-").isdigit()]
    weekday = numbers[-1] if numbers else 0
    rules: dict[str, Callable[[], date | str]] = {
        "ask": lambda: "ask",
        "none": lambda: "none",
        "wd": lambda: _next(weekday, today),
        "next": lambda: _same(_next(weekday, today), _in_week(1, weekday, today)),
        "after": lambda: _same(_next(weekday, today) + timedelta(days=7), _in_week(2, weekday, today)),
        "week": lambda: _in_week(numbers[0], weekday, today),
        "idiom": lambda: _same(
            _next(weekday, today) + timedelta(days=numbers[0]),
            _next(weekday, today - timedelta(days=1)) + timedelta(days=numbers[0]),
        ),
        "both": lambda: _same(
            _in_week(numbers[0], weekday, today), _next(weekday, today) + timedelta(days=7 * numbers[0])
        ),
        "md": lambda: _month_day(words[1], today),
        "wmd": lambda: _with_weekday(numbers[0], words[2], today),
        "wdn": lambda: _weekday_number(numbers[0], weekday, today),
        "nm": lambda: _clamped(today.replace(day=1), 1).replace(day=numbers[0]),
        "dn": lambda: _number(numbers[0], today),
        "nth": lambda: _nth(numbers, today),
        "eom": lambda: _this_month_end(numbers[0] if numbers else 0, today),
        "end": lambda: _ahead(_month_end(today.year + (numbers[0] < today.month), numbers[0]), today),
        "eow": lambda: _ahead(_in_week(numbers[0] if numbers else 0, 4, today), today),
        "iso": lambda: _fixed(words[1], today),
    }
    return _later(name, today) if name.startswith("+") else rules[name]()


def expected(rule: str, reference: datetime) -> Expected:
    """Return what a rule means at a reference moment: a day, a moment, `ask` or `none`."""
    words, _, clock = rule.removesuffix(OR_ASK).partition(" @")
    day = _day_of(words.split(), reference.date())
    if not clock or isinstance(day, str):
        return day
    clock, _, zone = clock.partition(" ")
    at = SAME_TIME if clock == "same" else time.fromisoformat(clock)
    moment = datetime.combine(day, at, tzinfo=ZoneInfo(zone) if zone else reference.tzinfo)
    moment = moment.astimezone(reference.tzinfo)
    return moment if moment > reference else "ask"


def outcome(wanted: Expected, got: object, *, or_ask: bool = False) -> str:
    """Return right, asked, none or wrong; `or_ask`: a question, or nothing, is right too."""
    if or_ask and not isinstance(got, date):
        return "right"
    if wanted in {"ask", "none"}:
        if isinstance(got, date):
            return "wrong"
        return "right" if wanted == "ask" or got is None else "asked"
    if got == wanted and type(got) is type(wanted):
        return "right"
    return "asked" if isinstance(got, Ask) else "none" if got is None else "wrong"


def measure(
    language: str, folder: Path = FOLDER, references: Sequence[datetime] = REFERENCES
) -> tuple[Counter[str], int, list[str]]:
    """Return the outcomes of a corpus, the number of its phrases, and every line that was not right."""
    counts: Counter[str] = Counter()
    missed: list[str] = []
    found = list(phrases(language, folder))
    for phrase, rule in found:
        for reference in references:
            wanted = expected(rule, reference)
            if language == "en" and reference.weekday() == 6 and rule.startswith(("next", "week", "after")):
                # On a Sunday the next week has begun for some who write English.
                wanted = "ask"
            got = when(phrase, reference=reference, language=language, same_time=SAME_TIME)
            result = outcome(wanted, got, or_ask=rule.endswith(OR_ASK))
            counts[result] += 1
            if result != "right":
                missed.append(f"{result}: {phrase!r} at {reference:%a %Y-%m-%d}: wanted {wanted}, got {got}")
    return counts, len(found), missed


@pytest.mark.parametrize("language", BARS)
def test_corpus_meets_its_bar(language: str) -> None:
    """No phrase of a language becomes a wrong day, and its bar of phrases is understood."""
    counts, _, missed = measure(language)
    assert counts["wrong"] == 0, [line for line in missed if line.startswith("wrong")]
    assert counts["right"] / counts.total() >= BARS[language], missed[:40]


@pytest.mark.parametrize("language", BARS)
def test_third_corpus_meets_its_bar(language: str) -> None:
    """Phrases written down without looking at the word tables, at other moments: no wrong day, the same bars."""
    counts, _, missed = measure(language, FOLDER / "third", LATER_REFERENCES)
    assert counts["wrong"] == 0, [line for line in missed if line.startswith("wrong")]
    assert counts["right"] / counts.total() >= BARS[language], missed[:40]


@pytest.mark.parametrize("language", BARS)
def test_fourth_corpus_meets_its_bar(language: str) -> None:
    """Phrases as typed on phones, written down before the word tables were looked at: no wrong day, the same bars."""
    counts, _, missed = measure(language, FOLDER / "fourth", FOURTH_REFERENCES)
    assert counts["wrong"] == 0, [line for line in missed if line.startswith("wrong")]
    assert counts["right"] / counts.total() >= BARS[language], missed[:40]


def said() -> Iterator[tuple[str, str, list[str]]]:
    """Yield the rows of said.txt: language, phrase, and what it may be read as."""
    for line in (FOLDER / "said.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            language, phrase, readings = line.split(" | ")
            yield language, phrase, readings.split()


def test_no_phrase_said_becomes_another_day() -> None:
    """At the edges of what people write every phrase is the day that it means, or a question."""
    reference = datetime(2026, 11, 19, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    missed = []
    for language, phrase, readings in said():
        got = when(phrase, reference=reference, language=language)
        day = got.strftime("%Y-%m-%dT%H:%M") if isinstance(got, datetime) else str(got)
        if (day if isinstance(got, date) else "ask") not in readings:
            missed.append(f"{language} {phrase!r}: {got}")
    assert not missed


def judged() -> Iterator[tuple[datetime, str, str, str]]:
    """Yield the rows of judged.txt: the moment, the language, the phrase, and what it means (`ask` where none is)."""
    moment, language = REFERENCES[0], ""
    for line in (FOLDER / "judged.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            said_at, zone = line[2:].split()
            moment = datetime.fromisoformat(said_at).replace(tzinfo=ZoneInfo(zone))
        elif line.startswith("["):
            language = line.strip("[]")
        elif line and not line.startswith("#"):
            phrase, _, meant = line.partition(" => ")
            yield moment, language, phrase, meant or "ask"


def test_no_judged_phrase_becomes_another_day() -> None:
    """What must be asked is asked, and what is plain is that day at that time."""
    missed, counted = [], 0
    for moment, language, phrase, meant in judged():
        counted += 1
        got = when(phrase, reference=moment, language=language)
        day = got.strftime("%Y-%m-%dT%H:%M") if isinstance(got, datetime) else str(got)
        day = day if isinstance(got, date) else "ask"
        if day != meant.removesuffix(OR_ASK) and not (day == "ask" and meant.endswith(OR_ASK)):
            missed.append(f"{moment:%a %d %b} {language} {phrase!r}: {got}")
    assert counted > 1000
    assert not missed

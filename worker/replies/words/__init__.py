"""The words in which people write dates: one table for each language, as data.

A table is a module of this package with `WORDS`, a mapping of a kind (`weekday:0`, `unit:week`, `negation`) to the
words of that kind, separated by `|`. Words are written as a dictionary has them; letter case, accents and the German
spelling of umlauts (`naechste`) are taken care of here. A word may stand under several kinds: the grammar tries all.
The kinds are listed in KINDS; a table with any other kind is refused by a test. A new language is a module here, its
code in LANGUAGES, and its phrases in tests/replies/dates/.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import cache
from importlib import import_module
from types import ModuleType

from worker.replies.words.common import COMMON

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")

KINDS = frozenset(
    [
        "weekday",
        "month",
        "number",
        "ordinal",
        "unit",
        "day",
        "daypart",
        "zone",
        "idiom",
        "end_of",
        "next",
        "coming",
        "this",
        "after_next",
        "last",
        "in",
        "from",
        "from_now",
        "on",
        "of",
        "article",
        "by",
        "at",
        "until",
        "after",
        "before",
        "since",
        "end",
        "middle",
        "start",
        "vague",
        "unsure",
        "approximate",
        "negation",
        "rule",
        "past",
        "past_verb",
        "or",
        "and",
        "to",
        "between",
        "during",
        "absence",
        "back",
        "cue",
        "topic",
        "with",
        "filler",
        "none",
        "same_time",
        "noon",
        "midnight",
        "oclock",
        "am",
        "pm",
        "half_to",
        "half_past",
        "half_bare",
        "quarter_past",
        "quarter_to",
        "quarter_of",
        "plus_half",
        "plus_quarter",
        "minus_quarter",
        "past_hour",
        "to_hour",
        "three_quarters",
        "week_number",
        "quarter_name",
        "week_of",
        "weekend",
        "later",
        "week_more",
        "day_word",
        "day_mark",
        "and_half",
        "verb",
        "half",
        "every",
        "zone_word",
    ]
)

Meaning = int | str
Meanings = dict[str, Meaning]

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_TYPO_KINDS = ("weekday", "month")
_TYPO_LENGTH = 6


class Table:
    """One language: `single` words, `several` words by their first one (longest first), and how its people write.

    `bare_day` says that a number behind a weekday is the day of the month ("jeudi 3"); `dotted` that "3." is an
    ordinal; `sunday_first` that some of its people begin the week on Sunday; `eight_days` that eight days may be a
    week; `fortnight` whether fifteen days are two weeks: `certain`, `either` or nothing.
    """

    __slots__ = (
        "bare_day",
        "dotted",
        "eight_days",
        "fortnight",
        "language",
        "several",
        "single",
        "sunday_first",
        "typos",
    )

    def __init__(
        self,
        module: ModuleType,
        language: str,
        single: dict[str, Meanings],
        several: dict[str, tuple[tuple[tuple[str, ...], Meanings], ...]],
        typos: dict[str, str],
    ) -> None:
        self.language = language
        self.single = single
        self.several = several
        self.typos = typos
        self.bare_day: bool = module.BARE_DAY
        self.dotted: bool = module.DOTTED
        self.sunday_first: bool = module.SUNDAY_FIRST
        self.eight_days: bool = module.EIGHT_DAYS
        self.fortnight: str = module.FORTNIGHT


@cache
def date_words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of a language without which it has no date, and those that make one of a number beside them.

    Of an entry of several words the first one counts.
    """
    words = table(language)
    dated: set[str] = set(words.typos)
    marking: set[str] = set()
    entries = list(words.single.items())
    entries += [(first, kinds) for first, several in words.several.items() for _, kinds in several]
    for word, kinds in entries:
        if not _DATED.isdisjoint(kinds):
            dated.add(word)
        if "day_mark" in kinds or "on" in kinds:
            marking.add(word)
    return frozenset(dated), frozenset(marking)


@cache
def none_words(language: str) -> frozenset[str]:
    """Return the words, of several the first, without one of which nothing says that there is no next date."""
    words = table(language)
    found = {word for word, kinds in words.single.items() if "none" in kinds}
    found.update(first for first, several in words.several.items() if any("none" in kinds for _, kinds in several))
    return frozenset(found)


_DATED = frozenset(
    ("weekday", "month", "unit", "day", "idiom", "end_of", "weekend", "week_of", "week_number", "quarter_name")
)


def plain(word: str) -> str:
    """Return a word without letter case and accents, as the tables are searched."""
    folded = word.casefold()
    if folded.isascii():
        return folded
    return "".join(mark for mark in unicodedata.normalize("NFD", folded) if not unicodedata.combining(mark))


@cache
def table(language: str) -> Table:
    """Return the table of a language; of English for a language that has none."""
    code = language.casefold().replace("_", "-").partition("-")[0]
    if code not in LANGUAGES:
        code = "en"
    module = import_module(f"{__name__}.{code}")
    words: dict[tuple[str, ...], Meanings] = {}
    for key, entries in (*COMMON.items(), *module.WORDS.items()):
        kind, _, raw = key.partition(":")
        value: Meaning = int(raw) if raw.lstrip("-").isdigit() else raw
        for entry in entries.split("|"):
            for spelling in _spellings(entry):
                words.setdefault(spelling, {}).setdefault(kind, value)
    slips = _typos({entry[0]: meanings for entry, meanings in words.items() if len(entry) == 1})
    # "Donnerstagnachmittag", "maandagochtend": languages that write both as one word.
    for half, endings in getattr(module, "DAYPARTS", {}).items():
        spelled = [spelling[0] for ending in endings.split("|") for spelling in _spellings(ending)]
        for number in range(7):
            for name in module.WORDS[f"weekday:{number}"].split("|"):
                for ending in spelled:
                    words.setdefault((name + ending,), {"weekday": number, "daypart": half})
    single = {entry[0]: meanings for entry, meanings in words.items() if len(entry) == 1}
    several: dict[str, list[tuple[tuple[str, ...], Meanings]]] = {}
    for entry, meanings in words.items():
        if len(entry) > 1:
            several.setdefault(entry[0], []).append((entry, meanings))
    longest_first = {
        first: tuple(sorted(entries, key=lambda item: -len(item[0]))) for first, entries in several.items()
    }
    return Table(module, code, single, longest_first, slips)


def _spellings(entry: str) -> Collection[tuple[str, ...]]:
    """Return the ways to type an entry: with accents or without, umlauts written out or not."""
    split = entry.replace("-", " ").replace("'", " ").casefold()
    if split.isascii():
        return (tuple(split.split()),)
    return {tuple(plain(word) for word in variant.split()) for variant in (split, split.translate(_UMLAUTS))}


def _typos(single: dict[str, Meanings]) -> dict[str, str]:
    """Return slips of long names of days and months (two letters swapped, one missing, one doubled) that fit only one.

    A slip that changes the first letter is left out: people do not make it, and other words begin there.
    """
    found: dict[str, set[str]] = {}
    for word, meanings in single.items():
        if len(word) < _TYPO_LENGTH or not any(kind in meanings for kind in _TYPO_KINDS):
            continue
        for place in range(1, len(word)):
            slips = [word[:place] + word[place] + word[place:]]
            if len(word) > _TYPO_LENGTH:
                slips.append(word[:place] + word[place + 1 :])
            if place + 1 < len(word):
                slips.append(word[:place] + word[place + 1] + word[place] + word[place + 2 :])
            for slip in slips:
                found.setdefault(slip, set()).add(word)
    return {slip: words.pop() for slip, words in found.items() if slip not in single and len(words) == 1}

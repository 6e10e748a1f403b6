"""What a reply is read against: when, who, in which language; and the people that its words may name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, cached_property

from worker.model import Ask, Person
from worker.replies import dates
from worker.replies.text import fold, words_of
from worker.replies.words import LANGUAGES, plain, table

Moment = datetime | date | Ask | None

# "the 12th", "am 12.", "le 12", "el 12" at the end of a clause, with or without a time: too weak for prose at large,
# but here a cue must stand before it.
_ORDINAL = re.compile(
    r"\b(?:(?:on |by |until |till |before |for )?the \d{1,2}(?:st|nd|rd|th)|(?:am|zum|bis zum|bis|den) \d{1,2}\."
    r"|(?:le|au|el|al|il|op|dia|o dia) (?:dia )?\d{1,2}(?:er)?)"
    r"(?:,? (?:at|um|a|a las|a la|alle|om) \d{1,2}(?:[:.h]\d{2}|h)?(?: ?(?:am|pm|uhr|uur|h))?)?(?=\s*(?:$|[,;.!?)]"
    r"|(?:wieder|erneut|nochmal|treffen|sehen|sprechen|weiter|again|de nuevo|a nouveau)\b))"
)

# "I" and "you" as subject or object, folded; German "Sie" is you too, "sie" is somebody else, so it is left out.
_FIRST = words_of("""i me myself i'll i'd ich mich mir je moi j j' yo io eu ik mij""")
_SECOND = words_of("""you du dich dir tu toi vous te usted ti voce jij""")
_BOTH = words_of("""we us wir uns nous on nosotros nosotras noi nos wij we'll both beide""") | {
    "we both",
    "us both",
    "both of us",
    "wir beide",
    "nous deux",
    "los dos",
    "las dos",
    "wij allebei",
}


_SPAN = re.compile(
    r"(?:\d{1,2}|an?|one|two|three|four|five|six|ein|eine|zwei|drei|vier|funf|sechs|une?|deux|trois|quatre|cinq|una?"
    r"|dos|tres|cuatro|cinco|due|tre"
    r"|een|twee|drie|vier|um|uma|dois|duas) ?(?:w|wk|wks|d|days?|weeks?|months?|tage?|wochen?|monate?|jours?"
    r"|semaines?|mois|dias?|semanas?|mes|meses"
    r"|giorni|settimane?|mes[ei]|dagen|weken|week|maanden|maand)"
)

# Weekdays and months, short or long, that are names of people as well.
_NAMES_TOO = words_of("""sam mar jan dom mai may april june avril juin august augusto julio abril mia""")


# What the search for dates may cost one mail, in characters: people write a few thousand at most. Beyond it words are
# kept as notes, and the time that a hostile mail takes stays bounded.
_MAX_SEARCHED = 8_000
_MAX_SENTENCE = 400
_WORD = re.compile(r"[^\W\d_]+")
_DATED_KINDS = (
    "weekday",
    "month",
    "unit",
    "day",
    "idiom",
    "end_of",
    "end",
    "next",
    "coming",
    "this",
    "after_next",
    "last",
    "same_time",
    "weekend",
)


@cache
def _date_words() -> frozenset[str]:
    """The words without which, or a digit, no sentence of any language holds a date."""
    found: set[str] = set()
    for language in LANGUAGES:
        words = table(language)
        found.update(word for word, kinds in words.single.items() if any(kind in _DATED_KINDS for kind in kinds))
        found.update(word for word in words.several)
        found.update(words.typos)
    return frozenset(found)


def _may_hold_a_date(text: str) -> bool:
    return any(char.isdigit() for char in text) or any(word in _date_words() for word in _WORD.findall(plain(text)))


@dataclass(frozen=True)
class Context:
    """The circumstances of a reply, as the arguments of `read_form` name them."""

    reference: datetime
    meeting_start: datetime | None = None
    sender: str | None = None
    people: tuple[Person, ...] = ()
    items: tuple[str, ...] = ()
    language: str = "en"
    day_first: bool | None = None

    def when(self, phrase: str) -> Moment:
        """Read a phrase that is expected to be a date; None once a mail has used up what it may cost."""
        key = ("when", phrase)
        if key not in self._known:
            self._known[key] = self._when(phrase) if self._affords(len(phrase)) else None
        return self._known[key]  # type: ignore[return-value]  # "when" keys hold moments

    def _when(self, phrase: str) -> Moment:
        return dates.when(
            phrase,
            reference=self.reference,
            language=self.language,
            day_first=self.day_first,
            same_time=self._same_time,
        )

    @cached_property
    def _same_time(self) -> time | None:
        start = self.meeting_start
        return start.astimezone(self.reference.tzinfo).time() if start and start.tzinfo else None

    @cached_property
    def _known(self) -> dict[tuple[str, str], Moment | Sequence[dates.Found]]:
        return {}

    @cached_property
    def _left(self) -> list[int]:
        return [_MAX_SEARCHED]

    def _affords(self, size: int) -> bool:
        """Whether a search of so many characters is still within what one mail may cost; it is then spent."""
        if size + 40 > self._left[0]:
            return False
        self._left[0] -= size + 40
        return True

    def value(self, phrase: str) -> Moment:
        """Read a phrase where nothing but a date is expected: "2 weeks" is "in 2 weeks" there."""
        found = self.when(phrase)
        if not _SPAN.fullmatch(fold(phrase).strip(" .!")) or isinstance(found, date):
            return found
        for before in ("in", "dans", "en"):
            longer = self.when(f"{before} {phrase.strip()}")
            if isinstance(longer, date):
                return longer
        return found

    def find(self, text: str) -> Sequence[dates.Found]:
        """Find the date phrases inside a sentence of at most 400 characters."""
        key = ("find", text)
        if key not in self._known:
            dated = len(text) <= _MAX_SENTENCE and _may_hold_a_date(text)
            self._known[key] = self._find(text) if dated and self._affords(len(text)) else ()
        return self._known[key]  # type: ignore[return-value]  # "find" keys hold what was found

    def _find(self, text: str) -> Sequence[dates.Found]:
        found = dates.find_when(
            text,
            reference=self.reference,
            language=self.language,
            day_first=self.day_first,
            same_time=self._same_time,
        )
        if found:
            return [self._without_name(each) for each in found]
        match = _ORDINAL.search(fold(text))
        value = self.when(match[0]) if match else None
        return (dates.Found(match.start(), match.end(), match[0], value),) if match and value is not None else ()

    def _without_name(self, found: dates.Found) -> dates.Found:
        """As in "Sam la semaine prochaine" speaks of Sam, not of Saturday: the rest counts if it is a date."""
        head, _, rest = found.phrase.partition(" ")
        if not rest or not head.istitle() or fold(head) not in _NAMES_TOO:
            return found
        value = self.when(rest)
        if not isinstance(value, date) or value == found.value:
            return found
        return dates.Found(found.end - len(rest), found.end, rest, value)

    def none(self, text: str) -> bool:
        """Whether the phrase says that there is no next meeting."""
        return dates.is_none_phrase(text, self.language)

    @cached_property
    def me(self) -> str:
        """The address of who wrote the reply: the sender as known, else the first of the people."""
        if self.sender:
            wanted = self.sender.lower()
            return next((person.email for person in self.people if person.owns(wanted)), wanted)
        return self.people[0].email if self.people else ""

    @cached_property
    def other(self) -> str:
        """The address of the other person, where there is exactly one."""
        others = [person.email for person in self.people if person.email != self.me]
        return others[0] if len(others) == 1 else ""

    @cached_property
    def names(self) -> dict[str, str]:
        """Folded name or address -> address, for names that fit one person only."""
        found: dict[str, set[str]] = {}
        for person in self.people:
            words = person.name.split()
            known = {person.email, *person.aliases, person.name, person.first_name}
            # "Kim" of "Dana Kim", and "Mary Ann" of "Mary Ann Lee".
            known.update(words[-1:] if len(words) > 1 else ())
            known.update(" ".join(words[:count]) for count in range(1, len(words)))
            known.add(person.email.partition("@")[0])
            for name in known:
                if len(name) > 1:
                    found.setdefault(" ".join(fold(name).split()), set()).add(person.email)
        return {name: next(iter(owners)) for name, owners in found.items() if len(owners) == 1}

    def named(self, words: str) -> str:
        """The address of the person that these words name, and nothing else; "" where they name nobody we know."""
        name = " ".join(fold(words).split()).strip(" @*_:,.;()[]<>\"'")
        if name in self.names:
            return self.names[name]
        return self.names.get(name.removesuffix("'s"), "")

    def somebody(self, words: str) -> str:
        """As `named`, with "I" and "me" for the writer, "you" for the other person, and "we" for the writer."""
        found = self.named(words)
        if found:
            return found
        word = fold(words).strip(' @*_:,.;()[]"')
        if word in _FIRST or word in _BOTH:
            return self.me
        return self.other if word in _SECOND else ""

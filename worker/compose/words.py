"""One language and one zone: sentences from a catalogue, plurals, and dates with the month in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_FIELD = re.compile(r"\{(\w+)\}")
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi"})
# French has a space before these marks at which no line may break; a catalogue is typed with the keyboard's own.
_SPACED = re.compile(r" (?=[:;?!»])|(?<=«) ")
_LEFT_MARK, _RIGHT_MARK = "\u200e", "\u200f"


def translations(po: str, language: str) -> NullTranslations:
    """Return the messages of a catalogue in PO format, with its plural rule. Raises ValueError where it is broken."""
    catalogue = read_po(BytesIO(po.encode()), locale=language, abort_invalid=True)
    for message in catalogue:
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        set_forms = tuple(typeset(form, language) for form in forms)
        message.string = set_forms if isinstance(message.id, list | tuple) else "".join(set_forms)
    packed = BytesIO()
    write_mo(packed, catalogue)
    packed.seek(0)
    return GNUTranslations(packed)


def typeset(text: str, language: str) -> str:
    """Return a sentence of ours as its language is set in print: spaces that hold a mark to its word, apostrophes."""
    return _SPACED.sub("\u00a0", text).replace("'", "’") if language == "fr" else text


@lru_cache(maxsize=1024)
def zone(*names: str) -> tzinfo:
    """Return the first of these IANA zones that exists; UTC where none does."""
    for name in names:
        if name:
            # An unknown name is a KeyError, a malformed one a ValueError, the name of a folder an OSError.
            with suppress(ValueError, OSError, LookupError):
                return ZoneInfo(name)
    return UTC


@lru_cache(maxsize=4096)
def _date(day: date, pattern: str, language: str) -> str:
    if language == "fr" and day.day == 1:
        # Babel's patterns have no ordinals: the first of a month, and it alone, is "1er".
        pattern = re.sub(r"\bd\b", "d'er'", pattern)
    return str(format_date(day, pattern, locale=_locale(language)))


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@dataclass(frozen=True, slots=True)
class Words:
    """How one reader is written to: `language` a code with a catalogue (or "en"), `zone` theirs, `today` there."""

    language: str
    zone: tzinfo
    now: datetime
    catalogue: NullTranslations = field(repr=False)
    headings: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def today(self) -> date:
        """The reader's day."""
        return self.now.astimezone(self.zone).date()

    @property
    def direction(self) -> str:
        """The direction of the language, for HTML: `ltr` or `rtl`."""
        return "rtl" if self.language in _RIGHT_TO_LEFT else "ltr"

    def t(self, message: str, **values: object) -> str:
        """Return a sentence in the reader's language, with its `{fields}` filled in."""
        return self._filled(self.catalogue.gettext(message), values)

    def n(self, one: str, many: str, count: int, **values: object) -> str:
        """Return a sentence in the plural form that `count` takes; `{n}` is the count."""
        return self._filled(self.catalogue.ngettext(one, many, count), {"n": count, **values})

    def _filled(self, message: str, values: Mapping[str, object]) -> str:
        if "{" not in message:
            return message
        return _FIELD.sub(lambda found: self.fenced(str(values.get(found[1], found[0]))), message)

    @property
    def colon(self) -> str:
        """What stands between a name and what is said of it, without the space behind it."""
        return self.t(":")

    def facts(self, facts: Iterable[str]) -> str:
        """Return facts in a row, as the language parts them; empty ones are left out."""
        return f"{self.t(';')} ".join(fact for fact in facts if fact)

    def fenced(self, text: str) -> str:
        """Return words between marks of the mail's direction where they are written in the other one.

        Without them a number or a dot behind a Hebrew name would move to its other side (UAX 9), and a client that
        takes a line's direction from its first letter would turn the line round.
        """
        mark = _RIGHT_MARK if self.direction == "rtl" else _LEFT_MARK
        # Names joined to a list have theirs already.
        return f"{mark}{text}{mark}" if turned(text, self.direction) and mark not in text else text

    def behind(self, text: str, following: str) -> str:
        """Return what follows a person's words with a mark before it where they are written in the other direction."""
        if not following or not turned(text, self.direction):
            return following
        return (_RIGHT_MARK if self.direction == "rtl" else _LEFT_MARK) + following

    # -- dates

    def local(self, moment: datetime) -> datetime:
        """Return a moment on the reader's clock."""
        return moment.astimezone(self.zone)

    def day(self, day: date | datetime) -> str:
        """Return `Thu 3 Dec 2026`."""
        return _date(self._as_date(day), self.catalogue.gettext("EEE d MMM y"), self.language)

    def plain_day(self, day: date | datetime) -> str:
        """Return `3 Dec 2026`."""
        return _date(self._as_date(day), self.catalogue.gettext("d MMM y"), self.language)

    def short_day(self, day: date | datetime) -> str:
        """Return `3 Dec`, for subjects."""
        return _date(self._as_date(day), self.catalogue.gettext("d MMM"), self.language)

    def clock(self, moment: datetime) -> str:
        """Return `10:00`."""
        return f"{self.local(moment):%H:%M}"

    def slot(self, moment: datetime) -> str:
        """Return `Thu 3 Dec 2026, 10:00`."""
        return f"{self.day(moment)}, {self.local(moment):%H:%M}"

    def moment(self, moment: datetime) -> str:
        """Return `Thu 3 Dec 2026, 10:00 CET`."""
        return f"{self.slot(moment)} {self.zone_name(moment)}"

    def zone_name(self, moment: datetime) -> str:
        """Return the abbreviation in force at that moment; an offset where the zone has no letters of its own."""
        name = self.local(moment).tzname() or "UTC"
        return f"UTC{name}" if name[:1] in "+-" else name

    def _as_date(self, day: date | datetime) -> date:
        return self.local(day).date() if isinstance(day, datetime) else day

    # -- spans

    def lapse(self, days: int) -> str:
        """Return a number of days in words as it stands after "in" or "for", which some languages inflect."""
        counted, one, many = days, "{n} day", "{n} days"
        if days >= 70:
            counted, one, many = round(days / 30.4), "{n} month", "{n} months"
        elif days >= 14:
            counted, one, many = round(days / 7), "{n} week", "{n} weeks"
        return self._filled(self.catalogue.npgettext("lapse", one, many, counted), {"n": counted})

    def due(self, due: date | None) -> str:
        """Return when something is due, with how far that is; never in words of blame."""
        if due is None:
            return self.t("no date")
        ahead = (due - self.today).days
        if ahead == 0:
            return self.t("due {day}, today", day=self.day(due))
        if ahead == 1:
            return self.t("due {day}, tomorrow", day=self.day(due))
        if ahead > 0:
            return self.t("due {day}, in {span}", day=self.day(due), span=self.lapse(ahead))
        return self.t("due {day}, not closed yet for {span}", day=self.day(due), span=self.lapse(-ahead))

    def age(self, at: datetime) -> str:
        """Return how old something is."""
        days = (self.today - self.local(at).date()).days
        return self.t("new today") if days <= 0 else self.t("open for {span}", span=self.lapse(days))

    def names(self, names: list[str]) -> str:
        """Return names joined as a sentence joins them: `Ana, Tom and Sam`."""
        shown = [self.fenced(name) for name in names]
        if len(shown) < 2:
            return "".join(shown)
        return self.t("{names} and {last}", names=", ".join(shown[:-1]), last=shown[-1])


@lru_cache(maxsize=4096)
def turned(text: str, direction: str) -> bool:
    """Whether words hold letters of the direction that is not the mail's."""
    if direction == "ltr" and text.isascii():
        return False
    others = ("L",) if direction == "rtl" else ("R", "AL")
    return any(unicodedata.bidirectional(letter) in others for letter in text)

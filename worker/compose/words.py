"""One language and one zone: sentences from a catalogue, plurals, and dates with the month in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
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


def translations(po: str, language: str) -> NullTranslations:
    """Return the messages of a catalogue in PO format, with its plural rule. Raises ValueError where it is broken."""
    catalogue = read_po(BytesIO(po.encode()), locale=language, abort_invalid=True)
    packed = BytesIO()
    write_mo(packed, catalogue)
    packed.seek(0)
    return GNUTranslations(packed)


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
        return _filled(self.catalogue.gettext(message), values)

    def n(self, one: str, many: str, count: int, **values: object) -> str:
        """Return a sentence in the plural form that `count` takes; `{n}` is the count."""
        return _filled(self.catalogue.ngettext(one, many, count), {"n": count, **values})

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
        return _filled(self.catalogue.npgettext("lapse", one, many, counted), {"n": counted})

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
        if len(names) < 2:
            return "".join(names)
        return self.t("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def _filled(message: str, values: Mapping[str, object]) -> str:
    if "{" not in message:
        return message
    return _FIELD.sub(lambda found: str(values.get(found[1], found[0])), message)

"""The values that a configuration is made of: addresses, zones, durations, hours, patterns, as pydantic types."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from worker.model import Lead

_DURATION = re.compile(r"(\d{1,4}) +(business +days?|minutes?|hours?|days?|weeks?)", re.ASCII)
_SPAN = re.compile(r"(\d{1,4}) +(days?|weeks?|months?|years?)", re.ASCII)
_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)
_LOCAL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
_DOMAIN = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
# The addr-spec of RFC 5321 4.1.2 without quoted local parts and address literals, which no mailbox of a person has.
_ADDRESS = re.compile(rf"{_LOCAL}@{_DOMAIN}", re.ASCII)
_DOMAIN_NAME = re.compile(_DOMAIN, re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)
_HOLIDAYS = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,4})?", re.ASCII)
_SEPARATORS = "+-_=."
_EXAMPLES = '"10 minutes", "3 hours", "2 days", "2 business days" or "1 week"'


@dataclass(frozen=True, slots=True)
class Span:
    """How long something is kept: `text` as it was written, and the same as whole `months` and `days`."""

    text: str
    months: int = 0
    days: int = 0


def lead(text: str) -> Lead:
    """Return the length of time that a duration of the configuration says; ValueError says what to write."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'"{text}" is no duration: write {_EXAMPLES}')
    count, unit = int(match[1]), match[2]
    if unit.startswith("business"):
        return Lead(days=count, business=True)
    if unit.startswith("week"):
        return Lead(days=7 * count)
    if unit.startswith("day"):
        return Lead(days=count)
    return Lead(minutes=count * (60 if unit.startswith("hour") else 1))


def span(text: str) -> Span:
    """Return how long a retention of the configuration lasts; ValueError says what to write."""
    match = _SPAN.fullmatch(text.strip())
    if match is None or not int(match[1]):
        raise ValueError(f'"{text}" is no time to keep something: write "90 days", "12 weeks" or "24 months"')
    count, unit = int(match[1]), match[2]
    shown = " ".join(text.split())
    if unit.startswith("year"):
        return Span(shown, months=12 * count)
    if unit.startswith("month"):
        return Span(shown, months=count)
    return Span(shown, days=count * (7 if unit.startswith("week") else 1))


def hours(text: str) -> tuple[time, time]:
    """Return the start and the end of a stretch of the day written as "09:00-17:00"."""
    match = _HOURS.fullmatch(text.replace(" ", ""))
    wrong = f'"{text}" is no stretch of the day: write it as "09:00-17:00"'
    if match is None:
        raise ValueError(wrong)
    try:
        start, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    except ValueError:
        raise ValueError(wrong) from None
    if start == end:
        raise ValueError(f'"{text}" begins and ends at the same time: write two different times')
    return start, end


def _working_hours(text: str) -> tuple[time, time]:
    start, end = hours(text)
    if end < start:
        raise ValueError(f'"{text}" ends before it begins: write the earlier time first')
    return start, end


def _poll(text: str) -> Lead:
    length = lead(text)
    if length.business or not length.days + length.minutes:
        raise ValueError(f'"{text}" is no interval: write at least "1 minute", without business days')
    return length


def _positive(text: str) -> Lead:
    length = lead(text)
    if not length.days + length.minutes:
        raise ValueError(f'"{text}" is no time at all: write at least "1 day"')
    return length


def _parsed(parse: Callable[[str], object], *, empty: bool = False) -> BeforeValidator:
    """Return the validator that reads a text into its value; with `empty`, "" stands for none."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            raise ValueError("is no text: put the value in quotes")  # noqa: TRY004  # pydantic collects ValueError alone
        return None if empty and not value.strip() else parse(value)

    return BeforeValidator(read)


def _address(text: str) -> str:
    if len(text) > 254 or _ADDRESS.fullmatch(text) is None:
        raise ValueError(f'"{text}" is no mail address: write one such as "dana@example.com"')
    return text.lower()


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{text}" is no time zone: write an IANA name such as "Europe/Berlin"') from None
    return text


def _language(text: str) -> str:
    if _LANGUAGE.fullmatch(text) is None:
        raise ValueError(f'"{text}" is no language: write a code such as "en" or "pt-BR"')
    return text


def _holidays(text: str) -> str:
    if text and _HOLIDAYS.fullmatch(text) is None:
        raise ValueError(f'"{text}" is no country or subdivision: write a code such as "US" or "DE-BY", or ""')
    return text


def _domain(text: str) -> str:
    if _DOMAIN_NAME.fullmatch(text) is None:
        raise ValueError(f'"{text}" is no domain: write "own" or one such as "example.com"')
    return text.lower()


def _separator(text: str) -> str:
    if len(text) != 1 or text not in _SEPARATORS:
        raise ValueError(f'"{text}" cannot separate a sub-address: write one of {" ".join(_SEPARATORS)}')
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f'"{text}" is no regular expression ({error}): correct or empty it') from None
    return text


def _words(value: object) -> object:
    """Join a table of lists by language, as words are the same thing whatever their language."""
    if isinstance(value, dict) and all(isinstance(words, str) for words in value.values()):
        return "|".join(words for words in value.values() if words)
    return value


def _list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _folder(value: object, info: ValidationInfo) -> object:
    """Take a path as it is meant: relative to the folder of the configuration's file, with ~ for the home."""
    if not isinstance(value, str):
        raise ValueError("is no text: put the path in quotes")  # noqa: TRY004  # pydantic collects ValueError alone
    if not value:
        return None
    folder = (info.context or {}).get("folder", Path())
    return Path(folder) / Path(value).expanduser()


def _readable(folder: Path | None) -> Path | None:
    if folder is None:
        return None
    if not folder.is_dir():
        raise ValueError(f'{folder} is no folder that is there: correct the path, or write "" for the built-in ones')
    try:
        with os.scandir(folder) as found:
            list(found)
    except OSError as error:
        raise ValueError(f"{folder} cannot be read ({error.strerror}): let this user read it") from None
    return folder


def _word(text: str) -> str:
    if not text.strip() or len(text) > 100 or not text.isprintable():
        raise ValueError("is no name: write a short one")
    return text.strip()


def _url(text: str) -> str:
    found = urlsplit(text)
    local = found.hostname in {"127.0.0.1", "localhost", "::1"}
    if found.scheme != "https" and not (found.scheme == "http" and local):
        raise ValueError(f'"{text}" is no address of a service: write one that begins with https://')
    if not found.hostname or found.username or found.query or found.fragment:
        raise ValueError(f'"{text}" is no address of a service: write one such as "https://api.example.com/"')
    return text


def _data(text: str) -> str:
    """Take a folder, or a database's address, which is not shown again: a password may stand in it."""
    scheme, separator, rest = text.partition("://")
    if separator and (scheme not in {"postgresql", "postgres"} or not rest):
        raise ValueError('is no address of a database: write "postgresql://user@host/name", or a folder')
    return text


def _port(value: int) -> int:
    if not 0 <= value <= 65535:
        raise ValueError(f"{value} is no port: write a number up to 65535, or 0 for any that is free")
    return value


def _count(value: int) -> int:
    if not 1 <= value <= 1_000_000:
        raise ValueError(f"{value} is no number to count to: write one from 1 on")
    return value


Address = Annotated[str, AfterValidator(_address)]
OptionalAddress = Annotated[str, AfterValidator(lambda text: text and _address(text))]
Zone = Annotated[str, AfterValidator(_zone)]
OptionalZone = Annotated[str, AfterValidator(lambda text: text and _zone(text))]
Language = Annotated[str, AfterValidator(_language)]
OptionalLanguage = Annotated[str, AfterValidator(lambda text: text and _language(text))]
HolidayCode = Annotated[str, AfterValidator(_holidays)]
DomainName = Annotated[str, AfterValidator(_domain)]
Separator = Annotated[str, AfterValidator(_separator)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Words = Annotated[str, BeforeValidator(_words), AfterValidator(_pattern)]
Folder = Annotated[Path | None, BeforeValidator(_folder)]
ReadableFolder = Annotated[Path | None, BeforeValidator(_folder), AfterValidator(_readable)]
Duration = Annotated[Lead, _parsed(lead)]
OptionalDuration = Annotated[Lead | None, _parsed(_positive, empty=True)]
LongDuration = Annotated[Lead, _parsed(_positive)]
Interval = Annotated[Lead, _parsed(_poll)]
Kept = Annotated[Span, _parsed(span)]
Quiet = Annotated[tuple[time, time] | None, _parsed(hours, empty=True)]
WorkingHours = Annotated[tuple[time, time], _parsed(_working_hours)]
OptionalWorkingHours = Annotated[tuple[time, time] | None, _parsed(_working_hours, empty=True)]
Listed = BeforeValidator(_list)
Addresses = Annotated[tuple[Address, ...], Listed]
Word = Annotated[str, AfterValidator(_word)]
Url = Annotated[str, AfterValidator(_url)]
Data = Annotated[str, AfterValidator(_data)]
Port = Annotated[int, AfterValidator(_port)]
Count = Annotated[int, AfterValidator(_count)]

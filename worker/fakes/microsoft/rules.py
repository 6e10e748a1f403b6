"""Rules of Graph that stand in its documentation's prose: headers, preferences, filters, times, MIME bodies."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from worker.fakes.microsoft.odata import (
    PROPERTY_ID,
    Clause,
    SyntaxFault,
    clauses,
    expanded_properties,
    preference,
    preferences,
)
from worker.ical.zones import iana

Json = dict[str, Any]

_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "authorization",
        "client-request-id",
        "connection",
        "content-length",
        "content-type",
        "host",
        "if-match",
        "prefer",
        "return-client-request-id",
        "user-agent",
    }
)
_EXPANDS = frozenset({"calendarView.list", "events.get", "events.list", "messages.get", "messages.list"}) | {
    "mailFolders.messages",
    "events.instances",
}
_LATER = ("cancelledOccurrences", "exceptionOccurrences")
# Which properties a filter may name, and how their values are written; what the documentation's examples have.
_FILTERS: Mapping[str, str] = {
    "internetMessageId": "text",
    "conversationId": "text",
    "subject": "text",
    "from/emailAddress/address": "text",
    "receivedDateTime": "moment",
    "sentDateTime": "moment",
    "createdDateTime": "moment",
    "lastModifiedDateTime": "moment",
    "isDraft": "flag",
    "isRead": "flag",
    "iCalUId": "text",
    "seriesMasterId": "text",
    "type": "text",
    "isCancelled": "flag",
    "transactionId": "text",
    "mail": "text",
    "userPrincipalName": "text",
    "proxyAddresses": "list",
}
# Documented as needed (event-list-instances), and missing from the description.
_WINDOW = ("startDateTime", "endDateTime")
_DAYS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its name, where it is, what it takes and gives."""

    name: str
    http: str
    pattern: re.Pattern[str]
    parameters: Mapping[str, Json]
    request: Json | None
    response: Json | None

    def rule(self, parameter: str) -> Json | None:
        """Return what a parameter must be, None for one that is unknown."""
        if parameter == "$expand" and self.name in _EXPANDS:
            return {"type": "string"}
        # What a link of Graph's own to a next page or a next round carries.
        if parameter in ("$skiptoken", "$deltatoken") and self.name == "messages.delta":
            return {"type": "string"}
        if parameter == "changeType" and self.name == "messages.delta":
            return {"type": "array", "items": {"enum": ["created", "updated", "deleted"]}}
        if parameter in _WINDOW and self.name == "events.instances":
            return {"type": "string"}
        found = self.parameters.get(parameter)
        if found and parameter == "$select" and self.name == "events.get":
            return {**found, "items": {**found["items"], "enum": [*found["items"]["enum"], *_LATER]}}
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, taken apart. `mailbox` is the address or id that the path names ("": /me), `names` its other ids."""

    operation: Operation
    path: str
    mailbox: str
    names: tuple[str, ...]
    values: Mapping[str, list[str]]
    body: Any
    headers: Mapping[str, str]

    def one(self, name: str, default: str = "") -> str:
        """Return the one value of a parameter."""
        return self.values.get(name, [default])[0]

    def number(self, name: str, default: int) -> int:
        """Return a parameter that is a number."""
        return int(self.one(name, str(default)))

    def listed(self, name: str) -> tuple[str, ...]:
        """Return the values of a parameter that is a list."""
        return tuple(self.one(name).split(",")) if self.one(name) else ()

    def prefers(self, name: str, default: str = "") -> str:
        """Return what the Prefer header asks for."""
        return preference(self.headers.get("prefer", ""), name, default)

    def filter(self) -> list[Clause]:
        """Return the conditions of $filter."""
        return clauses(self.one("$filter")) if "$filter" in self.values else []


def request_rules(asked: Asked) -> Iterator[str]:
    """Yield what is wrong with a request beyond its description."""
    name = asked.operation.name
    yield from _headers(asked)
    for parameter in _WINDOW:
        if name == "events.instances" and parameter not in asked.values:
            yield f"{name}?{parameter}: missing"
        if parameter in asked.values and not _has_offset(asked.one(parameter)):
            yield f"{name}?{parameter}: {asked.one(parameter)!r} needs an offset"
    if asked.one("$top").isdigit() and not 1 <= int(asked.one("$top")) <= 1000:
        yield f"{name}?$top: at least 1 and at most 1000"
    try:
        yield from _filters(asked)
    except SyntaxFault as fault:
        yield f"{name}?$filter: {fault}"
    if "$expand" in asked.values and name in _EXPANDS:
        try:
            found = expanded_properties(asked.one("$expand"))
        except SyntaxFault as fault:
            yield f"{name}?$expand: {fault}"
            return
        yield from (f"{name}?$expand: {one!r} is no property id" for one in found if not PROPERTY_ID.fullmatch(one))


def _headers(asked: Asked) -> Iterator[str]:
    name, headers = asked.operation.name, asked.headers
    for header in sorted(set(headers) - _HEADERS):
        yield f"{name}: header {header} serves no purpose"
    for given, value in preferences(headers["prefer"]) if "prefer" in headers else ():
        if not _known_preference(given.lower(), value):
            yield f"{name}: Prefer {given}={value!r} means nothing"
    if "if-match" in headers:
        if not re.fullmatch(r'W/"[^"]+"|\*', headers["if-match"]):
            yield f"{name}: If-Match {headers['if-match']!r} is no entity tag of Graph's"
        if asked.operation.http not in {"PATCH", "DELETE"}:
            yield f"{name}: If-Match serves no purpose"


def _known_preference(name: str, value: str) -> bool:
    if name == "outlook.timezone":
        return bool(iana(value))
    if name == "odata.maxpagesize":
        return value.isdigit() and 1 <= int(value) <= 1000
    return (name, value) in {
        ("idtype", "ImmutableId"),
        ("outlook.body-content-type", "text"),
        ("outlook.body-content-type", "html"),
    }


def _filters(asked: Asked) -> Iterator[str]:
    name = asked.operation.name
    found = asked.filter()
    for clause in found:
        yield from (f"{name}?$filter: {problem}" for problem in _clause(clause))
        if name == "messages.delta" and (clause.name != "receivedDateTime" or clause.op not in {"ge", "gt"}):
            yield f"{name}?$filter: only receivedDateTime ge or gt"
    yield from _together(name, asked, found)


def _clause(clause: Clause) -> Iterator[str]:
    kind = "text" if clause.extended else _FILTERS.get(clause.name, "")
    if clause.extended and not PROPERTY_ID.fullmatch(clause.extended):
        yield f"{clause.extended!r} is no property id"
    if not kind or (kind == "list") != (clause.op == "any"):
        yield f"{clause.name} cannot be filtered by"
    elif kind == "moment":
        _ = clause.moment
    elif kind == "text" and not clause.quoted:
        yield f"{clause.name} needs quotes"
    elif kind == "flag" and (clause.quoted or clause.value not in {"true", "false"}):
        yield f"{clause.name} is true or false"


def _together(name: str, asked: Asked, found: list[Clause]) -> Iterator[str]:
    """Yield which parameters do not go together."""
    ordered = [piece.partition(" ")[0] for piece in asked.listed("$orderby")]
    if found and ordered and [clause.name for clause in found[: len(ordered)]] != ordered:
        yield f"{name}?$orderby: what is ordered by must come first in $filter"
    if "$search" in asked.values:
        if found or ordered:
            yield f"{name}?$search: not together with $filter or $orderby"
        if not re.fullmatch(r'"[^"]+"', asked.one("$search")):
            yield f"{name}?$search: needs quotes"
    if {"$skiptoken", "$deltatoken"} & set(asked.values) and len(asked.values) > 1:
        yield f"{name}: a link of Graph's is followed as it is"


def body_rules(name: str, body: Any) -> Iterator[str]:  # noqa: ANN401  # JSON, or MIME as it was sent
    """Yield what is wrong with a body beyond its description."""
    if isinstance(body, bytes):
        yield from _mime(name, body)
    if not isinstance(body, dict):
        return
    if name == "events.create":
        yield from (f"{name}.{needed}: missing" for needed in ("start", "end") if needed not in body)
    if name == "events.patch" and "transactionId" in body:
        yield f"{name}.transactionId: cannot be changed"
    if name == "calendar.getSchedule":
        yield from _schedule(name, body)
    for key in ("start", "end", "startTime", "endTime"):
        if isinstance(body.get(key), dict):
            yield from _time(body[key], f"{name}.{key}")
    for number, one in enumerate(body.get("singleValueExtendedProperties") or ()):
        if not isinstance(one, dict) or not PROPERTY_ID.fullmatch(str(one.get("id"))) or "value" not in one:
            yield f"{name}.singleValueExtendedProperties[{number}]: needs the id of a property and a value"
    for header in body.get("internetMessageHeaders") or ():
        if isinstance(header, dict) and not str(header.get("name", "")).lower().startswith("x-"):
            yield f"{name}.internetMessageHeaders: only x- headers"


def _schedule(name: str, body: Json) -> Iterator[str]:
    yield from (f"{name}.{needed}: missing" for needed in ("schedules", "startTime", "endTime") if needed not in body)
    if not 1 <= len(body.get("schedules") or ()) <= 20:
        yield f"{name}.schedules: 1 to 20"
    if not 5 <= body.get("availabilityViewInterval", 30) <= 1440:
        yield f"{name}.availabilityViewInterval: 5 to 1440"


def _time(value: Json, where: str) -> Iterator[str]:
    moment, zone = value.get("dateTime"), value.get("timeZone")
    if not isinstance(moment, str) or not _DAYS.fullmatch(moment) or not _is_moment(moment):
        yield f"{where}.dateTime: {moment!r} is no local date-time without an offset"
    if not isinstance(zone, str) or not iana(zone):
        yield f"{where}.timeZone: {zone!r} is no time zone"


def _mime(name: str, body: bytes) -> Iterator[str]:
    try:
        raw = b64decode(body, validate=True)
    except binascii.Error:
        yield f"{name}: the body is no base64"
        return
    if not re.match(rb"[!-9;-~]+:", raw):
        yield f"{name}: the body is no MIME"


def _has_offset(text: str) -> bool:
    return _is_moment(text) and datetime.fromisoformat(text).tzinfo is not None and "T" in text


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True

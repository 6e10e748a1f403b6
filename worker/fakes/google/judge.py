"""Judges requests and answers by Google's own descriptions, which ship inside google-api-python-client.

Strict on purpose: an unknown field or parameter, a wrong type, a value outside the listed ones, a date without an
offset is a fault, whichever side made it. Rules that stand in the prose of the descriptions are written out below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson

Json = dict[str, Any]

DOCUMENTS = ("calendar.v3", "gmail.v1", "admin.directory_v1")
_NOT_WITH_SYNC_TOKEN = frozenset(
    {
        "iCalUID",
        "orderBy",
        "privateExtendedProperty",
        "q",
        "sharedExtendedProperty",
        "timeMin",
        "timeMax",
        "updatedMin",
    }
)
_INTEGERS = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "string": str,
    "any": object,
}
_LISTED = re.compile(r'- "([^"]+)"')
_EVENT_ID = re.compile(r"[a-v0-9]{5,1024}")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Method:
    """One method of an API: its id, where it is, what it takes and gives, and which scopes allow it."""

    id: str
    http: str
    path: re.Pattern[str]
    names: tuple[str, ...]
    parameters: Mapping[str, Json]
    request: Json | None
    response: Json | None
    scopes: frozenset[str]
    schemas: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, taken apart: its method, the values of path and query by name, and the JSON body."""

    method: Method
    values: Mapping[str, list[str]]
    body: Any

    def one(self, name: str, default: str = "") -> str:
        """Return the one value of a parameter."""
        return self.values.get(name, [default])[0]

    def flag(self, name: str) -> bool:
        """Return a boolean parameter."""
        return self.one(name) == "true"


def take_apart(
    http: str, path: str, query: Sequence[tuple[str, str]], body: bytes, headers: Mapping[str, str]
) -> tuple[Asked | None, list[str]]:
    """Return the request taken apart and everything that is wrong with it; None where there is no such method."""
    for method in methods():
        match = method.path.fullmatch(path) if method.http == http else None
        if match is None:
            continue
        values: dict[str, list[str]] = {
            name: [unquote(value)] for name, value in zip(method.names, match.groups(), strict=True)
        }
        for name, value in query:
            values.setdefault(name, []).append(value)
        problems = list(_parameters(method, values, {name for name, _ in query}))
        value, more = _body(method, body, headers)
        asked = Asked(method, values, value)
        return asked, [*problems, *more, *_by_hand(asked, headers)]
    return None, [f"{http} {path}: no such method"]


def answer_problems(method: Method, status: int, value: Any) -> list[str]:  # noqa: ANN401  # JSON
    """Return everything that is wrong with an answer."""
    if status >= 400:
        return list(_error(value))
    if method.response is None:
        return [] if value is None else [f"{method.id}: answers with nothing"]
    return list(_value(value, method.response, method, method.id, sent=False))


@cache
def methods() -> tuple[Method, ...]:
    """Return every method of the described APIs, those with the fewest variables in their path first."""
    found: list[Method] = []
    for name in DOCUMENTS:
        document = _document(name)
        found += _methods(document, document)
    return tuple(sorted(found, key=lambda method: len(method.names)))


def _document(name: str) -> Json:
    spec = find_spec("googleapiclient")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(name)
    folder = Path(spec.submodule_search_locations[0]) / "discovery_cache" / "documents"
    document: Json = orjson.loads((folder / f"{name}.json").read_bytes())
    return document


def _methods(node: Json, document: Json) -> Iterator[Method]:
    for raw in node.get("methods", {}).values():
        template = "/" + document["servicePath"] + raw["path"]
        names = tuple(re.findall(r"\{\+?(\w+)\}", template))
        parts = re.split(r"\{\+?\w+\}", template)
        yield Method(
            id=raw["id"],
            http=raw["httpMethod"],
            path=re.compile("([^/]+)".join(re.escape(part) for part in parts)),
            names=names,
            parameters={**document.get("parameters", {}), **raw.get("parameters", {})},
            request=raw.get("request"),
            response=raw.get("response"),
            scopes=frozenset(raw.get("scopes", ())),
            schemas=document["schemas"],
        )
    for inner in node.get("resources", {}).values():
        yield from _methods(inner, document)


# ------------------------------------------------------------------------------------------------------- parameters


def _parameters(method: Method, values: Mapping[str, list[str]], asked: set[str]) -> Iterator[str]:
    for name, given in values.items():
        rule = method.parameters.get(name)
        where = f"{method.id}?{name}"
        if rule is None or (name in asked and rule.get("location") != "query"):
            yield f"{where}: unknown parameter"
            continue
        if len(given) > 1 and not rule.get("repeated"):
            yield f"{where}: given twice"
        for text in given:
            yield from _text(text, rule, where)
    for name, rule in method.parameters.items():
        if rule.get("required") and name not in values:
            yield f"{method.id}?{name}: missing"


def _text(text: str, rule: Json, where: str) -> Iterator[str]:
    kind = rule.get("type")
    if kind == "boolean" and text not in {"true", "false"}:
        yield f"{where}: {text!r} is no boolean"
    elif kind == "integer":
        yield from _integer(text, rule, where)
    else:
        yield from _string(text, rule, where)


def _integer(text: str, rule: Json, where: str) -> Iterator[str]:
    if not re.fullmatch(r"-?\d+", text):
        yield f"{where}: {text!r} is no integer"
        return
    low, high = _INTEGERS.get(rule.get("format", ""), _INTEGERS["int64"])
    low, high = int(rule.get("minimum", low)), int(rule.get("maximum", high))
    if not low <= int(text) <= high:
        yield f"{where}: {text} is out of range"


def _string(text: str, rule: Json, where: str) -> Iterator[str]:
    allowed = _allowed(rule)
    if allowed and text not in allowed:
        yield f"{where}: {text!r} is none of {sorted(allowed)}"
    form = rule.get("format", "")
    if form == "date-time" and not _is_moment(text, offset=True):
        yield f"{where}: {text!r} is no RFC 3339 date-time with an offset"
    if form == "date" and not _is_date(text):
        yield f"{where}: {text!r} is no date"
    if form in {"int64", "uint64"}:
        yield from _integer(text, rule, where)
    if form == "byte" and not re.fullmatch(r"[A-Za-z0-9_-]*={0,2}", text):
        yield f"{where}: is no base64url"
    if "pattern" in rule and not re.fullmatch(rule["pattern"], text):
        yield f"{where}: {text!r} does not match {rule['pattern']}"


def _allowed(rule: Json) -> frozenset[str]:
    """Return the values that the description lists, in its enum or in its prose; empty: any."""
    if "enum" in rule:
        return frozenset(rule["enum"])
    prose = rule.get("description", "")
    _, found, rest = prose.partition("Possible values are:")
    return frozenset(_LISTED.findall(rest)) if found else frozenset()


def _is_moment(text: str, *, offset: bool) -> bool:
    match = _DATE_TIME.fullmatch(text)
    if match is None or (offset and match[2] is None):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


# ------------------------------------------------------------------------------------------------------------ bodies


def _body(method: Method, body: bytes, headers: Mapping[str, str]) -> tuple[Any, list[str]]:
    if method.request is None:
        return None, [f"{method.id}: takes no body"] if body else []
    if not headers.get("content-type", "").startswith("application/json"):
        return None, [f"{method.id}: Content-Type is {headers.get('content-type')!r}"]
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None, [f"{method.id}: the body is no JSON"]
    problems = list(_value(value, method.request, method, method.id, sent=True))
    return value, problems


def _value(value: Any, rule: Json, method: Method, where: str, *, sent: bool) -> Iterator[str]:  # noqa: ANN401  # JSON
    if "$ref" in rule:
        name = rule["$ref"]
        yield from _value(value, method.schemas[name], method, where, sent=sent)
        if name == "EventDateTime" and isinstance(value, dict):
            yield from _event_time(value, where)
        return
    if value is None:
        # In a patch, null takes a value away.
        if not (sent and method.http == "PATCH"):
            yield f"{where}: null"
        return
    kind = rule.get("type", "object")
    if kind == "object":
        yield from _object(value, rule, method, where, sent=sent)
    elif kind == "array" and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _value(item, rule["items"], method, f"{where}[{number}]", sent=sent)
    elif not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind in {"integer", "number"}):
        yield f"{where}: is no {kind}"
    elif kind == "integer":
        yield from _integer(str(value), rule, where)
    elif kind == "string":
        yield from _string(str(value), _in_context(rule, where), where)


def _in_context(rule: Json, where: str) -> Json:
    # Its own prose allows a date-time without an offset where a zone stands beside it; _event_time looks at that.
    return {**rule, "format": ""} if where.endswith((".start.dateTime", ".end.dateTime")) else rule


def _object(value: Any, rule: Json, method: Method, where: str, *, sent: bool) -> Iterator[str]:  # noqa: ANN401  # JSON
    if not isinstance(value, dict):
        yield f"{where}: is no object"
        return
    properties = rule.get("properties", {})
    for name, item in value.items():
        inner = properties.get(name) or rule.get("additionalProperties")
        if inner is None:
            yield f"{where}.{name}: unknown field"
            continue
        if sent and name in properties and _read_only(inner):
            yield f"{where}.{name}: is read-only"
        yield from _value(item, inner, method, f"{where}.{name}", sent=sent)
    if not sent:
        return
    for name, inner in properties.items():
        if method.id in inner.get("annotations", {}).get("required", ()) and name not in value:
            yield f"{where}.{name}: missing"


def _read_only(rule: Json) -> bool:
    return bool(rule.get("readOnly")) or "read-only." in rule.get("description", "").lower()


def _event_time(value: Json, where: str) -> Iterator[str]:
    if ("date" in value) == ("dateTime" in value):
        yield f"{where}: needs either date or dateTime"
    moment = value.get("dateTime")
    if isinstance(moment, str) and not _is_moment(moment, offset="timeZone" not in value):
        yield f"{where}.dateTime: {moment!r} needs an offset or a timeZone"


# ---------------------------------------------------------------------------------------------- rules in the prose


def _by_hand(asked: Asked, headers: Mapping[str, str]) -> Iterator[str]:
    name = asked.method.id
    if name.startswith("calendar."):
        yield from _calendar_rules(name, asked)
    if name.startswith("gmail."):
        yield from _gmail_rules(name, asked)
    if "if-match" in headers and not re.fullmatch(r'(W/)?"[^"]*"|\*', headers["if-match"]):
        yield f"{name}: If-Match {headers['if-match']!r} is no entity tag"


def _calendar_rules(name: str, asked: Asked) -> Iterator[str]:
    if name == "calendar.events.list" and "syncToken" in asked.values:
        for other in sorted(_NOT_WITH_SYNC_TOKEN & set(asked.values)):
            yield f"{name}?{other}: not allowed with syncToken"
        if asked.one("showDeleted") == "false":
            yield f"{name}?showDeleted: may not be false with syncToken"
    if name == "calendar.events.list" and asked.one("orderBy") == "startTime" and not asked.flag("singleEvents"):
        yield f"{name}?orderBy: startTime needs singleEvents"
    if asked.one("maxResults").isdigit() and int(asked.one("maxResults")) > 2500:
        yield f"{name}?maxResults: at most 2500"
    body = asked.body if isinstance(asked.body, dict) else {}
    if name == "calendar.events.insert" and "id" in body:
        if not _EVENT_ID.fullmatch(str(body["id"])):
            yield f"{name}.id: only a-v and 0-9, 5 to 1024 of them"
        if "iCalUID" in body:
            yield f"{name}: either id or iCalUID"
    if name == "calendar.freebusy.query":
        yield from (f"{name}.{needed}: missing" for needed in ("timeMin", "timeMax", "items") if needed not in body)
        if len(body.get("items") or []) > 50:
            yield f"{name}.items: at most 50"


def _gmail_rules(name: str, asked: Asked) -> Iterator[str]:
    if name == "gmail.users.history.list" and "startHistoryId" not in asked.values:
        yield f"{name}?startHistoryId: missing"
    if asked.one("maxResults").isdigit() and int(asked.one("maxResults")) > 500:
        yield f"{name}?maxResults: at most 500"
    if "metadataHeaders" in asked.values and asked.one("format") != "metadata":
        yield f"{name}?metadataHeaders: only with format=metadata"


def _error(value: Any) -> Iterator[str]:  # noqa: ANN401  # JSON
    """Yield what is wrong with an error's body, by the form that both APIs share."""
    error = value.get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict):
        yield "error: missing"
        return
    for name, kind in (("code", int), ("message", str), ("errors", list)):
        if not isinstance(error.get(name), kind):
            yield f"error.{name}: missing"
    for item in error.get("errors") or []:
        if not {"domain", "reason", "message"} <= set(item):
            yield "error.errors: needs domain, reason and message"

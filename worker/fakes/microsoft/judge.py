"""Judges requests and answers by Microsoft's own description of Graph, of which graph.json is a slice.

Strict on purpose: an unknown field or parameter, a wrong type, a value outside the listed ones, a date without an
offset is a fault, whichever side made it. What the description cannot say (headers, preferences, which filters serve)
is in rules.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

import orjson

from worker.fakes.microsoft.rules import Asked, Operation, body_rules, request_rules

Json = dict[str, Any]

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "string": str,
}
# What an answer carries beside the fields of its type (OData JSON format 4.6).
_ANNOTATIONS = re.compile(r"@odata\.(context|etag|type|id|nextLink|deltaLink|count)|@removed|[A-Za-z]+@odata\.context")
# Documented as selectable on a series, and younger than the description.
_LATER = {"cancelledOccurrences": {"type": "string"}, "exceptionOccurrences": {"ref": "event"}}


def take_apart(
    http: str, path: str, query: Sequence[tuple[str, str]], body: bytes, headers: Mapping[str, str]
) -> tuple[Asked | None, list[str]]:
    """Return the request taken apart and everything that is wrong with it; None where there is no such operation."""
    for operation in operations():
        match = operation.pattern.fullmatch(path) if operation.http == http else None
        if match is None:
            continue
        mailbox, *names = (unquote(value or "") for value in match.groups())
        values: dict[str, list[str]] = {}
        for name, value in query:
            values.setdefault(name, []).append(value)
        problems = list(_parameters(operation, values))
        given, more = _body(operation, body, headers)
        asked = Asked(operation, path, mailbox, tuple(names), values, given, headers)
        return asked, [*problems, *more, *request_rules(asked)]
    return None, [f"{http} {path}: no such operation"]


def error_problems(value: Any) -> list[str]:  # noqa: ANN401  # JSON
    """Return everything that is wrong with the body of a refusal."""
    return list(_value(value, _slice()["error"], "refusal", sent=False))


def answer_problems(asked: Asked, value: Any) -> list[str]:  # noqa: ANN401  # JSON, or MIME
    """Return everything that is wrong with a good answer."""
    operation = asked.operation
    if operation.response is None:
        return [] if not value else [f"{operation.name}: answers with nothing"]
    if isinstance(value, bytes):
        return [] if operation.name == "messages.mime" else [f"{operation.name}: answers with JSON"]
    found = list(_value(value, operation.response, operation.name, sent=False))
    selected = asked.listed("$select")
    if selected and isinstance(value, dict):
        allowed = {*selected, "id", "singleValueExtendedProperties"}
        for number, item in enumerate(value["value"] if isinstance(value.get("value"), list) else [value]):
            found += [
                f"{operation.name}[{number}].{name}: was not selected"
                for name in item
                if name not in allowed and not _ANNOTATIONS.fullmatch(name)
            ]
    return found


@cache
def operations() -> tuple[Operation, ...]:
    """Return every operation of the slice, those with the fewest variables in their path first."""
    raw = [*_slice()["operations"], _SETTINGS]
    made = [
        Operation(
            name=one["name"],
            http=one["http"],
            pattern=_pattern(one["path"], top=bool(one.get("top"))),
            parameters=one["parameters"],
            request=one.get("request"),
            response=one.get("response") or ({} if one["name"] == "messages.mime" else None),
        )
        for one in raw
    ]
    return tuple(sorted(made, key=lambda operation: operation.pattern.groups))


# The description has the type and no path; the path is the documentation's (user-get-mailboxsettings).
_SETTINGS: Json = {
    "name": "mailboxSettings.get",
    "http": "GET",
    "path": "/mailboxSettings",
    "parameters": {
        "$select": {
            "type": "array",
            "items": {
                "enum": [
                    "automaticRepliesSetting",
                    "dateFormat",
                    "language",
                    "timeFormat",
                    "timeZone",
                    "userPurpose",
                    "workingHours",
                ],
                "type": "string",
            },
        }
    },
    "response": {"ref": "mailboxSettings"},
}


@cache
def _slice() -> Json:
    value: Json = orjson.loads(files("worker.fakes.microsoft").joinpath("graph.json").read_bytes())
    value["schemas"]["event"]["properties"] |= {
        name: {"type": "array", "items": rule, "readOnly": True} for name, rule in _LATER.items()
    }
    return value


def _pattern(path: str, *, top: bool) -> re.Pattern[str]:
    """Return the expression of a path; actions and functions may leave their namespace out, as all examples do."""
    parts = []
    for part in path.split("/")[1:]:
        named = part.removeprefix("microsoft.graph.")
        if part.startswith("{"):
            parts.append("([^/]+)")
        elif named != part:
            parts.append(r"(?:microsoft\.graph\.)?" + re.escape(named.removesuffix("()")) + r"(?:\(\))?")
        else:
            parts.append(re.escape(part))
    if top:
        return re.compile(r"/v1\.0()" + "".join(f"/{part}" for part in parts))
    # The same events are reached through the person's calendar by name.
    through = "(?:/calendar)?" if path.startswith(("/events", "/calendarView")) else ""
    return re.compile(r"/v1\.0/(?:me|users/([^/]+))" + through + "".join(f"/{part}" for part in parts))


# ------------------------------------------------------------------------------------------------------- parameters


def _parameters(operation: Operation, values: Mapping[str, list[str]]) -> Iterator[str]:
    for name, given in values.items():
        where = f"{operation.name}?{name}"
        rule = operation.rule(name)
        if rule is None:
            yield f"{where}: unknown parameter"
            continue
        if len(given) > 1:
            yield f"{where}: given twice"
        for text in given:
            yield from _text(text, rule, where)
    if "$deltatoken" in values or "$skiptoken" in values:
        return
    for name, rule in operation.parameters.items():
        if rule.get("required") and name not in values:
            yield f"{operation.name}?{name}: missing"


def _text(text: str, rule: Json, where: str) -> Iterator[str]:
    kind = rule.get("type")
    if kind == "boolean" and text not in {"true", "false"}:
        yield f"{where}: {text!r} is no boolean"
    elif kind == "integer":
        if not re.fullmatch(r"\d+", text) or int(text) < rule.get("minimum", 0):
            yield f"{where}: {text!r} is no integer in range"
    elif kind == "array":
        pieces = text.split(",")
        allowed = rule["items"]["enum"]
        for piece in pieces:
            if where.endswith("?$expand") and "(" in piece:
                continue
            if piece not in allowed:
                yield f"{where}: {piece!r} is no property that it knows"
        if len(set(pieces)) < len(pieces):
            yield f"{where}: names a property twice"


# ------------------------------------------------------------------------------------------------------------ bodies


def _body(operation: Operation, body: bytes, headers: Mapping[str, str]) -> tuple[Any, list[str]]:
    kind = headers.get("content-type", "").partition(";")[0]
    if operation.request is None:
        return None, [f"{operation.name}: takes no body"] if body else []
    if operation.name == "messages.create" and kind == "text/plain":
        return body, list(body_rules(operation.name, body))
    if kind != "application/json":
        return None, [f"{operation.name}: Content-Type is {headers.get('content-type')!r}"]
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None, [f"{operation.name}: the body is no JSON"]
    problems = list(_value(value, operation.request, operation.name, sent=True))
    return value, [*problems, *body_rules(operation.name, value)]


def _value(value: Any, rule: Json, where: str, *, sent: bool) -> Iterator[str]:  # noqa: ANN401  # JSON
    if value is None:
        if not rule.get("nullable"):
            yield f"{where}: null"
        return
    if "ref" in rule:
        yield from _object(value, _schema(rule["ref"], value, sent=sent), rule["ref"], where, sent=sent)
    elif "properties" in rule:
        yield from _object(value, rule, "", where, sent=sent)
    elif rule.get("type") == "array" and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _value(item, rule["items"], f"{where}[{number}]", sent=sent)
    else:
        yield from _scalar(value, rule, where)


def _schema(name: str, value: Any, *, sent: bool) -> Json:  # noqa: ANN401  # JSON
    """Return a type; where an answer names a type of its own, that one."""
    said = value.get("@odata.type", "") if isinstance(value, dict) and not sent else ""
    schemas: Mapping[str, Json] = _slice()["schemas"]
    return schemas.get(said.removeprefix("#microsoft.graph."), schemas[name])


def _object(value: Any, schema: Json, name: str, where: str, *, sent: bool) -> Iterator[str]:  # noqa: ANN401  # JSON
    if not isinstance(value, dict):
        yield f"{where}: is no object"
        return
    for key, item in value.items():
        inner = schema["properties"].get(key)
        if not sent and _ANNOTATIONS.fullmatch(key):
            continue
        if inner is None:
            yield f"{where}.{key}: unknown field"
            continue
        # The description calls whatever can be expanded read-only, and a named property's id, with which it is made.
        excused = inner.get("navigation") or name == "singleValueLegacyExtendedProperty"
        if sent and inner.get("readOnly") and not excused:
            yield f"{where}.{key}: is read-only"
        yield from _value(item, inner, f"{where}.{key}", sent=sent)
    yield from (f"{where}.{key}: missing" for key in schema.get("required", ()) if key not in value)


def _scalar(value: Any, rule: Json, where: str) -> Iterator[str]:  # noqa: ANN401  # JSON
    kind = rule.get("type", "string")
    if not isinstance(value, _TYPES.get(kind, dict)) or (isinstance(value, bool) and kind in {"integer", "number"}):
        yield f"{where}: is no {kind}"
    elif "enum" in rule and value not in rule["enum"]:
        yield f"{where}: {value!r} is none of {rule['enum']}"
    elif kind == "integer" and not rule.get("minimum", value) <= value <= rule.get("maximum", value):
        yield f"{where}: {value} is out of range"
    elif rule.get("format") == "date-time" and not _is_moment(str(value)):
        yield f"{where}: {value!r} is no date-time with an offset"
    elif "pattern" in rule and not re.fullmatch(str(rule["pattern"]), str(value)):
        yield f"{where}: {value!r} does not match {rule['pattern']}"


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False

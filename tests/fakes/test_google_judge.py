"""The judge of Google's requests and answers: each kind of fault is found, and what is right is not."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import orjson
import pytest

from worker.fakes.google.judge import answer_problems, methods, take_apart

JSON = {"content-type": "application/json"}
EVENTS = "/calendar/v3/calendars/primary/events"
EVENT: dict[str, Any] = {
    "id": "ft0123456789",
    "summary": "1:1",
    "start": {"dateTime": "2026-12-03T10:00:00-05:00", "timeZone": "America/New_York"},
    "end": {"dateTime": "2026-12-03T10:30:00-05:00"},
    "attendees": [{"email": "alex@example.com", "responseStatus": "needsAction", "optional": True}],
    "extendedProperties": {"private": {"followthrough": "x"}},
}
MESSAGE = {"id": "1", "threadId": "1", "labelIds": ["SENT"], "internalDate": "1764000000000", "raw": "SGk_"}


def problems(http: str, path: str, query: list[tuple[str, str]], body: object = None, **headers: str) -> str:
    """Return what is wrong with a request, one line each."""
    sent = b"" if body is None else orjson.dumps(body)
    _, found = take_apart(http, path, query, sent, {**(JSON if sent else {}), **headers})
    return "\n".join(found)


def changed(body: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return a body with other fields; None takes one away."""
    return {name: value for name, value in {**deepcopy(body), **changes}.items() if value is not None}


def test_it_knows_the_methods_of_three_apis() -> None:
    """The descriptions are read from the library that ships them."""
    names = {method.id for method in methods()}
    assert {"calendar.events.patch", "gmail.users.drafts.send", "directory.users.get"} <= names


@pytest.mark.parametrize(
    ("http", "path", "query", "body"),
    [
        ("GET", EVENTS, [("timeMin", "2026-12-01T00:00:00Z"), ("singleEvents", "true"), ("alt", "json")], None),
        ("GET", EVENTS, [("eventTypes", "default"), ("eventTypes", "outOfOffice"), ("maxResults", "2500")], None),
        ("GET", "/calendar/v3/calendars/a%40b.com/events/x_2026", [], None),
        ("POST", EVENTS, [("sendUpdates", "all")], EVENT),
        ("PATCH", f"{EVENTS}/x", [], {"location": None, "start": EVENT["start"]}),
        ("DELETE", f"{EVENTS}/x", [("sendUpdates", "all")], None),
        ("POST", "/gmail/v1/users/me/drafts", [], {"message": {"raw": "SGk_Pg==", "threadId": "1"}}),
        ("POST", "/gmail/v1/users/me/drafts/send", [], {"id": "r1"}),
    ],
)
def test_what_is_right_is_not_complained_about(
    http: str, path: str, query: list[tuple[str, str]], body: object
) -> None:
    """Requests as the descriptions have them pass."""
    assert problems(http, path, query, body) == ""


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ([("timemin", "2026-12-01T00:00:00Z")], "timemin: unknown parameter"),
        ([("calendarId", "x")], "calendarId"),
        ([("timeMin", "2026-12-01T00:00:00")], "no RFC 3339"),
        ([("timeMin", "2026-13-01T00:00:00Z")], "no RFC 3339"),
        ([("timeMin", "2026-12-01")], "no RFC 3339"),
        ([("singleEvents", "True")], "no boolean"),
        ([("maxResults", "many")], "no integer"),
        ([("maxResults", "0")], "out of range"),
        ([("maxResults", "2501")], "at most 2500"),
        ([("eventTypes", "meeting")], "is none of"),
        ([("timeMax", "2026-12-01T00:00:00Z"), ("timeMax", "2026-12-01T00:00:00Z")], "given twice"),
        ([("orderBy", "startTime")], "needs singleEvents"),
        ([("syncToken", "x"), ("timeMin", "2026-12-01T00:00:00Z")], "not allowed with syncToken"),
        ([("syncToken", "x"), ("q", "y")], "not allowed with syncToken"),
        ([("syncToken", "x"), ("showDeleted", "false")], "may not be false"),
    ],
)
def test_a_wrong_parameter_is_found(query: list[tuple[str, str]], complaint: str) -> None:
    """Unknown, mistyped, out of range, twice, or forbidden together."""
    assert complaint in problems("GET", EVENTS, query)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"subject": "x"}, "subject: unknown field"),
        ({"summary": 5}, "no string"),
        ({"summary": None, "start": None}, "start: missing"),
        ({"start": {"dateTime": "2026-12-03T10:00:00"}}, "needs an offset or a timeZone"),
        ({"start": {"dateTime": "2026-12-03 10:00:00Z"}}, "needs an offset"),
        ({"start": {"date": "2026-12-3"}}, "no date"),
        ({"start": {}}, "either date or dateTime"),
        ({"start": {"date": "2026-12-03", "dateTime": "2026-12-03T10:00:00Z"}}, "either date or dateTime"),
        ({"attendees": {"email": "x"}}, "is no array"),
        ({"attendees": [{"email": "x", "responseStatus": "yes"}]}, "is none of"),
        ({"attendees": [{"email": "x", "self": True}]}, "self: is read-only"),
        ({"attendees": [{"email": "x", "optional": "yes"}]}, "is no boolean"),
        ({"htmlLink": "x"}, "is read-only"),
        ({"status": "moved"}, "is none of"),
        ({"sequence": True}, "is no integer"),
        ({"sequence": 2**40}, "out of range"),
        ({"id": "xyz"}, "only a-v and 0-9"),
        ({"id": "abc"}, "only a-v and 0-9"),
        ({"iCalUID": "x@y"}, "either id or iCalUID"),
        ({"extendedProperties": {"private": {"a": 1}}}, "is no string"),
    ],
)
def test_a_wrong_body_is_found(changes: dict[str, object], complaint: str) -> None:
    """Unknown fields, wrong types and values, missing and read-only ones, at any depth."""
    assert complaint in problems("POST", EVENTS, [], changed(EVENT, **changes))


def test_null_takes_away_in_a_patch_alone() -> None:
    """A null is a removal in a patch, and a fault elsewhere."""
    assert problems("PATCH", f"{EVENTS}/x", [], {"location": None}) == ""
    assert "null" in problems("POST", EVENTS, [], {**EVENT, "location": None})


@pytest.mark.parametrize(
    ("http", "path", "query", "body", "headers", "complaint"),
    [
        ("GET", "/calendar/v3/calenders/x/events", [], None, {}, "no such method"),
        ("PUT", EVENTS, [], EVENT, {}, "no such method"),
        ("GET", EVENTS, [], {}, {}, "takes no body"),
        ("POST", EVENTS, [], EVENT, {"content-type": "text/plain"}, "Content-Type"),
        ("DELETE", f"{EVENTS}/x", [], None, {"if-match": "123"}, "no entity tag"),
        ("GET", "/gmail/v1/users/me/history", [], None, {}, "startHistoryId: missing"),
        ("GET", "/gmail/v1/users/me/history", [("startHistoryId", "x")], None, {}, "no integer"),
        ("GET", "/gmail/v1/users/me/messages", [("maxResults", "501")], None, {}, "at most 500"),
        ("GET", "/gmail/v1/users/me/messages/1", [("metadataHeaders", "To")], None, {}, "only with format=metadata"),
        ("GET", "/gmail/v1/users/me/messages/1", [("format", "mime")], None, {}, "is none of"),
        ("POST", "/gmail/v1/users/me/drafts/send", [], {}, {}, "id: missing"),
        ("POST", "/gmail/v1/users/me/drafts", [], {"message": {"raw": "a+b/"}}, {}, "no base64url"),
        ("POST", "/calendar/v3/freeBusy", [], {"items": [{"id": "x"}]}, {}, "timeMin: missing"),
    ],
)
def test_other_wrong_requests_are_found(
    http: str,
    path: str,
    query: list[tuple[str, str]],
    body: object,
    headers: dict[str, str],
    complaint: str,
) -> None:
    """Methods that do not exist, bodies where none belong, headers and rules that stand in the prose."""
    assert complaint in problems(http, path, query, body, **headers)


@pytest.mark.parametrize(
    ("name", "answer", "complaint"),
    [
        ("gmail.users.messages.get", MESSAGE, ""),
        ("gmail.users.messages.get", {**MESSAGE, "labels": []}, "unknown field"),
        ("gmail.users.messages.get", {**MESSAGE, "internalDate": 1}, "no string"),
        ("gmail.users.messages.get", {**MESSAGE, "internalDate": "soon"}, "no integer"),
        ("gmail.users.messages.get", [], "no object"),
        ("calendar.events.list", {"items": [{"id": "x", "start": {"date": "2026-12-03"}}], "accessRole": "owner"}, ""),
        ("calendar.events.list", {"accessRole": "boss"}, "is none of"),
        ("calendar.events.list", {"items": [{"updated": "2026-12-03T00:00:00"}]}, "no RFC 3339"),
        ("calendar.events.list", {"items": [{"organizer": {"email": "x", "boss": True}}]}, "unknown field"),
        ("calendar.events.delete", {"id": "x"}, "answers with nothing"),
        ("calendar.events.delete", None, ""),
    ],
)
def test_answers_are_judged_as_strictly(name: str, answer: object, complaint: str) -> None:
    """The fake cannot answer what Google would not."""
    method = next(method for method in methods() if method.id == name)
    found = "\n".join(answer_problems(method, 200, answer))
    assert complaint in found
    assert bool(found) == bool(complaint)


def test_errors_have_googles_form() -> None:
    """A refusal needs code, message and reasons."""
    method = methods()[0]
    good = {"error": {"code": 404, "message": "x", "errors": [{"domain": "d", "reason": "r", "message": "m"}]}}
    assert answer_problems(method, 404, good) == []
    assert answer_problems(method, 404, {"error": "x"})
    assert answer_problems(method, 404, {"error": {"code": 404, "message": "x", "errors": [{"reason": "r"}]}})

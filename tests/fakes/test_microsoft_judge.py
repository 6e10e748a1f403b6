"""The judge of Graph's requests and answers: each kind of fault is found, and what is right is not."""

from __future__ import annotations

from base64 import b64encode
from copy import deepcopy
from typing import Any

import orjson
import pytest

from worker.fakes.microsoft.judge import answer_problems, error_problems, operations, take_apart

JSON = {"content-type": "application/json"}
MAIL = {"content-type": "text/plain"}
EVENTS, MESSAGES = "/v1.0/me/events", "/v1.0/me/messages"
DELTA = "/v1.0/me/mailFolders/inbox/messages/delta"
VIEW = [("startDateTime", "2026-12-01T00:00:00Z"), ("endDateTime", "2026-12-31T00:00:00+01:00")]
PROPERTY = "String {00020329-0000-0000-C000-000000000046} Name Key"
TIME = {"dateTime": "2026-12-03T10:00:00", "timeZone": "Eastern Standard Time"}
EVENT: dict[str, Any] = {
    "subject": "1:1",
    "start": TIME,
    "end": {"dateTime": "2026-12-03T10:30:00.0000000", "timeZone": "America/New_York"},
    "attendees": [{"type": "required", "emailAddress": {"address": "alex@example.com", "name": "Alex"}}],
    "transactionId": "ft-1",
    "singleValueExtendedProperties": [{"id": PROPERTY, "value": "x"}],
}
SCHEDULE: dict[str, Any] = {"schedules": ["a@b.example"], "startTime": TIME, "endTime": TIME}
MESSAGE: dict[str, Any] = {"id": "AAk", "subject": "Hi", "isDraft": False, "receivedDateTime": "2026-12-03T10:00:00Z"}


def problems(http: str, path: str, query: list[tuple[str, str]], body: object = None, **headers: str) -> str:
    """Return what is wrong with a request, one line each."""
    sent = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
    kind = MAIL if isinstance(body, bytes) else JSON if sent else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    _, found = take_apart(http, path, query, sent, {**kind, **named})
    return "\n".join(found)


def changed(body: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return a body with other fields; None takes one away."""
    return {name: value for name, value in {**deepcopy(body), **changes}.items() if value is not None}


def test_it_knows_the_operations_of_the_slice() -> None:
    """The slice has every operation that the fake carries out, each under both ways to name a mailbox."""
    names = {one.name for one in operations()}
    assert {"calendarView.list", "messages.delta", "messages.send", "users.manager", "mailboxSettings.get"} <= names
    for path in ("/v1.0/me/events", "/v1.0/users/dana%40example.com/events", "/v1.0/users/1-2/calendar/events"):
        asked, found = take_apart("GET", path, [], b"", {})
        assert asked is not None
        assert (asked.operation.name, found) == ("events.list", [])


def test_the_mailbox_and_the_ids_of_a_path_are_read() -> None:
    """An address with a plus and an id with a slash come out of the path as they were meant."""
    asked, _ = take_apart("GET", "/v1.0/users/a%2Bb%40example.com/messages/AAk%2Fx%3D", [], b"", {})
    assert asked is not None
    assert (asked.mailbox, asked.names) == ("a+b@example.com", ("AAk/x=",))


@pytest.mark.parametrize(
    ("http", "path", "query", "body", "headers"),
    [
        ("GET", "/v1.0/me/calendarView", [*VIEW, ("$select", "subject,start,end"), ("$top", "100")], None, {}),
        ("GET", EVENTS, [("$filter", "iCalUId eq 'x' and type eq 'singleInstance'")], None, {}),
        ("GET", f"{EVENTS}/x", [("$select", "id,cancelledOccurrences")], None, {}),
        ("GET", f"{EVENTS}/x", [("$expand", f"singleValueExtendedProperties($filter=id eq '{PROPERTY}')")], None, {}),
        ("GET", f"{EVENTS}/x/instances", VIEW, None, {"prefer": 'IdType="ImmutableId", outlook.timezone="UTC"'}),
        ("POST", EVENTS, [], EVENT, {}),
        ("PATCH", f"{EVENTS}/x", [], {"location": None, "start": TIME}, {"if_match": 'W/"abc"'}),
        ("DELETE", f"{EVENTS}/x", [], None, {"if_match": "*"}),
        ("POST", f"{EVENTS}/x/cancel", [], {"comment": "Sorry"}, {}),
        ("POST", "/v1.0/me/calendar/getSchedule", [], SCHEDULE, {}),
        ("POST", "/v1.0/me/calendar/microsoft.graph.getSchedule", [], SCHEDULE, {}),
        ("GET", DELTA, [("$filter", "receivedDateTime ge 2026-12-01T00:00:00Z"), ("changeType", "created")], None, {}),
        ("GET", f"{DELTA}()", [("$deltatoken", "x")], None, {"prefer": "odata.maxpagesize=50"}),
        ("GET", MESSAGES, [("$search", '"token"')], None, {}),
        ("POST", MESSAGES, [], b64encode(b"Subject: Hi\r\n\r\nHello"), {}),
        ("POST", f"{MESSAGES}/x/send", [], None, {}),
        ("PATCH", f"{MESSAGES}/x", [], {"isRead": True, "singleValueExtendedProperties": []}, {}),
        ("GET", f"{MESSAGES}/x/$value", [], None, {"accept": "text/plain", "user_agent": "x"}),
        ("GET", "/v1.0/users", [("$filter", "proxyAddresses/any(p:p eq 'smtp:o''x@y')")], None, {}),
    ],
)
def test_what_is_right_is_not_complained_about(
    http: str, path: str, query: list[tuple[str, str]], body: object, headers: dict[str, str]
) -> None:
    """Requests as the documentation has them pass."""
    assert problems(http, path, query, body, **headers) == ""


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ([("select", "subject")], "select: unknown parameter"),
        ([("$select", "subject,summary")], "'summary' is no property"),
        ([("$select", "Subject")], "'Subject' is no property"),
        ([("$select", "subject,subject")], "names a property twice"),
        ([("$select", "cancelledOccurrences")], "is no property"),
        ([("$top", "many")], "no integer"),
        ([("$top", "0")], "at least 1"),
        ([("$top", "1001")], "at most 1000"),
        ([("$count", "True")], "no boolean"),
        ([("$top", "5"), ("$top", "6")], "given twice"),
        ([("$orderby", "begin")], "'begin' is no property"),
        ([("$filter", "subject is 'x'")], "not understood"),
        ([("$filter", "subject eq 'x' or subject eq 'y'")], "not understood"),
        ([("$filter", "iCalUID eq 'x'")], "cannot be filtered by"),
        ([("$filter", "subject eq x")], "needs quotes"),
        ([("$filter", "isCancelled eq 'true'")], "true or false"),
        ([("$filter", "createdDateTime ge 2026-12-01T00:00:00")], "needs an offset"),
        ([("$filter", "createdDateTime ge '2026-12-01T00:00:00Z'")], "no quotes"),
        ([("$filter", "createdDateTime ge yesterday")], "no date-time"),
        ([("$filter", "categories/any(c:c eq 'x')")], "cannot be filtered by"),
        ([("$filter", "singleValueExtendedProperties/any(e: e/id eq 'Key' and e/value eq 'x')")], "no property id"),
        ([("$expand", "attachments")], "is no singleValueExtendedProperties"),
        ([("$expand", "singleValueExtendedProperties($filter=id eq 'Key')")], "no property id"),
        ([("$expand", f"singleValueExtendedProperties($filter=id eq '{PROPERTY}' or name eq 'x')")], "not understood"),
        ([("$deltatoken", "x")], "unknown parameter"),
    ],
)
def test_a_wrong_parameter_is_found(query: list[tuple[str, str]], complaint: str) -> None:
    """Unknown, misspelt, mistyped, out of range, twice, or beyond what Graph understands."""
    assert complaint in problems("GET", EVENTS, query)


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ([], "startDateTime: missing"),
        (VIEW[:1], "endDateTime: missing"),
        ([VIEW[0], ("endDateTime", "2026-12-31T00:00:00")], "needs an offset"),
        ([VIEW[0], ("endDateTime", "2026-12-31")], "needs an offset"),
        ([VIEW[0], ("endDateTime", "2026-13-31T00:00:00Z")], "needs an offset"),
    ],
)
@pytest.mark.parametrize("path", ["/v1.0/me/calendarView", f"{EVENTS}/x/instances"])
def test_a_window_needs_both_its_ends(path: str, query: list[tuple[str, str]], complaint: str) -> None:
    """A window without an end, or with one that leaves the moment open, is refused."""
    assert complaint in problems("GET", path, query)


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ([("$filter", "subject eq 'x'")], "only receivedDateTime ge or gt"),
        ([("$filter", "receivedDateTime le 2026-12-01T00:00:00Z")], "only receivedDateTime ge or gt"),
        ([("$deltatoken", "x"), ("$select", "id")], "followed as it is"),
        ([("changeType", "made")], "'made' is no property"),
        ([("$expand", "attachments")], "unknown parameter"),
    ],
)
def test_a_round_of_delta_takes_little(query: list[tuple[str, str]], complaint: str) -> None:
    """What delta does not take is refused, and its links are followed as they are."""
    assert complaint in problems("GET", DELTA, query)


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ([("$search", "token")], "needs quotes"),
        ([("$search", '"token"'), ("$filter", "isRead eq true")], "not together"),
        ([("$filter", "isRead eq true"), ("$orderby", "receivedDateTime desc")], "must come first in $filter"),
    ],
)
def test_what_does_not_go_together_is_found(query: list[tuple[str, str]], complaint: str) -> None:
    """Searching, filtering and ordering mails have rules among themselves."""
    assert complaint in problems("GET", MESSAGES, query)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"summary": "x"}, "summary: unknown field"),
        ({"subject": 5}, "no string"),
        ({"start": None}, "start: missing"),
        ({"start": {"dateTime": "2026-12-03T10:00:00Z", "timeZone": "UTC"}}, "without an offset"),
        ({"start": {"dateTime": "2026-12-03", "timeZone": "UTC"}}, "without an offset"),
        ({"start": {"dateTime": "2026-13-03T10:00:00", "timeZone": "UTC"}}, "without an offset"),
        ({"start": {"dateTime": "2026-12-03T10:00:00"}}, "no time zone"),
        ({"start": {"dateTime": "2026-12-03T10:00:00", "timeZone": "Mars/Base"}}, "no time zone"),
        ({"start": {**TIME, "zone": "UTC"}}, "zone: unknown field"),
        ({"attendees": {"emailAddress": {}}}, "is no array"),
        ({"attendees": [{"type": "guest", "emailAddress": {}}]}, "is none of"),
        ({"attendees": [{"email": "x"}]}, "email: unknown field"),
        ({"showAs": "away"}, "is none of"),
        ({"sensitivity": "secret"}, "is none of"),
        ({"isAllDay": "no"}, "no boolean"),
        ({"changeKey": "x"}, "is read-only"),
        ({"iCalUId": "x"}, "is read-only"),
        ({"reminderMinutesBeforeStart": True}, "no integer"),
        ({"reminderMinutesBeforeStart": 2**40}, "out of range"),
        ({"recurrence": {"pattern": {"type": "weekly", "daysOfWeek": ["MO"]}}}, "is none of"),
        ({"singleValueExtendedProperties": [{"id": "Key", "value": "x"}]}, "needs the id of a property"),
        ({"singleValueExtendedProperties": [{"id": PROPERTY}]}, "needs the id of a property"),
        ({"createdDateTime": "2026-12-03T10:00:00"}, "no date-time with an offset"),
        ({"createdDateTime": "2026-12-03T10:00Z"}, "does not match"),
    ],
)
def test_a_wrong_body_is_found(changes: dict[str, object], complaint: str) -> None:
    """Unknown fields, wrong types and values, missing and read-only ones, at any depth."""
    assert complaint in problems("POST", EVENTS, [], changed(EVENT, **changes))


@pytest.mark.parametrize(
    ("http", "path", "query", "body", "headers", "complaint"),
    [
        ("GET", "/v1.0/me/calender", [], None, {}, "no such operation"),
        ("PUT", f"{EVENTS}/x", [], EVENT, {}, "no such operation"),
        ("GET", "/beta/me/events", [], None, {}, "no such operation"),
        ("GET", EVENTS, [], {}, {}, "takes no body"),
        ("POST", EVENTS, [], EVENT, {"content_type": "text/json"}, "Content-Type"),
        ("POST", EVENTS, [], b"e30=", {"content_type": "application/json"}, "is no JSON"),
        ("PATCH", f"{EVENTS}/x", [], {"transactionId": "y"}, {}, "cannot be changed"),
        ("PATCH", f"{EVENTS}/x", [], {"subject": "y"}, {"if_match": "abc"}, "no entity tag"),
        ("GET", f"{EVENTS}/x", [], None, {"if_match": 'W/"abc"'}, "serves no purpose"),
        ("GET", EVENTS, [], None, {"prefer": 'outlook.timezone="Mars"'}, "means nothing"),
        ("GET", EVENTS, [], None, {"prefer": 'IdType="Immutable"'}, "means nothing"),
        ("GET", EVENTS, [], None, {"prefer": "IdType"}, "means nothing"),
        ("GET", EVENTS, [], None, {"prefer": "odata.maxpagesize=0"}, "means nothing"),
        ("GET", EVENTS, [], None, {"x_timezone": "UTC"}, "serves no purpose"),
        ("POST", MESSAGES, [], b"Subject: Hi", {}, "no base64"),
        ("POST", MESSAGES, [], b64encode(b"Hello"), {}, "no MIME"),
        ("POST", MESSAGES, [], {"internetMessageHeaders": [{"name": "In-Reply-To", "value": "x"}]}, {}, "only x-"),
        ("POST", f"{MESSAGES}/x/send", [], {}, {}, "takes no body"),
        ("POST", "/v1.0/me/calendar/getSchedule", [], changed(SCHEDULE, schedules=None), {}, "schedules: missing"),
        ("POST", "/v1.0/me/calendar/getSchedule", [], changed(SCHEDULE, schedules=["x"] * 21), {}, "1 to 20"),
        ("POST", "/v1.0/me/calendar/getSchedule", [], changed(SCHEDULE, availabilityViewInterval=1), {}, "5 to 1440"),
        ("POST", "/v1.0/me/calendar/getSchedule", [], changed(SCHEDULE, Schedules=["x"]), {}, "unknown field"),
        ("GET", "/v1.0/me/mailboxSettings", [("$select", "zone")], None, {}, "'zone' is no property"),
        ("GET", "/v1.0/users", [("$filter", "proxyAddresses eq 'smtp:x'")], None, {}, "cannot be filtered by"),
    ],
)
def test_other_wrong_requests_are_found(
    http: str, path: str, query: list[tuple[str, str]], body: object, headers: dict[str, str], complaint: str
) -> None:
    """Operations that do not exist, bodies where none belong, headers and rules that stand in the prose."""
    assert complaint in problems(http, path, query, body, **headers)


def asked(path: str, **values: str) -> Any:
    """Return a good GET request, taken apart."""
    found, wrong = take_apart("GET", path, [(f"${name}", value) for name, value in values.items()], b"", {})
    assert not wrong
    return found


@pytest.mark.parametrize(
    ("path", "select", "answer", "complaint"),
    [
        (f"{MESSAGES}/x", "", MESSAGE, ""),
        (f"{MESSAGES}/x", "", {**MESSAGE, "@odata.etag": 'W/"x"', "@odata.context": "x"}, ""),
        (f"{MESSAGES}/x", "", {**MESSAGE, "folder": "inbox"}, "folder: unknown field"),
        (f"{MESSAGES}/x", "", {**MESSAGE, "@odata.folder": "inbox"}, "unknown field"),
        (f"{MESSAGES}/x", "", {**MESSAGE, "isDraft": "no"}, "no boolean"),
        (f"{MESSAGES}/x", "", {**MESSAGE, "id": None}, "null"),
        (f"{MESSAGES}/x", "", {**MESSAGE, "receivedDateTime": "2026-12-03T10:00:00"}, "no date-time with an offset"),
        (f"{MESSAGES}/x", "", {**MESSAGE, "importance": "urgent"}, "is none of"),
        (f"{MESSAGES}/x", "", [], "no object"),
        (f"{MESSAGES}/x", "", b"Subject: Hi", "answers with JSON"),
        (f"{MESSAGES}/x/$value", "", b"Subject: Hi", ""),
        (f"{MESSAGES}/x", "subject", {"id": "AAk", "subject": "Hi"}, ""),
        (f"{MESSAGES}/x", "subject", MESSAGE, "isDraft: was not selected"),
        (MESSAGES, "subject", {"value": [MESSAGE]}, "isDraft: was not selected"),
        (DELTA, "", {"value": [{"@removed": {"reason": "deleted"}, "id": "x"}], "@odata.deltaLink": "x"}, ""),
        (f"{EVENTS}/x", "", {"start": TIME, "type": "occurrence", "originalStart": "2026-12-03T10:00:00Z"}, ""),
        (f"{EVENTS}/x", "", {"type": "instance"}, "is none of"),
        (f"{EVENTS}/x", "", {"start": {**TIME, "offset": 1}}, "unknown field"),
        ("/v1.0/me/manager", "", {"@odata.type": "#microsoft.graph.user", "mail": "x"}, ""),
        ("/v1.0/me/manager", "", {"mail": "x"}, "unknown field"),
    ],
)
def test_answers_are_judged_as_strictly(path: str, select: str, answer: object, complaint: str) -> None:
    """The fake cannot answer what Graph would not."""
    found = "\n".join(answer_problems(asked(path, **({"select": select} if select else {})), answer))
    assert complaint in found
    assert bool(found) == bool(complaint)


def test_errors_have_graphs_form() -> None:
    """A refusal needs a code and a message, and nothing beside them that Graph does not have."""
    good = {"error": {"code": "ErrorItemNotFound", "message": "x", "innererror": {"request-id": "1"}}}
    assert error_problems(good) == []
    wrong = [{"code": 404, "message": "x"}, {"code": "x", "message": "x", "reason": "x"}, {"message": "x"}, "x"]
    assert all(error_problems({"error": one}) for one in wrong)
    assert error_problems({})

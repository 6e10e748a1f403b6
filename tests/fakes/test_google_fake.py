"""The fake Google: it behaves as Google's documentation says, with Google's own client library and without our code."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from worker.fakes.google import FakeGoogle, Fault

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DANA = "dana@example.com"
ALEX = "alex@example.com"
Ask = Callable[..., requests.Response]


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    """A fake with two people."""
    with FakeGoogle(lambda: NOW) as running:
        for owner in (DANA, ALEX):
            running.add_calendar(owner, "America/New_York")
            running.add_mailbox(owner)
        yield running


@pytest.fixture
def ask(fake: FakeGoogle) -> Ask:
    """Send a request as Dana, or as somebody else, with every right or with these."""
    tokens: dict[tuple[str, frozenset[str]], str] = {}
    every = frozenset({"https://www.googleapis.com/auth/calendar", "https://mail.google.com/"})

    def send(
        method: str,
        path: str,
        account: str = DANA,
        scopes: frozenset[str] = every,
        **more: Any,  # for requests
    ) -> requests.Response:
        if (account, scopes) not in tokens:
            refresh = fake.sign_in.grant(account, scopes)
            form = {"grant_type": "refresh_token", "refresh_token": refresh}
            tokens[account, scopes] = requests.post(f"{fake.url}token", data=form, timeout=5).json()["access_token"]
        headers = {"Authorization": f"Bearer {tokens[account, scopes]}", **more.pop("headers", {})}
        return requests.request(method, fake.url + path, headers=headers, timeout=5, **more)

    return send


EVENTS = "calendar/v3/calendars/primary/events"


def event(start: str = "2026-12-03T10:00:00-05:00", **more: Any) -> dict[str, Any]:  # Google's fields
    """Return an event of half an hour."""
    end = start.replace(":00:00", ":30:00")
    zone = "America/New_York"
    times = {"start": {"dateTime": start, "timeZone": zone}, "end": {"dateTime": end, "timeZone": zone}}
    return {"summary": "1:1", **times, "attendees": [{"email": DANA}, {"email": ALEX}], **more}


def test_an_id_stays_taken_after_a_deletion(ask: Ask) -> None:
    """An insert under an id that was used is a 409, also after the event was deleted; the event says cancelled."""
    assert ask("POST", EVENTS, json=event(id="abcde")).status_code == 200
    assert ask("POST", EVENTS, json=event(id="abcde")).status_code == 409
    assert ask("DELETE", f"{EVENTS}/abcde").status_code == 204
    assert ask("POST", EVENTS, json=event(id="abcde")).json()["error"]["errors"][0]["reason"] == "duplicate"
    assert ask("GET", f"{EVENTS}/abcde").json()["status"] == "cancelled"
    assert ask("DELETE", f"{EVENTS}/abcde").status_code == 410
    assert ask("GET", f"{EVENTS}/fghij").status_code == 404


def test_a_series_is_expanded_with_its_exceptions(ask: Ask) -> None:
    """Instances carry series, original start and a name; a moved one keeps it, a cancelled one is left out."""
    series = ask("POST", EVENTS, json=event(id="abcde", recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"])).json()
    window = {"timeMin": "2026-12-01T00:00:00Z", "timeMax": "2026-12-31T00:00:00Z", "singleEvents": "true"}
    items = ask("GET", EVENTS, params=window).json()["items"]
    names = [f"abcde_202612{day}T150000Z" for day in ("03", "10", "17", "24")]
    assert [item["id"] for item in items] == names
    moved = {"start": {"dateTime": "2026-12-11T15:00:00-05:00"}, "end": {"dateTime": "2026-12-11T15:30:00-05:00"}}
    assert ask("PATCH", f"{EVENTS}/{names[1]}", json=moved).status_code == 200
    assert ask("DELETE", f"{EVENTS}/{names[2]}").status_code == 204
    items = ask("GET", EVENTS, params=window).json()["items"]
    assert [item["id"] for item in items] == [names[0], names[1], names[3]]
    assert items[1]["originalStartTime"]["dateTime"] == "2026-12-10T10:00:00-05:00"
    assert items[1]["start"]["dateTime"] == "2026-12-11T15:00:00-05:00"
    assert {item["iCalUID"] for item in items} == {series["iCalUID"]}
    shown = ask("GET", EVENTS, params={"iCalUID": series["iCalUID"], "showDeleted": "true"}).json()["items"]
    assert sorted(item["id"] for item in shown) == sorted(["abcde", names[1], names[2]])
    cancelled = next(item for item in shown if item["id"] == names[2])
    assert set(cancelled) >= {"id", "status", "recurringEventId", "originalStartTime"}
    assert "iCalUID" not in cancelled
    one = {"originalStart": "2026-12-10T10:00:00-05:00"}
    assert [item["id"] for item in ask("GET", f"{EVENTS}/abcde/instances", params=one).json()["items"]] == [names[1]]


def test_pages_belong_to_the_list_that_they_were_given_for(fake: FakeGoogle, ask: Ask) -> None:
    """The sync token is on the last page alone, and a page's token does not serve another list."""
    for day in range(1, 6):
        ask("POST", EVENTS, json=event(f"2026-12-0{day}T10:00:00-05:00"))
    first = ask("GET", EVENTS, params={"maxResults": "2"}).json()
    assert len(first["items"]) == 2
    assert "nextSyncToken" not in first
    assert ask("GET", EVENTS, params={"maxResults": "3", "pageToken": first["nextPageToken"]}).status_code == 400
    second = ask("GET", EVENTS, params={"maxResults": "2", "pageToken": first["nextPageToken"]}).json()
    third = ask("GET", EVENTS, params={"maxResults": "2", "pageToken": second["nextPageToken"]}).json()
    assert len(third["items"]) == 1
    assert third["nextSyncToken"]
    fake.calendar_api.expired_before = 10**6
    gone = ask("GET", EVENTS, params={"syncToken": third["nextSyncToken"]})
    assert (gone.status_code, gone.json()["error"]["errors"][0]["reason"]) == (410, "fullSyncRequired")


def test_an_etag_guards_a_write(ask: Ask) -> None:
    """A write with the etag of an earlier state is refused with 412, one with the present etag is not."""
    made = ask("POST", EVENTS, json=event(id="abcde")).json()
    changed = ask("PATCH", f"{EVENTS}/abcde", json={"summary": "x"}, headers={"If-Match": made["etag"]}).json()
    assert changed["etag"] != made["etag"]
    assert ask("PATCH", f"{EVENTS}/abcde", json={"summary": "y"}, headers={"If-Match": made["etag"]}).status_code == 412
    assert ask("DELETE", f"{EVENTS}/abcde", headers={"If-Match": changed["etag"]}).status_code == 204


def test_a_guest_sees_the_event_and_may_not_change_it(ask: Ask) -> None:
    """The event shows in the guest's calendar, `self` is theirs, private properties are not, and a change is a 403."""
    ask("POST", EVENTS, json=event(id="abcde", extendedProperties={"private": {"a": "b"}}))
    seen = ask("GET", f"{EVENTS}/abcde", ALEX).json()
    assert [person.get("self", False) for person in seen["attendees"]] == [False, True]
    assert "extendedProperties" not in seen
    refused = ask("PATCH", f"{EVENTS}/abcde", ALEX, json={"summary": "x"})
    assert refused.json()["error"]["errors"][0]["reason"] == "forbiddenForNonOrganizer"


def test_a_patch_replaces_lists_and_merges_objects(ask: Ask) -> None:
    """Attendees are replaced as a whole, properties are merged, null takes away."""
    ask("POST", EVENTS, json=event(id="abcde", location="Room 4", extendedProperties={"private": {"a": "1"}}))
    body = {"attendees": [{"email": ALEX}], "location": None, "extendedProperties": {"private": {"b": "2"}}}
    changed = ask("PATCH", f"{EVENTS}/abcde", json=body).json()
    assert [person["email"] for person in changed["attendees"]] == [ALEX]
    assert "location" not in changed
    assert changed["extendedProperties"]["private"] == {"a": "1", "b": "2"}


def test_free_and_busy_melts_neighbours_and_names_errors(ask: Ask) -> None:
    """Neighbouring meetings are one block, free ones none; an unknown calendar is an error, not free."""
    for start in ("2026-12-03T10:00:00-05:00", "2026-12-03T11:00:00-05:00"):
        ask("POST", EVENTS, json=event(start))
    ask("POST", EVENTS, json=event("2026-12-03T10:30:00-05:00", end={"dateTime": "2026-12-03T11:00:00-05:00"}))
    ask("POST", EVENTS, json=event("2026-12-03T15:00:00-05:00", transparency="transparent"))
    body = {
        "timeMin": "2026-12-03T00:00:00Z",
        "timeMax": "2026-12-04T00:00:00Z",
        "items": [{"id": ALEX}, {"id": "nobody@example.com"}],
    }
    found = ask("POST", "calendar/v3/freeBusy", json=body).json()["calendars"]
    assert found[ALEX]["busy"] == [{"start": "2026-12-03T15:00:00Z", "end": "2026-12-03T16:30:00Z"}]
    assert found["nobody@example.com"]["errors"][0]["reason"] == "notFound"


def draft(ask: Ask, raw: bytes, **more: str) -> dict[str, Any]:
    """Store a draft."""
    message = {"raw": urlsafe_b64encode(raw).decode(), **more}
    found: dict[str, Any] = ask("POST", "gmail/v1/users/me/drafts", json={"message": message}).json()
    return found


MAIL = f"From: {DANA}\r\nTo: {ALEX}\r\nMessage-ID: <mine@example.com>\r\nSubject: Hi\r\n\r\nHello\r\n".encode()


def test_a_draft_is_sent_once_and_gets_another_id(fake: FakeGoogle, ask: Ask) -> None:
    """Sending takes the draft away, gives message and Message-ID new names, and delivers."""
    made = draft(ask, MAIL)
    sent = ask("POST", "gmail/v1/users/me/drafts/send", json={"id": made["id"]}).json()
    assert sent["id"] != made["message"]["id"]
    assert (sent["threadId"], sent["labelIds"]) == (made["message"]["threadId"], ["SENT"])
    assert ask("POST", "gmail/v1/users/me/drafts/send", json={"id": made["id"]}).status_code == 404
    whole = ask("GET", f"gmail/v1/users/me/messages/{sent['id']}", params={"format": "metadata"}).json()
    assert "<mine@example.com>" not in str(whole)
    inbox = ask("GET", "gmail/v1/users/me/messages", ALEX, params={"q": "in:inbox"}).json()
    assert inbox["resultSizeEstimate"] == 1
    assert len(fake.mail.left) == 1


def test_history_tells_what_came_and_expires(fake: FakeGoogle, ask: Ask) -> None:
    """The history after an id has what came since, and an id that is too old is a 404."""
    start = ask("GET", "gmail/v1/users/me/profile").json()["historyId"]
    fake.mail.mailboxes[DANA].receive(MAIL)
    query = {"startHistoryId": start, "historyTypes": "messageAdded"}
    found = ask("GET", "gmail/v1/users/me/history", params=query).json()
    assert len(found["history"]) == 1
    again = ask("GET", "gmail/v1/users/me/history", params={**query, "startHistoryId": found["historyId"]}).json()
    assert "history" not in again
    fake.mail.mailboxes[DANA].forget_history()
    assert ask("GET", "gmail/v1/users/me/history", params=query).status_code == 404


def test_scopes_are_enforced(ask: Ask) -> None:
    """A token without the scope of a method is refused, one that is not known is a 401."""
    narrow = frozenset({"https://www.googleapis.com/auth/calendar.events.owned.readonly"})
    assert ask("GET", EVENTS, scopes=narrow).status_code == 200
    refused = ask("POST", EVENTS, scopes=narrow, json=event())
    assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (403, "insufficientPermissions")
    assert ask("GET", EVENTS, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_whatever_is_wrong_is_refused_and_noted(fake: FakeGoogle, ask: Ask) -> None:
    """A request that breaks the description is a 400, and stands in the complaints."""
    assert ask("POST", EVENTS, json={**event(), "colour": "red"}).status_code == 400
    assert fake.complaints == ["calendar.events.insert.colour: unknown field"]


def test_the_fault_switch(fake: FakeGoogle, ask: Ask) -> None:
    """A fault strikes the requests it names, as often as it says, before or after the effect."""
    fake.faults.append(Fault("calendar.events.insert", status=503, headers={"Retry-After": "7"}))
    answer = ask("POST", EVENTS, json=event(id="abcde"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert ask("GET", f"{EVENTS}/abcde").status_code == 404
    fake.faults.append(Fault("calendar.*", "drop", effect=True, skip=1))
    assert ask("GET", EVENTS).status_code == 200
    with pytest.raises(requests.ConnectionError):
        ask("POST", EVENTS, json=event(id="abcde"))
    assert ask("GET", f"{EVENTS}/abcde").status_code == 200
    fake.faults.append(Fault("*", "html"))
    assert ask("GET", EVENTS).headers["Content-Type"] == "text/html"
    fake.faults.append(Fault("*", "truncated"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask("GET", EVENTS)
    assert fake.requests["calendar.events.insert"] == 2

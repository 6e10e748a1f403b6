"""The fake Microsoft as a server: what is wrong is refused and noted, faults strike as they are told, limits hold."""

from __future__ import annotations

import threading
import time

import pytest
import requests

from tests.fakes.office import Office
from worker.fakes.microsoft import Fault

TIME = {"dateTime": "2026-12-03T10:00:00", "timeZone": "UTC"}
EVENT = {"subject": "1:1", "start": TIME, "end": TIME}


def test_whatever_is_wrong_is_refused_and_noted(office: Office) -> None:
    """A request that breaks the description is a 400 without effect, and stands in the complaints."""
    answer = office("POST", "me/events", json={**EVENT, "colour": "red"})
    assert office.code(answer) == (400, "BadRequest")
    assert office("GET", "me/calender").status_code == 400
    assert office.fake.complaints == [
        "events.create.colour: unknown field",
        "GET /v1.0/me/calender: no such operation",
    ]
    office.fake.complaints.clear()
    assert office("GET", "me/events").json()["value"] == []


def test_an_answer_that_graph_would_not_give_does_not_leave(office: Office) -> None:
    """What is wrong with the fake itself is noted as well, and nobody is told it."""
    office.fake.calendars.add(office.dana, {**EVENT, "showAs": "away"})
    assert office.code(office("GET", "me/events")) == (500, "ErrorInternalServerError")
    (complaint,) = office.fake.complaints
    assert "answer to events.list.value[0].showAs: 'away' is none of" in complaint
    office.fake.complaints.clear()


def test_what_the_fake_does_not_do_it_says(office: Office) -> None:
    """A draft from JSON, a change of a subject, other comparisons: Graph's and not the fake's, a 501 and no guess."""
    assert office("POST", "me/messages", json={"subject": "x"}).status_code == 501
    made = office.draft(b"Subject: Hi\r\n\r\nHello")
    assert office("PATCH", f"me/messages/{made['id']}", json={"subject": "x"}).status_code == 501
    office("POST", "me/events", json=EVENT)
    for path, condition in (
        ("me/events", "createdDateTime ge 2026-12-01T00:00:00Z"),
        ("me/messages", "iCalUId eq 'x'"),
        ("users", "mail ne 'x'"),
    ):
        assert office("GET", path, params={"$filter": condition}).status_code == 501, path


def test_the_fault_switch(office: Office) -> None:
    """A fault strikes the requests it names, as often as it says, before or after the effect."""
    office.fake.faults.append(Fault("events.create", status=503, headers={"Retry-After": "7"}))
    answer = office("POST", "me/events", json=EVENT)
    assert (office.code(answer), answer.headers["Retry-After"]) == ((503, "ServiceUnavailable"), "7")
    office.fake.faults.append(Fault("events.*", "drop", effect=True, skip=1))
    assert office("GET", "me/events").json()["value"] == []
    with pytest.raises(requests.ConnectionError):
        office("POST", "me/events", json=EVENT)
    assert len(office("GET", "me/events").json()["value"]) == 1
    office.fake.faults.append(Fault("*", "html"))
    assert office("GET", "me/events").headers["Content-Type"] == "text/html"
    office.fake.faults.append(Fault("*", "truncated"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        office("GET", "me/events")
    office.fake.faults.append(Fault("events.list", "hang", seconds=0.01))
    with pytest.raises(requests.ConnectionError):
        office("GET", "me/events")
    assert office.fake.requests["events.create"] == 2
    assert office.fake.count("events.") == 7


def test_a_page_can_come_again(office: Office) -> None:
    """The last good answer of an operation is given once more, whatever was asked."""
    office.fake.faults.append(Fault("events.list", "again", skip=1))
    assert office("GET", "me/events").json()["value"] == []
    office("POST", "me/events", json=EVENT)
    assert office("GET", "me/events").json()["value"] == []
    assert len(office("GET", "me/events").json()["value"]) == 1


@pytest.mark.parametrize(
    ("headers", "reason", "code"),
    [
        ({"Retry-After": "120"}, "", "TooManyRequests"),
        ({"Retry-After": "Mon, 23 Nov 2026 09:02:00 GMT"}, "", "TooManyRequests"),
        ({}, "ApplicationThrottled", "ApplicationThrottled"),
    ],
)
def test_throttling_has_three_forms(office: Office, headers: dict[str, str], reason: str, code: str) -> None:
    """A 429 says how long to wait in seconds, until when, or nothing."""
    office.fake.faults.append(Fault("messages.list", status=429, reason=reason, headers=headers))
    answer = office("GET", "me/messages")
    assert office.code(answer) == (429, code)
    assert answer.headers.get("Retry-After") == headers.get("Retry-After")


def test_so_many_requests_at_once(office: Office) -> None:
    """One app has four requests at a time in one mailbox; the fifth is over the limit, another mailbox is not."""
    gate, found = threading.Event(), []
    token = office.fake.sign_in.access_token(office.dana, {"Mail.Read"})

    def ask() -> int:
        headers = {"Authorization": f"Bearer {token}"}
        address = f"{office.fake.url}v1.0/me/messages"
        return requests.get(address, headers=headers, verify=str(office.fake.ca_file), timeout=30).status_code

    threads = [threading.Thread(target=lambda: found.append(ask())) for _ in range(4)]
    for thread in threads:
        # Each is held up on its own before the next one comes.
        office.fake.meanwhile.append(("messages.list", lambda: gate.wait(30)))
        thread.start()
        for _ in range(2000):
            if not office.fake.meanwhile:
                break
            time.sleep(0.005)
    fifth = office("GET", "me/messages")
    assert (office.code(fifth), fifth.headers["Retry-After"]) == ((429, "ApplicationThrottled"), "1")
    assert office("GET", "me/messages", office.alex).status_code == 200
    gate.set()
    for thread in threads:
        thread.join()
    assert found == [200, 200, 200, 200]
    assert office("GET", "me/messages").status_code == 200


def test_what_somebody_else_does_meanwhile(office: Office) -> None:
    """An act can happen just before a request is carried out."""
    office.fake.meanwhile.append(("events.list", lambda: office.fake.calendars.add(office.dana, EVENT)))
    assert len(office("GET", "me/events").json()["value"]) == 1
    assert len(office("GET", "me/events").json()["value"]) == 1


def test_a_failure_of_the_fake_is_noted(office: Office) -> None:
    """Where the fake itself breaks, the connection does too, and the complaints say why."""
    office.fake.meanwhile.append(("events.list", lambda: office.fake.last["never"]))
    with pytest.raises(requests.ConnectionError):
        office("GET", "me/events")
    assert office.fake.complaints == ["the fake failed: KeyError('never')"]
    office.fake.complaints.clear()


def test_answers_carry_the_fakes_own_time(office: Office) -> None:
    """The Date header is by the fake's clock: a client can see that its own is wrong."""
    assert office("GET", "me/events").headers["Date"] == "Mon, 23 Nov 2026 09:00:00 GMT"


def test_the_authority_of_a_run_is_gone_with_it(office: Office) -> None:
    """The keys of a run are readable by their owner alone while it runs."""
    folder = office.fake.ca_file.parent
    assert (folder / "server.pem").stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0

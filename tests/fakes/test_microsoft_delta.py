"""The fake's rounds of messages/delta behave as Graph's documentation says, asked over HTTP without our code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.fakes.office import Office, mail


def rounds(office: Office, link: str, **more: Any) -> tuple[list[dict[str, Any]], str]:
    """Follow a round of delta to its end; returns what it told and the link to the next one."""
    items: list[dict[str, Any]] = []
    while True:
        page = office("GET", link, **more).json()
        items += page["value"]
        if "@odata.deltaLink" in page:
            return items, page["@odata.deltaLink"]
        link, more = page["@odata.nextLink"], {}


def test_delta_tells_what_is_there_and_then_what_changed(office: Office) -> None:
    """The first round lists the folder in pages, the next what came, changed and went, and nothing twice."""
    box = office.fake.mail.mailboxes[office.dana]
    came = [box.receive(mail(office, subject=f"No. {number}")) for number in range(12)]
    path = "me/mailFolders/inbox/messages/delta"
    items, link = rounds(office, path, params={"$select": "subject"})
    assert {one["id"] for one in items} == {one.id for one in came}
    assert office.fake.requests["messages.delta"] == 2
    assert all(set(one) == {"@odata.etag", "id", "subject"} for one in items)
    assert rounds(office, link)[0] == []
    new = box.receive(mail(office, subject="New"))
    box.touch(came[0])
    box.touch(came[0])
    box.move(came[1], "archive")
    box.delete(came[2])
    items, later = rounds(office, link)
    told = {one["id"]: one.get("subject", one.get("@removed")) for one in items}
    gone = {"reason": "deleted"}
    assert told == {new.id: "New", came[0].id: "No. 0", came[1].id: gone, came[2].id: gone}
    assert len(items) == 4
    assert rounds(office, later)[0] == []
    assert len(rounds(office, link)[0]) == 4


def test_delta_takes_a_moment_a_kind_and_a_size(office: Office) -> None:
    """A round can leave out what is old and what only changed, and its pages are as long as is preferred."""
    box = office.fake.mail.mailboxes[office.dana]
    old = box.receive(mail(office), office.now - timedelta(days=9))
    for _ in range(3):
        box.receive(mail(office))
    params = {"$filter": "receivedDateTime ge 2026-11-22T00:00:00Z", "changeType": "created"}
    path = "me/mailFolders/inbox/messages/delta"
    headers = {"Prefer": 'IdType="ImmutableId", odata.maxpagesize=2'}
    page = office("GET", path, params=params, headers=headers).json()
    assert len(page["value"]) == 2
    items, link = rounds(office, page["@odata.nextLink"], headers=headers)
    assert len(items) == 1
    box.touch(old)
    box.touch(box.messages[items[0]["id"]])
    assert rounds(office, link)[0] == []


def test_delta_tokens_die(office: Office) -> None:
    """A token that is forgotten is a 410 with the place to begin again, or a 40x; one that never was is a 400."""
    box = office.fake.mail.mailboxes[office.dana]
    path = "me/mailFolders/inbox/messages/delta"
    _, link = rounds(office, path)
    box.forget_delta()
    gone = office("GET", link)
    assert office.code(gone) == (410, "syncStateNotFound")
    assert rounds(office, gone.headers["Location"])[0] == []
    assert office.code(office("GET", link)) == (410, "syncStateNotFound")
    _, link = rounds(office, path)
    box.forget_delta(404)
    assert office.code(office("GET", link)) == (404, "syncStateNotFound")
    box.lost = 0
    assert office("GET", f"{path}?$deltatoken=never").status_code == 400
    _, link = rounds(office, path)
    assert office("GET", link.replace("inbox", "drafts")).status_code == 400

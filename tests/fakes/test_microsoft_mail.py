"""The fake's mail behaves as Graph's documentation says, asked over HTTP without our code."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import default
from typing import Any

import pytest

from tests.fakes.office import IMMUTABLE, Office, mail
from worker.fakes.microsoft import answer

KEY = "String {00020386-0000-0000-C000-000000000046} Name X-Key"


def folder(office: Office, name: str, account: str = "", **params: str) -> list[dict[str, Any]]:
    """Return the messages of a folder."""
    found = office("GET", f"me/mailFolders/{name}/messages", account or office.dana, params=params)
    assert found.status_code == 200, found.text
    items: list[dict[str, Any]] = found.json()["value"]
    return items


def test_a_draft_is_sent_and_keeps_its_immutable_id_alone(office: Office) -> None:
    """Sending is accepted with an empty 202; the draft's other id dies, the immutable one finds it in Sent Items."""
    made = office.draft(mail(office))
    assert (made["isDraft"], made["internetMessageId"]) == (True, "<mine@example.com>")
    other = office("GET", f"me/messages/{made['id']}", headers={}).json()["id"]
    assert other != made["id"]
    sent = office("POST", f"me/messages/{made['id']}/send")
    assert (sent.status_code, sent.content) == (202, b"")
    assert office.code(office("GET", f"me/messages/{other}")) == (404, "ErrorItemNotFound")
    found = office("GET", f"me/messages/{made['id']}").json()
    assert found["isDraft"] is False
    assert [one["id"] for one in folder(office, "sentitems")] == [made["id"]]
    assert office.code(office("POST", f"me/messages/{made['id']}/send")) == (400, "ErrorInvalidRequest")
    assert [one["internetMessageId"] for one in folder(office, "inbox", office.alex)] == ["<mine@example.com>"]
    assert [address for address, _ in office.fake.mail.left] == [office.dana]


def test_ids_differ_in_case_alone(office: Office) -> None:
    """Two messages have ids that differ in the case of one letter: whoever compares them carelessly mixes them up."""
    names = [office.draft(mail(office))["id"] for _ in range(20)]
    assert len(set(names)) == 20
    assert len({name.lower() for name in names}) < 20


def test_a_mail_leaves_later(office: Office) -> None:
    """What was accepted lies in the Outbox until it leaves; only then does it arrive and show in Sent Items."""
    office.fake.mail.mailboxes[office.dana].sent_after = timedelta(minutes=2)
    made = office.draft(mail(office))
    office("POST", f"me/messages/{made['id']}/send")
    assert [one["id"] for one in folder(office, "outbox")] == [made["id"]]
    assert folder(office, "sentitems") == folder(office, "inbox", office.alex) == []
    office.turn(minutes=2)
    assert len(folder(office, "inbox", office.alex)) == 1
    assert len(folder(office, "sentitems")) == 1


def test_a_mail_that_leaves_may_look_like_a_draft(office: Office) -> None:
    """With the switch, what was accepted looks like a draft until it leaves, and asking twice sends it twice."""
    box = office.fake.mail.mailboxes[office.dana]
    box.sent_after, box.leaves_from_drafts = timedelta(minutes=2), True
    made = office.draft(mail(office))
    office("POST", f"me/messages/{made['id']}/send")
    assert office("GET", f"me/messages/{made['id']}").json()["isDraft"] is True
    office("POST", f"me/messages/{made['id']}/send")
    office.turn(minutes=2)
    assert len(folder(office, "inbox", office.alex)) == 2
    assert office("GET", f"me/messages/{made['id']}").json()["isDraft"] is False


def test_a_sent_copy_may_be_missing(office: Office) -> None:
    """With the switch, a mail arrives and is nowhere in the sender's mailbox."""
    office.fake.mail.mailboxes[office.dana].saves_sent = False
    made = office.draft(mail(office))
    office("POST", f"me/messages/{made['id']}/send")
    assert office("GET", f"me/messages/{made['id']}").status_code == 404
    assert len(folder(office, "inbox", office.alex)) == 1


@pytest.mark.parametrize(("whose", "kept_until"), [("kept", "sent"), ("send", "drafted"), ("draft", "")])
def test_whose_message_id_a_mail_has(office: Office, whose: Any, kept_until: str) -> None:
    """A mail keeps its own Message-ID, or has one of Exchange's from the draft or from the sending on."""
    office.fake.mail.mailboxes[office.dana].message_ids = whose
    made = office.draft(mail(office))
    assert (made["internetMessageId"] == "<mine@example.com>") == (kept_until in {"drafted", "sent"})
    office("POST", f"me/messages/{made['id']}/send")
    now = office("GET", f"me/messages/{made['id']}").json()["internetMessageId"]
    assert (now == "<mine@example.com>") == (kept_until == "sent")
    assert folder(office, "inbox", office.alex)[0]["internetMessageId"] == now


def test_mime_comes_back_as_it_left(office: Office) -> None:
    """References and headers of one's own survive, Auto-Submitted and Return-Path do not."""
    lines = {"References": "<a@x> <b@x>", "X-Key": "k1", "Auto-Submitted": "auto-generated", "Return-Path": "<>"}
    made = office.draft(mail(office, **lines))
    office("POST", f"me/messages/{made['id']}/send")
    raw = office("GET", f"me/messages/{made['id']}/$value")
    assert raw.headers["Content-Type"].startswith("text/plain")
    head = message_from_bytes(raw.content, policy=default)
    assert (head["References"], head["X-Key"]) == ("<a@x> <b@x>", "k1")
    assert head["Auto-Submitted"] is None
    assert head["Return-Path"] is None


def test_what_a_mail_lacks_is_added(office: Office) -> None:
    """Who wrote it, when, and a Message-ID: a mail without them leaves with them."""
    made = office.draft(f"To: {office.alex}\r\nSubject: Hi\r\n\r\nHello".encode())
    assert made["from"]["emailAddress"]["address"] == office.dana
    assert made["internetMessageId"].startswith("<")
    office("POST", f"me/messages/{made['id']}/send")
    (came,) = folder(office, "inbox", office.alex)
    raw = office("GET", f"me/messages/{came['id']}/$value", office.alex).content
    assert b"Date: Mon, 23 Nov 2026 09:00:00 +0000" in raw
    assert b"AuthAs: Internal" in raw


def test_inside_and_outside_are_marked(office: Office) -> None:
    """A colleague's mail is Internal without a verdict; an outsider's has one, and cannot claim to be Internal."""
    made = office.draft(mail(office))
    office("POST", f"me/messages/{made['id']}/send")
    claim = b"X-MS-Exchange-Organization-AuthAs: Internal\r\n"
    office.fake.mail.deliver(claim + mail(office, From="eve@elsewhere.example"), "fail")
    raws = {}
    for one in folder(office, "inbox", office.alex, **{"$select": "from"}):
        raw = office("GET", f"me/messages/{one['id']}/$value", office.alex).content
        raws[one["from"]["emailAddress"]["address"]] = message_from_bytes(raw, policy=default)
    inside, outside = raws[office.dana], raws["eve@elsewhere.example"]
    assert inside["X-MS-Exchange-Organization-AuthAs"] == "Internal"
    assert inside["Authentication-Results"] is None
    assert outside.get_all("X-MS-Exchange-Organization-AuthAs") == ["Anonymous"]
    assert "dmarc=fail" in outside["Authentication-Results"]
    assert "header.from=elsewhere.example" in outside["Authentication-Results"]


def test_sub_addresses_and_aliases_arrive(office: Office) -> None:
    """Mail to a sub-address or an alias arrives with its address in To; without plus addressing it bounces."""
    office.fake.add_mailbox(office.alex, ("team@example.com",))
    for to in ("alex+t1@example.com", "team@example.com"):
        made = office.draft(mail(office, to, subject=to))
        office("POST", f"me/messages/{made['id']}/send")
    found = folder(office, "inbox", office.alex)
    assert {one["toRecipients"][0]["emailAddress"]["address"] for one in found} == {
        "alex+t1@example.com",
        "team@example.com",
    }
    office.fake.mail.plus_addressing = False
    made = office.draft(mail(office, "alex+t1@example.com", subject="again"))
    office("POST", f"me/messages/{made['id']}/send")
    assert [one["subject"] for one in folder(office, "inbox")] == ["Undeliverable: again"]


def test_what_cannot_be_delivered_comes_back(office: Office) -> None:
    """A report arrives for an unknown colleague and for an outside address that bounces, and names the mail."""
    office.fake.mail.undeliverable.add("gone@elsewhere.example")
    for to in ("nobody@example.com", "gone@elsewhere.example", "well@elsewhere.example"):
        made = office.draft(mail(office, to, subject=to))
        office("POST", f"me/messages/{made['id']}/send")
    reports = folder(office, "inbox", **{"$select": "subject"})
    assert sorted(one["subject"] for one in reports) == [
        "Undeliverable: gone@elsewhere.example",
        "Undeliverable: nobody@example.com",
    ]
    raw = office("GET", f"me/messages/{reports[0]['id']}/$value").content
    report = message_from_bytes(raw, policy=default)
    assert (report.get_content_type(), report.get_param("report-type")) == ("multipart/report", "delivery-status")
    kinds = [part.get_content_type() for part in report.iter_parts()]
    assert kinds == ["text/plain", "message/delivery-status", "message/rfc822"]
    assert b"Final-Recipient: rfc822;" in raw
    assert b"Message-ID: <mine@example.com>" in raw


def test_a_mail_needs_recipients_and_an_author_of_ones_own(office: Office) -> None:
    """Sending to nobody, or in somebody else's name, is refused and leaves the draft alone."""
    nobody = office.draft(f"From: {office.dana}\r\nSubject: Hi\r\n\r\nHello".encode())
    assert office.code(office("POST", f"me/messages/{nobody['id']}/send")) == (400, "ErrorInvalidRecipients")
    forged = office.draft(mail(office, From=office.alex))
    assert office.code(office("POST", f"me/messages/{forged['id']}/send")) == (403, "ErrorSendAsDenied")
    assert len(folder(office, "drafts")) == 2


def test_a_shared_mailbox_needs_membership_and_the_right_to_send(office: Office) -> None:
    """A member reads and drafts in it, sends only with Send As, and a stranger does neither."""
    box = office.fake.add_mailbox("team@example.com")
    path = "users/team@example.com/messages"
    assert office.code(office("GET", path)) == (403, "ErrorAccessDenied")
    box.members.add(office.dana)
    assert office("GET", path).status_code == 200
    assert office.code(office("GET", path, scopes={"Mail.ReadWrite"})) == (403, "ErrorAccessDenied")
    made = box.draft(mail(office, From="team@example.com"))
    assert office.code(office("POST", f"{path}/{made.id}/send")) == (403, "ErrorSendAsDenied")
    box.senders.add(office.dana)
    assert office("POST", f"{path}/{made.id}/send").status_code == 202
    assert len(folder(office, "inbox", office.alex)) == 1


def test_answers_share_the_conversation(office: Office) -> None:
    """An answer is in the conversation of what it names; so is, wrongly, a mail that has the same subject."""
    made = office.draft(mail(office))
    office("POST", f"me/messages/{made['id']}/send")
    said = answer(mail(office), office.alex, "Yes", office.now)
    office.fake.mail.deliver(said)
    (came,) = folder(office, "inbox", **{"$select": "conversationId,subject"})
    assert came["conversationId"] == made["conversationId"]
    assert office.draft(mail(office, subject="RE: hi"))["conversationId"] == made["conversationId"]
    assert office.draft(mail(office, subject="Other"))["conversationId"] != made["conversationId"]


def test_a_body_comes_as_it_is_preferred(office: Office) -> None:
    """Of a mail with two bodies the HTML one is shown, or the text; what is new in an answer is told apart."""
    both = MIMEMultipart("alternative")
    both["Subject"] = "Re: Hi"
    both.attach(MIMEText("Yes\n> Hello\n", "plain"))
    both.attach(MIMEText("<p>Yes</p>", "html"))
    made = office.draft(both.as_bytes())
    assert made["body"] == {"contentType": "html", "content": "<p>Yes</p>"}
    assert "uniqueBody" not in made
    headers = {"Prefer": 'outlook.body-content-type="text"'}
    params = {"$select": "body,uniqueBody"}
    shown = office("GET", f"me/messages/{made['id']}", headers=headers, params=params).json()
    assert shown["body"] == {"contentType": "text", "content": "Yes\n> Hello\n"}
    assert shown["uniqueBody"]["content"] == "Yes"


def test_lists_are_filtered_ordered_and_paged(office: Office) -> None:
    """Mails are found by Message-ID, moment and named property; the newest come first, ten to a page."""
    box = office.fake.mail.mailboxes[office.dana]
    for number in range(12):
        raw = mail(office, subject=f"No. {number}", **{"Message-ID": f"<m{number}@x>", "X-Key": f"k{number}"})
        box.receive(raw, office.now + timedelta(minutes=number))
    first = office("GET", "me/messages", params={"$select": "subject"}).json()
    assert [one["subject"] for one in first["value"]] == [f"No. {number}" for number in range(11, 1, -1)]
    second = office("GET", first["@odata.nextLink"]).json()
    assert [one["subject"] for one in second["value"]] == ["No. 1", "No. 0"]
    assert "@odata.nextLink" not in second
    for condition in (
        "internetMessageId eq '<m3@x>'",
        f"singleValueExtendedProperties/any(ep: ep/id eq '{KEY}' and ep/value eq 'k3')",
        "receivedDateTime ge 2026-11-23T09:03:00Z and receivedDateTime lt 2026-11-23T09:04:00Z",
        "subject eq 'no. 3'",
    ):
        found = office("GET", "me/messages", params={"$filter": condition}).json()["value"]
        assert [one["subject"] for one in found] == ["No. 3"], condition
    counted = office("GET", "me/messages", params={"$count": "true", "$top": "1", "$filter": "isRead eq false"}).json()
    assert (counted["@odata.count"], len(counted["value"])) == (12, 1)


def test_the_search_lags_and_the_filter_does_not(office: Office) -> None:
    """A new message is found by filter at once, by search once it is indexed."""
    office.fake.mail.mailboxes[office.dana].index_lag = timedelta(minutes=5)
    office.fake.mail.deliver(mail(office, office.dana))
    by_filter = office("GET", "me/messages", params={"$filter": "internetMessageId eq '<mine@example.com>'"}).json()
    assert len(by_filter["value"]) == 1
    params = {"$search": '"Hello"'}
    assert office("GET", "me/messages", params=params).json()["value"] == []
    office.turn(minutes=5)
    assert len(office("GET", "me/messages", params=params).json()["value"]) == 1


def test_named_properties_are_kept_and_shown_when_asked_for(office: Office) -> None:
    """A property that was set is shown by $expand, under the id as Graph writes it; others are not."""
    made = office.draft(mail(office, **{"X-Key": "k1"}))
    own = "String {00020329-0000-0000-C000-000000000046} Name Own"
    body = {"singleValueExtendedProperties": [{"id": own, "value": "v"}]}
    changed = office(
        "PATCH", f"me/messages/{made['id']}", json=body, headers={**IMMUTABLE, "If-Match": made["@odata.etag"]}
    )
    assert changed.status_code == 200
    assert changed.json()["@odata.etag"] != made["@odata.etag"]
    again = office("PATCH", f"me/messages/{made['id']}", json=body, headers={"If-Match": made["@odata.etag"]})
    assert office.code(again) == (412, "ErrorIrresolvableConflict")
    expand = f"singleValueExtendedProperties($filter=id eq '{own}' or id eq '{KEY}' or id eq 'String 0x1035')"
    shown = office("GET", f"me/messages/{made['id']}", params={"$select": "id", "$expand": expand}).json()
    found = {one["id"]: one["value"] for one in shown["singleValueExtendedProperties"]}
    assert found == {
        own.replace("C000", "c000"): "v",
        KEY.replace("C000", "c000"): "k1",
        "String 0x1035": "<mine@example.com>",
    }
    assert "singleValueExtendedProperties" not in office("GET", f"me/messages/{made['id']}").json()


def test_headers_are_shown_of_what_arrived_alone(office: Office) -> None:
    """The headers are given where they are selected, and not of what was sent from here."""
    made = office.draft(mail(office, **{"X-Key": "k1"}))
    office("POST", f"me/messages/{made['id']}/send")
    select = {"$select": "internetMessageHeaders"}
    assert "internetMessageHeaders" not in office("GET", f"me/messages/{made['id']}", params=select).json()
    (came,) = folder(office, "inbox", office.alex, **select)
    assert {"name": "X-Key", "value": "k1"} in came["internetMessageHeaders"]
    assert "internetMessageHeaders" not in folder(office, "inbox", office.alex)[0]


def test_folders_have_names_ids_and_counts(office: Office) -> None:
    """A folder is reached by its well-known name and by its id; another one is a 404."""
    office.fake.mail.deliver(mail(office, office.dana))
    inbox = office("GET", "me/mailFolders/inbox").json()
    assert (inbox["displayName"], inbox["totalItemCount"], inbox["unreadItemCount"]) == ("Inbox", 1, 1)
    assert office("GET", f"me/mailFolders/{inbox['id']}").json()["displayName"] == "Inbox"
    assert len(office("GET", "me/mailFolders", params={"$select": "displayName"}).json()["value"]) == 7
    assert office.code(office("GET", "me/mailFolders/nowhere")) == (404, "ErrorItemNotFound")


def test_a_deleted_message_goes_to_deleted_items_first(office: Office) -> None:
    """Deleting moves a message; deleting it there takes it away."""
    made = office.draft(mail(office))
    assert office("DELETE", f"me/messages/{made['id']}").status_code == 204
    assert [one["id"] for one in folder(office, "deleteditems")] == [made["id"]]
    office("DELETE", f"me/messages/{made['id']}")
    assert office("GET", f"me/messages/{made['id']}").status_code == 404

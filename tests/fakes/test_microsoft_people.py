"""The fake's free/busy, directory and mailbox settings behave as Graph's documentation says."""

from __future__ import annotations

from typing import Any

from tests.fakes.office import Office

ZONE = "Eastern Standard Time"


def at(hour: int, minute: int = 0) -> dict[str, str]:
    """Return a time on 3 December, in New York."""
    return {"dateTime": f"2026-12-03T{hour:02}:{minute:02}:00", "timeZone": ZONE}


def add(office: Office, hour: int, *guests: str, **more: Any) -> None:
    """Add an event of half an hour to Dana's calendar."""
    people = [{"type": "required", "emailAddress": {"address": guest}} for guest in guests]
    body = {"subject": "1:1", "start": at(hour), "end": at(hour, 30), "attendees": people, **more}
    office.fake.calendars.add(office.dana, body)


def test_free_and_busy(office: Office) -> None:
    """Each person's times with their kind; somebody unknown or hidden is an error, not free."""
    add(office, 9)
    add(office, 10, showAs="oof", subject="Dentist", sensitivity="private")
    add(office, 11, showAs="workingElsewhere")
    add(office, 12, office.alex)
    office.fake.add_calendar("shy@example.com").hidden = True
    body = {
        "schedules": [office.dana, office.alex, "nobody@example.com", "shy@example.com"],
        "startTime": at(9),
        "endTime": at(13),
        "availabilityViewInterval": 30,
    }
    answer = office("POST", "me/calendar/getSchedule", office.alex, json=body)
    dana, alex, nobody, shy = answer.json()["value"]
    assert (dana["availabilityView"], alex["availabilityView"]) == ("20300020", "00000010")
    assert [one["status"] for one in dana["scheduleItems"]] == ["busy", "oof", "workingElsewhere", "busy"]
    assert "subject" not in dana["scheduleItems"][1]
    assert dana["scheduleItems"][0]["start"] == {"dateTime": "2026-12-03T14:00:00.0000000", "timeZone": "UTC"}
    assert dana["workingHours"]["timeZone"]["name"] == ZONE
    assert nobody["error"]["responseCode"] == "ErrorMailRecipientNotFound"
    assert shy["error"]["responseCode"] == "ErrorNoFreeBusyAccess"
    assert "scheduleItems" not in nobody


def test_the_directory_knows_addresses_and_managers(office: Office) -> None:
    """A person is found by address, by id and by alias; their manager too, if they have one."""
    office.fake.add_mailbox(office.alex, ("al@example.com",))
    office.fake.add_person(office.alex, manager=office.dana, other_mails=("alex@home.example",))
    select = {"$select": "mail,proxyAddresses,otherMails,accountEnabled"}
    alex = office("GET", "users/Alex@Example.com", params=select).json()
    assert alex["proxyAddresses"] == ["SMTP:alex@example.com", "smtp:al@example.com", "SIP:alex@example.com"]
    assert (alex["mail"], alex["otherMails"], alex["accountEnabled"]) == (office.alex, ["alex@home.example"], True)
    assert office("GET", f"users/{alex['id']}").json()["mail"] == office.alex
    assert office.code(office("GET", "users/al@example.com")) == (404, "Request_ResourceNotFound")
    by_alias = office("GET", "users", params={"$filter": "proxyAddresses/any(p:p eq 'smtp:AL@example.com')"})
    assert [one["mail"] for one in by_alias.json()["value"]] == [office.alex]
    assert office("GET", f"users/{alex['id']}/manager", params={"$select": "mail"}).json()["mail"] == office.dana
    assert office.code(office("GET", "me/manager")) == (404, "Request_ResourceNotFound")
    narrow = frozenset({"User.Read"})
    assert office("GET", "me", scopes=narrow).json()["mail"] == office.dana
    assert office.code(office("GET", "me/manager", scopes=narrow)) == (403, "Authorization_RequestDenied")
    assert office.code(office("GET", "users/alex@example.com", scopes=narrow)) == (403, "Authorization_RequestDenied")


def test_mailbox_settings(office: Office) -> None:
    """The zone, the language and what a mailbox is for, as the person has set them."""
    office.fake.add_person(office.dana, language="de-DE", purpose="shared")
    found = office("GET", "me/mailboxSettings").json()
    assert (found["timeZone"], found["language"]["locale"], found["userPurpose"]) == (ZONE, "de-DE", "shared")
    assert "language" not in office("GET", "me/mailboxSettings", params={"$select": "timeZone"}).json()

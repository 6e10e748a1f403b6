"""The people of the organisation: addresses, managers, and how their mailboxes are set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from worker.fakes.microsoft.odata import Clause
from worker.fakes.microsoft.refusals import RefusalError
from worker.fakes.microsoft.rules import Asked
from worker.fakes.microsoft.sign_in import SignIn

Json = dict[str, Any]

_USUAL = ("displayName", "givenName", "id", "mail", "preferredLanguage", "surname", "userPrincipalName")


@dataclass(slots=True)
class Person:
    """One account of the directory.

    `zone` is the mailbox's time zone as its settings name it, `language` a locale, `purpose` user, shared, room or
    equipment; `enabled` is what the directory says of the account. `principal` is the name of the sign-in where it is
    not the address.
    """

    address: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    other_mails: tuple[str, ...] = ()
    manager: str = ""
    zone: str = "UTC"
    language: str = "en-US"
    purpose: str = "user"
    enabled: bool = True
    principal: str = ""

    @property
    def id(self) -> str:
        """The object id."""
        return SignIn.guid(self.address)

    def shown(self) -> Json:
        """Return every property of this person that the fake knows."""
        given, _, family = (self.name or self.address.partition("@")[0].title()).partition(" ")
        return {
            "accountEnabled": self.enabled,
            "displayName": self.name or given,
            "givenName": given,
            "id": self.id,
            "mail": self.address,
            "otherMails": list(self.other_mails),
            "preferredLanguage": self.language,
            # Upper case marks the primary one, lower case an alias; other protocols stand beside them.
            "proxyAddresses": [
                f"SMTP:{self.address}",
                *(f"smtp:{alias}" for alias in self.aliases),
                f"SIP:{self.address}",
            ],
            "surname": family,
            "userPrincipalName": self.principal or self.address,
            "userType": "Member",
        }


@dataclass(slots=True)
class Directory:
    """Everybody, by their primary address."""

    people: dict[str, Person] = field(default_factory=dict)

    def of(self, name: str) -> Person:
        """Return a person by address of sign-in, primary address or object id. Aliases do not name a user here."""
        wanted = name.lower()
        if wanted in self.people:
            return self.people[wanted]
        for person in self.people.values():
            if wanted in {person.principal.lower(), person.id}:
                return person
        raise RefusalError(404, "Request_ResourceNotFound")

    def methods(self) -> Mapping[str, Callable[[Asked, str], Any]]:
        """Return what carries out each operation; each is given the address of the person that is asked about."""
        return {
            "users.get": self._get,
            "users.list": self._list,
            "users.manager": self._manager,
            "mailboxSettings.get": self._settings,
        }

    def _list(self, asked: Asked, _: str) -> Json:
        found = [person for person in self.people.values() if all(_fits(person, one) for one in asked.filter())]
        return {"value": [self._selected(person, asked) for person in found[: asked.number("$top", 100)]]}

    def _get(self, asked: Asked, address: str) -> Json:
        return self._selected(self.of(address), asked)

    def _manager(self, asked: Asked, address: str) -> Json:
        person = self.of(address)
        if not person.manager:
            raise RefusalError(404, "Request_ResourceNotFound")
        return {"@odata.type": "#microsoft.graph.user", **self._selected(self.of(person.manager), asked)}

    def _settings(self, asked: Asked, address: str) -> Json:
        person = self.of(address)
        whole = {
            "timeZone": person.zone,
            "language": {"locale": person.language, "displayName": person.language},
            "userPurpose": person.purpose,
            "dateFormat": "M/d/yyyy",
            "timeFormat": "h:mm tt",
        }
        wanted = asked.listed("$select") or tuple(whole)
        return {name: whole[name] for name in wanted if name in whole}

    def _selected(self, person: Person, asked: Asked) -> Json:
        whole = person.shown()
        wanted = {*(asked.listed("$select") or _USUAL), "id"}
        return {name: value for name, value in whole.items() if name in wanted}


def _fits(person: Person, clause: Clause) -> bool:
    """Whether a person is meant by a condition; the directory reads text without regard to case."""
    have = person.shown().get(clause.name)
    values = have if isinstance(have, list) else [have]
    if clause.op not in {"eq", "any"}:
        raise RefusalError(501, "NotImplemented", "The fake compares users by eq only.")
    return any(str(value).lower() == clause.value.lower() for value in values)

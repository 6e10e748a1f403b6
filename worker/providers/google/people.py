"""The organisation's directory: further addresses of a person, and who manages them, where we may ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Literal

from worker.errors import ForbiddenError, GoneError, SignInError
from worker.http import Door
from worker.providers.directory import Listed
from worker.providers.google.credentials import Credential, DelegatedCredential, PersonCredential
from worker.providers.google.session import Session
from worker.providers.google.settings import DIRECTORY, GoogleSettings

_FRESH_FOR = timedelta(hours=12)


class GoogleDirectory:
    """Looks people up as `account`, whose sign-in (or delegation) must include the directory.

    What the directory says is evidence, never a decision: configuration and a person's own words go before it.
    `problem` is why nothing can be looked up, with the next step; "" while it can.
    """

    def __init__(
        self,
        *,
        account: str,
        settings: GoogleSettings,
        door: Door,
        view: Literal["admin_view", "domain_public"] = "domain_public",
    ) -> None:
        self.account = account.lower()
        self.problem = ""
        self._view = view
        self._door = door
        self._known: dict[str, tuple[datetime, dict[str, Any] | None]] = {}

        def sign_in() -> Credential:
            if settings.service_account_file is not None:
                return DelegatedCredential(settings, self.account, (DIRECTORY,), door)
            return PersonCredential(settings, self.account, door)

        self._session = Session(settings, self.account, door, sign_in)

    def person(self, address: str) -> Listed | None:
        """Return what the directory says of an address or alias; None where it knows nobody, or may not be asked.

        Raises TryLaterError where it cannot be asked just now.
        """
        found = self._get(address)
        if found is None:
            return None
        return self._with_manager(found)

    def _with_manager(self, found: dict[str, Any]) -> Listed:
        person = _listed(found)
        for relation in found.get("relations") or []:
            # The value is free text: only an address that the directory itself knows, and that works, is a manager.
            value = str(relation.get("value") or "").strip().lower()
            if relation.get("type") != "manager" or "@" not in value:
                continue
            manager = self._get(value)
            listed = _listed(manager) if manager is not None else None
            if listed is not None and listed.active and listed.address != person.address:
                return replace(person, manager=listed.address)
        return person

    def _get(self, address: str) -> dict[str, Any] | None:
        wanted = address.lower()
        now = self._door.clock()
        known = self._known.get(wanted)
        if known is not None and now - known[0] < _FRESH_FOR:
            return known[1]
        request = self._session.directory.users().get(userKey=wanted, viewType=self._view, projection="full")
        found: dict[str, Any] | None = None
        try:
            found = self._session.run(request, "look somebody up in the directory")
            self.problem = ""
        except GoneError:
            self.problem = ""
        except (ForbiddenError, SignInError) as error:
            self.problem = error.text
        self._known[wanted] = (now, found)
        return found


def _listed(found: dict[str, Any]) -> Listed:
    address = str(found["primaryEmail"]).lower()
    others = (*(found.get("aliases") or ()), *(found.get("nonEditableAliases") or ()))
    return Listed(
        address=address,
        name=str((found.get("name") or {}).get("fullName") or ""),
        aliases=tuple(sorted({str(alias).lower() for alias in others} - {address})),
        active=not (found.get("suspended") or found.get("archived")),
        language=_language(found.get("languages") or []),
    )


def _language(spoken: Sequence[Mapping[str, Any]]) -> str:
    """Return the language that somebody prefers, else the first that they set."""
    codes = [(one.get("preference") != "preferred", str(one.get("languageCode") or "")) for one in spoken]
    return next((code for _, code in sorted(codes, key=itemgetter(0)) if code), "")

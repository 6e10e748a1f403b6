"""The organisation's directory: further addresses of a person, and who manages them, where we may ask."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

from worker.errors import ForbiddenError, GoneError, RefusedError, SignInError
from worker.http import Door
from worker.providers.directory import Listed
from worker.providers.microsoft.mailbox import addresses_of
from worker.providers.microsoft.session import Json, Session
from worker.providers.microsoft.settings import MicrosoftSettings, directory_scopes

_FRESH_FOR = timedelta(hours=12)
_FIELDS = "id,displayName,mail,userPrincipalName,proxyAddresses,accountEnabled,preferredLanguage"
_DOING = "look somebody up in the directory"


class MicrosoftDirectory:
    """Looks people up as `account`, whose sign-in (or the app's permissions) must include the directory.

    What the directory says is evidence, never a decision: configuration and a person's own words go before it.
    `problem` is why nothing can be looked up, with the next step; "" while it can.
    """

    def __init__(self, *, account: str, settings: MicrosoftSettings, door: Door) -> None:
        self.account = account.lower()
        self.problem = ""
        self._door = door
        self._session = Session(settings, self.account, door, directory_scopes())
        self._known: dict[str, tuple[datetime, Listed | None]] = {}

    def person(self, address: str) -> Listed | None:
        """Return what the directory says of an address or alias; None where it knows nobody, or may not be asked.

        Raises TryLaterError where it cannot be asked just now.
        """
        wanted = address.lower()
        now = self._door.clock()
        known = self._known.get(wanted)
        if known is not None and now - known[0] < _FRESH_FOR:
            return known[1]
        found: Listed | None = None
        try:
            user = self._user(wanted)
            if user is not None:
                found = _listed(user, wanted, self._manager(str(user["id"])))
            self.problem = ""
        except (ForbiddenError, SignInError) as error:
            self.problem = error.text
        self._known[wanted] = (now, found)
        return found

    def _user(self, address: str) -> Json | None:
        """Return a user by the name they sign in with, or by any address of theirs."""
        fields = {"$select": _FIELDS}
        try:
            return self._session.get(
                self._session.address(f"users/{quote(address, safe='')}", fields, top=True), _DOING
            )
        except (GoneError, RefusedError):
            pass
        quoted = address.replace("'", "''")
        params = {"$filter": f"proxyAddresses/any(p:p eq 'smtp:{quoted}')", **fields}
        found = self._session.get(self._session.address("users", params, top=True), _DOING).get("value") or []
        # An address belongs to one user; two would be a mistake of the directory's.
        return dict(found[0]) if len(found) == 1 else None

    def _manager(self, user: str) -> str:
        path = f"users/{quote(user, safe='')}/manager"
        try:
            found = self._session.get(self._session.address(path, {"$select": _FIELDS}, top=True), _DOING)
        except GoneError:
            return ""
        # Somebody who has left manages nobody.
        addresses = addresses_of(found)
        return addresses[0] if addresses and found.get("accountEnabled") is not False else ""


def _listed(user: Json, wanted: str, manager: str) -> Listed:
    addresses = addresses_of(user) or (wanted,)
    return Listed(
        address=addresses[0],
        name=str(user.get("displayName") or ""),
        aliases=tuple(sorted(addresses[1:])),
        manager="" if manager in addresses else manager,
        active=user.get("accountEnabled") is not False,
        language=str(user.get("preferredLanguage") or ""),
    )

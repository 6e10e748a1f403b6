"""Graph for one account: addresses, headers, pages, and JSON that is what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import orjson

from worker.errors import TryLaterError
from worker.http import Answer, Call, Door
from worker.providers.microsoft.credentials import AppCredential, Credential, PersonCredential
from worker.providers.microsoft.dialect import MICROSOFT
from worker.providers.microsoft.settings import MicrosoftSettings

Json = dict[str, Any]
Params = Mapping[str, str]

_MOST_PAGES = 400
# Ids that stay the same when an item is moved, and moments that need no table of zones.
_PREFER = 'IdType="ImmutableId", outlook.timezone="UTC"'


class Session:
    """One account's requests: to its own mailbox or calendar, or to that of somebody else (`owner`)."""

    def __init__(
        self,
        settings: MicrosoftSettings,
        owner: str,
        door: Door,
        needed: tuple[str, ...],
        signed_in_as: str = "",
    ) -> None:
        self.settings = settings
        self.account = signed_in_as or owner
        self.door = door
        self._owner = owner
        self._needed = needed
        self._credential: Credential | None = None
        self._graph = f"{settings.graph_address.rstrip('/')}/v1.0/"
        own = not settings.app_only and self.account == owner
        self._base = self._graph + ("me/" if own else f"users/{quote(owner, safe='')}/")

    @property
    def credential(self) -> Credential:
        """Who asks. Made when first needed: a missing token is this account's trouble, not that of everything else."""
        if self._credential is None:
            if self.settings.app_only:
                self._credential = AppCredential(self.settings, self._owner, self.door)
            else:
                self._credential = PersonCredential(self.settings, self.account, self._needed, self.door)
        return self._credential

    def address(self, path: str, params: Params | None = None, *, top: bool = False) -> str:
        """Return the address of something that belongs to the account, or with `top` to the organisation."""
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in (params or {}).items())
        whole = f"{self._graph if top else self._base}{path}".rstrip("/")
        return f"{whole}?{query}" if query else whole

    def get(self, address: str, doing: str, *, prefer: str = "") -> Json:
        """Return a JSON object. Raises TryLaterError where it is none."""
        value = self._send("GET", address, doing, prefer=prefer).value
        if not isinstance(value, dict):
            raise TryLaterError(self.account, f"could not {doing}: the answer is none: it is tried again by itself.")
        return value

    def mail(self, address: str, doing: str) -> bytes:
        """Return the bytes of a mail."""
        return self._send("GET", address, doing, plain=True).body

    def post(self, address: str, doing: str, body: Json | None = None, *, harmless: bool = False) -> Any:  # noqa: ANN401  # JSON from outside
        """Send a JSON object, or nothing, and return the JSON value of the answer (None where there is none)."""
        content = b"" if body is None else orjson.dumps(body)
        return self._send("POST", address, doing, content, harmless=harmless, empty_ok=True).value

    def post_mail(self, address: str, doing: str, content: bytes) -> Any:  # noqa: ANN401  # JSON from outside
        """Send a mail (MIME in base64) and return the JSON value of the answer."""
        return self._send("POST", address, doing, content, kind="text/plain").value

    def patch(self, address: str, doing: str, body: Json, if_match: str) -> Any:  # noqa: ANN401  # JSON from outside
        """Change something that is as it was read (RFC 9110 13.1.1), and return the JSON value of the answer."""
        return self._send("PATCH", address, doing, orjson.dumps(body), if_match=if_match).value

    def delete(self, address: str, doing: str, if_match: str) -> None:
        """Delete something that is as it was read."""
        self._send("DELETE", address, doing, if_match=if_match, empty_ok=True)

    def pages(self, address: str, doing: str, *, prefer: str = "") -> Iterator[Json]:
        """Yield every page to the end.

        Raises TryLaterError where they go in a circle or elsewhere: half a list never passes for the whole.
        """
        seen = {address}
        for _ in range(_MOST_PAGES):
            page = self.get(address, doing, prefer=prefer)
            yield page
            address = str(page.get("@odata.nextLink") or "")
            if not address:
                return
            if address in seen or not self.is_ours(address):
                break
            seen.add(address)
        raise TryLaterError(self.account, f"could not {doing}: its pages do not end: it is tried again by itself.")

    def is_ours(self, address: str) -> bool:
        """Whether an address is Graph's: our access token goes nowhere else."""
        return address.startswith(self._graph)

    def _send(  # noqa: PLR0913  # one request's parts, by name
        self,
        method: str,
        address: str,
        doing: str,
        body: bytes | None = None,
        *,
        kind: str = "application/json",
        if_match: str = "",
        prefer: str = "",
        harmless: bool = False,
        empty_ok: bool = False,
        plain: bool = False,
    ) -> Answer:
        headers = {"Prefer": f"{_PREFER}, {prefer}" if prefer else _PREFER}
        if body is not None:
            headers["Content-Type"] = kind
        if if_match:
            headers["If-Match"] = if_match
        call = Call(
            method,
            address,
            self._owner,
            doing,
            MICROSOFT,
            self.settings.project,
            headers,
            body,
            self._headers,
            harmless=harmless,
            empty_ok=empty_ok,
            plain=plain,
        )
        return self.door.send(call)

    def _headers(self, fresh: bool) -> Mapping[str, str]:  # noqa: FBT001  # the shape that the door asks for
        return self.credential.headers(fresh)

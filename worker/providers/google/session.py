"""Google's own client library, through our door: one service for the process, the credentials with each request."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Protocol

from worker.errors import SignInError, TryLaterError
from worker.http import Answer, Call, Door
from worker.providers.google.credentials import Credential
from worker.providers.google.dialect import GOOGLE
from worker.providers.google.settings import GoogleSettings

_APIS = {"calendar": "v3", "gmail": "v1", "admin": "directory_v1"}
_MOST_PAGES = 400
_build_lock = threading.Lock()


class ApiRequest(Protocol):
    """What a method of a service returns."""

    uri: str
    method: str
    headers: dict[str, str]

    def execute(self, http: Any = None, num_retries: int = 0) -> Any:  # noqa: ANN401  # the library has no types
        """Send it through `http` and return the JSON value."""


class _Response(dict[str, str]):
    """The part of httplib2's response that googleapiclient reads."""

    def __init__(self, answer: Answer) -> None:
        # The body was decoded on its way in.
        super().__init__({name: value for name, value in answer.headers.items() if name != "content-encoding"})
        self.status = answer.status
        self.reason = ""


class _Shim:
    """Stands where googleapiclient expects httplib2, which would send a write again when its answer is lost."""

    def __init__(self, session: Session, doing: str, *, harmless: bool, empty_ok: bool) -> None:
        self._session = session
        self._doing = doing
        self._harmless = harmless
        self._empty_ok = empty_ok

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> tuple[_Response, bytes]:
        """Send one request; whatever is no good answer leaves as one of our errors."""
        kept = {
            name: value
            for name, value in (headers or {}).items()
            if name.lower() not in {"content-length", "accept-encoding"}
        }
        # A GET with a long address leaves the library as a POST that says so.
        overridden = next((value for name, value in kept.items() if name.lower() == "x-http-method-override"), "")
        call = Call(
            method,
            uri,
            self._session.account,
            self._doing,
            GOOGLE,
            self._session.project,
            kept,
            body.encode() if isinstance(body, str) else body,
            self._session.credential.headers,
            harmless=self._harmless or overridden.upper() == "GET",
            empty_ok=self._empty_ok,
        )
        answer = self._session.door.send(call)
        return _Response(answer), answer.body

    def close(self) -> None:
        """Do nothing: the connections belong to the door."""


class _NoTransport:
    """What a service is built with: it cannot send anything by itself."""

    def request(self, *_: object, **__: object) -> Any:  # noqa: ANN401  # never returns
        raise AssertionError("a request without a session")

    def close(self) -> None:
        """Do nothing."""


class Session:
    """One account's requests."""

    def __init__(self, settings: GoogleSettings, account: str, door: Door, sign_in: Callable[[], Credential]) -> None:
        self.settings = settings
        self.account = account
        self.door = door
        self.project = settings.project
        self._sign_in = sign_in
        self._credential: Credential | None = None

    @property
    def credential(self) -> Credential:
        """Who asks. Made when first needed: a missing token is this account's trouble, not that of everything else."""
        if self._credential is None:
            self._credential = self._sign_in()
        return self._credential

    def run(
        self,
        request: ApiRequest,
        doing: str,
        *,
        if_match: str = "",
        harmless: bool = False,
        empty_ok: bool = False,
    ) -> Any:  # noqa: ANN401  # JSON from outside
        """Send a request and return its JSON value; errors as the door has them.

        `if_match` makes a write depend on the etag that was read (RFC 9110 13.1.1).
        """
        if if_match:
            request.headers["If-Match"] = if_match
        try:
            return request.execute(http=_Shim(self, doing, harmless=harmless, empty_ok=empty_ok), num_retries=0)
        except SignInError:
            # The next request reads the token file again: somebody may have signed in since.
            self._credential = None
            raise

    def pages(self, ask: Callable[[Mapping[str, str]], ApiRequest], doing: str) -> Iterator[dict[str, Any]]:
        """Yield every page to the end; `ask` takes the parameter of the next one.

        Raises TryLaterError where the pages go in a circle, so that half a list is never taken for the whole.
        """
        seen = {""}
        token = ""
        for _ in range(_MOST_PAGES):
            page = self.run(ask({"pageToken": token} if token else {}), doing)
            if not isinstance(page, dict):
                break
            yield page
            token = str(page.get("nextPageToken") or "")
            if not token:
                return
            if token in seen:
                break
            seen.add(token)
        raise TryLaterError(self.account, f"could not {doing}: its pages do not end: it is tried again by itself.")

    @property
    def calendar(self) -> Any:  # noqa: ANN401  # the library has no types
        """The Calendar service."""
        return service("calendar", self.settings.calendar_address)

    @property
    def gmail(self) -> Any:  # noqa: ANN401  # the library has no types
        """The Gmail service."""
        return service("gmail", self.settings.gmail_address)

    @property
    def directory(self) -> Any:  # noqa: ANN401  # the library has no types
        """The Directory service."""
        return service("admin", self.settings.directory_address)


def service(name: str, address: str) -> Any:  # noqa: ANN401  # the library has no types
    """Return the one service of that name for the process: building one takes time and memory."""
    with _build_lock:
        return _build(name, address)


@cache
def _build(name: str, address: str) -> Any:  # noqa: ANN401  # the library has no types
    from googleapiclient.discovery import build  # type: ignore[import-untyped]

    # At DEBUG they write down addresses and bodies.
    for library in ("googleapiclient", "google"):
        logging.getLogger(library).setLevel(logging.WARNING)
    version = _APIS[name]
    path = "calendar/v3/" if name == "calendar" else ""
    return build(
        name,
        version,
        http=_NoTransport(),
        static_discovery=True,
        cache_discovery=False,
        client_options={"api_endpoint": address.rstrip("/") + "/" + path},
    )

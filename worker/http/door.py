"""The door itself: what is sent, how often, and which of our errors a refusal or a fault becomes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime, timedelta
from typing import Any, Never

import requests

from worker.errors import AccountError, ConflictError, RefusedError, TryLaterError, UncertainError
from worker.http import wire
from worker.http.calls import ERRORS, Answer, Call, Dialect, Kind, kind_of
from worker.http.waits import Limits, Waits, http_date, retry_at

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
_LOCKED_FOR = timedelta(hours=3)


class Door:
    """Sends requests for all accounts of one process. `clock` gives the real time (aware), `jitter` a number in [0, 1).

    `pause` waits for seconds between two tries of a read, and for a place under a limit that is near. `connect` and
    `read` are the time-outs in seconds, `verify` a file of certificate authorities or True for the usual ones.
    `sent` counts the requests that went out; `skew` is how far ahead of the last answer's Date our clock was; `shared`
    is where a provider keeps what all accounts of the process have in common.
    """

    def __init__(  # noqa: PLR0913  # settings by name, each with its default
        self,
        clock: Callable[[], datetime],
        *,
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
        limits: Limits | None = None,
        tries: int = 3,
        jitter: Callable[[], float] = lambda: 0.5,
        pause: Callable[[float], object] | None = None,
        verify: str | bool = True,
    ) -> None:
        self.clock = clock
        self.sent = 0
        self.skew: timedelta | None = None
        self.shared: dict[Hashable, Any] = {}
        self._timeouts = (connect, read)
        self._tries = tries
        self._jitter = jitter
        self._pause = pause or threading.Event().wait
        self._verify = verify
        self._session = wire.session()
        self.waits = Waits(clock, limits or Limits(), jitter, self._pause)

    def __repr__(self) -> str:
        """Return no setting and no account: this is printed in tracebacks."""
        return "Door()"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def send(self, call: Call) -> Answer:
        """Send one request and return its good answer.

        Raises TryLaterError where nothing took effect, UncertainError where the answer to a write was lost,
        SignInError, ForbiddenError, GoneError (404, 410), ConflictError (409, 412) and RefusedError.
        """
        self.waits.admit(call)
        answer = self._answer(call, fresh=False)
        if answer.status == 401 and call.authorise is not None:
            answer = self._answer(call, fresh=True)
        if 200 <= answer.status < 300:
            self.waits.went_well(call.account)
            return answer
        return self._refuse(call, answer)

    def raw(self, call: Call) -> requests.Response:
        """Send one request, once, and return whatever was answered: for libraries that read refusals themselves."""
        try:
            return self._exchange(call, {})
        except wire.NotSentError:
            raise _unreachable(call) from None
        except wire.LostError as error:
            raise _lost(call, str(error)) from None

    def wait(self, seconds: float) -> None:
        """Wait between two looks at something that takes a moment on the other side."""
        self._pause(seconds)

    def client(self, account: str, dialect: Dialect) -> PlainClient:
        """Return what msal takes as its `http_client`: `get`, `post`, `close`."""
        return PlainClient(self, account, dialect)

    def _answer(self, call: Call, *, fresh: bool) -> Answer:
        headers = dict(call.authorise(fresh)) if call.authorise is not None else {}
        tries = self._tries if call.reads else 1
        for attempt in range(1, tries + 1):
            last = attempt == tries
            try:
                answer = wire.read(self._exchange(call, headers), call)
            except wire.NotSentError:
                if last:
                    raise _unreachable(call) from None
            except wire.LostError as error:
                if last or not error.again:
                    raise _lost(call, str(error), too_long=isinstance(error, wire.TooLongError)) from None
            else:
                if last or answer.status < 500 or "retry-after" in answer.headers:
                    return answer
            self._pause(0.25 * 2**attempt * self._jitter())
        raise AssertionError(call.method)

    def _exchange(self, call: Call, headers: Mapping[str, str]) -> requests.Response:
        self.sent += 1
        deadline = self.clock() + wire.WHOLE_ANSWER
        try:
            response = self._session.request(
                call.method,
                call.url,
                data=call.body,
                headers={**call.headers, **headers},
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
                verify=self._verify,
            )
            with response:
                wire.load(response, self.clock, deadline)
        except requests.RequestException as error:
            # "from None": the library's text quotes the address that was asked for, and people's with it.
            if wire.never_sent(error):
                raise wire.NotSentError(type(error).__name__) from None
            raise wire.LostError(type(error).__name__, again=not wire.timed_out(error)) from None
        served = http_date(response.headers.get("Date", ""))
        self.skew = self.clock() - served if served is not None else self.skew
        return response

    def _refuse(self, call: Call, answer: Answer) -> Never:
        reason = call.dialect.reason(answer.body)[:80]
        kind = call.dialect.kinds.get(reason) or kind_of(answer.status)
        what = f"{call.dialect.vendor} answered {answer.status}{' ' + reason if reason else ''}"
        step = call.dialect.steps.get(reason)
        until = retry_at(answer.headers, self.clock())
        if kind is Kind.THROTTLED:
            until = self.waits.throttled(call.account, until)
            text = f"could not {call.doing}: {what}: it waits and goes on by itself."
            raise TryLaterError(call.account, text, until)
        if kind is Kind.LOCKED:
            text = f"could not {call.doing}: {what}, which lasts for hours: {step or 'it is tried again by itself.'}"
            raise TryLaterError(call.account, text, until or self.clock() + _LOCKED_FOR)
        if kind is Kind.CONFLICT and call.changes:
            raise ConflictError(f"{call.account}: could not {call.doing}: {what}: read it again and repeat the step.")
        # A conflict about something that changes nothing is no conflict of ours.
        if kind in {Kind.BROKEN, Kind.CONFLICT}:
            if until is not None:
                self.waits.close(call.account, until)
            # A redirect comes from a gateway in between: the vendor never saw the request.
            if call.changes and answer.status >= 400:
                raise _lost(call, what)
            raise TryLaterError(call.account, f"could not {call.doing}: {what}: it is tried again by itself.", until)
        error, general = ERRORS[kind]
        raise error(call.account, f"could not {call.doing}: {what}: {step or general}")


class PlainClient:
    """The few methods of a `requests.Session` that msal uses, through the door: time-outs set, nothing sent twice."""

    def __init__(self, door: Door, account: str, dialect: Dialect) -> None:
        self._door = door
        self._account = account
        self._dialect = dialect

    def get(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, **_: object
    ) -> requests.Response:
        """Send a GET and return the answer, whatever its status."""
        return self._send("GET", url, params, None, headers)

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> requests.Response:
        """Send a form and return the answer, whatever its status."""
        return self._send("POST", url, params, data, headers)

    def close(self) -> None:
        """Do nothing: the connections belong to the door."""

    def _send(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        data: Mapping[str, str] | str | bytes | None,
        headers: Mapping[str, str] | None,
    ) -> requests.Response:
        prepared = requests.Request(method, url, params=params, data=data).prepare()
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        form = {name: value for name, value in prepared.headers.items() if name == "Content-Type"}
        call = Call(
            method,
            str(prepared.url),
            self._account,
            "sign in",
            self._dialect,
            headers={**form, **(headers or {})},
            body=body,
            harmless=True,
        )
        return self._door.raw(call)


def _lost(call: Call, what: str, *, too_long: bool = False) -> AccountError:
    if call.changes:
        text = f"could not learn what came of the request to {call.doing} ({what}): it is looked up before anything"
        return UncertainError(call.account, f"{text} is done again.")
    if too_long:
        return RefusedError(call.account, f"could not {call.doing}: {what}: it is passed over.")
    return TryLaterError(call.account, f"could not {call.doing} ({what}): it is tried again by itself.")


def _unreachable(call: Call) -> TryLaterError:
    text = f"could not {call.doing}: {call.dialect.vendor} cannot be reached: it is tried again by itself."
    return TryLaterError(call.account, text)

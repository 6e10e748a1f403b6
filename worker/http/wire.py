"""One exchange over the wire: the session, what is read of an answer, and whether a request can have arrived."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.cookiejar import DefaultCookiePolicy

import orjson
import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError

from worker.http.calls import Answer, Call

WHOLE_ANSWER = timedelta(minutes=3)
# Gmail takes mails of 50 MB; in base64 inside JSON that is 68.
MOST_BYTES = 72 * 1024 * 1024


class LostError(Exception):
    """The request may have arrived; its answer did not. `again` where trying at once makes sense (no time-out)."""

    def __init__(self, text: str, *, again: bool) -> None:
        self.again = again
        super().__init__(text)


class NotSentError(Exception):
    """No connection came about: nothing was sent."""


class TooLongError(LostError):
    """The answer is longer, or takes longer, than any that we ask for."""


def session() -> requests.Session:
    """Return a session that repeats nothing, adds nothing of its own and keeps nothing of an account."""
    # At DEBUG it writes down every address that is asked for, and people's addresses are part of those.
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    made = requests.Session()
    # Retries are the door's: an adapter that retries would repeat a POST after a broken TLS connection.
    adapter = HTTPAdapter(pool_connections=8, pool_maxsize=16, max_retries=0)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    # Without this, requests puts a password from ~/.netrc over our Authorization header.
    made.auth = _as_it_is
    # One session serves all accounts: nothing of one may reach another.
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return made


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def load(response: requests.Response, clock: Callable[[], datetime], deadline: datetime) -> None:
    """Read the body into the response, within bounds: a server may drip bytes for ever or send a bomb."""
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_content(64 * 1024):
        size += len(chunk)
        if size > MOST_BYTES:
            raise TooLongError("the answer is too long", again=False)
        if clock() > deadline:
            raise LostError("the answer takes too long", again=False)
        chunks.append(chunk)
    response._content = b"".join(chunks)  # noqa: SLF001  # requests offers no other way to bound what it reads


def read(response: requests.Response, call: Call) -> Answer:
    """Return the answer with its JSON value. Raises LostError where a good status comes with something else."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    body = response.content or b""
    value = None
    good = 200 <= response.status_code < 300
    if good and call.plain:
        if "text/html" in headers.get("content-type", "").lower():
            raise LostError("the answer is a web page", again=True)
    elif good and not (call.empty_ok and not body):
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError:
            # "from None": the library's error holds the whole answer.
            raise LostError("the answer is no JSON", again=True) from None
    return Answer(response.status_code, headers, body, value)


def timed_out(error: BaseException) -> bool:
    """Whether somebody fell silent, be it before the answer or in the middle of it."""
    return any(isinstance(cause, requests.Timeout | ReadTimeoutError) for cause in _causes(error))


def never_sent(error: BaseException) -> bool:
    """Whether no connection came about, so that the request cannot have arrived."""
    nothing = (
        NewConnectionError,
        ConnectTimeoutError,
        ssl.SSLCertVerificationError,
        requests.exceptions.InvalidURL,
        requests.exceptions.MissingSchema,
    )
    return any(isinstance(cause, nothing) for cause in _causes(error))


def _causes(error: BaseException, depth: int = 8) -> Iterator[BaseException]:
    yield error
    if depth == 0:
        return
    wrapped = (*error.args, getattr(error, "reason", None), getattr(error, "original_error", None), error.__cause__)
    for inner in wrapped:
        if isinstance(inner, BaseException):
            yield from _causes(inner, depth - 1)

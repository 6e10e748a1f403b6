"""The door for outgoing requests, against servers on loopback that misbehave in every way."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import orjson
import pytest
import requests

from worker.errors import (
    AccountError,
    ConflictError,
    FollowthroughError,
    ForbiddenError,
    GoneError,
    RefusedError,
    SignInError,
    TryLaterError,
    UncertainError,
)
from worker.http import Call, Dialect, Door, Kind, Limits

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ACCOUNT = "dana@example.com"
WRITES = ("POST", "PATCH", "PUT", "DELETE")


def reason_of(body: bytes) -> str:
    """A vendor that says its reason in one field."""
    try:
        return str(orjson.loads(body)["reason"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""


DIALECT = Dialect(
    "Vendor",
    reason_of,
    {"rate": Kind.THROTTLED, "locked": Kind.LOCKED, "scope": Kind.SIGN_IN},
    {"scope": "sign in with more."},
)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def response(status: int, body: bytes = b"{}", *headers: str) -> bytes:
    """Return the bytes of an answer."""
    lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


Given = bytes | tuple[bytes] | float | None


class Server:
    """Answers each request with the next of `answers` (the last one for ever) and keeps what it was sent.

    An answer is bytes, bytes in a tuple to hang up after them, None to hang up, or seconds to wait before hanging up.
    """

    def __init__(self, *answers: Given) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self._ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while (request := _read(connection)) is not None:
                self.requests.append(request)
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if isinstance(answer, float):
                    self._ended.wait(answer)
                if isinstance(answer, bytes):
                    connection.sendall(answer)
                    continue
                if isinstance(answer, tuple):
                    connection.sendall(answer[0])
                return

    def methods(self) -> list[str]:
        """Return the methods of the requests that came."""
        return [request.split(b" ")[0].decode() for request in self.requests]

    def close(self) -> None:
        """Stop."""
        self._ended.set()
        # Without this, the thread that waits for connections keeps the port open.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def _read(connection: socket.socket) -> bytes | None:
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return None
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += connection.recv(65536)
    except OSError:
        return None
    return head + b"\r\n\r\n" + body


@contextmanager
def serving(*answers: Given) -> Iterator[Server]:
    """Run a server."""
    server = Server(*answers)
    try:
        yield server
    finally:
        server.close()


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


def door(clock: Callable[[], datetime] = Clock(), **settings: object) -> Door:  # noqa: B008  # never turned
    """Return a door that does not really wait."""
    given = {"pause": lambda _: None, "read": 2.0, "limits": Limits((), ()), **settings}
    return Door(clock, **given)  # type: ignore[arg-type]  # settings by name


def call(url: str, method: str = "GET", **more: object) -> Call:
    """Return a request of Dana's account."""
    body = b'{"a": 1}' if method in WRITES else None
    return Call(method, url, ACCOUNT, "do it", DIALECT, "p", body=body, **more)  # type: ignore[arg-type]  # by name


# --------------------------------------------------------------------------------------------- nothing is sent twice


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    "answer", [None, (b"HTTP/1.1 200 OK\r\nConte",), (response(200)[:-1],), response(502), response(503), 0.4]
)
def test_pitfall_1_a_write_is_never_sent_twice(method: str, answer: Given) -> None:
    """A server that takes a write and closes, breaks or falls silent sees it exactly once; its fate is uncertain."""
    with serving(answer) as server:
        with pytest.raises(UncertainError):
            door(read=0.2).send(call(server.url, method))
        assert server.methods() == [method]


def test_pitfall_1_a_write_is_never_sent_twice_over_a_kept_connection() -> None:
    """Also where the connection was used before and the server closes it on the second request."""
    with serving(OK, None) as server:
        used = door()
        used.send(call(server.url))
        with pytest.raises(UncertainError):
            used.send(call(server.url, "POST"))
        assert server.methods() == ["GET", "POST"]


def test_a_redirect_of_a_write_is_not_followed() -> None:
    """A redirect would send the write a second time: it is not followed, and nothing took effect."""
    with serving(OK) as target, serving(response(307, b"", f"Location: {target.url}")) as server:
        with pytest.raises(TryLaterError):
            door().send(call(server.url, "POST"))
        assert (server.methods(), target.methods()) == (["POST"], [])


def test_a_write_that_never_left_may_be_tried_later() -> None:
    """Where no connection came about nothing took effect, and it is no uncertainty."""
    with serving(OK) as server:
        url = server.url
    with pytest.raises(TryLaterError) as caught:
        door().send(call(url, "POST"))
    assert "cannot be reached" in str(caught.value)


def test_a_post_that_changes_nothing_leaves_no_uncertainty() -> None:
    """A question asked by POST whose answer is lost is asked later, and not repeated by itself."""
    with serving(None) as server:
        with pytest.raises(TryLaterError):
            door().send(call(server.url, "POST", harmless=True))
        assert server.methods() == ["POST"]


# ------------------------------------------------------------------------------------------------------------- reads


@pytest.mark.parametrize("bad", [None, response(500), response(503), (response(200)[:-1],)])
def test_pitfall_2_reads_are_repeated(bad: Given) -> None:
    """A read that failed in passing is repeated and comes back well."""
    with serving(bad, bad, OK) as server:
        assert door().send(call(server.url)).value == {}
        assert server.methods() == ["GET"] * 3


def test_pitfall_3_reads_are_repeated_three_times_at_most() -> None:
    """A server that stays broken is asked three times, with growing pauses; then it is another time's business."""
    pauses: list[float] = []
    with serving(response(503)) as server:
        with pytest.raises(TryLaterError):
            door(pause=pauses.append, jitter=lambda: 1.0).send(call(server.url))
        assert server.methods() == ["GET"] * 3
    assert pauses == [0.5, 1.0]


def test_a_time_out_is_not_repeated() -> None:
    """A server that hangs is not asked again at once: three time-outs would hold up everybody else."""
    for silent in (0.6, response(200)[:-1]):
        with serving(silent) as server:
            with pytest.raises(TryLaterError):
                door(read=0.2).send(call(server.url))
            assert server.methods() == ["GET"]


@pytest.mark.parametrize("body", [b"<html>Sign in to this network</html>", b'{"half": ', b""])
def test_an_answer_that_is_no_json_is_no_answer(body: bytes) -> None:
    """A page of a hotel's network, half an answer or none is no answer: a read is tried later, a write is uncertain."""
    with serving(response(200, body)) as server:
        with pytest.raises(TryLaterError):
            door().send(call(server.url))
        with pytest.raises(UncertainError):
            door().send(call(server.url, "POST"))


def test_an_endless_answer_is_cut_off() -> None:
    """An answer that takes longer than three minutes in all is given up, however steadily it drips."""
    clock = Clock()

    def ticking() -> datetime:
        clock.now += timedelta(seconds=50)
        return clock.now

    body = orjson.dumps("x" * 500_000)
    with serving(response(200, body)) as server, pytest.raises(TryLaterError):
        door(ticking).send(call(server.url))


def test_a_bomb_is_not_unpacked() -> None:
    """An answer that unpacks to more than any that is asked for is refused, not kept in memory."""
    bomb = gzip.compress(b" " * 76_000_000, compresslevel=1)
    with serving(response(200, bomb, "Content-Encoding: gzip")) as server:
        with pytest.raises(RefusedError):
            door().send(call(server.url))
        assert server.methods() == ["GET"]


def test_a_mail_comes_as_it_is() -> None:
    """An answer that is a mail and no JSON is given as its bytes; a network's own page is not taken for one."""
    page = response(200, b"<html>Please sign in</html>", "Content-Type: text/html")
    mail = response(200, b"Subject: x\r\n\r\n", "Content-Type: text/plain")
    with serving(page, mail) as server:
        answer = door().send(call(server.url, plain=True))
        assert (answer.body, answer.value) == (b"Subject: x\r\n\r\n", None)
        assert server.methods() == ["GET", "GET"]
    with serving(page, page, page) as server, pytest.raises(TryLaterError):
        door().send(call(server.url, plain=True))


# ----------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, b"{}", RefusedError),
        (401, b"{}", SignInError),
        (403, b"{}", ForbiddenError),
        (403, b'{"reason": "scope"}', SignInError),
        (403, b'{"reason": "rate"}', TryLaterError),
        (403, b'{"reason": "locked"}', TryLaterError),
        (404, b"{}", GoneError),
        (409, b"{}", ConflictError),
        (410, b"{}", GoneError),
        (412, b"{}", ConflictError),
        (413, b"<html>", RefusedError),
        (422, b"\xff", RefusedError),
        (429, b"{}", TryLaterError),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_pitfall_4_each_refusal_has_its_next_step(
    status: int, body: bytes, kind: type[FollowthroughError], method: str
) -> None:
    """Each status, and each reason where it says more, becomes the one error with that next step; never repeated."""
    # Where nothing was to be changed, a conflict is the other side's own, and passes.
    kind = TryLaterError if (kind, method) == (ConflictError, "GET") else kind
    with serving(response(status, body)) as server:
        with pytest.raises(FollowthroughError) as caught:
            door().send(call(server.url, method))
        assert type(caught.value) is kind
        assert str(caught.value).startswith(ACCOUNT)
        assert str(caught.value).endswith(".")
        assert server.methods() == [method]


def test_a_refusal_tells_nothing_of_the_body() -> None:
    """The text of an error has the vendor's code, not its prose: that quotes addresses and subjects."""
    body = b'{"reason": "rate", "message": "canary@example.com"}'
    with serving(response(403, body)) as server, pytest.raises(AccountError) as caught:
        door().send(call(server.url))
    assert "rate" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_lock_of_hours_is_no_rate_limit() -> None:
    """What the vendor locks for hours is tried again after hours; meanwhile reading goes on."""
    with serving(response(403, b'{"reason": "locked"}'), OK) as server:
        used = door()
        with pytest.raises(TryLaterError) as caught:
            used.send(call(server.url, "POST"))
        assert caught.value.retry_at == NOW + timedelta(hours=3)
        assert used.send(call(server.url)).status == 200


# --------------------------------------------------------------------------------------------------------- throttling


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", 7),
        ("0", 0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0),
        ("999999999999", 86400),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_pitfall_3_retry_after_is_kept(status: int, header: str, wait: int) -> None:
    """Seconds or a date: nothing more is sent for that account until then, and other accounts go on."""
    clock = Clock()
    with serving(response(status, b"{}", f"Retry-After: {header}"), OK) as server:
        used = door(clock)
        with pytest.raises(TryLaterError) as caught:
            used.send(call(server.url))
        assert caught.value.retry_at == NOW + timedelta(seconds=wait)
        assert server.methods() == ["GET"]
        if wait:
            with pytest.raises(TryLaterError):
                used.send(call(server.url, "POST"))
            assert len(server.requests) == 1
        other = Call("GET", server.url, "sam@example.com", "do it", DIALECT)
        assert used.send(other).status == 200
        clock.now += timedelta(seconds=wait + 1)
        assert used.send(call(server.url)).status == 200


def test_pitfall_3_without_a_word_the_pauses_grow() -> None:
    """A vendor that says 429 and nothing else is left alone for longer each time, up to a quarter of an hour."""
    clock = Clock()
    waits = []
    with serving(response(429)) as server:
        used = door(clock, jitter=lambda: 1.0)
        for _ in range(12):
            with pytest.raises(TryLaterError) as caught:
                used.send(call(server.url))
            assert caught.value.retry_at is not None
            waits.append((caught.value.retry_at - clock.now).total_seconds())
            clock.now = caught.value.retry_at
    assert waits[:4] == [4, 8, 16, 32]
    assert waits[-1] == 900


@pytest.mark.parametrize("header", ["soon", "-5", "1e9", ""])
def test_a_retry_after_that_makes_no_sense_is_none(header: str) -> None:
    """Nonsense in the header does not end the worker nor hold it up for ever."""
    with serving(response(429, b"{}", f"Retry-After: {header}")) as server, pytest.raises(TryLaterError) as caught:
        door().send(call(server.url))
    assert caught.value.retry_at is not None
    assert caught.value.retry_at <= NOW + timedelta(minutes=15)


def test_the_limit_of_an_account_is_kept() -> None:
    """Beyond an account's limit nothing is sent, and the error says when to go on; other accounts are not held up."""
    clock = Clock()
    with serving(OK) as server:
        used = door(clock, limits=Limits(project=(), account=((3, 60.0),)))
        for _ in range(3):
            used.send(call(server.url))
        with pytest.raises(TryLaterError) as caught:
            used.send(call(server.url))
        assert caught.value.retry_at is not None
        assert NOW + timedelta(seconds=59) <= caught.value.retry_at <= NOW + timedelta(seconds=61)
        assert used.send(Call("GET", server.url, "sam@example.com", "do it", DIALECT, "p")).status == 200
        clock.now += timedelta(seconds=61)
        assert used.send(call(server.url)).status == 200
        assert len(server.requests) == 5


def test_the_limit_of_a_project_is_waited_for() -> None:
    """A sweep over many accounts is slowed down to the project's limit, without losing any of them."""
    clock = Clock()

    def pause(seconds: float) -> None:
        clock.now += timedelta(seconds=seconds)

    with serving(OK) as server:
        used = door(clock, limits=Limits(project=((10, 1.0),), account=()), pause=pause)
        for number in range(35):
            used.send(Call("GET", server.url, f"m{number}@example.com", "do it", DIALECT, "p"))
    assert 3.0 <= (clock.now - NOW).total_seconds() <= 3.6


def test_a_clock_that_is_set_back_does_not_shut_the_door() -> None:
    """After the clock was set back an hour, requests go on at the limit's rate."""
    clock = Clock()
    with serving(OK) as server:
        used = door(clock, limits=Limits(project=(), account=((3, 60.0),)))
        for _ in range(2):
            for _ in range(3):
                used.send(call(server.url))
            with pytest.raises(TryLaterError) as caught:
                used.send(call(server.url))
            assert caught.value.retry_at is not None
            assert caught.value.retry_at - clock.now < timedelta(seconds=62)
            clock.now -= timedelta(hours=1)
        assert len(server.requests) == 6


# --------------------------------------------------------------------------------------------------------- sign-in


def test_a_401_is_tried_once_with_fresh_credentials() -> None:
    """A 401 says that nothing was done: the same request goes once more with a new token, also a write."""
    asked: list[bool] = []

    def authorise(fresh: bool) -> dict[str, str]:  # noqa: FBT001  # the door's shape
        asked.append(fresh)
        return {"Authorization": f"Bearer {len(asked)}"}

    with serving(response(401), OK) as server:
        assert door().send(call(server.url, "POST", authorise=authorise)).status == 200
        assert [b"Bearer 1" in server.requests[0], b"Bearer 2" in server.requests[1]] == [True, True]
    with serving(response(401)) as server:
        with pytest.raises(SignInError):
            door().send(call(server.url, "POST", authorise=authorise))
        assert len(server.requests) == 2
    assert asked == [False, True, False, True]


def test_netrc_does_not_replace_our_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password in ~/.netrc never goes out in the place of our token."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login canary password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with serving(OK) as server:
        door().send(call(server.url, authorise=lambda _: {"Authorization": "Bearer ours"}))
        assert b"Authorization: Bearer ours" in server.requests[0]


def test_cookies_of_one_account_do_not_reach_another() -> None:
    """No cookie is kept: one session serves every account."""
    with serving(response(200, b"{}", "Set-Cookie: session=canary; Path=/")) as server:
        used = door()
        used.send(call(server.url))
        used.send(call(server.url))
        assert b"canary" not in server.requests[1]


# ------------------------------------------------------------------------------------------------ for other libraries


def test_the_plain_client_answers_like_a_session() -> None:
    """A library such as msal gets every answer as it came, and what it sends goes out as it gave it, once."""
    with serving(response(400, b'{"error": "invalid_grant"}')) as server:
        client = door().client(ACCOUNT, DIALECT)
        answer = client.post(f"{server.url}token", params={"p": "1"}, data={"a": "b c"}, headers={"X-Y": "z"})
        assert isinstance(answer, requests.Response)
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})
        request = server.requests[0]
        assert request.startswith(b"POST /token?p=1 ")
        assert request.endswith(b"\r\n\r\na=b+c")
        assert b"Content-Type: application/x-www-form-urlencoded" in request
        assert b"X-Y: z" in request
        assert client.get(server.url, params={"q": "1"}).status_code == 400
        client.close()
    with serving(None) as server:
        with pytest.raises(TryLaterError):
            door().client(ACCOUNT, DIALECT).post(server.url, data="x")
        assert server.methods() == ["POST"]


def test_the_clock_is_compared_with_the_server() -> None:
    """How far our clock is off the server's is known after any answer."""
    served = format_datetime(NOW - timedelta(seconds=120), usegmt=True)
    with serving(response(200, b"{}", f"Date: {served}")) as server:
        used = door()
        assert used.skew is None
        used.send(call(server.url))
    assert used.skew == timedelta(seconds=120)

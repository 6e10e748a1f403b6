"""A server on loopback that stands in for Google: sign-in, Calendar, Gmail and Directory over real HTTP.

Every request is judged by Google's own descriptions before it is carried out, and every answer before it leaves.
What is wrong is collected in `complaints`, and the request is refused.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import orjson

from worker.fakes.google.calendar_api import CalendarApi
from worker.fakes.google.calendars import Calendars, FakeCalendar
from worker.fakes.google.faults import Fault, RefusalError
from worker.fakes.google.judge import answer_problems, methods, take_apart
from worker.fakes.google.mail_api import MailApi
from worker.fakes.google.mailboxes import Mailbox
from worker.fakes.google.sign_in import SignIn

Json = dict[str, Any]


class FakeGoogle:
    """The server with all its accounts. Use it as a context manager; `url` is its address while it runs."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.calendars = Calendars(clock)
        self.calendar_api = CalendarApi(self.calendars)
        self.mail = MailApi()
        self.sign_in = SignIn(clock)
        self.faults: list[Fault] = []
        self.complaints: list[str] = []
        self.requests: Counter[str] = Counter()
        self.latency = 0.0
        self.meanwhile: list[tuple[str, Callable[[], object]]] = []
        self.last: dict[str, bytes] = {}
        self.lock = threading.RLock()
        self.url = ""
        self._stopped = threading.Event()
        self._methods = {**self.calendar_api.methods(), **self.mail.methods()}
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Start the server on a free port of the loopback interface."""
        methods()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self.sign_in.address = f"{self.url}token"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self._stopped.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def add_calendar(self, owner: str, timezone: str = "UTC") -> FakeCalendar:
        """Give a person a calendar."""
        calendar = FakeCalendar(owner.lower(), timezone)
        self.calendars.by_owner[calendar.owner] = calendar
        return calendar

    def add_mailbox(self, address: str) -> Mailbox:
        """Give a person a mailbox."""
        box = Mailbox(address.lower(), self.clock)
        self.mail.mailboxes[box.address] = box
        return box

    def count(self, prefix: str = "") -> int:
        """Return how many requests came whose method id begins so."""
        return sum(number for name, number in self.requests.items() if name.startswith(prefix))

    # ------------------------------------------------------------------------------------------------------ requests

    def fault_for(self, method: str) -> Fault | None:
        """Return the fault that strikes this request, and count it."""
        return next((fault for fault in self.faults if fault.takes(method)), None)

    def act_meanwhile(self, method: str) -> None:
        """Let happen what somebody else does just before this request arrives (`meanwhile`: method id and act)."""
        due = [entry for entry in self.meanwhile if entry[0] == method]
        for entry in due:
            self.meanwhile.remove(entry)
            entry[1]()

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond the server's end."""
        self._stopped.wait(seconds)

    def answer(
        self, http: str, target: str, headers: Mapping[str, str], body: bytes, name: str
    ) -> tuple[int, Mapping[str, str], Json | None]:
        """Carry out one request and return status, headers and body."""
        parts = urlsplit(target)
        query = parse_qsl(parts.query, keep_blank_values=True)
        with self.lock:
            if name == "consent":
                return 302, {"Location": self.sign_in.consent(dict(query))}, None
            if name == "token":
                status, value = self.sign_in.token(body)
                return status, {}, value
            try:
                return 200, {}, self._carry_out(http, parts.path, query, headers, body)
            except RefusalError as refusal:
                return refusal.status, refusal.headers, refusal.body

    def name_of(self, http: str, target: str) -> str:
        """Return the id of the method that a request means; "unknown" where there is none."""
        path = urlsplit(target).path
        own = {("POST", "/token"): "token", ("GET", "/o/oauth2/v2/auth"): "consent"}
        if (http, path) in own:
            return own[http, path]
        return next((m.id for m in methods() if m.http == http and m.path.fullmatch(path)), "unknown")

    def _carry_out(
        self, http: str, path: str, query: list[tuple[str, str]], headers: Mapping[str, str], body: bytes
    ) -> Json | None:
        asked, problems = take_apart(http, path, query, body, headers)
        if asked is None or problems:
            self.complaints += problems
            raise RefusalError(400, "invalid")
        do = self._methods.get(asked.method.id)
        if do is None:
            self.complaints.append(f"{asked.method.id}: the fake does not know it")
            raise RefusalError(501, "notImplemented")
        scheme, _, token = headers.get("authorization", "").partition(" ")
        grant = self.sign_in.access_tokens.get(token) if scheme == "Bearer" else None
        if grant is None:
            raise RefusalError(401, "authError")
        if not grant.scopes & asked.method.scopes:
            raise RefusalError(403, "insufficientPermissions")
        value: Json | None = do(asked, grant.account, headers)
        wrong = answer_problems(asked.method, 200, value)
        if wrong:
            self.complaints += [f"answer to {problem}" for problem in wrong]
            raise RefusalError(500, "internalError")
        return value


class _Server(ThreadingHTTPServer):
    fake: FakeGoogle

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # socketserver's signature
        """Say nothing: clients hang up, that is what the fault switch is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one piece: two would wait for each other (Nagle and delayed acknowledgement).
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the fake's own time for the Date header."""
        return super().date_time_string(self.server.fake.clock().timestamp() if timestamp is None else timestamp)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        fake = self.server.fake
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        http = headers.get("x-http-method-override", self.command)
        target = self.path if http == self.command else f"{self.path}?{body.decode()}"
        body = body if http == self.command else b""
        name = fake.name_of(http, target)
        with fake.lock:
            fake.requests[name] += 1
            fault = fake.fault_for(name)
        # Outside the lock: what happens meanwhile may be a request of somebody else's.
        fake.act_meanwhile(name)
        if fake.latency:
            fake.wait(fake.latency)
        answer = fake.answer(http, target, headers, body, name) if fault is None or fault.effect else None
        if fault is not None or answer is None:
            self._fail(fault or Fault(name), fake, name)
            return
        status, more, value = answer
        body = b"" if value is None else orjson.dumps(value)
        if status == 200:
            fake.last[name] = body
        self._answer(status, more, body)

    def _fail(self, fault: Fault, fake: FakeGoogle, name: str) -> None:
        if fault.what == "hang":
            fake.wait(fault.seconds)
        if fault.what in {"hang", "drop"}:
            self.close_connection = True
            return
        if fault.what == "html":
            self._answer(200, {}, b"<html><body>Please sign in to this network</body></html>", "text/html")
        elif fault.what == "again":
            self._answer(200, {}, fake.last.get(name, b"{}"))
        elif fault.what == "truncated":
            self._answer(200, {}, b'{"id": "ha', length=4096)
            self.close_connection = True
        else:
            self._answer(fault.status, fault.headers, orjson.dumps(RefusalError(fault.status, fault.reason).body))

    def _answer(
        self,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        kind: str = "application/json; charset=UTF-8",
        length: int | None = None,
    ) -> None:
        status = 204 if status == 200 and not body else status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

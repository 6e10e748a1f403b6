"""What the fakes of all vendors share: a server on loopback with a fault switch, a counter and complaints."""

from __future__ import annotations

import ssl
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

from worker.fakes.faults import Fault


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: `name` is the operation that it means, header names are in lower case."""

    http: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    name: str

    @property
    def path(self) -> str:
        """The path without the query, still quoted."""
        return urlsplit(self.target).path

    @property
    def query(self) -> str:
        """The query, still quoted."""
        return urlsplit(self.target).query


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json; charset=UTF-8"


class LoopbackServer:
    """A vendor's stand-in. Use it as a context manager; `url` is its address while it runs.

    `clock` gives the fake's time (aware). `faults` is the switch (faults.Fault), `latency` the seconds that every
    request takes, `meanwhile` what somebody else does just before a request is carried out (operation and act).
    `requests` counts by operation, `complaints` collects what was wrong with requests and answers, `last` is the last
    good answer of each operation.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.faults: list[Fault] = []
        self.complaints: list[str] = []
        self.requests: Counter[str] = Counter()
        self.latency = 0.0
        self.meanwhile: list[tuple[str, Callable[[], object]]] = []
        self.last: dict[str, bytes] = {}
        self.lock = threading.RLock()
        self.url = ""
        self._stopped = threading.Event()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Start the server on a free port of the loopback interface."""
        context = self.tls()
        server = self._server = _Server(("127.0.0.1", 0), _Handler)
        server.fake = self
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_port}/"
        if context is not None:
            # Each connection shakes hands in its own thread: a client that dawdles keeps nobody waiting.
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            self.url = f"https://localhost:{server.server_port}/"
        self.started()
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self._stopped.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def count(self, prefix: str = "") -> int:
        """Return how many requests came whose operation begins so."""
        return sum(number for name, number in self.requests.items() if name.startswith(prefix))

    # ------------------------------------------------------------------------------------------- what a vendor fills in

    def tls(self) -> ssl.SSLContext | None:
        """Return what the connections are secured with; None: plain HTTP."""
        return None

    def started(self) -> None:
        """Learn the address, before the first request comes."""

    def meant(self, http: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[str, str, bytes]:  # noqa: ARG002  # for those who override it
        """Return method, target and body that a request stands for, where a vendor has ways to write it differently."""
        return http, target, body

    def name_of(self, http: str, target: str) -> str:
        """Return the operation that a request means; "unknown" where there is none."""
        raise NotImplementedError

    def answer(self, request: Request) -> Reply:
        """Carry out one request; called by one thread at a time."""
        raise NotImplementedError

    def refusal(self, fault: Fault) -> Reply:
        """Return the answer of a fault that is a status, in the vendor's words."""
        raise NotImplementedError

    def enter(self, request: Request) -> Reply | None:  # noqa: ARG002  # for those who override it
        """Let a request in, or return why not (too many at once)."""
        return None

    def leave(self, request: Request) -> None:
        """Note that a request that was let in is done."""

    # ------------------------------------------------------------------------------------------------- the fault switch

    def fault_for(self, name: str) -> Fault | None:
        """Return the fault that strikes this request, and count it."""
        return next((fault for fault in self.faults if fault.takes(name)), None)

    def act_meanwhile(self, name: str) -> None:
        """Let happen what somebody else does just before this request arrives."""
        due = [entry for entry in self.meanwhile if entry[0] == name]
        for entry in due:
            self.meanwhile.remove(entry)
            entry[1]()

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond the server's end."""
        self._stopped.wait(seconds)


class _Server(ThreadingHTTPServer):
    fake: LoopbackServer

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002  # socketserver's
        """Note what went wrong in the fake itself; clients that hang up are what the fault switch is for."""
        error = sys.exception()
        if not isinstance(error, OSError):
            self.fake.complaints.append(f"the fake failed: {error!r}")


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
        http, target, body = fake.meant(self.command, self.path, headers, body)
        request = Request(http, target, headers, body, fake.name_of(http, target))
        with fake.lock:
            fake.requests[request.name] += 1
            fault = fake.fault_for(request.name)
            full = fake.enter(request)
        if full is not None:
            self._answer(full)
            return
        try:
            self._carry_out(request, fault)
        finally:
            with fake.lock:
                fake.leave(request)

    def _carry_out(self, request: Request, fault: Fault | None) -> None:
        fake = self.server.fake
        # Outside the lock: what happens meanwhile may be a request of somebody else's.
        fake.act_meanwhile(request.name)
        if fake.latency:
            fake.wait(fake.latency)
        if fault is not None and not fault.effect:
            self._fail(fault, request.name)
            return
        with fake.lock:
            reply = fake.answer(request)
        if fault is not None:
            self._fail(fault, request.name)
            return
        if reply.status == 200:
            fake.last[request.name] = reply.body
        self._answer(reply)

    def _fail(self, fault: Fault, name: str) -> None:
        fake = self.server.fake
        if fault.what == "hang":
            fake.wait(fault.seconds)
        if fault.what in {"hang", "drop"}:
            self.close_connection = True
        elif fault.what == "html":
            page = b"<html><body>Please sign in to this network</body></html>"
            self._answer(Reply(200, page, kind="text/html"))
        elif fault.what == "again":
            self._answer(Reply(200, fake.last.get(name, b"{}")))
        elif fault.what == "truncated":
            self._answer(Reply(200, b'{"id": "ha'), length=4096)
            self.close_connection = True
        else:
            self._answer(fake.refusal(fault))

    def _answer(self, reply: Reply, length: int | None = None) -> None:
        status = 204 if reply.status == 200 and not reply.body else reply.status
        self.send_response(status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if status != 204:
            if reply.body:
                self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body) if length is None else length))
        self.end_headers()
        self.wfile.write(reply.body)
        self.wfile.flush()

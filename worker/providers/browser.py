"""The way back from a consent page: a port of this machine that the person's browser is sent to (RFC 8252).

Works over an SSH port forward: the port is a setting, and nothing but the browser needs to reach it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from worker.errors import NeedsPersonError

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Followthrough</title>
<p>{text}</p><p>You can close this window.</p></html>"""
# An answer holds a code of a few thousand characters; a person's address may be all that stands beside it.
_MOST = 64 * 1024


class Return:
    """Listens on `port` of the loopback interface (0: any free one) until `close`, for an answer with this `state`.

    Raises NeedsPersonError where the port is taken.
    """

    def __init__(self, port: int, state: str) -> None:
        try:
            self._server = _Server(port, state)
        except OSError as error:
            text = f"port {port} of this machine cannot be listened on ({error.strerror}): set another redirect_port."
            raise NeedsPersonError(text) from None
        self.port = self._server.server_port

    def wait(self, clock: Callable[[], datetime], end: datetime) -> dict[str, str]:
        """Return the query that the browser came back with, with `code` or `error` in it; empty where nobody came."""
        self._server.timeout = min(1.0, max(0.0, (end - clock()).total_seconds()))
        while not self._server.answer and clock() < end:
            self._server.handle_request()
        return self._server.answer

    def close(self) -> None:
        """Stop listening."""
        self._server.server_close()


class _Server(HTTPServer):
    """Waits for the browser. `answer` is the query that it came back with, once its state is ours."""

    allow_reuse_address = False

    def __init__(self, port: int, state: str) -> None:
        self.state = state
        self.answer: dict[str, str] = {}
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that hangs up is none of the person's concern."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5.0

    def do_GET(self) -> None:
        self._take(urlsplit(self.path).query)

    def do_POST(self) -> None:
        """Take an answer that the page posts: then the code stands in no browser's history (RFC 9700 4.3.1)."""
        size = self.headers.get("Content-Length", "")
        body = self.rfile.read(min(int(size), _MOST)) if size.isdigit() else b""
        self._take(body.decode("ascii", "replace"))

    def _take(self, text: str) -> None:
        query = {name: values[0] for name, values in parse_qs(text).items()}
        ours = hmac.compare_digest(query.get("state", "").encode(), self.server.state.encode())
        if ours and ("code" in query or "error" in query):
            self.server.answer = query
            text = "Signed in." if "code" in query else "The consent was not given."
        else:
            text = "This is not the answer that was waited for."
        page = _PAGE.format(text=text).encode()
        self.send_response(200 if ours else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Say nothing: the request line holds the code."""

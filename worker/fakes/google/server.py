"""A server on loopback that stands in for Google: sign-in, Calendar, Gmail and Directory over real HTTP.

Every request is judged by Google's own descriptions before it is carried out, and every answer before it leaves.
What is wrong is collected in `complaints`, and the request is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from worker.fakes.faults import Fault
from worker.fakes.google.calendar_api import CalendarApi
from worker.fakes.google.calendars import Calendars, FakeCalendar
from worker.fakes.google.faults import RefusalError
from worker.fakes.google.judge import answer_problems, methods, take_apart
from worker.fakes.google.mail_api import MailApi
from worker.fakes.google.mailboxes import Mailbox
from worker.fakes.google.sign_in import SignIn
from worker.fakes.server import LoopbackServer, Reply, Request

Json = dict[str, Any]


class FakeGoogle(LoopbackServer):
    """The server with all its accounts. Use it as a context manager; `url` is its address while it runs."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        self.calendars = Calendars(clock)
        self.calendar_api = CalendarApi(self.calendars)
        self.mail = MailApi()
        self.sign_in = SignIn(clock)
        self._methods = {**self.calendar_api.methods(), **self.mail.methods()}

    def started(self) -> None:
        """Read the descriptions before anybody waits for an answer."""
        methods()
        self.sign_in.address = f"{self.url}token"

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

    # ------------------------------------------------------------------------------------------------------ requests

    def meant(self, http: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[str, str, bytes]:
        """Return what a request stands for whose address was too long: the client then sends it as a form."""
        override = headers.get("x-http-method-override", http)
        return (http, target, body) if override == http else (override, f"{target}?{body.decode()}", b"")

    def name_of(self, http: str, target: str) -> str:
        """Return the id of the method that a request means; "unknown" where there is none."""
        path = urlsplit(target).path
        own = {("POST", "/token"): "token", ("GET", "/o/oauth2/v2/auth"): "consent"}
        if (http, path) in own:
            return own[http, path]
        return next((m.id for m in methods() if m.http == http and m.path.fullmatch(path)), "unknown")

    def answer(self, request: Request) -> Reply:
        """Carry out one request."""
        if request.name == "consent":
            query = dict(parse_qsl(request.query, keep_blank_values=True))
            return Reply(302, headers={"Location": self.sign_in.consent(query)})
        if request.name == "token":
            status, value = self.sign_in.token(request.body)
            return Reply(status, orjson.dumps(value))
        try:
            found = self._carry_out(request)
        except RefusalError as refusal:
            return Reply(refusal.status, orjson.dumps(refusal.body), refusal.headers)
        return Reply(200, b"" if found is None else orjson.dumps(found))

    def refusal(self, fault: Fault) -> Reply:
        """Return the answer of a fault in Google's words."""
        body = RefusalError(fault.status, fault.reason or "backendError").body
        return Reply(fault.status, orjson.dumps(body), fault.headers)

    def _carry_out(self, request: Request) -> Json | None:
        headers = request.headers
        query = parse_qsl(request.query, keep_blank_values=True)
        asked, problems = take_apart(request.http, request.path, query, request.body, headers)
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

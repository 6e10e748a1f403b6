"""A server on loopback that stands in for Microsoft: sign-in and Graph v1.0 over TLS.

Every request is judged by Microsoft's own description before it is carried out, and every answer before it leaves.
What is wrong is collected in `complaints`, and the request is refused.
"""

from __future__ import annotations

import ssl
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from worker.fakes.faults import Fault
from worker.fakes.microsoft.calendar_api import CalendarApi
from worker.fakes.microsoft.calendars import Calendars, FakeCalendar
from worker.fakes.microsoft.certificates import make_authority
from worker.fakes.microsoft.directory import Directory, Person
from worker.fakes.microsoft.judge import answer_problems, error_problems, operations, take_apart
from worker.fakes.microsoft.mail_api import MailApi
from worker.fakes.microsoft.mailboxes import Mailbox
from worker.fakes.microsoft.permissions import check
from worker.fakes.microsoft.refusals import DENIALS, DeniedError, RefusalError
from worker.fakes.microsoft.rules import Asked
from worker.fakes.microsoft.sign_in import TENANT, Grant, SignIn
from worker.fakes.microsoft.tokens import TokenApi
from worker.fakes.server import LoopbackServer, Reply, Request

Json = dict[str, Any]

_STATUS = {"events.create": 201, "messages.create": 201, "messages.send": 202, "events.cancel": 202}


class FakeMicrosoft(LoopbackServer):
    """The server with all its accounts. Use it as a context manager; see the package for what it offers."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        self.authority = ""
        self.ca_file = Path()
        self.sign_in = SignIn(clock)
        self.directory = Directory()
        self.tokens = TokenApi(self.sign_in, self.directory)
        self.calendars = Calendars(clock)
        self.calendar_api = CalendarApi(self.calendars, self.directory)
        self.mail = MailApi(clock)
        self.at_once = 4
        self._inside: Counter[tuple[str, str]] = Counter()
        self._seats: dict[int, tuple[str, str]] = {}
        self._methods = {**self.directory.methods(), **self.calendar_api.methods(), **self.mail.methods()}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def tls(self) -> ssl.SSLContext:
        """Make the authority of this run."""
        self._folder = tempfile.TemporaryDirectory(prefix="fake-microsoft-")
        context, self.ca_file = make_authority(Path(self._folder.name))
        return context

    def started(self) -> None:
        """Read the description before anybody waits for an answer."""
        operations()
        self.authority = f"{self.url}{TENANT}"
        self.tokens.url = self.calendar_api.url = self.mail.url = self.url

    def __exit__(self, *details: object) -> None:
        """Stop the server and throw its authority away."""
        super().__exit__(*details)
        if self._folder is not None:
            self._folder.cleanup()

    def add_person(self, address: str, **more: Any) -> Person:  # noqa: ANN401  # the fields of Person
        """Put a person into the directory, or change what it says of them; the fields are those of Person."""
        known = self.directory.people.get(address.lower()) or Person(address.lower())
        for name, value in more.items():
            setattr(known, name, value)
        self.directory.people[known.address] = known
        return known

    def add_calendar(self, owner: str, zone: str = "UTC") -> FakeCalendar:
        """Give a person a calendar. `zone` is an IANA or Windows name; the mailbox settings name it as it is given."""
        person = self.add_person(owner, zone=zone)
        calendar = FakeCalendar(person.address, zone)
        self.calendars.by_owner[calendar.owner] = calendar
        return calendar

    def add_mailbox(self, address: str, aliases: tuple[str, ...] = ()) -> Mailbox:
        """Give a person a mailbox; mail to an alias or a sub-address comes there too."""
        person = self.add_person(address, aliases=tuple(alias.lower() for alias in aliases))
        box = Mailbox(person.address, self.clock, person.aliases)
        self.mail.mailboxes[box.address] = box
        return box

    # ------------------------------------------------------------------------------------------------------- requests

    def name_of(self, http: str, target: str) -> str:
        """Return the operation that a request means; "unknown" where there is none."""
        path = urlsplit(target).path
        known = (one.name for one in operations() if one.http == http and one.pattern.fullmatch(path))
        return self.tokens.name_of(http, path) or next(known, "unknown")

    def enter(self, request: Request) -> Reply | None:
        """Let so many requests of one app into one mailbox at a time; more are over its MailboxConcurrency limit."""
        key = self._mailbox_of(request)
        if key is not None and self._inside[key] >= self.at_once:
            text = "Application is over its MailboxConcurrency limit."
            return self._refused(RefusalError(429, "ApplicationThrottled", text, {"Retry-After": "1"}))
        if key is not None:
            self._inside[key] += 1
            self._seats[id(request)] = key
        return None

    def leave(self, request: Request) -> None:
        """Note that a request is done."""
        key = self._seats.pop(id(request), None)
        if key is not None:
            self._inside[key] -= 1

    def _mailbox_of(self, request: Request) -> tuple[str, str] | None:
        grant = self._holder(request)
        # The directory has limits of another kind.
        if grant is None or not request.path.startswith("/v1.0/") or request.name.startswith("users."):
            return None
        _, _, kind, *rest = request.path.split("/")
        return grant.client, (rest[0].lower() if kind == "users" and rest else grant.account)

    def _holder(self, request: Request) -> Grant | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self.sign_in.holder(token) if scheme == "Bearer" else None

    def answer(self, request: Request) -> Reply:
        """Carry out one request."""
        if self.tokens.name_of(request.http, request.path):
            return self.tokens.answer(request)
        try:
            return self._carry_out(request)
        except RefusalError as refusal:
            return self._refused(refusal)

    def refusal(self, fault: Fault) -> Reply:
        """Return the answer of a fault; the reason is a code of Graph's, or of the sign-in's ("AADSTS50173")."""
        number = fault.reason.removeprefix("AADSTS")
        if number != fault.reason and int(number) in DENIALS:
            denied = DeniedError(int(number))
            return Reply(denied.denial.status, orjson.dumps(denied.body(self.clock())), fault.headers)
        return self._refused(RefusalError(fault.status, fault.reason, headers=fault.headers))

    def _refused(self, refusal: RefusalError) -> Reply:
        body = refusal.body(self.clock())
        self.complaints += [f"answer to {problem}" for problem in error_problems(body)]
        return Reply(refusal.status, orjson.dumps(body), refusal.headers)

    def _carry_out(self, request: Request) -> Reply:
        query = parse_qsl(request.query, keep_blank_values=True)
        asked, problems = take_apart(request.http, request.path, query, request.body, request.headers)
        if asked is None or problems:
            self.complaints += problems
            raise RefusalError(400, "BadRequest", "; ".join(problems))
        grant = self._holder(request)
        if grant is None:
            home = f'Bearer realm="", authorization_uri="{self.authority}/oauth2/v2.0/authorize"'
            text = "Lifetime validation failed, the token is expired."
            raise RefusalError(401, "InvalidAuthenticationToken", text, {"WWW-Authenticate": home})
        address = self._address(asked, grant)
        name = asked.operation.name
        check(name, grant, address, self.sign_in, shared=self._is_shared(name, address, grant.account))
        value = self._methods[name](asked, address)
        if isinstance(value, dict):
            value = {"@odata.context": f"{self.url}v1.0/$metadata#{name}", **value}
        wrong = answer_problems(asked, value)
        if wrong:
            self.complaints += [f"answer to {problem}" for problem in wrong]
            raise RefusalError(500, "ErrorInternalServerError")
        status = _STATUS.get(name, 200)
        if isinstance(value, bytes):
            return Reply(status, value, kind="text/plain")
        return Reply(status, b"" if value is None else orjson.dumps(value))

    def _address(self, asked: Asked, grant: Grant) -> str:
        """Return whose things a request is about: the address of a person, "" for the whole organisation."""
        if asked.operation.name == "users.list":
            return ""
        if not asked.mailbox and not grant.account:
            text = "/me request is only valid with delegated authentication flow."
            raise RefusalError(400, "BadRequest", text)
        if not asked.mailbox:
            return grant.account
        try:
            return self.directory.of(asked.mailbox).address
        except RefusalError:
            if asked.operation.name.startswith("users."):
                raise
            raise RefusalError(404, "ErrorInvalidUser", f"The requested user '{asked.mailbox}' is invalid.") from None

    def _is_shared(self, name: str, address: str, account: str) -> bool:
        if name.startswith(("calendar", "events.")):
            calendar = self.calendars.by_owner.get(address)
            return calendar is not None and account in calendar.members
        box = self.mail.mailboxes.get(address)
        if box is None:
            return False
        if name == "messages.send" and account in box.members and account not in box.senders:
            raise RefusalError(403, "ErrorSendAsDenied")
        return account in box.members

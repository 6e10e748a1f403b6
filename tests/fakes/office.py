"""A way to ask the fake Microsoft over HTTP without our code."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from worker.fakes.microsoft import FakeMicrosoft

DANA, ALEX = "dana@example.com", "alex@example.com"
EVERY = frozenset(
    {"Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send", "MailboxSettings.Read", "User.Read", "User.Read.All"}
    | {"Calendars.ReadWrite.Shared", "Mail.ReadWrite.Shared", "Mail.Send.Shared"}
)
IMMUTABLE = {"Prefer": 'IdType="ImmutableId"'}


class Office:
    """A fake Microsoft, a clock that the test turns, and a way to ask as somebody. `token` asks with that one."""

    dana, alex = DANA, ALEX

    def __init__(self, fake: FakeMicrosoft) -> None:
        self.fake = fake
        self.session = requests.Session()
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        self.token = ""

    def turn(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def __call__(self, method: str, path: str, account: str = DANA, **more: Any) -> requests.Response:
        """Send a request below v1.0/ or to a link of Graph's, with every right or with those of `scopes`."""
        scopes: frozenset[str] = more.pop("scopes", EVERY)
        token = self.token or self.fake.sign_in.access_token(account, scopes)
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", IMMUTABLE)}
        address = path if "://" in path else f"{self.fake.url}v1.0/{path}"
        verify = str(self.fake.ca_file)
        return self.session.request(method, address, headers=headers, timeout=5, verify=verify, **more)

    def draft(self, raw: bytes, account: str = DANA, **more: Any) -> dict[str, Any]:
        """Store a draft."""
        headers = {**IMMUTABLE, "Content-Type": "text/plain"}
        answer = self("POST", "me/messages", account, data=b64encode(raw), headers=headers, **more)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def code(self, answer: requests.Response) -> tuple[int, str]:
        """Return status and code of a refusal."""
        return answer.status_code, answer.json()["error"]["code"]


def mail(office: Office, to: str = "", subject: str = "Hi", **more: str) -> bytes:
    """Return a mail of Dana's."""
    head = {
        "From": office.dana,
        "To": to or office.alex,
        "Message-ID": "<mine@example.com>",
        "Subject": subject,
        **more,
    }
    return "".join(f"{name}: {value}\r\n" for name, value in head.items()).encode() + b"\r\nHello\r\n"

"""A submission server on loopback that keeps what it takes, and answers as a test wants."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = 'pass "word\\ 1'


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Outgoing:
    """A submission server that keeps what it takes, and answers as the test wants.

    `answers` has one reply for each command (MAIL, RCPT, DATA) to give instead of the usual one: "DROP" closes the
    connection without a word, "WAIT" answers when nobody listens any more. With `takes` the mail is taken all the
    same. `files` is called with each mail taken, as servers do that file a copy by themselves.
    """

    left: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    takes: bool = False
    password: str = PASSWORD
    files: Callable[[bytes], None] = lambda _: None

    def sign_in(self, *asked: object) -> AuthResult:
        """Let in whoever knows the password."""
        data = asked[-1]
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password == self.password.encode(), handled=False)

    def _answer(self, command: str, usual: str, server: SMTP) -> str:
        said = self.answers.pop(command, usual)
        if said == "DROP":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return said

    async def handle_MAIL(  # noqa: N802  # the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender."""
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return self._answer("MAIL", "250 OK", server)

    async def handle_RCPT(  # noqa: N802  # the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient."""
        said = self._answer("RCPT", "250 OK", server)
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        """Take the mail."""
        said = self._answer("DATA", "250 OK", server)
        if said.startswith("2") or self.takes:
            assert isinstance(envelope.content, bytes)
            self.left.append(envelope.content)
            self.senders.append(envelope.mail_from or "")
            self.recipients += envelope.rcpt_tos
            await asyncio.to_thread(self.files, envelope.content)
        if said == "WAIT":
            await asyncio.sleep(2)
        return said


@contextmanager
def submission(outgoing: Outgoing, certificate: Path, *, security: str) -> Iterator[int]:
    """Run a submission server and give its port; `security` as in the settings."""
    tls: dict[str, Any] = {}
    if security != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        tls = {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    controller = Controller(
        outgoing,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=outgoing.sign_in,
        auth_require_tls=security == "starttls",
        decode_data=False,
        **tls,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()

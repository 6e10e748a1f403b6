"""Servers of other people's that serve one run of the tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.providers.imap_submission import Outgoing, submission
from tests.providers.imap_world import MISSING, Dovecot, MailboxWorld, dovecot


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Dovecot]:
    """A Dovecot for all tests of this run. Where it is not installed they are skipped, but in CI they fail."""
    if MISSING:
        assert not os.environ.get("CI"), f"Dovecot is missing: {MISSING}"
        pytest.skip(f"Dovecot is missing: {MISSING}")
    with dovecot() as server:
        yield server


@pytest.fixture
def mailbox(mail_server: Dovecot) -> Iterator[MailboxWorld]:
    """An account that nobody has used yet, with a submission server of its own that speaks TLS."""
    user = mail_server.new_user()
    outgoing = Outgoing()
    with submission(outgoing, mail_server.home / "server.pem", security="tls") as port:
        world = MailboxWorld(mail_server, outgoing, user, port)
        yield world
        world.close()

"""A mailbox by IMAP and SMTP: the contract, and what only such servers do, on a real Dovecot."""

from __future__ import annotations

import pytest

from tests.providers.contract import MailContract

pytestmark = pytest.mark.real


class TestImapMail(MailContract):
    """The contract, kept by IMAP and SMTP over TLS."""

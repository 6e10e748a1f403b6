"""Any mailbox by IMAP and SMTP."""

from worker.providers.imap.mail import ImapMail
from worker.providers.imap.settings import ImapSettings

__all__ = ["ImapMail", "ImapSettings"]

"""Any mailbox by IMAP and SMTP."""

from worker.providers.imap.check import check_mailbox
from worker.providers.imap.mail import ImapMail
from worker.providers.imap.settings import PASSWORD, ImapSettings, Security

__all__ = ["PASSWORD", "ImapMail", "ImapSettings", "Security", "check_mailbox"]

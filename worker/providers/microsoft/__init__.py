"""Microsoft 365: calendars, mail and the directory, by Microsoft Graph."""

from worker.providers.findings import Finding
from worker.providers.microsoft.calendar import MicrosoftCalendar
from worker.providers.microsoft.check import check_calendar, check_clock, check_mailbox
from worker.providers.microsoft.mail import MicrosoftMail
from worker.providers.microsoft.people import MicrosoftDirectory
from worker.providers.microsoft.settings import (
    MicrosoftSettings,
    calendar_scopes,
    directory_scopes,
    mail_scopes,
)
from worker.providers.microsoft.sign_in import Consent, DeviceCode
from worker.providers.sending import SendingLimits

__all__ = [
    "Consent",
    "DeviceCode",
    "Finding",
    "MicrosoftCalendar",
    "MicrosoftDirectory",
    "MicrosoftMail",
    "MicrosoftSettings",
    "SendingLimits",
    "calendar_scopes",
    "check_calendar",
    "check_clock",
    "check_mailbox",
    "directory_scopes",
    "mail_scopes",
]

"""Google Calendar, Gmail and the directory."""

from worker.providers.findings import Finding
from worker.providers.google.calendar import GoogleCalendar
from worker.providers.google.check import check_calendar, check_clock, check_mailbox
from worker.providers.google.mail import GoogleMail
from worker.providers.google.people import GoogleDirectory
from worker.providers.google.settings import GoogleSettings, calendar_scopes, mail_scopes
from worker.providers.google.sign_in import Consent
from worker.providers.sending import SendingLimits

__all__ = [
    "Consent",
    "Finding",
    "GoogleCalendar",
    "GoogleDirectory",
    "GoogleMail",
    "GoogleSettings",
    "SendingLimits",
    "calendar_scopes",
    "check_calendar",
    "check_clock",
    "check_mailbox",
    "mail_scopes",
]

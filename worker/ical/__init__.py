"""Reading and writing iCalendar (RFC 5545, 5546, 6047). Pure: bytes and values in and out."""

from worker.ical.compose import calendar_bytes
from worker.ical.edit import Edited, EventGoneError, SeriesError, edit
from worker.ical.itip import CalendarReply, invitation, parse_reply
from worker.ical.lines import NotACalendarError
from worker.ical.objects import CalendarObject, Part, touches
from worker.ical.reading import Reading, endless, read
from worker.ical.recurrence import EndlessRuleError

__all__ = [
    "CalendarObject",
    "CalendarReply",
    "Edited",
    "EndlessRuleError",
    "EventGoneError",
    "NotACalendarError",
    "Part",
    "Reading",
    "SeriesError",
    "calendar_bytes",
    "edit",
    "endless",
    "invitation",
    "parse_reply",
    "read",
    "touches",
]

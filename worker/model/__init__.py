"""The nouns. Frozen values without behaviour beyond their invariants; every datetime is aware.

Words follow RFC 5545 (uid, recurrence_id, dtstart, partstat), RFC 5546 and RFC 5322. Addresses are lower case.
A pair of people is the aggregate: everything remembered belongs to a pair, and a pair is the unit of locking, of
transactions, of export and of erasure.

A noun's module is loaded when the noun is first asked for: reading a reply needs few of them, and a class of this kind
takes about a millisecond to make.
"""

from __future__ import annotations

from importlib import import_module

# Without the name from typing, whose import alone takes milliseconds; type checkers know this one.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from worker.model.ask import Ask
    from worker.model.calendar import Attendee, Busy, CalendarOperation, CalendarWrite, Event, Meeting, MeetingStatus
    from worker.model.items import (
        ActionItem,
        Feedback,
        FeedbackAnswer,
        FeedbackState,
        Goal,
        ItemState,
        Note,
        Progress,
        Review,
        Topic,
    )
    from worker.model.memory import Applied, CalendarState, CheckIn, CheckInState, Desk, Pair, PairState
    from worker.model.outbox import Inbound, MailKind, OutboxEntry, OutboxState, Outcome
    from worker.model.people import PairKey, PairKind, PairMail, Person
    from worker.model.policy import Lead, Policy
    from worker.model.reasons import AskReason
    from worker.model.written import (
        Command,
        Part,
        Reply,
        ReplyProblem,
        WrittenFeedback,
        WrittenItem,
        WrittenNote,
        WrittenTopic,
    )

__all__ = [
    "ActionItem",
    "Applied",
    "Ask",
    "AskReason",
    "Attendee",
    "Busy",
    "CalendarOperation",
    "CalendarState",
    "CalendarWrite",
    "CheckIn",
    "CheckInState",
    "Command",
    "Desk",
    "Event",
    "Feedback",
    "FeedbackAnswer",
    "FeedbackState",
    "Goal",
    "Inbound",
    "ItemState",
    "Lead",
    "MailKind",
    "Meeting",
    "MeetingStatus",
    "Note",
    "OutboxEntry",
    "OutboxState",
    "Outcome",
    "Pair",
    "PairKey",
    "PairKind",
    "PairMail",
    "PairState",
    "Part",
    "Person",
    "Policy",
    "Progress",
    "Reply",
    "ReplyProblem",
    "Review",
    "Topic",
    "WrittenFeedback",
    "WrittenItem",
    "WrittenNote",
    "WrittenTopic",
]

_HOMES = {
    "ActionItem": "items",
    "Applied": "memory",
    "Ask": "ask",
    "AskReason": "reasons",
    "Attendee": "calendar",
    "Busy": "calendar",
    "CalendarOperation": "calendar",
    "CalendarState": "memory",
    "CalendarWrite": "calendar",
    "CheckIn": "memory",
    "CheckInState": "memory",
    "Command": "written",
    "Desk": "memory",
    "Event": "calendar",
    "Feedback": "items",
    "FeedbackAnswer": "items",
    "FeedbackState": "items",
    "Goal": "items",
    "Inbound": "outbox",
    "ItemState": "items",
    "Lead": "policy",
    "MailKind": "outbox",
    "Meeting": "calendar",
    "MeetingStatus": "calendar",
    "Note": "items",
    "OutboxEntry": "outbox",
    "OutboxState": "outbox",
    "Outcome": "outbox",
    "Pair": "memory",
    "PairKey": "people",
    "PairKind": "people",
    "PairMail": "people",
    "PairState": "memory",
    "Part": "written",
    "Person": "people",
    "Policy": "policy",
    "Progress": "items",
    "Reply": "written",
    "ReplyProblem": "written",
    "Review": "items",
    "Topic": "items",
    "WrittenFeedback": "written",
    "WrittenItem": "written",
    "WrittenNote": "written",
    "WrittenTopic": "written",
}


def __getattr__(name: str) -> object:
    """Load the module of a noun."""
    home = _HOMES.get(name)
    if home is None:
        msg = f"worker.model has no {name}"
        raise AttributeError(msg)
    noun: object = getattr(import_module(f"worker.model.{home}"), name)
    globals()[name] = noun
    return noun

"""Which kind of agenda a meeting gets: what a person asked for by mail, else a word in its title, else `status`."""

from __future__ import annotations

import re

from worker.model import Meeting, Policy

STATUS = "status"


def session_of(meeting: Meeting, policy: Policy) -> str:
    """Return `status`, `career`, `review`, or another kind that the configuration names."""
    if meeting.session:
        return meeting.session
    for kind, words in policy.sessions:
        if words and re.search(rf"\b(?:{words})\b", meeting.summary, re.IGNORECASE):
            return kind
    return STATUS

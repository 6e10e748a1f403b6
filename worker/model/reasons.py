"""Why a phrase must be asked about; apart from the rest, for the grammar of dates that is loaded first."""

from __future__ import annotations

from enum import StrEnum


class AskReason(StrEnum):
    """Why a phrase must be settled by a person before it becomes a date."""

    AMBIGUOUS = "ambiguous"
    PAST = "past"
    IMPOSSIBLE = "impossible"
    CONTRADICTORY = "contradictory"
    VAGUE = "vague"
    SEVERAL = "several"
    NEGATED = "negated"
    RULE = "rule"
    TOO_FAR = "too-far"
    CLOCK_CHANGE = "clock-change"
    UNREADABLE = "unreadable"
    NOT_A_WORKDAY = "not-a-workday"
    NO_FREE_SLOT = "no-free-slot"

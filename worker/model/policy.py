"""Every setting that decides when what is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time


@dataclass(frozen=True, slots=True)
class Lead:
    """A length of time before or after something: whole `days`, of business days where `business`, and `minutes`."""

    days: int = 0
    minutes: int = 0
    business: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """Every setting that decides when what is sent, already read and checked. Defaults are the contract's."""

    timezone: str = "Europe/Berlin"
    language: str = "en"
    topics_before: Lead = Lead(days=2, business=True)
    agenda_before: Lead = Lead(days=1, business=True)
    follow_up_after: Lead = Lead(minutes=10)
    follow_up_gap: Lead = Lead(minutes=15)
    bundle_from: int = 0
    reminder_after: Lead = Lead(days=1, business=True)
    feedback_follow_up: Lead = Lead(days=14)
    working_hours: tuple[time, time] = (time(9), time(17))
    quiet: tuple[time, time] | None = (time(19), time(7))
    holidays: str = ""
    start: str = "ask"
    domains: tuple[str, ...] = ("own",)
    found_by: str = "series"
    leave_alone: str = ""
    title: str = ""
    minutes: tuple[int, int] = (10, 120)
    exclude: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    recap: str = "ok"
    sessions: tuple[tuple[str, str], ...] = field(default=())
    review_every: Lead = Lead(days=91)
    hr: str = ""

"""The question that a phrase becomes where it is no date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from worker.model.reasons import AskReason


@dataclass(frozen=True, slots=True)
class Ask:
    """A date that must be settled: why, which days or moments it could be (earliest first), and the words."""

    reason: AskReason
    candidates: tuple[datetime | date, ...] = ()
    phrase: str = ""

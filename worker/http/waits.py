"""How long an account has to wait: the limits that we keep, and what the vendor told it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pyrate_limiter import Decision, InMemoryBucket, Rate, RateItem

from worker.errors import TryLaterError
from worker.http.calls import Call

_LONGEST_WAIT = timedelta(days=1)
_LONGEST_BACK_OFF = timedelta(minutes=15)
_WORTH_WAITING = 2.0


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many requests in so many seconds, for each project and for each account."""

    project: tuple[tuple[int, float], ...] = ((100, 1.0),)
    account: tuple[tuple[int, float], ...] = ((360, 60.0),)


class Waits:
    """Keeps the limits of all projects and accounts of one process. Safe to use from several threads."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        limits: Limits,
        jitter: Callable[[], float],
        pause: Callable[[float], object],
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._jitter = jitter
        self._pause = pause
        self._lock = threading.Lock()
        self._buckets: dict[str, InMemoryBucket] = {}
        self._closed: dict[str, datetime] = {}
        self._throttled: dict[str, int] = {}

    def until(self, account: str) -> datetime | None:
        """Return until when this account was told to wait; None where it was not."""
        moment = self._closed.get(account)
        return moment if moment is not None and moment > self._clock() else None

    def admit(self, call: Call) -> None:
        """Take a place for one request. Raises TryLaterError where there will be none within two seconds."""
        moment = self.until(call.account)
        if moment is not None:
            text = f"{call.dialect.vendor} asked this account to wait: it goes on by itself."
            raise TryLaterError(call.account, text, moment)
        self.take(f"project {call.project}", self._limits.project, call.account)
        self.take(f"account {call.project} {call.account}", self._limits.account, call.account)

    def take(self, name: str, rates: tuple[tuple[int, float], ...], account: str) -> None:
        """Take a place under the limit of that name: at most so many in so many seconds."""
        wait = self._wait_for(name, rates)
        if wait is not None and wait <= _WORTH_WAITING:
            self._pause(wait)
            wait = self._wait_for(name, rates)
        if wait is not None:
            text = "this worker's own limit is reached: it goes on by itself."
            raise TryLaterError(account, text, self._clock() + timedelta(seconds=wait))

    def close(self, account: str, until: datetime) -> None:
        """Send nothing for this account until then."""
        self._closed[account] = until

    def throttled(self, account: str, until: datetime | None) -> datetime:
        """Note that the vendor refused for the rate, and return when to go on; each time in a row it takes longer."""
        if until is None:
            count = self._throttled[account] = self._throttled.get(account, 0) + 1
            longest = min(_LONGEST_BACK_OFF, timedelta(seconds=2 * 2 ** min(count, 10)))
            until = self._clock() + max(timedelta(seconds=1), longest * self._jitter())
        self.close(account, until)
        return until

    def went_well(self, account: str) -> None:
        """Forget earlier refusals for the rate."""
        self._throttled.pop(account, None)

    def _wait_for(self, name: str, rates: tuple[tuple[int, float], ...]) -> float | None:
        """Take a place, or return the seconds until there is one."""
        if not rates:
            return None
        with self._lock:
            bucket = self._buckets.get(name)
            if bucket is None:
                bucket = self._buckets[name] = InMemoryBucket([Rate(most, int(span * 1000)) for most, span in rates])
            newest = bucket.peek(0)
            moment = int(self._clock().timestamp() * 1000)
            if newest is not None and newest.timestamp > moment:
                # A clock that was set back must not shut the door until it has caught up with itself.
                bucket.flush()
            bucket.leak(moment)
            decision = bucket.put_decision(RateItem(name, moment))
        if not isinstance(decision, Decision) or decision.allowed:
            return None
        return max(0.001, (decision.retry_after_ms or 1000) / 1000)


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return the moment of Retry-After (RFC 9110 10.2.3: seconds or a date), at most a day ahead."""
    text = headers.get("retry-after", "").strip()
    if text.isdigit():
        return now + min(timedelta(seconds=min(int(text), 10**6)), _LONGEST_WAIT)
    moment = http_date(text)
    return min(max(moment, now), now + _LONGEST_WAIT) if moment is not None else None


def http_date(text: str) -> datetime | None:
    """Return the moment of a date as headers have it (RFC 9110 5.6.7), None where it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""Forgetting, once a day: what is older than the configuration keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta

from worker.plan import retention
from worker.tick.office import Office

NAME = "purge"
_EVERY = timedelta(days=1)


def carry_on(office: Office, now: datetime) -> None:
    """Forget what is too old, once a day; when the next time is stays known between ticks and between processes."""
    memory = office.memory
    if office.limits is None or (memory.purge_at is not None and now < memory.purge_at <= now + _EVERY):
        return
    last = office.store.heartbeat(NAME)
    if last is None or not timedelta(0) <= now - last < _EVERY:
        limits = office.limits(now)
        office.store.purge(
            lambda pair: retention.kept(pair, limits),
            lambda desk: retention.kept_desk(desk, limits),
            lambda record: retention.mails_in_use(record, limits),
            (limits.raw_mail, limits.shared),
        )
        office.store.heartbeat(NAME, now)
        last = now
    memory.purge_at = last + _EVERY

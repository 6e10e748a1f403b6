"""Free/busy items of Exchange (getSchedule). No requests, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from worker.ical.zones import iana, zone
from worker.model import Busy

Json = dict[str, Any]

_BUSY = frozenset({"busy", "tentative"})


def blocks(items: Iterable[Json]) -> Iterator[dict[str, str]]:
    """Yield when somebody is busy or perhaps busy; working elsewhere is free."""
    for item in items:
        if item.get("status") in _BUSY:
            yield {name: _moment(item[name]).isoformat() for name in ("start", "end")}


def absences(items: Iterable[Json]) -> Iterator[Busy]:
    """Yield when somebody is out of office."""
    for item in items:
        if item.get("status") == "oof":
            yield Busy(_moment(item["start"]), _moment(item["end"]), away=True)


def _moment(value: Json) -> datetime:
    moment = datetime.fromisoformat(value["dateTime"])
    moment = (
        moment if moment.tzinfo else moment.replace(tzinfo=zone(iana(str(value.get("timeZone") or "UTC")) or "UTC"))
    )
    return moment.astimezone(UTC)

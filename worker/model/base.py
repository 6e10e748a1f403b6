"""The base of the nouns that hold moments."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from functools import cache


class AwareTimes:
    """Refuses naive datetimes in every field, so that no wall-clock time without a zone enters the model."""

    __slots__ = ()

    def __post_init__(self) -> None:
        cls: type = type(self)
        for name in _moments(cls):
            value = getattr(self, name)
            if isinstance(value, datetime) and value.tzinfo is None:
                msg = f"{type(self).__name__}.{name} needs a zone: {value!r}"
                raise ValueError(msg)


@cache
def _moments(cls: type) -> tuple[str, ...]:
    """Return the fields that may hold a datetime, by their annotations."""
    return tuple(item.name for item in fields(cls) if "date" in str(item.type))

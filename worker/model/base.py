"""The base of the nouns that hold moments."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime


class AwareTimes:
    """Refuses naive datetimes in every field, so that no wall-clock time without a zone enters the model."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]  # the subclasses are dataclasses
            value = getattr(self, item.name)
            if isinstance(value, datetime) and value.tzinfo is None:
                msg = f"{type(self).__name__}.{item.name} needs a zone: {value!r}"
                raise ValueError(msg)

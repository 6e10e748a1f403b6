"""JSON for whatever mails and calendars may contain."""

from __future__ import annotations

from typing import Any

import orjson


def dumps(value: object, option: int = 0) -> bytes:
    """Return JSON in UTF-8. Half a surrogate pair, which UTF-8 cannot carry, becomes U+FFFD."""
    try:
        return orjson.dumps(value, option=option)
    except orjson.JSONEncodeError:
        return orjson.dumps(well_formed(value), option=option)


def well_formed(value: Any) -> Any:  # noqa: ANN401  # any JSON
    """Return the value with every text that UTF-8 can carry, and nothing else changed."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {well_formed(key): well_formed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [well_formed(item) for item in value]
    return value

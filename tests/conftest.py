"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# How fast a machine is says nothing about whether a promise holds; what must be fast is measured in benchmarks/. In CI
# the same examples are drawn each time, so that a red run means a change and not a draw.
settings.register_profile(
    "followthrough",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("followthrough")

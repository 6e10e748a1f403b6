"""The one door for outgoing HTTP requests, whoever the vendor is.

It owns the only `requests.Session`, sets the time-outs, keeps the rate limits, remembers for how long an account was
told to wait, and turns every status and every fault into a class of `worker.errors`. A write is never sent twice: a
lost answer is an `UncertainError`, and whoever wrote looks before anything is written again. Reads are repeated.

Provider modules describe their vendor by a `Dialect`; no caller sees a status code of a request that failed.
"""

from __future__ import annotations

from worker.http.calls import Answer, Call, Dialect, Kind
from worker.http.door import CONNECT_SECONDS, READ_SECONDS, Door, PlainClient
from worker.http.waits import Limits

__all__ = ["CONNECT_SECONDS", "READ_SECONDS", "Answer", "Call", "Dialect", "Door", "Kind", "Limits", "PlainClient"]

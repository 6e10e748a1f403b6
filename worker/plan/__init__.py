"""What is due now. Pure: `plan(now, snapshot, policy)` gives values that can be printed, and nothing is enqueued ahead.

When a meeting moves there is no job to cancel: the next plan simply says something else. A mail that has an outbox row,
in whatever state, is not planned again.
"""

from worker.plan.actions import Action, Plan, SendMail, SkipMail, Upcoming, WriteCalendar
from worker.plan.desk import plan_desk
from worker.plan.gather import gather
from worker.plan.pair import plan
from worker.plan.snapshot import Snapshot

__all__ = [
    "Action",
    "Plan",
    "SendMail",
    "SkipMail",
    "Snapshot",
    "Upcoming",
    "WriteCalendar",
    "gather",
    "plan",
    "plan_desk",
]

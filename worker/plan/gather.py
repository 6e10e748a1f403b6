"""Mails of several pairs to one reader that make one mail: the welcome, several forms' reminder, a full day's mails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from worker.model import MailKind
from worker.plan.actions import Action, SendMail
from worker.plan.bundle import ANSWERS
from worker.tokens import item_id


def gather(actions: Iterable[Action], starts: Mapping[str, datetime] | None = None) -> tuple[Action, ...]:
    """Return the actions of all pairs, by time, with the mails joined that go to one reader as one.

    `starts` are the starts of meetings by id: the order within a joined mail of a day.
    """
    single: list[Action] = []
    joined: dict[tuple[MailKind, str, str], list[SendMail]] = defaultdict(list)
    for action in actions:
        if isinstance(action, SendMail) and action.kind in (MailKind.WELCOME, MailKind.REMINDER):
            joined[(action.kind, action.to, action.variant)].append(action)
        elif isinstance(action, SendMail) and action.bundle:
            joined[(action.kind, action.to, action.bundle)].append(action)
        elif isinstance(action, SendMail) and action.kind in ANSWERS and action.pair is not None:
            # One mail of a person gets one answer, however many pairs it was about, also where one of them is asked.
            joined[(MailKind.RECEIPT, action.to, action.cause)].append(action)
        else:
            single.append(action)
    for (kind, to, _), group in joined.items():
        if kind is not MailKind.WELCOME and len(group) == 1:
            single.extend(group)
        elif kind in (MailKind.WELCOME, MailKind.REMINDER):
            single.append(_one_mail(kind, to, group))
        else:
            single.append(_one_day(kind, to, sorted(group, key=lambda one: _place(one, starts or {}))))
    return tuple(sorted(single, key=lambda action: (action.at, action.key)))


def _place(action: SendMail, starts: Mapping[str, datetime]) -> tuple[float, str]:
    start = starts.get(action.meeting)
    return start.timestamp() if start else 0.0, action.key


def _one_day(kind: MailKind, to: str, group: Sequence[SendMail]) -> SendMail:
    """Return the one mail of a day with several 1:1s; it lives at the manager's desk and names its parts."""
    about = tuple(dict.fromkeys(action.key for action in group))
    name = group[0].cause if kind is MailKind.RECEIPT else f"{to} day {item_id(*about)}"
    if any(action.kind is MailKind.QUESTION for action in group):
        kind = MailKind.QUESTION
    return replace(
        group[0],
        kind=kind,
        key=f"{kind} {name}",
        record=to,
        at=min(action.at for action in group),
        pair=None,
        meeting="",
        variant="day",
        about=about,
        parts=tuple(group),
    )


def _one_mail(kind: MailKind, to: str, group: Sequence[SendMail]) -> SendMail:
    about = tuple(sorted(one for action in group for one in action.about))
    first = min(group, key=lambda action: action.at)
    variant = "several" if kind is MailKind.REMINDER else first.variant
    return replace(
        first,
        key=f"{kind} {to} {variant} {item_id(*about)}",
        record=to,
        pair=None,
        meeting="",
        variant=variant,
        about=about,
    )

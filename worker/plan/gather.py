"""Mails of several pairs to one reader that make one mail: the welcome, and the reminder of several forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from worker.model import MailKind
from worker.plan.actions import Action, SendMail
from worker.tokens import item_id


def gather(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Return the actions of all pairs, by time, with the mails joined that go to one reader as one."""
    single: list[Action] = []
    joined: dict[tuple[MailKind, str, str], list[SendMail]] = defaultdict(list)
    for action in actions:
        if isinstance(action, SendMail) and action.kind in (MailKind.WELCOME, MailKind.REMINDER):
            joined[(action.kind, action.to, action.variant)].append(action)
        else:
            single.append(action)
    for (kind, to, _), group in joined.items():
        if kind is MailKind.REMINDER and len(group) == 1:
            single.extend(group)
        else:
            single.append(_one_mail(kind, to, group))
    return tuple(sorted(single, key=lambda action: (action.at, action.key)))


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

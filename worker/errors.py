"""One class for each different next step; every message ends in that step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class FollowthroughError(Exception):
    """The base of all our errors; its text is one line for a person and ends in what to do next."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the configuration: `where` is the file, `key` the dotted key, `text` what to do."""

    where: str
    key: str
    text: str

    def __str__(self) -> str:
        """Return the problem as one line: file, key, and what to do."""
        return ": ".join(part for part in (self.where, self.key, self.text) if part)


class ConfigurationError(FollowthroughError):
    """The call or the configuration is wrong: change it and call again. Carries every problem at once."""

    def __init__(self, problems: list[Problem]) -> None:
        """Take all problems found."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class UsageError(FollowthroughError):
    """The command was called with words that do not fit: call again, corrected."""


class NeedsPersonError(FollowthroughError):
    """Something that only a person can settle: the text says what and how. Nothing was changed."""


class DataDamagedError(NeedsPersonError):
    """A data file cannot be trusted: restore it; the worker does not go on with an empty one in its place."""


class DataNewerError(NeedsPersonError):
    """A data file was written by a newer version: upgrade the worker."""


class DataAccessError(NeedsPersonError):
    """The data folder cannot be written or read (disk full, no right, a failing disk): make room, or give the right."""


class BusyError(FollowthroughError):
    """Another process holds the lock: wait, or end that process."""


class ConflictError(FollowthroughError):
    """Somebody else changed the record since it was read: read it again and repeat the step."""


class ItemError(FollowthroughError):
    """One item (an event, a mail) cannot be used: it is reported and passed over, the rest goes on."""

    def __init__(self, item: str, text: str) -> None:
        """Take the item's name (a file, a uid) and what is wrong with it."""
        self.item = item
        self.text = text
        super().__init__(f"{item}: {text}")


class AccountError(FollowthroughError):
    """One account (a calendar, a mailbox) cannot be used now; the other accounts go on."""

    def __init__(self, account: str, text: str) -> None:
        """Take the account's address or folder and what is wrong, ending in the next step."""
        self.account = account
        self.text = text
        super().__init__(f"{account}: {text}")


class TryLaterError(AccountError):
    """A passing fault: nothing took effect; the same step is tried again by itself at `retry_at` (aware) or later."""

    def __init__(self, account: str, text: str, retry_at: datetime | None = None) -> None:
        """Take when to try again, where the other side said so."""
        super().__init__(account, text)
        self.retry_at = retry_at


class UncertainError(AccountError):
    """The answer to a write was lost: look whether it took effect before anything is written again."""


class SignInError(AccountError):
    """Sign-in expired, was revoked or is too narrow: a person signs in again. Never retried by itself."""


class ForbiddenError(AccountError):
    """The account may not do this: an administrator grants the right. Never retried by itself."""


class GoneError(AccountError):
    """What was named is no longer there (a deleted event, a cursor that expired)."""


class RefusedError(AccountError):
    """The other side will never accept this request as it is: the action is given up and a person told."""

"""The one IMAP connection of a mailbox: opened when it is needed, kept, and opened anew where it was lost."""

from __future__ import annotations

import imaplib
from collections.abc import Callable
from typing import TypeVar

from worker.errors import AccountError, ForbiddenError, RefusedError, SignInError, TryLaterError, UncertainError
from worker.providers.imap.folders import Folders, find_folders
from worker.providers.imap.network import tls_context, unreachable, unreadable
from worker.providers.imap.responses import Refusal, farewell
from worker.providers.imap.session import Session
from worker.providers.imap.settings import PASSWORD, ImapSettings

_PASSING = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"})
LOST = (imaplib.IMAP4.abort, OSError)

Result = TypeVar("Result")


class Connection:
    """Runs steps on the mailbox's connection; raises the classes of `worker.errors` only."""

    def __init__(self, account: str, settings: ImapSettings) -> None:
        self.account = account
        self.settings = settings
        self._server = f"{settings.imap_host}:{settings.imap_port}"
        self._session: Session | None = None
        self._folders: Folders | None = None

    def close(self) -> None:
        """Close the connection; the next step opens another one."""
        if self._session is not None:
            self._session.close()
        self._session = self._folders = None

    def run(self, what: str, step: Callable[[Session, Folders], Result]) -> Result:
        """Run a step that may be run twice, "what" in words: on a connection that was kept and is gone, once more."""
        kept = self._session is not None
        try:
            return self._once(what, step)
        except TimeoutError as error:
            raise unreachable(self.account, "imap", self._server, error) from error
        except LOST as error:
            if not kept:
                raise self._lost(error) from error
        try:
            return self._once(what, step)
        except LOST as error:
            raise self._lost(error) from error

    def write(self, what: str, step: Callable[[Session, Folders], Result]) -> Result:
        """Run a step once. Raises UncertainError where the connection was lost on the way."""
        try:
            return self._once(what, step)
        except LOST as error:
            text = f"{self._server} closed the connection before it answered: it is looked for."
            raise UncertainError(self.account, text) from error

    def _once(self, what: str, step: Callable[[Session, Folders], Result]) -> Result:
        session, folders = self._opened()
        try:
            return step(session, folders)
        except Refusal as error:
            # Somebody may have renamed or removed a folder; not every server says that this is why.
            self._folders = None
            raise self._refused(what, error) from error
        except AccountError:
            raise
        except BaseException as error:
            # Whatever it was, an answer may be under way that the next command would take for its own.
            self.close()
            if isinstance(error, ValueError):
                raise unreadable(self.account, self._server) from error
            raise

    def _opened(self) -> tuple[Session, Folders]:
        if self._session is None:
            self._session = self._signed_in()
        if self._folders is None:
            try:
                self._folders = find_folders(self._session, self.settings)
            except Refusal as error:
                raise self._refused("list the folders", error) from error
            except BaseException as error:
                self.close()
                if isinstance(error, ValueError):
                    raise unreadable(self.account, self._server) from error
                raise
        return self._session, self._folders

    def _signed_in(self) -> Session:
        context = tls_context(self.settings)
        try:
            return Session(self.settings, context)
        except Refusal as error:
            raise self._not_signed_in(error) from error
        except OSError as error:
            raise unreachable(self.account, "imap", self._server, error) from error
        except imaplib.IMAP4.error as error:
            raise self._lost(error) from error
        except ValueError as error:
            raise unreadable(self.account, self._server) from error

    def _not_signed_in(self, error: Refusal) -> AccountError:
        if error.code in _PASSING:
            return TryLaterError(self.account, f"{self._server} does not sign in now ({error.text}): tried again.")
        if error.code == "PRIVACYREQUIRED":
            text = f"no TLS with {self._server} ({error.text}): correct `imap_port` or `imap_security` in [imap]."
            return TryLaterError(self.account, text)
        text = (
            f"{self._server} refuses the sign-in of {self.settings.user} ({error.text}): correct `user` in [imap]"
            f" and {PASSWORD}, or the file that {PASSWORD}_FILE names; many providers want an app password."
        )
        return SignInError(self.account, text)

    def _refused(self, what: str, error: Refusal) -> AccountError:
        said = f"the server does not {what} ({error.code or error.text or 'no reason given'})"
        if error.code == "OVERQUOTA" or "quota" in error.text.lower():
            return TryLaterError(
                self.account, "the mailbox is full: remove mails or raise its quota; it goes on by itself."
            )
        if error.code in {"NOPERM", "READ-ONLY"}:
            return ForbiddenError(self.account, f"{said}: give {self.settings.user} the right to write there.")
        if error.code == "TOOBIG":
            return RefusedError(self.account, f"{said}: the mail is larger than the server takes.")
        return TryLaterError(self.account, f"{said}: it is tried again by itself.")

    def _lost(self, error: Exception) -> AccountError:
        if isinstance(error, OSError):
            return unreachable(self.account, "imap", self._server, error)
        said = farewell(error) or "no reason given"
        return TryLaterError(
            self.account, f"{self._server} closed the connection ({said}): it is tried again by itself."
        )

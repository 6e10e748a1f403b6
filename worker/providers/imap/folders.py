"""Which folder is for what: by the configuration, by the server's own word (RFC 6154), else by the usual names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from worker.providers.imap.responses import Folder
from worker.providers.imap.session import Session
from worker.providers.imap.settings import ImapSettings

# The last level of a folder's name, as servers and mail clients of several languages make it.
_USUAL = {
    "junk": "junk|spam|junk mail|junk e-mail|junk email|bulk mail|spamverdacht|unerwünscht|indésirables|pourriel"
    "|courrier indésirable|correo no deseado|posta indesiderata|ongewenste e-mail|ongewenst",
    "sent": "sent|sent items|sent messages|sent mail|sent-mail|gesendet|gesendete elemente|gesendete objekte|envoyés"
    "|messages envoyés|éléments envoyés|enviados|elementos enviados|inviati|inviata|posta inviata|verzonden"
    "|verzonden items",
    "drafts": "drafts|draft|entwürfe|entwurf|brouillons|borradores|rascunhos|bozze|concepten",
}
_USE = {"junk": "\\junk", "sent": "\\sent", "drafts": "\\drafts"}
_CANNOT_HOLD_MAIL = frozenset({"\\noselect", "\\nonexistent"})


@dataclass(frozen=True, slots=True)
class Folders:
    """Names of folders: `junk` is "" where there is none; `sent` and `drafts` may be `missing`, and are then made."""

    inbox: str
    junk: str
    sent: str
    drafts: str
    missing: set[str] = field(default_factory=set)

    def make(self, session: Session, name: str) -> None:
        """Make a folder that is missing."""
        if name in self.missing:
            session.create(name)
            self.missing.discard(name)


def find_folders(session: Session, settings: ImapSettings) -> Folders:
    """Return the folders of a mailbox; makes none."""
    listed = [folder for folder in session.folders() if not folder.attributes & _CANNOT_HOLD_MAIL]
    names = {folder.name for folder in listed}
    found = {role: getattr(settings, role) or _found(role, listed) for role in _USE}
    if not (found["sent"] and found["drafts"]):
        prefix = session.prefix()
        found["sent"] = found["sent"] or f"{prefix}Sent"
        found["drafts"] = found["drafts"] or f"{prefix}Drafts"
    missing = {found["sent"], found["drafts"]} - names
    return Folders(settings.inbox, found["junk"], found["sent"], found["drafts"], missing)


def _found(role: str, listed: Iterable[Folder]) -> str:
    usual = _USUAL[role].split("|")
    by_name: dict[str, str] = {}
    for folder in listed:
        if _USE[role] in folder.attributes:
            return folder.name
        last = folder.name.rpartition(folder.delimiter)[2] if folder.delimiter else folder.name
        by_name.setdefault(last.casefold(), folder.name)
    return next((by_name[name] for name in usual if name in by_name), "")

"""Mail by two Maildirs: `out` for what we send, `in` for what we receive.

A draft is a file in `tmp/`; sending it is the rename into `new/`, which either has happened or has not.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from worker.errors import GoneError, UncertainError
from worker.providers import Batch, Received, Sent, Whereabouts
from worker.providers.files.durable import discard, explain, explained, fsync_folder, printable, write_new

# A mail beyond this is refused by whoever reads it; one byte more is enough for them to see that.
MAX_MAIL_BYTES = 10_000_000
# What one fetch holds in memory; the rest comes with the next one.
MAX_BATCH_BYTES = 64_000_000

_HEADER_BYTES = 65_536
# The field with the lines that it is folded over (RFC 5322 2.2.3).
_MESSAGE_ID = re.compile(rb"^message-id:((?:.*\n[ \t])*.*)", re.IGNORECASE | re.MULTILINE)


class FilesMail:
    """The mailbox of provider `files`: Maildirs `in` and `out` in the folder `path`.

    With `authserv_id` empty the delivery itself proves the sender: whoever may write into the folder is trusted.
    """

    settles_after = 0.0

    def __init__(
        self, *, address: str, path: str | Path, authserv_id: str = "", sync: Callable[[int], None] = os.fsync
    ) -> None:
        """Take the mailbox's address, its folder, the server whose Authentication-Results count, and what syncs."""
        self.address = address.lower()
        self._in = Path(path) / "in"
        self._out = Path(path) / "out"
        self._parts = {maildir: [maildir / part for part in ("tmp", "new", "cur")] for maildir in (self._in, self._out)}
        self._server = authserv_id or None
        self._sync = sync

    def signature(self) -> str:
        """Return the names in `in/new`, digested: a new mail changes it."""
        try:
            names = sorted(os.fsencode(name) for name in _names(self._in / "new"))
        except FileNotFoundError:
            return "-"
        except OSError as error:
            raise explain(self.address, self._in, error) from error
        return hashlib.blake2b(b"\0".join(names), digest_size=16).hexdigest()

    def fetch(self, cursor: str) -> Batch:  # noqa: ARG002  # the folder itself knows what is new
        """Return the mails in `in/new`, oldest first; one that cannot be read is a problem and stays.

        A mail longer than 10 MB comes cut to one byte more than that. Raises AccountError, ForbiddenError.
        """
        self._make(self._in)
        mails: list[Received] = []
        problems: list[tuple[str, str]] = []
        held = 0
        for moment, name in self._arrived():
            try:
                with (self._in / "new" / name).open("rb") as file:
                    raw = file.read(MAX_MAIL_BYTES + 1)
            except FileNotFoundError:
                continue
            except OSError as error:
                problems.append(
                    (printable(name), f"{error.strerror}: let the user that runs the worker read this mail")
                )
                continue
            held += len(raw)
            if mails and held > MAX_BATCH_BYTES:
                break
            mails.append(Received(name, raw, datetime.fromtimestamp(moment / 1e9, UTC), server=self._server))
        return Batch(tuple(mails), "", tuple(problems))

    def _arrived(self) -> list[tuple[int, str]]:
        """Return (mtime in ns, name) of the files in `in/new`, oldest first."""
        found = []
        with explained(self.address, self._in / "new"), os.scandir(self._in / "new") as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                try:
                    status = entry.stat()
                except FileNotFoundError:
                    continue
                except OSError:
                    # Reading it will say what is wrong with it.
                    found.append((0, entry.name))
                    continue
                if stat.S_ISREG(status.st_mode):
                    found.append((status.st_mtime_ns, entry.name))
        return sorted(found)

    def done(self, mail: Received, *, refused: bool) -> None:
        """Move a mail to `in/cur` with flag S, a refused one with F as well. Doing it twice is fine."""
        self._make(self._in)
        base, flags = _split(mail.ref)
        wanted = "".join(sorted(flags | {"S"} | ({"F"} if refused else set())))
        new, cur = self._in / "new", self._in / "cur"
        source = new / mail.ref
        with explained(self.address, cur):
            if not source.exists():
                return
            target = cur / f"{base}:2,{wanted}"
            number = 1
            # Another mail of that name must not be lost, whatever its flags are.
            taken = {_split(name)[0] for name in _names(cur)}
            unique = base
            while unique in taken:
                unique = f"{base}.{number}"
                number += 1
                target = cur / f"{unique}:2,{wanted}"
            source.rename(target)
            fsync_folder(cur, self._sync)
            fsync_folder(new, self._sync)

    def draft(self, key: str, raw: bytes, conversation: str) -> str:  # noqa: ARG002  # files have no conversations
        """Store the mail in `out/tmp` and return its name, which follows from the key. Raises AccountError."""
        name = name_of(key)
        if self._sent_file(name) is not None:
            return name
        draft = self._out / "tmp" / name
        with explained(self.address, draft):
            try:
                # Under its own name at once: half a draft is never sent, since its name was given to nobody.
                try:
                    write_new(draft, raw, 0o600, self._sync)
                except FileNotFoundError:
                    self._make(self._out)
                    write_new(draft, raw, 0o600, self._sync)
                fsync_folder(draft.parent, self._sync)
            except OSError:
                discard(draft)
                raise
        return name

    def send(self, ref: str) -> Sent:
        """Rename the draft into `out/new`; one that is there already was sent.

        Raises GoneError where there is no such draft, UncertainError where the disk failed after the rename.
        """
        if "/" in ref or ref.startswith("."):
            raise GoneError(self.address, f"{printable(ref)} is no draft of ours: nothing was sent")
        draft, target = self._out / "tmp" / ref, self._out / "new" / ref
        with explained(self.address, draft):
            there = self._sent_file(ref)
            if there is not None:
                return _sent(ref, there)
            try:
                if not target.parent.is_dir():
                    self._make(self._out)
                draft.rename(target)
            except FileNotFoundError:
                raise GoneError(
                    self.address,
                    f"the draft {printable(ref)} is no longer in {draft.parent}: look what removes files there",
                ) from None
        try:
            fsync_folder(target.parent, self._sync)
            fsync_folder(draft.parent, self._sync)
            return _sent(ref, target)
        except OSError as error:
            raise UncertainError(self.address, f"{target}: {error.strerror}: look whether it is there") from error

    def locate(self, key: str, ref: str, message_id: str) -> tuple[Whereabouts, Sent | None]:
        """Tell where a mail is: in `out/tmp` it is a draft; in `out/new` or `out/cur` it was sent.

        A mail client that took it from there leaves it absent; whoever was sending it knows that it was sent.
        """
        name = ref or name_of(key)
        with explained(self.address, self._out):
            there = self._sent_file(name)
            if there is not None:
                sent = _sent(name, there)
                return Whereabouts.SENT, Sent(name, sent.message_id or message_id)
            if (self._out / "tmp" / name).exists():
                return Whereabouts.DRAFT, None
        return Whereabouts.ABSENT, None

    def _sent_file(self, name: str) -> Path | None:
        """Return the file of a mail that was sent; a mail client may have moved it to `cur` and flagged it."""
        target = self._out / "new" / name
        if target.exists():
            return target
        with explained(self.address, self._out):
            try:
                names = _names(self._out / "cur")
            except FileNotFoundError:
                return None
        return next((self._out / "cur" / other for other in names if _split(other)[0] == name), None)

    def _make(self, maildir: Path) -> None:
        """Make the three folders of a Maildir that are not there yet, for their owner only."""
        for folder in self._parts[maildir]:
            with explained(self.address, folder):
                if not folder.is_dir():
                    maildir.mkdir(mode=0o700, parents=True, exist_ok=True)
                    folder.mkdir(mode=0o700, exist_ok=True)


def _names(folder: Path) -> list[str]:
    """Return the names in a folder. Raises OSError."""
    return [path.name for path in folder.iterdir()]


def name_of(key: str) -> str:
    """Return the file name of the mail with this key: the same each time, so that there is only one."""
    return f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.followthrough"


def _split(name: str) -> tuple[str, set[str]]:
    """Return a Maildir name without its flags, and the flags."""
    base, _, flags = name.partition(":2,")
    return base, set(flags)


def _sent(name: str, path: Path) -> Sent:
    """Return what there is to know of a mail that was sent."""
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = _MESSAGE_ID.search(head)
    return Sent(name, " ".join(found[1].decode("ascii", "replace").split()) if found else "")

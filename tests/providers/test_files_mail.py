"""The embedded default's mailbox: the contract, and what only Maildirs can do to it."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.providers.contract import STAMP, WORKER, MailContract, mail_of
from worker.errors import AccountError, GoneError, UncertainError
from worker.providers import Whereabouts
from worker.providers.files import FilesMail


class MaildirWorld:
    """A delivery agent and a mail client that share the Maildirs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0

    def provider(self, authserv_id: str = "") -> FilesMail:
        """Return a provider on the folder."""
        return FilesMail(address=WORKER.upper(), path=self.folder, authserv_id=authserv_id)

    def receive(self, raw: bytes, at: datetime, name: str = "") -> Path:
        """Deliver a mail as an agent does."""
        new = self.folder / "in" / "new"
        new.mkdir(parents=True, exist_ok=True)
        self._count += 1
        path = new / (name or f"{9 - self._count}.M{self._count}.host")
        path.write_bytes(raw)
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path

    def sent(self) -> list[bytes]:
        """Return what stands in `out/new` and `out/cur`."""
        return [path.read_bytes() for part in ("new", "cur") for path in (self.folder / "out" / part).glob("*")]

    def cur(self) -> list[str]:
        """Return the names of settled mails."""
        return sorted(path.name for path in (self.folder / "in" / "cur").iterdir())


@pytest.fixture
def mailbox(tmp_path: Path) -> MaildirWorld:
    """Maildirs that are not there yet."""
    return MaildirWorld(tmp_path / "mail")


class TestFilesMail(MailContract):
    """The contract, kept by Maildirs."""


def test_folders_are_made_for_their_owner_only(mailbox: MaildirWorld) -> None:
    """The first use makes whole Maildirs that nobody else can enter."""
    provider = mailbox.provider()
    provider.fetch("")
    provider.draft("k", mail_of(1), "")
    for maildir in ("in", "out"):
        for part in ("tmp", "new", "cur"):
            assert (mailbox.folder / maildir / part).stat().st_mode & 0o777 == 0o700


def test_a_settled_mail_is_flagged(mailbox: MaildirWorld) -> None:
    """A settled mail is in `cur` with S, a refused one with FS, flags it had are kept, in ASCII order."""
    mailbox.receive(mail_of(1), STAMP, "one")
    mailbox.receive(mail_of(2), STAMP, "two:2,")
    mailbox.receive(mail_of(3), STAMP, "three:2,RP")
    provider = mailbox.provider()
    for mail in provider.fetch("").mails:
        provider.done(mail, refused=mail.ref.startswith("t"))
    assert mailbox.cur() == ["one:2,S", "three:2,FPRS", "two:2,FS"]


def test_no_settled_mail_is_overwritten(mailbox: MaildirWorld) -> None:
    """A mail whose name is taken in `cur` gets another name: both are there with their bytes."""
    for number in (1, 2, 3):
        mailbox.receive(mail_of(number), STAMP, "same")
        provider = mailbox.provider()
        (mail,) = provider.fetch("").mails
        provider.done(mail, refused=False)
        provider.done(mail, refused=False)
    raws = sorted(path.read_bytes() for path in (mailbox.folder / "in" / "cur").iterdir())
    assert raws == [mail_of(1), mail_of(2), mail_of(3)]


def test_a_file_that_is_no_mail_is_handed_over(mailbox: MaildirWorld) -> None:
    """Whatever stands in `new` comes as bytes, for its reader to say what is wrong with it."""
    for number, raw in enumerate((b"", b"\0\xff\xfe", b"hello")):
        mailbox.receive(raw, STAMP, f"m{number}")
    assert [mail.raw for mail in mailbox.provider().fetch("").mails] == [b"", b"\0\xff\xfe", b"hello"]


def test_a_huge_mail_is_cut_not_read(mailbox: MaildirWorld) -> None:
    """A mail over ten megabytes comes cut to one byte more than that, and is moved whole."""
    path = mailbox.receive(b"", STAMP, "huge")
    os.truncate(path, 3_000_000_000)
    provider = mailbox.provider()
    (mail,) = provider.fetch("").mails
    assert len(mail.raw) == 10_000_001
    provider.done(mail, refused=True)
    assert (mailbox.folder / "in" / "cur" / "huge:2,FS").stat().st_size == 3_000_000_000


def test_much_mail_comes_in_bounded_batches(mailbox: MaildirWorld) -> None:
    """One fetch holds a bounded number of bytes; what is left comes with the next one, in order."""
    for number in range(9):
        os.truncate(mailbox.receive(b"", datetime.fromtimestamp(number, UTC), f"m{number}"), 9_000_000)
    provider = mailbox.provider()
    first = provider.fetch("")
    assert [mail.ref for mail in first.mails] == [f"m{number}" for number in range(7)]
    for mail in first.mails:
        provider.done(mail, refused=False)
    assert [mail.ref for mail in provider.fetch("").mails] == ["m7", "m8"]


def test_folders_and_hidden_files_are_no_mails(mailbox: MaildirWorld) -> None:
    """What a delivery agent has not finished, and folders, are passed over."""
    mailbox.receive(mail_of(1), STAMP, ".unfinished")
    (mailbox.folder / "in" / "new" / "folder").mkdir()
    batch = mailbox.provider().fetch("")
    assert (batch.mails, batch.problems) == ((), ())


def test_an_unreadable_mail_is_told_and_stays(mailbox: MaildirWorld) -> None:
    """A mail that the system does not let us read is a problem with its name, and the others come."""
    mailbox.receive(mail_of(2), STAMP, "open")
    loop = mailbox.folder / "in" / "new" / "loop"
    loop.symlink_to(loop)
    batch = mailbox.provider().fetch("")
    assert [mail.ref for mail in batch.mails] == ["open"]
    assert [item for item, _ in batch.problems] == ["loop"]
    assert loop.is_symlink()


def test_trust_comes_from_delivery_or_from_the_configured_server(mailbox: MaildirWorld) -> None:
    """Without a server's name delivery itself is the proof; with one it is that server's word."""
    mailbox.receive(mail_of(1), STAMP)
    assert mailbox.provider().fetch("").mails[0].server is None
    assert mailbox.provider("mx.example.com").fetch("").mails[0].server == "mx.example.com"


def test_a_name_that_is_no_text_can_be_handled(mailbox: MaildirWorld) -> None:
    """A file name with bytes that are no UTF-8 is fetched and settled like any other."""
    new = mailbox.folder / "in" / "new"
    new.mkdir(parents=True)
    Path(os.fsdecode(bytes(new) + b"/caf\xe9")).write_bytes(mail_of(1))
    provider = mailbox.provider()
    assert provider.signature()
    (mail,) = provider.fetch("").mails
    provider.done(mail, refused=False)
    assert os.listdir(bytes(mailbox.folder / "in" / "cur")) == [b"caf\xe9:2,S"]  # noqa: PTH208  # bytes, not text


# -------------------------------------------------------------------------------------------------------------- out


def test_a_draft_stands_in_tmp_and_the_mail_in_new(mailbox: MaildirWorld) -> None:
    """The draft is the file in `out/tmp`, the sent mail the same file in `out/new`, byte for byte."""
    provider = mailbox.provider()
    ref = provider.draft("k", mail_of(1), "")
    assert (mailbox.folder / "out" / "tmp" / ref).read_bytes() == mail_of(1)
    provider.send(ref)
    assert list((mailbox.folder / "out" / "tmp").iterdir()) == []
    assert (mailbox.folder / "out" / "new" / ref).read_bytes() == mail_of(1)


def test_a_half_written_draft_is_never_sent(mailbox: MaildirWorld) -> None:
    """What a crash left of a draft, whose name nobody was told, is made whole by drafting again."""
    provider = mailbox.provider()
    ref = provider.draft("k", mail_of(1), "")
    (mailbox.folder / "out" / "tmp" / ref).write_bytes(b"From: half")
    assert provider.draft("k", mail_of(1), "") == ref
    provider.send(ref)
    assert mailbox.sent() == [mail_of(1)]
    assert list((mailbox.folder / "out" / "tmp").iterdir()) == []


def test_a_draft_with_other_bytes_replaces_one_that_was_not_sent(mailbox: MaildirWorld) -> None:
    """Before it is sent a draft can be written anew; after that it is what was sent."""
    provider = mailbox.provider()
    provider.draft("k", mail_of(1), "")
    ref = provider.draft("k", mail_of(2), "")
    provider.send(ref)
    assert provider.draft("k", mail_of(3), "") == ref
    assert list((mailbox.folder / "out" / "tmp").iterdir()) == []
    provider.send(ref)
    assert mailbox.sent() == [mail_of(2)]


def test_a_mail_that_a_client_has_opened_was_sent(mailbox: MaildirWorld) -> None:
    """A mail that a client moved to `cur` and flagged is still known as sent, and is not sent again."""
    provider = mailbox.provider()
    ref = provider.draft("k", mail_of(1), "")
    provider.send(ref)
    out = mailbox.folder / "out"
    (out / "new" / ref).rename(out / "cur" / f"{ref}:2,RS")
    where, sent = mailbox.provider().locate("k", "", "")
    assert where is Whereabouts.SENT
    assert sent is not None
    assert sent.message_id == "<agenda-1@example.com>"
    assert provider.draft("k", mail_of(1), "") == ref
    assert provider.send(ref).message_id == "<agenda-1@example.com>"
    assert mailbox.sent() == [mail_of(1)]


def test_a_mail_that_a_client_took_away_is_absent(mailbox: MaildirWorld) -> None:
    """A sent mail that was moved elsewhere is absent, and sending it says that it is gone."""
    provider = mailbox.provider()
    ref = provider.draft("k", mail_of(1), "")
    provider.send(ref)
    (mailbox.folder / "out" / "new" / ref).unlink()
    assert provider.locate("k", ref, "") == (Whereabouts.ABSENT, None)
    with pytest.raises(GoneError):
        provider.send(ref)


def test_every_step_is_durable_before_it_is_told(mailbox: MaildirWorld) -> None:
    """A draft's bytes and name, the send's two folders and a settled mail's two folders are synced, in that order."""
    mailbox.receive(mail_of(1), STAMP)
    seen: list[str] = []

    def sync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        seen.append("/".join(path.relative_to(mailbox.folder).parts[:2]) + ("" if path.is_dir() else "/file"))

    provider = FilesMail(address=WORKER, path=mailbox.folder, sync=sync)
    ref = provider.draft("k", mail_of(1), "")
    assert seen == ["out/tmp/file", "out/tmp"]
    provider.send(ref)
    assert seen[2:] == ["out/new", "out/tmp"]
    provider.done(provider.fetch("").mails[0], refused=False)
    assert seen[4:] == ["in/cur", "in/new"]


def test_a_disk_that_fails_after_the_send_leaves_it_uncertain(mailbox: MaildirWorld) -> None:
    """Where the disk fails after the rename, nobody may say that the mail was not sent; looking tells the truth."""

    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    ref = mailbox.provider().draft("k", mail_of(1), "")
    with pytest.raises(UncertainError):
        FilesMail(address=WORKER, path=mailbox.folder, sync=broken).send(ref)
    assert mailbox.provider().locate("k", ref, "")[0] is Whereabouts.SENT


def test_folders_that_were_removed_are_made_again(mailbox: MaildirWorld) -> None:
    """A `new` or `cur` that somebody removed is no reason to think that a draft is gone, or to lose a mail."""
    provider = mailbox.provider()
    ref = provider.draft("k", mail_of(1), "")
    (mailbox.folder / "out" / "new").rmdir()
    provider.send(ref)
    assert mailbox.sent() == [mail_of(1)]
    mailbox.receive(mail_of(2), STAMP, "one")
    (mail,) = provider.fetch("").mails
    (mailbox.folder / "in" / "cur").rmdir()
    provider.done(mail, refused=False)
    assert mailbox.cur() == ["one:2,S"]


@pytest.mark.parametrize("ref", ["../new/x", "/etc/passwd", ".hidden"])
def test_no_reference_leaves_the_folder(mailbox: MaildirWorld, ref: str) -> None:
    """A reference that is no name of ours is refused."""
    with pytest.raises(GoneError):
        mailbox.provider().send(ref)


def test_a_key_may_have_any_characters(mailbox: MaildirWorld) -> None:
    """Keys with slashes, colons and spaces make names that every Maildir reader can read."""
    ref = mailbox.provider().draft("agenda dana@example.com/alex:2,S ../\n", mail_of(1), "")
    assert ref.replace(".", "").isalnum()


def test_a_file_in_the_way_says_what_to_do(tmp_path: Path) -> None:
    """Where the folder is a file the error names it and ends in the next step."""
    (tmp_path / "mail").write_bytes(b"")
    provider = FilesMail(address=WORKER, path=tmp_path / "mail")
    with pytest.raises(AccountError, match=r"correct `path` in the configuration$"):
        provider.fetch("")
    with pytest.raises(AccountError):
        provider.draft("k", mail_of(1), "")

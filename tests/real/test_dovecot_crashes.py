"""No mail by IMAP and SMTP is sent twice or forgotten, wherever the worker dies: every command, before and after it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.providers.contract import mail_of
from tests.providers.imap_line import Line
from tests.providers.imap_submission import submission
from tests.providers.imap_world import MailboxWorld
from worker.errors import AccountError
from worker.providers import Sent, Whereabouts
from worker.providers.imap import ImapMail
from worker.providers.imap.drafts import KEY_HEADER
from worker.providers.marks import mark_of_mail

pytestmark = pytest.mark.real

_KEYS = itertools.count(1)


# The commands between the first and the last of which nobody can know afterwards whether the mail has left.
HANDED_OVER = ("UID STORE", "DATA", "text", "UID STORE")


class Outbox:
    """Brings one mail to its recipient as the worker does, with a worker that may die on the way."""

    def __init__(self, world: MailboxWorld, smtp_port: int) -> None:
        self.world = world
        self.smtp_port = smtp_port
        self.key = f"agenda {next(_KEYS)}"
        self.ref = ""
        self.sending = False
        self.sent: Sent | None = None
        self.unknown = False

    def life(self, line: Line) -> None:
        """One worker from its start to its death, or until nothing is left to do."""
        servers = {
            "imap_port": line.to(self.world.server.imap),
            "smtp_port": line.to(self.smtp_port),
            "imap_security": "none",
            "smtp_security": "none",
        }
        provider = self.world.provider(settings=servers)
        try:
            for _ in range(12):
                with suppress(AccountError):
                    self._step(provider, line)
                self.world.clock.turn(minutes=3)
                if self.sent is not None or self.unknown or line.is_dead:
                    break
        finally:
            self.world.close()
            line.close()

    def _step(self, provider: ImapMail, line: Line) -> None:
        if not self.ref:
            ref = provider.draft(self.key, mail_of(1), "")
            # What a killed worker learned is nowhere.
            self.ref = "" if line.is_dead else ref
            return
        where = Whereabouts.DRAFT
        sent: Sent | None = None
        if self.sending:
            where, sent = provider.locate(self.key, self.ref, "<agenda-1@example.com>")
        self.sending = True
        if where is Whereabouts.DRAFT:
            sent = provider.send(self.ref)
        if not line.is_dead:
            self.sent, self.unknown = sent, where is Whereabouts.ABSENT

    def left(self) -> int:
        """How often the mail has left."""
        return sum(self._is_ours(raw) for raw in self.world.outgoing.left)

    def judge(self, story: str) -> None:
        """Hold what became of it against the promises: once, or nobody can know and a person finds it in Drafts."""
        drafts = [flags for flags, raw in self.world.mails("Drafts") if self._is_ours(raw)]
        copies = sum(self._is_ours(raw) for _, raw in self.world.mails('"Outgoing &- gone"'))
        if self.unknown:
            assert self.left() <= 1, story
            assert (["$SubmitPending" in flags for flags in drafts], copies) == ([True], 0), story
        else:
            assert self.sent is not None, story
            assert self.sent.message_id == "<agenda-1@example.com>", story
            assert self.left() == 1, story
            assert len(drafts) + copies == 1, story

    def _is_ours(self, raw: bytes) -> bool:
        return f"{KEY_HEADER}: {mark_of_mail(self.key)}\r\n".encode() in raw


@pytest.fixture
def plain(mailbox: MailboxWorld) -> Iterator[int]:
    """A submission server without TLS that the same mails leave by; gives its port."""
    with submission(mailbox.outgoing, mailbox.server.home / "server.pem", security="none") as port:
        yield port


def steps_of(world: MailboxWorld, port: int) -> list[str]:
    """The commands of one mail that nothing happens to."""
    line, outbox = Line(), Outbox(world, port)
    outbox.life(line)
    outbox.judge("no death")
    return line.steps


def test_the_line_sees_every_command(mailbox: MailboxWorld, plain: int) -> None:
    """The sweep below cuts at real commands of both protocols, and misses none of those that hand a mail over."""
    steps = steps_of(mailbox, plain)
    assert steps[-14:] == [
        *("UID FETCH", "EHLO", "AUTH", "MAIL", "RCPT"),
        *HANDED_OVER,
        *("EXAMINE", "UID SEARCH", "SELECT", "UID MOVE", "QUIT"),
    ]
    assert steps.count("APPEND") == 1


@pytest.mark.parametrize("answered", [False, True], ids=["lost", "answer lost"])
@pytest.mark.parametrize("heals", [False, True], ids=["killed", "cut off"])
def test_a_death_at_any_command_sends_one_mail_or_tells(
    mailbox: MailboxWorld, plain: int, *, answered: bool, heals: bool
) -> None:
    """Wherever the worker or its connections die, one mail leaves; only around the handing over may nobody know.

    A worker that lives on knows more than one that was killed: for it only the mail's own text leaves a doubt.
    """
    told = set()
    for number in itertools.count(1):
        line, outbox = Line(number, answered=answered, heals=heals), Outbox(mailbox, plain)
        outbox.life(line)
        if outbox.sent is None and not outbox.unknown:
            outbox.life(Line())
        outbox.judge(" ".join(line.until))
        if outbox.unknown:
            told.add(tuple(line.until[line.until.index("RCPT") + 1 :]))
        if not line.until:
            break
    first = [HANDED_OVER[:count] for count in range(5)]
    expected = {
        (False, False): first[2:5],
        (False, True): first[1:4],
        (True, False): first[3:4],
        (True, True): first[3:4],
    }
    assert told == set(expected[heals, answered])
    assert number > 25


@pytest.mark.long
@pytest.mark.parametrize("answered", [False, True], ids=["lost", "answer lost"])
def test_a_second_death_while_the_first_is_cleared_up(mailbox: MailboxWorld, plain: int, *, answered: bool) -> None:
    """Every pair of deaths, the second one in the life after the first: still one mail, or a person is told.

    A first death before the draft is stored leaves nothing to clear up: that is the test above.
    """
    steps = steps_of(mailbox, plain)
    leave_something = range(steps.index("APPEND") + 1, len(steps) + 1)
    for first, second, also in itertools.product(leave_something, range(1, len(steps) + 1), (False, True)):
        outbox = Outbox(mailbox, plain)
        for line in (Line(first, answered=answered), Line(second, answered=also), Line()):
            if outbox.sent is None and not outbox.unknown:
                outbox.life(line)
        outbox.judge(f"{first}, then {second}")

"""The mails of one meeting stay in one conversation where a provider keeps conversations of its own."""

from __future__ import annotations

from pathlib import Path

from tests.story.online import at_google
from tests.story.test_four_weeks import FIRST
from tests.story.world import DANA, PAIR, WORKER, berlin

_DRAFT = "gmail.users.drafts.create"


def test_gmail_is_told_which_conversation_goes_on(tmp_path: Path) -> None:
    """The form's draft names the agenda's thread; Gmail refuses it once that is gone, and then a new one begins."""
    with at_google(tmp_path, more=PAIR) as world:
        world.sign_everybody_in()
        world.one_on_one(FIRST)
        world.tick(berlin("2026-10-29 11:00"))
        world.tick(berlin("2026-11-02 09:00"))
        (agenda,) = world.mails("agenda", DANA)
        box = world.fake.mail.mailboxes[WORKER]
        before = world.fake.count(_DRAFT)
        for message in box.messages.values():
            message.thread = f"gone-{message.thread}"
        world.tick(berlin("2026-11-03 10:45"))
        (form,) = world.mails("follow-up", DANA)
        assert form["In-Reply-To"] == agenda["Message-ID"]
        assert world.fake.count(_DRAFT) == before + 2

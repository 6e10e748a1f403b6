"""D8: the table of docs/who-sees-what.md against a world in which everything was really written by mail.

Each row's words go in through a mail, as a person writes them; weeks pass with every kind of mail; then each mail,
history, export, page and printed line is searched for each row's words.
"""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest

from tests.commands.test_who_sees_what import COLUMNS, ROWS
from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event

RITA = "rita@example.com"
HR = "people-team@example.com"
WORDS = {name: f"bird{number:02}x" for number, name in enumerate(ROWS)}
MORE = f"""
[[people]]
email = "{RITA}"
name = "Rita Voss"

[reviews]
hr = "{HR}"
"""
KINDS = {"topics", "agenda", "follow-up", "receipt", "question", "recap", "reminder", "check-in", "digest"}


def word(name: str) -> str:
    """Return the word that stands for a row, which must be one of the table's."""
    return WORDS[name]


class Weeks:
    """Everything that is written, and the weeks in which it is read."""

    def __init__(self, root: Path) -> None:
        config = CONFIG.replace('name = "Dana Kim"', f'name = "Dana Kim"\nreports_to = "{RITA}"')
        self.world = World(root, config + PAIR + MORE)
        self.printed = ""
        world = self.world
        world.put(
            "w", event("w", berlin("2026-11-03 10:00"), rule="FREQ=WEEKLY;COUNT=8", summary="Performance review Alex")
        )
        self.tick("2026-10-28 12:00")
        self.tick("2026-10-30 09:00")
        self.reply(
            "topics", ALEX, [word("report: a topic"), f"private: {word('report: a private topic')}"], "10-30 10:00"
        )
        self.tick("2026-11-02 09:00")
        self.tick("2026-11-03 10:45")
        self._first_form()
        self._captures()
        self._report()
        self.tick("2026-11-09 09:00")
        self.tick("2026-11-10 10:45")
        second = [f"Support: {word('manager: under a label, not shared yet')}", "Action items:"]
        second += [f"Dana: {word('manager: a promise, not shared yet')} by 1 December 2026"]
        self.reply("follow-up", DANA, second, "11-10 11:00")
        for day in (*range(11, 31),):
            for clock in ("08:00", "09:00", "10:45"):
                self.tick(f"2026-11-{day} {clock}")
        for day in (1, 7, 8):
            self.tick(f"2026-12-{day:02} 09:00")

    def _first_form(self) -> None:
        form = [
            "share",
            f"{word('manager: in free words, not shared')} in my head",
            f"Highlights: {word('manager: under a label, shared')}",
            f"Feedback: {word('manager: feedback, shared')}, follow up in 1 week",
            "Action items:",
            f"Alex: {word('manager: a promise, shared')} by 20 November 2026",
            f"Private notes: {word('manager: private notes')}",
        ]
        self.reply("follow-up", DANA, form, "11-03 11:00")

    def _captures(self) -> None:
        self.write(DANA, f"Alex: {word('manager: a topic for both')}", "11-03 12:00")
        self.write(DANA, f"Alex: {word('manager: a private topic')}", "11-03 12:05")
        self.reply("receipt", DANA, ["private"], "11-03 12:06")
        self.write(DANA, f"feedback Alex: {word('manager: feedback between meetings, not shared')}", "11-03 12:10")
        self.write(DANA, f"goal Alex: {word('manager: a goal, not shared yet')}, every 2 weeks", "11-03 12:20")
        self.write(DANA, f"goal Alex: {word('manager: a goal, shared')} by 03/04, every 2 weeks", "11-03 12:30")
        self.reply("question", DANA, ["1"], "11-03 12:31")
        goal = next(one for one in self.world.mails("question", DANA) if word("manager: a goal, shared") in one.text)
        self.world.reply(goal, "share", berlin("2026-11-03 12:32"))
        self.tick("2026-11-03 12:32")
        self.write(DANA, f"review Alex: {word('manager: words about a review')}", "11-03 12:40")
        reminder = f"remind me on 6 November to {word('manager: a reminder')} for Alex"
        self.write(DANA, reminder, "11-03 12:50")

    def _report(self) -> None:
        self.write(ALEX, f"remind me on 6 November to {word('report: a reminder')}", "11-03 13:00")
        self.write(ALEX, "history", "11-03 13:10")
        self.tick("2026-11-06 09:00")
        self.tick("2026-11-10 09:00")
        words = [f"better, {word('report: a note')}", f"private: {word('report: a private line')}"]
        self.reply("check-in", ALEX, words, "11-10 09:10")

    def tick(self, moment: str) -> None:
        """Let a tick pass, and keep what it prints."""
        _, out, err = self.world.run("tick", "--now", berlin(moment).isoformat())
        self.printed += out + err

    def write(self, sender: str, words: str, moment: str) -> None:
        """Mail the worker."""
        self.world.write(sender, "", words, berlin(f"2026-{moment}"))
        self.tick(f"2026-{moment}")

    def reply(self, kind: str, who: str, lines: list[str], moment: str) -> None:
        """Answer somebody's newest mail of a kind."""
        self.world.reply(self.world.newest(kind, who), "\n".join(lines), berlin(f"2026-{moment}"))
        self.tick(f"2026-{moment}")

    def shown(self) -> dict[str, str]:
        """Return everything that each place of the table shows."""
        now = berlin("2026-12-08 12:00").isoformat()
        page = self.world.root / "page.html"
        self.printed += self.world.run("report", "--to", str(page), "--now", now)[1]
        self.printed += self.world.run("status", "--now", now)[1] + self.world.run("check", "--now", now)[1]
        return {
            "manager's mails": self._mails(DANA),
            "report's mails": self._mails(ALEX),
            "upwards": self._mails(RITA),
            "copy to HR": self._mails(HR),
            "administrator": self._administrator(now, "plain"),
            "administrator, --private": self._administrator(now, "private", "--private"),
            "page of counts": page.read_text(encoding="utf-8") + self.printed,
        }

    def _mails(self, to: str) -> str:
        return "\n".join(_everything(mail.file) for mail in self.world.mails(to=to))

    def _administrator(self, now: str, folder: str, *more: str) -> str:
        to = self.world.root / folder
        said = self.world.run("history", ALEX, "--now", now, *more)[1]
        said += self.world.run("history", ALEX, "--json", "--now", now, *more)[1]
        assert self.world.run("export", ALEX, "--to", str(to), "--now", now, *more)[0] == 0
        return said + "\n".join(_everything(file) for file in to.rglob("*") if file.is_file())


def _everything(file: Path) -> str:
    """Return a file as text; of a mail every header and every part, decoded."""
    raw = file.read_bytes()
    if file.suffix not in (".eml", ".followthrough"):
        return raw.decode("utf-8")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [str(part.get_content()) for part in message.walk() if not part.is_multipart()]
    return "\n".join([*(f"{name}: {value}" for name, value in message.items()), *parts])


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Weeks:
    """Five weeks of one pair in which each row's word was written by mail."""
    return Weeks(tmp_path_factory.mktemp("weeks"))


@pytest.fixture(scope="module")
def shown(weeks: Weeks) -> dict[str, str]:
    """What every place shows at the end."""
    return weeks.shown()


def test_d8_the_weeks_had_every_kind_of_mail(weeks: Weeks) -> None:
    """What is looked through holds each kind of mail that comes of a 1:1, counts upwards and a copy."""
    assert {mail.kind for mail in weeks.world.mails()} >= KINDS
    assert weeks.world.mails("digest", RITA)
    assert weeks.world.mails("recap", HR)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("name", ROWS)
def test_d8_each_cell(shown: dict[str, str], name: str, column: str) -> None:
    """D8: where the table says no, the word is nowhere; where it says yes, it is there."""
    assert (word(name) in shown[column]) == (ROWS[name][column] == "yes")

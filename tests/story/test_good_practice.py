"""What the literature asks of every 1:1: the loop itself (B1 to B4, B9), the agenda's shape (D3 to D5, E1, E2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.story.test_four_weeks import sent
from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event

PARTS = ("Promised", "Highlights", "Alignment and priorities", "Support", "Feedback", "Follow-up")
FIRST = berlin("2026-11-03 10:00")
ANSWER = (
    "share\n\nNext check-in: Tue 10 Nov 10:00\nHighlights: the importer is through\n"
    "Action items:\nAlex sends the Q3 plan by 30 November\nI talk to Sam by 30 November\n"
)


def asked(tmp_path: Path, config: str = CONFIG) -> World:
    """Return a pair with a 1:1 on Tuesday 3 November, before which the report was asked for topics."""
    world = World(tmp_path, config + PAIR)
    world.put("first", event("first", FIRST))
    for moment in ("2026-10-29 12:00", "2026-10-30 09:00"):
        world.tick(berlin(moment))
    return world


def held(world: World) -> None:
    """Let the 1:1 be prepared, held and answered."""
    for moment in ("2026-11-02 09:00", "2026-11-03 10:45"):
        world.tick(berlin(moment))
    world.reply(world.newest("follow-up", DANA), ANSWER, berlin("2026-11-03 11:00"))
    world.tick(berlin("2026-11-03 11:01"))


def headings(text: str) -> list[str]:
    """Return the headings of an agenda in their order."""
    return [line for line in text.splitlines() if line in PARTS]


def test_b1_the_next_date_is_agreed_at_the_end_of_each_session(tmp_path: Path) -> None:
    """B1: the form asks for it first and proposes one; the answer puts it into the calendar."""
    world = asked(tmp_path)
    held(world)
    form = world.newest("follow-up", DANA).text
    assert form.index("Proposed:") < form.index("Next check-in:") < form.index("Highlights:")
    made = [text for text in world.events() if "UID:first" not in text]
    assert len(made) == 1
    assert "20261110T100000" in made[0]


def test_b2_b4_e2_the_next_agenda_is_drawn_from_the_notes(tmp_path: Path) -> None:
    """B2, B4, E2: what was said is summed up for both, and what is open stands in the next agenda of both."""
    world = asked(tmp_path)
    held(world)
    recap = world.newest("recap", ALEX).text
    assert "the importer is through" in recap
    world.tick(berlin("2026-11-09 09:00"))
    for reader in (DANA, ALEX):
        agenda = world.newest("agenda", reader).text
        assert "the importer is through" in agenda
        assert agenda.index("talk to Sam") < agenda.index("sends the Q3 plan")


def test_b3_b9_both_get_the_agenda_beforehand_and_nobody_has_to_ask(tmp_path: Path) -> None:
    """B3, B9: a business day before both have it; nothing but the calendar was needed."""
    world = asked(tmp_path)
    assert sent(world.tick(berlin("2026-11-02 09:00"))) == [("agenda", ALEX), ("agenda", DANA)]


def test_e1_d5_five_parts_in_order_with_a_question_that_is_not_a_list_of_tasks(tmp_path: Path) -> None:
    """E1, D5: the five parts come in their order after what is owed; an empty one asks, and not for status."""
    world = asked(tmp_path)
    world.tick(berlin("2026-11-02 09:00"))
    for reader in (DANA, ALEX):
        lines = world.newest("agenda", reader).text.splitlines()
        assert headings("\n".join(lines)) == list(PARTS)
        for part in PARTS[1:]:
            question = lines[lines.index(part) + 1]
            assert question.startswith("- "), part
            assert "status" not in question.lower(), part


def asked_about_own(world: World, weeks: int) -> list[int]:
    """Return in which weeks the agenda asks how the report's own 1:1s go."""
    found = []
    for week in range(weeks):
        moment: datetime = berlin("2026-11-02 09:00") + timedelta(weeks=week)
        world.tick(moment)
        if "How are your own 1:1s going?" in world.newest("agenda", ALEX).text:
            found.append(week)
    return found


@pytest.mark.parametrize("manages", [True, False])
def test_d3_who_manages_is_asked_about_their_own(tmp_path: Path, *, manages: bool) -> None:
    """D3: every few weeks a report who manages people is asked how their own 1:1s go; nobody else is."""
    known = f'email = "{ALEX}"\n'
    world = asked(tmp_path, CONFIG.replace(known, f"{known}manages = {str(manages).lower()}\n"))
    world.put("first", event("first", FIRST, rule="FREQ=WEEKLY;COUNT=20"))
    weeks = asked_about_own(world, 12)
    assert bool(weeks) is manages
    assert len(weeks) <= 4


def test_d4_an_organisation_shares_its_own_questions_and_headings(tmp_path: Path) -> None:
    """D4: a file dropped into the organisation's folder changes the agenda of every pair."""
    (tmp_path / "ours").mkdir()
    questions = 'highlights = ["What did the customer thank you for?"]\n\n[headings]\nhighlights = "Wins"\n'
    (tmp_path / "ours/prompts.en.toml").write_text(questions)
    world = asked(tmp_path, 'templates = "ours"\n' + CONFIG)
    world.tick(berlin("2026-11-02 09:00"))
    for reader in (DANA, ALEX):
        lines = world.newest("agenda", reader).text.splitlines()
        assert lines[lines.index("Wins") + 1] == "- What did the customer thank you for?"

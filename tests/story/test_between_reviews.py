"""Reviews and goals (C1 to C5), promises and carried topics (B5, B6), kinds of session (B8), the report's share."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.story.test_between_captures import answer, outcomes, text_of, write
from tests.story.test_between_feedback import kinds
from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event

HR = "people-team@example.com"


def start(tmp_path: Path, more: str = "", *, weeks: int = 40, summary: str = "1:1 Dana / Alex") -> World:
    """Return a started pair with a weekly 1:1 on Tuesdays, of which the first was held on 3 November."""
    world = World(tmp_path, CONFIG + PAIR + more)
    rule = f"FREQ=WEEKLY;COUNT={weeks}" if weeks > 1 else ""
    world.put("first", event("first", berlin("2026-11-03 10:00"), rule=rule, summary=summary))
    for moment in ("2026-10-28 12:00", "2026-10-30 09:00", "2026-11-02 09:00", "2026-11-03 10:45"):
        world.tick(berlin(moment))
    return world


def goals(world: World) -> dict[str, dict[str, object]]:
    """Return the goals by their texts."""
    found = world.history(ALEX, berlin("2027-09-01 12:00"))["goals"]
    return {goal["text"]: goal for goal in found}


# ------------------------------------------------------------ C1: at least quarterly


def test_c1_a_review_starts_follow_ups_at_least_quarterly(tmp_path: Path) -> None:
    """C1: after `review done` no more than 13 weeks pass between agendas that follow its goals up."""
    world = start(tmp_path)
    words = "review done Alex: goals ship v2 by 30 June 2027; learn Rust by 1 September 2027"
    report = write(world, words, "2026-11-03 12:00")
    assert outcomes(report) == [("capture", f"{DANA} {ALEX}")]
    assert sorted(goals(world)) == ["learn Rust", "ship v2"]
    assert goals(world)["ship v2"]["due"] == "2027-06-30"
    followed = []
    day = berlin("2026-11-09 09:00")
    for _ in range(30):
        world.tick(day)
        text = text_of(world.newest("agenda", DANA))
        if "Follow-up of “ship v2”: progress, obstacles, next step?" in text:
            followed.append(day)
        day += timedelta(days=7)
    assert len(followed) >= 2
    first, second = followed[:2]
    assert timedelta(weeks=11) < first - berlin("2026-11-03 12:00") <= timedelta(weeks=13)
    assert timedelta(weeks=11) < second - first <= timedelta(weeks=13)


def test_c1_a_goal_with_its_own_rhythm_comes_more_often(tmp_path: Path) -> None:
    """C1: `every 4 weeks` brings that goal into an agenda at least that often, the others not."""
    world = start(tmp_path)
    words = "goal Alex: learn Rust by 1 September 2027, every 4 weeks\ngoal Alex: ship v2"
    write(world, words, "2026-11-03 12:00")
    assert "learn Rust" in text_of(world.newest("receipt", DANA))
    assert "followed up every 28 days" in text_of(world.newest("receipt", DANA))
    followed = []
    for week in range(8):
        day = berlin("2026-11-09 09:00") + timedelta(days=7 * week)
        world.tick(day)
        text = text_of(world.newest("agenda", DANA))
        if "Follow-up of “learn Rust”" in text:
            followed.append(week)
        assert "Follow-up of “ship v2”" not in text
    assert followed == [3, 6]  # the last agenda before each fourth week is over


def test_c1_without_a_meeting_in_time_a_check_in_asks(tmp_path: Path) -> None:
    """C1: where no 1:1 lies before the day, a check-in mail asks for progress, and its answer is kept as such."""
    world = start(tmp_path, weeks=1)
    write(world, "goal Alex: learn Rust, every 4 weeks", "2026-11-03 12:00")
    assert kinds(world.tick(berlin("2026-11-30 09:00"))) == []
    assert kinds(world.tick(berlin("2026-12-01 09:00"))) == [("check-in", DANA)]
    answer(world, "chapter three is done; no time at the weekend", "2026-12-01 10:00", kind="check-in")
    progress = goals(world)["learn Rust"]["progress"]
    assert [step["text"] for step in progress] == ["chapter three is done; no time at the weekend"]  # type: ignore[attr-defined]
    assert kinds(world.tick(berlin("2026-12-28 09:00"))) == []
    assert kinds(world.tick(berlin("2026-12-29 09:00"))) == [("check-in", DANA)]


# ------------------------------------------------------------ C2, C4: progress, obstacles, next steps


def test_c2_c4_progress_by_number_stands_in_the_next_agenda(tmp_path: Path) -> None:
    """C2, C4: progress is added in words, a goal is adjusted by date, done and dropped by number."""
    world = start(tmp_path)
    write(world, "goal Alex: learn Rust by 1 June 2027\ngoal Alex: ship v2 by 1 May 2027", "2026-11-03 12:00")
    world.tick(berlin("2026-11-09 09:00"))
    agenda = world.newest("agenda", DANA)
    rust, ship = agenda.numbered("learn Rust"), agenda.numbered("ship v2")
    world.tick(berlin("2026-11-10 10:45"))
    answer(world, f"{rust}: half way, needs a mentor\n{ship} by 1 August 2027", "2026-11-10 11:00", kind="follow-up")
    world.tick(berlin("2026-11-16 09:00"))
    text = text_of(world.newest("agenda", DANA))
    assert "10 Nov 2026: half way, needs a mentor" in text
    assert goals(world)["ship v2"]["due"] == "2027-08-01"
    number = world.newest("agenda", DANA).numbered("ship v2")
    answer(world, f"done {number}", "2026-11-16 10:00", kind="agenda")
    assert goals(world)["ship v2"]["state"] == "done"


# ------------------------------------------------------------ C3: who sees it


def test_c3_the_employee_sees_goals_once_they_are_shared(tmp_path: Path) -> None:
    """C3: goals are the manager's until shared; `share` on the receipt sends them, progress noted later excepted."""
    world = start(tmp_path)
    write(world, "review done Alex: goals learn Rust by 1 June 2027", "2026-11-03 12:00")
    world.tick(berlin("2026-11-09 09:00"))
    assert "learn Rust" not in text_of(world.newest("agenda", ALEX))
    report = answer(world, "share", "2026-11-09 10:00")
    assert ("recap", ALEX) in kinds(report)
    assert not [to for _, to in kinds(report) if to not in (DANA, ALEX)]
    assert "learn Rust" in text_of(world.newest("recap", ALEX))
    world.tick(berlin("2026-11-16 09:00"))
    assert "learn Rust" in text_of(world.newest("agenda", ALEX))
    number = world.newest("agenda", DANA).numbered("learn Rust")
    answer(world, f"{number}: I doubt it", "2026-11-16 10:00", kind="agenda")
    world.tick(berlin("2026-11-23 09:00"))
    assert "I doubt it" not in text_of(world.newest("agenda", ALEX))


def test_c3_a_copy_goes_where_the_organisation_says_and_both_are_told(tmp_path: Path) -> None:
    """C3: with an address configured the shared goals go there too, nothing unshared does, and both mails say so."""
    world = start(tmp_path, f'\n[reviews]\nhr = "{HR}"\n')
    write(world, "review done Alex: goals learn Rust by 1 June 2027\nprivate Alex: flight risk", "2026-11-03 12:00")
    report = answer(world, "share", "2026-11-03 12:10")
    assert ("recap", ALEX) in kinds(report)
    assert ("recap", HR) in kinds(report)
    assert f"A copy goes to {HR}, as your organisation set it up." in text_of(world.newest("recap", ALEX))
    assert f"When you share this, a copy goes to {HR}." in text_of(world.newest("receipt", DANA))
    copy = text_of(world.newest("recap", HR))
    assert "learn Rust" in copy
    assert "flight risk" not in copy
    assert "Both people are told" in copy


def test_c3_an_ordinary_recap_is_not_copied(tmp_path: Path) -> None:
    """C3: what is shared of a 1:1 that is no review goes to the two alone, with an address configured too."""
    world = start(tmp_path, f'\n[reviews]\nhr = "{HR}"\n')
    answer(world, "share\nHighlights: shipped", "2026-11-03 11:00", kind="follow-up")
    assert world.mails("recap", ALEX)
    assert world.mails("recap", HR) == []


def test_c3_what_the_copy_is_answered_with_changes_nothing(tmp_path: Path) -> None:
    """C3: a reply to the copy is kept, and is neither a topic of the report's nor a command."""
    world = start(tmp_path, f'\n[reviews]\nhr = "{HR}"\n')
    write(world, "review done Alex: goals learn Rust by 1 June 2027", "2026-11-03 12:00")
    answer(world, "share", "2026-11-03 12:10")
    report = answer(world, "undo", "2026-11-03 12:20", kind="recap", who=HR)
    assert kinds(report) == []
    assert list(goals(world)) == ["learn Rust"]


# ------------------------------------------------------------ C5: recognition


def test_c5_progress_is_recognised(tmp_path: Path) -> None:
    """C5: a follow-up's agenda asks what deserves to be named, and the pack lists dated wins and kept follow-ups."""
    world = start(tmp_path)
    write(world, "goal Alex: learn Rust, every 2 weeks", "2026-11-03 12:00")
    words = "Highlights: shipped the importer\nAction items:\nAlex sends the plan by Friday"
    answer(world, words, "2026-11-03 12:10", kind="follow-up")
    for moment in ("2026-11-09 09:00", "2026-11-16 09:00"):
        world.tick(berlin(moment))
    assert "Which progress since the review deserves to be named?" in text_of(world.newest("agenda", DANA))
    number = world.newest("agenda", DANA).numbered("sends the plan")
    answer(world, f"done {number}", "2026-11-16 10:00", kind="agenda")
    report = write(world, "review Alex 6 months", "2026-11-16 12:00")
    assert [one["outcome"] for one in report["received"]] == ["command"]
    text = text_of(world.newest("receipt", DANA))
    wins = text[text.index("\nWins\n") : text.index("\nFeedback\n")]
    assert "shipped the importer (3 Nov 2026)" in wins
    assert "sends the plan (16 Nov 2026)" in wins
    assert "learn Rust" in text[text.index("\nGoals\n") :]


# ------------------------------------------------------------ B5, B6: promises


def test_b5_b6_promises_of_both_stand_first(tmp_path: Path) -> None:
    """B5, B6: the manager's own promise stands on top, with due date and age; done ones stand there no more."""
    world = start(tmp_path)
    words = "Action items:\nAlex sends the plan by 30 November\nDana asks for the budget by 1 December"
    answer(world, words, "2026-11-03 11:00", kind="follow-up")
    world.tick(berlin("2026-11-09 09:00"))
    agenda = world.newest("agenda", DANA)
    assert (agenda.numbered("asks for the budget"), agenda.numbered("sends the plan")) == (1, 2)
    assert "open for 6 days" in text_of(agenda)
    answer(world, "done 1\n2 by 4 December", "2026-11-09 10:00", kind="agenda")
    world.tick(berlin("2026-11-16 09:00"))
    promised = text_of(world.newest("agenda", DANA)).partition("Highlights")[0]
    assert "asks for the budget" not in promised
    assert "due Fri 4 Dec 2026" in promised


def test_b6_a_topic_carried_three_times_asks_for_a_decision(tmp_path: Path) -> None:
    """B6: after the third time a carried topic asks to keep, drop or decide."""
    world = start(tmp_path)
    write(world, "Alex: the office move", "2026-11-03 12:00")
    for week in range(4):
        world.tick(berlin("2026-11-09 09:00") + timedelta(days=7 * week))
        asked = "keep, drop or decide?" in text_of(world.newest("agenda", DANA))
        assert asked == (week == 3)
    assert "the office move (Dana) (carried 3 times since 9 Nov 2026)" in text_of(world.newest("agenda", DANA))


# ------------------------------------------------------------ B8: kinds of session


@pytest.mark.parametrize(("summary", "kind"), [("Career chat Dana / Alex", "career"), ("Annual review", "review")])
def test_b8_a_word_in_the_title_chooses_the_agenda(tmp_path: Path, summary: str, kind: str) -> None:
    """B8: a career talk and a review ask other questions than a status meeting."""
    shown = text_of(start(tmp_path / "one", summary=summary).newest("agenda", DANA))
    usual = text_of(start(tmp_path / "two").newest("agenda", DANA))
    questions = {line for line in shown.splitlines() if line.endswith("?")}
    assert questions
    assert not questions & {line for line in usual.splitlines() if line.endswith("?")}, kind


def test_b8_a_german_mail_chooses_the_next_one_too(tmp_path: Path) -> None:
    """B8: the kind's own word, capitalised as a name is, is not taken for a part of the name."""
    world = start(tmp_path)
    report = write(world, "Agenda Alex Karriere", "2026-11-03 12:00")
    assert outcomes(report) == [("command", f"{DANA} {ALEX}")]
    assert "Your next 1:1 with Alex: career." in text_of(world.newest("receipt", DANA))


def test_b8_a_mail_chooses_the_next_one(tmp_path: Path) -> None:
    """B8: `agenda Alex career` makes the next 1:1 a career talk; the one after it is as usual."""
    world = start(tmp_path)
    write(world, "agenda Alex career", "2026-11-03 12:00")
    assert "Your next 1:1 with Alex: career." in text_of(world.newest("receipt", DANA))
    world.tick(berlin("2026-11-09 09:00"))
    career = text_of(world.newest("agenda", DANA))
    world.tick(berlin("2026-11-16 09:00"))
    usual = text_of(world.newest("agenda", DANA))
    questions = {line for line in career.splitlines() if line.endswith("?")}
    assert questions
    assert not questions & {line for line in usual.splitlines() if line.endswith("?")}


# ------------------------------------------------------------ D6, D7: the report's 80 %


def test_d6_the_share_of_topics_is_shown(tmp_path: Path) -> None:
    """D6: the report is asked two business days before; the manager's copy counts whose topics they are."""
    world = start(tmp_path)
    world.tick(berlin("2026-11-06 09:00"))
    asked = world.newest("topics", ALEX)
    assert "10 Nov" in asked["Subject"]
    world.reply(asked, "my salary\nthe office\non-call", berlin("2026-11-06 10:00"))
    world.tick(berlin("2026-11-06 10:00"))
    write(world, "Alex: the roadmap", "2026-11-06 11:00")
    world.tick(berlin("2026-11-09 09:00"))
    assert "Topics: Alex 3, Dana 1" in text_of(world.newest("agenda", DANA))


def test_d7_where_there_is_nothing_to_talk_about_each_part_asks(tmp_path: Path) -> None:
    """D7: every empty part has a question, and it is not that of the time before."""
    world = start(tmp_path)
    shown = []
    for week in range(3):
        world.tick(berlin("2026-11-09 09:00") + timedelta(days=7 * week))
        text = text_of(world.newest("agenda", ALEX))
        shown.append([line for line in text.splitlines() if line.startswith("- ") and line.endswith("?")])
    assert [len(questions) for questions in shown] == [5, 5, 5]
    for earlier, later in pairwise(shown):
        assert not set(earlier) & set(later)


def test_c3_what_waits_for_the_morning_takes_nothing_unshared_along(tmp_path: Path) -> None:
    """C3: shared in the quiet hours and amended before they end, neither recap nor copy has the amendment."""
    world = World(tmp_path, CONFIG + PAIR + f'\n[reviews]\nhr = "{HR}"\n')
    world.put("first", event("first", berlin("2026-11-03 17:00"), summary="Performance review Alex"))
    for moment in ("2026-10-28 12:00", "2026-10-30 09:00", "2026-11-02 09:00", "2026-11-03 17:45"):
        world.tick(berlin(moment))
    answer(world, "share\nHighlights: fine work", "2026-11-03 20:00", kind="follow-up")
    assert "Alex gets this Wed 4 Nov 2026, 07:00 CET." in text_of(world.newest("receipt", DANA))
    answer(world, "Support: canarybird", "2026-11-03 20:30", kind="follow-up")
    assert world.mails("recap") == []
    world.tick(berlin("2026-11-04 09:00"))
    for reader in (ALEX, HR):
        text = text_of(world.newest("recap", reader))
        assert "fine work" in text
        assert "canarybird" not in text
    answer(world, "share", "2026-11-04 09:10")
    assert "canarybird" in text_of(world.newest("recap", ALEX))

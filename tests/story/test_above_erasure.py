"""What an erasure leaves: nothing of the person's words, also in the mails in which somebody else read them."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

from tests.story.test_between_captures import SAM, SAMS, put
from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin

BIRD = "canarybird"


def holding(world: World, word: str) -> list[str]:
    """Return the files of the data folder that hold a word, in whatever letter case and transfer encoding."""
    found = []
    for file in sorted((world.root / "data").rglob("*")):
        if not file.is_file():
            continue
        texts = [file.read_bytes()]
        if file.suffix == ".eml":
            message = email.message_from_bytes(texts[0], policy=email.policy.compat32)
            parts = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
            texts += [part for part in parts if isinstance(part, bytes)]
        if any(word.encode() in text.lower() for text in texts):
            found.append(str(file.relative_to(world.root)))
    return found


def test_words_about_a_person_go_from_the_mails_about_several(tmp_path: Path) -> None:
    """A capture about two, its transcript and the digest held Alex's words; Sam's record and words stay."""
    world = World(tmp_path, CONFIG + PAIR + SAMS)
    put(world, "alex", "2026-11-03 10:00", "Alex Moreno", ALEX)
    put(world, "sam", "2026-11-04 10:00", "Sam Lee", SAM)
    for moment in ("2026-10-30 09:00", "2026-11-02 09:00", "2026-11-03 10:45"):
        world.tick(berlin(moment))
    world.write(DANA, "", f"Alex: {BIRD} one\nfeedback Alex: {BIRD} two\nSam: the office", berlin("2026-11-03 12:00"))
    world.tick(berlin("2026-11-03 12:00"))
    words = f"share\nAction items:\nAlex: {BIRD} three by 12 November 2026\nPrivate notes: {BIRD} four"
    world.reply(world.newest("follow-up", DANA), words, berlin("2026-11-03 12:10"))
    world.tick(berlin("2026-11-03 12:10"))
    world.write(ALEX, "", f"{BIRD} five\nprivate: {BIRD} six", berlin("2026-11-03 12:20"))
    world.tick(berlin("2026-11-03 12:20"))
    world.tick(berlin("2026-11-09 08:00"))
    assert BIRD in world.newest("digest", DANA).text
    assert holding(world, BIRD)
    code, _, complained = world.run("erase", ALEX, "--yes")
    assert (code, complained) == (0, "")
    assert holding(world, BIRD) == []
    assert holding(world, "alex") == []
    world.tick(berlin("2026-11-10 12:00"))
    assert holding(world, "alex") == []
    assert [one["text"] for one in world.history(SAM, berlin("2026-11-10 12:00"))["topics"]] == ["the office"]

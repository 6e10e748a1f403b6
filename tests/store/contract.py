"""What every store promises. A store's tests inherit this class and give it a store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.store.examples import ALEX, DANA, KEY, NOW, SAM, desk, inbound, pair, row, year
from worker.errors import ConflictError
from worker.model import (
    ActionItem,
    CalendarState,
    Desk,
    ItemState,
    Note,
    OutboxState,
    Pair,
    PairKey,
    Part,
)
from worker.store import Store
from worker.store.archive import TABLES
from worker.tokens import record_id

OTHER = PairKey(DANA, ALEX)
MARKER = "k" * 32


class StoreContract:
    """The promises. `reopen` returns the same store as another process would see it."""

    @pytest.fixture
    def store(self) -> Store:
        """Return an empty store."""
        raise NotImplementedError

    @pytest.fixture
    def reopen(self, store: Store) -> Callable[[], Store]:
        """Return what opens the store again."""
        return lambda: store

    # -- pairs

    def test_a_new_store_is_empty(self, store: Store) -> None:
        """Nothing is there before anything was saved, and asking is no error."""
        assert store.pairs() == ()
        assert store.desks() == ()
        assert store.load_pair(KEY) is None
        assert store.older(KEY) is None
        assert store.pair_by_id(record_id(str(KEY))) is None
        assert store.desk_by_id(record_id(DANA)) is None
        assert store.load_desk(DANA) is None
        assert store.get_blob("0" * 64) is None
        assert store.inbound("0" * 64) is None
        assert list(store.inbounds()) == []
        assert store.find_message("<1@example.com>") is None
        assert store.load_calendar(DANA) is None
        assert store.heartbeat("tick") is None
        assert not store.is_erased(MARKER)
        assert store.check() == ()
        assert store.problems() == ()

    def test_a_pair_comes_back_as_it_was_saved(self, store: Store, reopen: Callable[[], Store]) -> None:
        """Every field of every kind of item survives, in the same order."""
        saved = store.save_pair(pair(), NOW)
        assert saved == replace(pair(), version=1)
        assert store.load_pair(KEY) == saved
        assert reopen().load_pair(KEY) == saved

    def test_each_save_counts_the_version(self, store: Store, reopen: Callable[[], Store]) -> None:
        """A save returns the pair with its next version, and that is what is loaded."""
        first = store.save_pair(pair(), None)
        second = store.save_pair(replace(first, notes=()), None)
        assert (first.version, second.version) == (1, 2)
        assert reopen().load_pair(KEY) == second

    @pytest.mark.parametrize("stale", [0, 1, 3])
    def test_a_save_of_another_version_is_a_conflict(self, store: Store, stale: int) -> None:
        """Only the pair that was read last can be saved; a refused save changes nothing."""
        current = store.save_pair(store.save_pair(pair(), None), None)
        with pytest.raises(ConflictError, match="read it again"):
            store.save_pair(replace(current, version=stale, notes=()), None)
        assert store.load_pair(KEY) == current

    def test_a_pair_that_was_never_saved_has_version_zero(self, store: Store) -> None:
        """A save of a pair that is not there, as if it had been read, is a conflict."""
        with pytest.raises(ConflictError):
            store.save_pair(pair(version=1), None)
        assert store.pairs() == ()

    def test_two_rows_cannot_have_one_key(self, store: Store) -> None:
        """The outbox key is unique: a pair with one key twice is refused and nothing changes."""
        saved = store.save_pair(pair(), None)
        with pytest.raises(ValueError, match="one key"):
            store.save_pair(replace(saved, outbox=(row("same"), row("same", attempts=1))), None)
        assert store.load_pair(KEY) == saved

    def test_pairs_are_listed_in_order_with_their_due_times(self, store: Store, reopen: Callable[[], Store]) -> None:
        """The due index has each pair once, in the order of their keys, with the due time last saved."""
        first = store.save_pair(Pair(KEY), NOW)
        store.save_pair(Pair(OTHER), None)
        store.save_pair(first, NOW + timedelta(hours=1))
        for each in (store, reopen()):
            listed = [(due.key, due.id, due.next_due) for due in each.pairs()]
            assert listed == [
                (OTHER, record_id(str(OTHER)), None),
                (KEY, record_id(str(KEY)), NOW + timedelta(hours=1)),
            ]

    @pytest.mark.parametrize("due", [None, NOW - timedelta(days=1), NOW + timedelta(days=1)])
    def test_a_due_time_can_be_set_alone(self, store: Store, reopen: Callable[[], Store], due: datetime | None) -> None:
        """Setting a due time changes the list and not the pair."""
        saved = store.save_pair(pair(), NOW)
        store.set_due(KEY, due)
        for each in (store, reopen()):
            assert [line.next_due for line in each.pairs()] == [due]
            assert each.load_pair(KEY) == saved

    def test_a_due_time_of_nobody_is_nothing(self, store: Store) -> None:
        """Setting the due time of a pair that is not there makes no pair."""
        store.set_due(KEY, NOW)
        assert store.pairs() == ()

    def test_a_pair_is_found_by_its_id(self, store: Store, reopen: Callable[[], Store]) -> None:
        """The short id that tokens begin with leads to the pair."""
        store.save_pair(pair(), None)
        assert reopen().pair_by_id(record_id(str(KEY))) == KEY
        assert store.pair_by_id("aaaaaaaaaa") is None

    @pytest.mark.parametrize(
        "zone",
        [
            UTC,
            ZoneInfo("Asia/Kathmandu"),
            ZoneInfo("Africa/Monrovia"),
            timezone(-timedelta(hours=4, minutes=56, seconds=2)),
        ],
        ids=str,
    )
    def test_a_moment_keeps_its_instant_and_offset(
        self, store: Store, reopen: Callable[[], Store], zone: ZoneInfo
    ) -> None:
        """Datetimes come back as the same instant with the same offset, seconds of an old zone included."""
        at = datetime(1960, 6, 1, 12, 0, 0, 123456, tzinfo=zone)
        store.save_pair(Pair(KEY, notes=(Note("n1", at, Part.GENERAL, "x", DANA),)), at)
        again = reopen().load_pair(KEY)
        assert again is not None
        assert again.notes[0].at == at
        assert again.notes[0].at.utcoffset() == at.utcoffset()
        assert reopen().pairs()[0].next_due == at

    @pytest.mark.parametrize(
        "text", ["\U0001f44d\U0001f3fd", "\x00\x1b[0m", "\r\n\u2028", "نص", "\ufeff", '"}\\'], ids=repr
    )
    def test_words_come_back_letter_for_letter(self, store: Store, reopen: Callable[[], Store], text: str) -> None:
        """Whatever a person writes is stored as it is."""
        store.save_pair(Pair(KEY, notes=(Note("n1", NOW, Part.GENERAL, text, DANA),)), None)
        again = reopen().load_pair(KEY)
        assert again is not None
        assert again.notes[0].text == text

    # -- what is older than a year

    def test_the_daily_record_holds_a_year(self, store: Store, reopen: Callable[[], Store]) -> None:
        """After two years the pair holds one, `older` the other, and together they hold every item once."""
        whole = year(104)
        kept = store.save_pair(whole, NOW)
        older = reopen().older(KEY)
        assert older is not None
        cutoff = NOW - timedelta(days=380)
        assert min(note.at for note in kept.notes) > cutoff
        assert min(entry.planned_at for entry in kept.outbox) > cutoff
        for table in TABLES:
            both = [*getattr(older, table), *getattr(kept, table)]
            assert sorted(both, key=repr) == sorted(getattr(whole, table), key=repr)

    def test_what_moves_later_joins_what_moved_before(self, store: Store, reopen: Callable[[], Store]) -> None:
        """A pair that is saved week by week for two years loses and doubles nothing."""
        whole = year(104)
        current = Pair(KEY)
        for at in range(0, 104, 13):
            limit = NOW - timedelta(weeks=104 - at - 13)
            added: dict[str, Any] = {
                table: (*getattr(current, table), *_between(getattr(whole, table), limit - timedelta(weeks=13), limit))
                for table in TABLES
            }
            current = store.save_pair(replace(current, **added), NOW)
        older = reopen().older(KEY)
        assert older is not None
        for table in TABLES:
            both = [*getattr(older, table), *getattr(current, table)]
            assert sorted(both, key=repr) == sorted(getattr(whole, table), key=repr)

    def test_what_is_open_never_moves(self, store: Store) -> None:
        """An open promise, topic or row stays in the daily record however old it is, with its meeting."""
        ancient = NOW - timedelta(days=900)
        promise = ActionItem("old", ancient, SAM, "still owed", DANA, meeting=f"m{ancient:%Y%m%d}")
        waiting = row("waiting", ancient, state=OutboxState.PLANNED)
        whole = year(140)
        meeting = replace(whole.meetings[0], id=promise.meeting, start=ancient, end=ancient + timedelta(minutes=30))
        whole = replace(
            whole,
            meetings=(meeting, *whole.meetings),
            action_items=(promise, *whole.action_items),
            outbox=(waiting, *whole.outbox),
        )
        kept = store.save_pair(whole, NOW)
        assert promise in kept.action_items
        assert waiting in kept.outbox
        assert meeting in kept.meetings

    def test_an_old_item_that_is_closed_moves(self, store: Store) -> None:
        """Closing an item does not move it; a year after that it moves."""
        ancient = NOW - timedelta(days=900)
        closed = ActionItem("old", ancient, SAM, "done", DANA, state=ItemState.DONE, closed_at=NOW - timedelta(days=30))
        kept = store.save_pair(Pair(KEY, action_items=(closed,), notes=year(1).notes), NOW)
        assert closed in kept.action_items
        much_later = Note("later", NOW + timedelta(days=400), Part.GENERAL, "x", DANA)
        kept = store.save_pair(replace(kept, notes=(much_later,)), NOW)
        older = store.older(KEY)
        assert closed not in kept.action_items
        assert older is not None
        assert closed in older.action_items

    def test_an_item_in_both_records_counts_once(self, store: Store) -> None:
        """What is in the daily record is not in the older one, even where it came back from there."""
        kept = store.save_pair(year(104), NOW)
        older = store.older(KEY)
        assert older is not None
        again = replace(older.topics[0], state=ItemState.OPEN)
        store.save_pair(replace(kept, topics=(again, *kept.topics)), NOW)
        older = store.older(KEY)
        assert older is not None
        assert again.id not in {topic.id for topic in older.topics}

    # -- people

    def test_a_desk_comes_back_as_it_was_saved(self, store: Store, reopen: Callable[[], Store]) -> None:
        """Every field of a desk survives, and its id leads to it."""
        saved = store.save_desk(desk())
        assert saved == replace(desk(), version=1)
        assert reopen().load_desk(DANA) == saved
        assert reopen().desks() == (DANA,)
        assert reopen().desk_by_id(record_id(DANA)) == DANA

    def test_a_stale_desk_is_a_conflict(self, store: Store) -> None:
        """A desk that somebody else saved since is not overwritten."""
        first = store.save_desk(desk())
        second = store.save_desk(replace(first, language="fr"))
        with pytest.raises(ConflictError, match="read it again"):
            store.save_desk(first)
        assert store.load_desk(DANA) == second

    # -- mails

    @pytest.mark.parametrize("raw", [b"", b"Subject: x\r\n\r\ny", bytes(range(256)) * 500], ids=len)
    def test_bytes_are_kept_under_their_hash(self, store: Store, reopen: Callable[[], Store], raw: bytes) -> None:
        """The same bytes are kept once, under their SHA-256."""
        digest = store.put_blob(raw)
        assert digest == hashlib.sha256(raw).hexdigest()
        assert store.put_blob(raw) == digest
        assert reopen().get_blob(digest) == raw

    def test_the_newest_outcome_counts(self, store: Store, reopen: Callable[[], Store]) -> None:
        """An outcome that is recorded again replaces the one before."""
        digest = store.put_blob(b"mail")
        store.save_inbound(inbound(digest))
        store.save_inbound(inbound(digest, pair=""))
        assert reopen().inbound(digest) == inbound(digest, pair="")
        assert list(reopen().inbounds()) == [inbound(digest, pair="")]

    def test_outcomes_come_oldest_first(self, store: Store, reopen: Callable[[], Store]) -> None:
        """All outcomes are listed by the time of their mail."""
        mails = [
            inbound(hashlib.sha256(b"%d" % i).hexdigest(), at=NOW - timedelta(minutes=7 * i % 50)) for i in range(50)
        ]
        for mail in mails:
            store.save_inbound(mail)
        listed = list(reopen().inbounds())
        assert [mail.at for mail in listed] == sorted(mail.at for mail in mails)
        assert set(listed) == set(mails)
        assert all(reopen().inbound(mail.digest) == mail for mail in mails)

    def test_a_mail_of_ours_is_found_by_its_true_message_id(self, store: Store, reopen: Callable[[], Store]) -> None:
        """A Message-ID leads to the row that has it, in a pair or on a desk, and to nothing once it has it no more."""
        saved = store.save_pair(pair(outbox=(row("a", message_id="<a@provider>"), row("b"))), None)
        store.save_desk(desk(outbox=(row("c", message_id="<c@provider>"),)))
        assert reopen().find_message("<a@provider>") == (record_id(str(KEY)), "a")
        assert reopen().find_message("<c@provider>") == (record_id(DANA), "c")
        assert reopen().find_message("") is None
        store.save_pair(replace(saved, outbox=(row("a", message_id="<other@provider>"),)), None)
        assert reopen().find_message("<a@provider>") is None
        assert reopen().find_message("<other@provider>") == (record_id(str(KEY)), "a")

    def test_an_old_mail_of_ours_is_found_too(self, store: Store, reopen: Callable[[], Store]) -> None:
        """A row that was moved out of the daily record still answers to its Message-ID."""
        whole = year(104)
        store.save_pair(whole, None)
        assert reopen().find_message(whole.outbox[0].message_id) == (record_id(str(KEY)), whole.outbox[0].key)

    # -- accounts

    def test_what_is_known_of_a_calendar_comes_back(self, store: Store, reopen: Callable[[], Store]) -> None:
        """Every field survives; another reading replaces it, also where only the time differs or runs backwards."""
        state = CalendarState(
            DANA,
            first_read_at=NOW,
            read_at=NOW,
            problems=(("x.ics", "no UID"),),
            left_alone=(("u", "three"),),
            events=7,
        )
        store.save_calendar(state)
        assert reopen().load_calendar(DANA) == state
        for later in (
            replace(state, read_at=NOW + timedelta(minutes=5)),
            replace(state, read_at=NOW + timedelta(minutes=10), events=8),
            replace(state, read_at=NOW + timedelta(minutes=15), events=8, problems=()),
            replace(state, read_at=NOW + timedelta(minutes=1), events=8, problems=()),
        ):
            store.save_calendar(later)
            assert reopen().load_calendar(DANA) == later
            assert store.load_calendar(DANA) == later
        assert store.load_calendar("mailbox") is None

    def test_a_heartbeat_is_the_last_one_noted(self, store: Store, reopen: Callable[[], Store]) -> None:
        """Noting returns and keeps the time; each loop has its own."""
        assert store.heartbeat("tick", NOW) == NOW
        assert store.heartbeat("tick", NOW + timedelta(seconds=1)) == NOW + timedelta(seconds=1)
        assert reopen().heartbeat("tick") == NOW + timedelta(seconds=1)
        assert store.heartbeat("mail") is None

    # -- the whole

    def test_the_lock_can_be_taken_again_by_its_holder(self, store: Store) -> None:
        """Saving inside the lock, and taking it twice, does not block."""
        with store.lock(1), store.lock(1):
            store.save_pair(pair(), None)
        assert store.load_pair(KEY) is not None

    def test_what_is_saved_inside_the_lock_is_listed_inside_it(self, store: Store) -> None:
        """Whoever holds the lock sees at once what they saved, the very first record included."""
        with store.lock(1):
            assert store.pairs() == ()
            store.save_pair(pair(), NOW)
            assert [(due.key, due.next_due) for due in store.pairs()] == [(KEY, NOW)]
            store.set_due(KEY, None)
            assert [due.next_due for due in store.pairs()] == [None]

    def test_erasing_leaves_nothing_of_a_person(self, store: Store, reopen: Callable[[], Store]) -> None:
        """Pairs, desk, account, outcomes and mails of a person go; a marker stays."""
        _fill(store)
        sent, answer = (
            store.put_blob(b"To: sam@example.com\n\nagenda"),
            store.put_blob(b"From: sam@example.com\n\nanswer"),
        )
        kept = store.load_pair(KEY)
        assert kept is not None
        store.save_pair(replace(kept, outbox=(row("with body", body=sent, message_id="<s@provider>"),)), None)
        store.save_inbound(inbound(answer))
        assert store.erase("Sam@Example.com", MARKER) > 0
        for each in (store, reopen()):
            assert [due.key for due in each.pairs()] == [OTHER]
            assert each.load_pair(KEY) is None
            assert each.older(KEY) is None
            assert each.pair_by_id(record_id(str(KEY))) is None
            assert each.desks() == (DANA,)
            assert each.load_desk(SAM) is None
            assert each.load_calendar(SAM) is None
            assert each.get_blob(sent) is None
            assert each.get_blob(answer) is None
            assert each.inbound(answer) is None
            assert list(each.inbounds()) == []
            assert each.find_message("<s@provider>") is None
            assert each.is_erased(MARKER)
            assert not each.is_erased("n" * 32)
            assert each.check() == ()

    def test_erasing_reaches_the_records_of_an_alias(self, store: Store, reopen: Callable[[], Store]) -> None:
        """What was kept under a further address of a person, before anybody knew whose it is, goes with the rest."""
        _fill(store)
        alias = "sam.okoro@home.example"
        store.save_desk(Desk(alias, language="fr"))
        store.save_pair(Pair(PairKey(ALEX, alias)), NOW)
        store.save_calendar(CalendarState(alias, read_at=NOW))
        store.erase(SAM, MARKER)
        for each in (store, reopen()):
            assert each.desks() == (DANA,)
            assert each.load_desk(alias) is None
            assert each.load_pair(PairKey(ALEX, alias)) is None
            assert [due.key for due in each.pairs()] == [OTHER]
            assert each.load_calendar(alias) is None
            assert each.check() == ()

    def test_erasing_one_person_keeps_the_others(self, store: Store, reopen: Callable[[], Store]) -> None:
        """Other pairs, desks, mails and outcomes are as they were, and can be saved."""
        _fill(store)
        mail = store.put_blob(b"From: alex@example.com\n\nhello")
        store.save_inbound(inbound(mail, sender=ALEX, pair=str(OTHER)))
        before, manager = store.load_pair(OTHER), store.load_desk(DANA)
        store.erase(SAM, MARKER)
        again = reopen()
        assert again.load_pair(OTHER) == before
        assert again.load_desk(DANA) == manager
        assert again.get_blob(mail) == b"From: alex@example.com\n\nhello"
        assert again.inbound(mail) == inbound(mail, sender=ALEX, pair=str(OTHER))
        assert before is not None
        assert again.save_pair(before, None).version == before.version + 1

    def test_a_person_who_was_erased_can_be_met_anew(self, store: Store, reopen: Callable[[], Store]) -> None:
        """A pair that is saved after an erasure starts from nothing."""
        _fill(store)
        store.erase(SAM, MARKER)
        assert store.save_pair(Pair(KEY), NOW).version == 1
        assert reopen().load_pair(KEY) == Pair(KEY, version=1)
        assert reopen().older(KEY) is None


def _between(items: tuple[object, ...], after: datetime, until: datetime) -> tuple[object, ...]:
    def at(item: object) -> datetime:
        moment = getattr(item, "at", None) or getattr(item, "planned_at", None) or getattr(item, "start", None)
        assert isinstance(moment, datetime)
        return moment

    return tuple(item for item in items if after <= at(item) < until)


def _fill(store: Store) -> None:
    store.save_pair(replace(year(104), person_name="Sam Okoro"), NOW)
    store.save_pair(replace(year(2, key=OTHER), person_name="Alex Moreno"), NOW)
    store.save_desk(Desk(DANA, language="en"))
    store.save_desk(Desk(SAM, aliases=("sam.okoro@home.example",)))
    store.save_calendar(CalendarState(SAM, read_at=NOW))

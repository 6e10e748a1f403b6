"""The words of a reply that act, and the order in which a whole reply takes effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from worker.apply import between, checkins, items, sharing, undoing, writing
from worker.apply.context import Arrival
from worker.model import (
    ActionItem,
    Applied,
    Ask,
    Command,
    Feedback,
    FeedbackState,
    Goal,
    ItemState,
    MailKind,
    MeetingStatus,
    Note,
    Pair,
    Part,
    Progress,
    Reply,
    ReplyProblem,
    Topic,
)
from worker.tokens import item_id

ANSWERS = (MailKind.FOLLOW_UP, MailKind.REMINDER, MailKind.RECEIPT, MailKind.QUESTION)
_SHOWS = frozenset({"agenda", "help", "history", "open"})
_CLOSES = {"done": ItemState.DONE, "drop": ItemState.DROPPED}


def apply(pair: Pair, reply: Reply, arrival: Arrival) -> Pair:
    """Return the pair with one mail applied, once: a mail that was applied before changes nothing."""
    if any(one.message_id == arrival.message_id for one in pair.applied):
        return pair
    step = Step(pair, reply, arrival)
    step.run()
    return step.pair


@dataclass
class Step:
    """One application under way: the pair as it becomes, and what the receipt will have to say."""

    pair: Pair
    reply: Reply
    arrival: Arrival
    created: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    leftover: list[str] = field(default_factory=list)
    problems: list[ReplyProblem] = field(default_factory=list)
    ask: Ask | None = None
    share: bool = False
    share_all: bool = False
    sends: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Take the mail in: what it takes back first, then words, dates, and last what is sent on."""
        self.by_manager = self.arrival.author == self.pair.key.manager
        verbs = {command.verb for command in self.reply.commands}
        if "undo" in verbs:
            undoing.undo(self)
        self.pair, created, before = writing.store(self.pair, self.reply, self.arrival)
        self.created.extend(created)
        self.before.extend(before)
        self.leftover.extend(self.reply.leftover)
        self.problems.extend(self.reply.problems)
        self.problems.extend(
            ReplyProblem("due-date", f"{item.text}: {item.ask.phrase}") for item in self.reply.action_items if item.ask
        )
        for written in self.reply.feedback:
            made = [one for one in self.pair.feedback if one.id in created and one.text == written.text]
            if written.ask is not None and made:
                between.ask(self, written.ask, made[0].id)
        self._confirm(verbs)
        self._date()
        # What is skipped lies before the date, which an `ok` on the next line may set.
        for command in sorted(self.reply.commands, key=lambda one: one.verb == "skip"):
            self._command(command)
        self._share_by_policy()
        self._record(verbs)

    # ---------------------------------------------------------------------------------------------------- the meeting

    def _confirm(self, verbs: set[str]) -> None:
        meeting = self.arrival.meeting
        if meeting is None:
            return
        if verbs & {"did-not-happen", "moved"}:
            status = MeetingStatus.MISSED
            self.change(meeting.id, status=status, confirmed=True)
            self.done.append(f"{'moved' if 'moved' in verbs else 'did-not-happen'} {meeting.id}")
        elif self.by_manager and meeting.start <= self.arrival.at and "undo" not in verbs and self._is_answer():
            self.change(meeting.id, confirmed=True)

    def _is_answer(self) -> bool:
        """Whether the mail says something of the 1:1; who only asks to see something has not."""
        verbs = {command.verb for command in self.reply.commands}
        if verbs and verbs <= _SHOWS and replace(self.reply, commands=()).empty:
            return False
        return self.arrival.row is not None and self.arrival.row.kind in (*ANSWERS, MailKind.AGENDA)

    def _date(self) -> None:
        reply, meeting = self.reply, self.arrival.meeting
        if reply.next_check_in is None and not reply.no_check_in:
            return
        if between.dated(self, reply.next_check_in):
            return
        if meeting is None or not self.by_manager:
            # Only the manager's answer sets the date: a report's wish about it stands in their words.
            words = reply.next_check_in_text
            if words and not any(words in text for text in reply.leftover):
                self.keep(words)
            return
        if reply.no_check_in:
            self.pair = checkins.none(self.pair, meeting, self.arrival.message_id, reply.next_check_in_text)
            self.done.append("none")
        elif reply.next_check_in is not None:
            self.wish(reply.next_check_in, reply.next_check_in_text, relative=self.arrival.relative)

    def wish(self, value: date | datetime | Ask, said: str, *, relative: bool) -> None:
        """Note the wish for the next check-in."""
        meeting = self.arrival.meeting
        if meeting is not None:
            self.pair = checkins.wish(
                self.pair,
                meeting,
                self.arrival.message_id,
                value,
                said,
                relative=relative,
                clock=self.arrival.clock,
            )

    # ------------------------------------------------------------------------------------------------------- commands

    def _command(self, command: Command) -> None:
        handler: Callable[[Command], None] | None = {
            "ok": self._ok,
            "share": self._share,
            "share-all": self._share,
            "skip": self._skip,
            "done": self._close,
            "drop": self._close,
            "keep": self._mark,
            "all-done": self._all_done,
            "by": self._new_date,
            "progress": self._progress,
            "choose": self._choose,
        }.get(command.verb)
        if handler is not None:
            handler(command)
        else:
            between.act(self, command)

    def _ok(self, _: Command) -> None:
        """Take the proposal where the date is open; else, in answer to a receipt, share."""
        if not self.by_manager or self.arrival.meeting is None:
            return
        row = self.arrival.row
        said_now = self.reply.next_check_in is not None or self.reply.no_check_in
        proposal = self._proposal()
        if not said_now and checkins.is_open(self.pair, self.arrival.meeting.id) and proposal is not None:
            self.wish(proposal, "ok", relative=True)
            self.done.append(f"proposal {proposal.isoformat()}")
        elif row is not None and row.kind in (MailKind.RECEIPT, MailKind.QUESTION):
            self._share(Command("share"))

    def _proposal(self) -> datetime | None:
        if self.arrival.row is not None and self.arrival.row.proposal is not None:
            return self.arrival.row.proposal
        meeting = self.arrival.meeting
        rows = [row for row in self.pair.outbox if meeting and row.meeting == meeting.id and row.proposal]
        return rows[-1].proposal if rows else None

    def _share(self, command: Command) -> None:
        if not self.by_manager:
            return
        if self.arrival.policy.recap == "never":
            self.problems.append(ReplyProblem("sharing-is-off", ""))
            return
        if between.share_one(self, command) or self.arrival.meeting is None:
            return
        everything = command.verb == "share-all"
        meeting = self.arrival.meeting.id
        before = self.pair
        self.pair, fresh = sharing.share(self.pair, meeting, self.arrival.at, everything=everything)
        if fresh:
            self.before.extend(f"{identity} shared " for identity in fresh)
            self.before.extend(
                f"{identity} meeting " for identity in fresh if not getattr(items.find(before, identity), "meeting", "")
            )
            self.share, self.share_all = True, everything
            self.done.append(command.verb)
        elif not self.share:
            shared = sharing.shareable(self.pair, meeting, everything=everything)
            self.done.append("already-shared" if shared else "nothing-to-share")

    def _share_by_policy(self) -> None:
        if self.arrival.policy.recap == "automatic" and self._is_answer() and not self.share:
            command = Command("share")
            before = list(self.done)
            self._share(command)
            if not self.share:
                self.done = before

    def _skip(self, _: Command) -> None:
        if not self.by_manager or self.arrival.meeting is None:
            return
        agreed = checkins.latest(self.pair, self.arrival.meeting.id)
        if agreed is not None and agreed.source == self.arrival.message_id and agreed.state not in checkins.SETTLED:
            self.done.append(checkins.SKIP_WHEN_SET)
            return
        self.pair, starts = checkins.skip(self.pair, self.arrival.meeting.id, self.arrival.message_id, self.arrival.at)
        self.done.extend(f"skip {start.isoformat()}" for start in starts)
        if not starts:
            self.problems.append(ReplyProblem("nothing-to-skip", "skip"))

    def numbered(self, command: Command) -> list[str]:
        """Return the ids that a command's numbers mean; a number that means nothing is a problem."""
        row = self.arrival.numbered
        known = row.numbers if row else ()
        identities: list[str] = []
        for number in command.numbers:
            if 1 <= number <= len(known) and items.find(self.pair, known[number - 1]) is not None:
                identities.append(known[number - 1])
            else:
                self.problems.append(ReplyProblem("no-such-number", f"{command.verb} {number}"))
        return identities

    def _close(self, command: Command) -> None:
        for identity in self.numbered(command):
            self._set_state(identity, _CLOSES[command.verb], command.verb)

    def _all_done(self, _: Command) -> None:
        row = self.arrival.numbered
        for identity in row.numbers if row else ():
            self._set_state(identity, ItemState.DONE, "done")

    def _set_state(self, identity: str, state: ItemState, verb: str) -> None:
        thing = items.find(self.pair, identity)
        if isinstance(thing, ActionItem):
            self.change(identity, state=state, closed_at=self.arrival.at)
        elif isinstance(thing, Topic | Goal):
            self.change(identity, state=state)
        elif isinstance(thing, Feedback):
            self.change(identity, state=FeedbackState.CLOSED)
        else:
            return
        self.done.append(f"{verb} {identity}")

    def _mark(self, command: Command) -> None:
        self.done.extend(f"keep {identity}" for identity in self.numbered(command))

    def _new_date(self, command: Command) -> None:
        for identity in self.numbered(command):
            thing = items.find(self.pair, identity)
            when = command.when
            if isinstance(when, Ask) or when is None or not isinstance(thing, ActionItem | Feedback | Goal):
                self.problems.append(ReplyProblem("due-date", command.text))
                continue
            day = when.date() if isinstance(when, datetime) else when
            if isinstance(thing, Feedback):
                between.renew(self, thing, "", day)
                continue
            self.change(identity, due=day)
            self.done.append(f"by {identity}")

    def _progress(self, command: Command) -> None:
        for identity in self.numbered(command):
            thing = items.find(self.pair, identity)
            if isinstance(thing, Goal):
                step = Progress(self.arrival.at, command.text, self.arrival.message_id, self.arrival.author)
                self.change(identity, progress=(*thing.progress, step))
                self.done.append(f"progress {identity}")
            else:
                subject = getattr(thing, "text", "")
                self.keep(f"{subject}: {command.text}" if subject else command.text)

    def _choose(self, command: Command) -> None:
        row = self.arrival.row
        choices = row.choices if row else ()
        if between.settles(self, command):
            return
        for number in command.numbers[:1]:
            if 1 <= number <= len(choices):
                # The moment was offered in full, so it is taken as it stands and not moved off a day off.
                self.wish(choices[number - 1], str(number), relative=False)
                self.done.append(f"choose {choices[number - 1].isoformat()}")
            else:
                self.problems.append(ReplyProblem("no-such-number", str(number)))

    # --------------------------------------------------------------------------------------------------------- records

    def change(self, identity: str, **values: object) -> None:
        """Change one thing of the pair and remember what it was."""
        self.pair, before = items.change(self.pair, identity, **values)
        self.before.extend(before)

    def keep(self, text: str, part: Part = Part.GENERAL) -> None:
        """Keep words as a note of their author."""
        note = Note(
            id=item_id(self.arrival.message_id, str(self.pair.key), "kept", str(len(self.created))),
            at=self.arrival.at,
            part=part,
            text=text,
            author=self.arrival.author,
            only_you=self.by_manager,
            meeting=self.arrival.meeting.id if self.arrival.meeting else "",
            source=self.arrival.message_id,
        )
        self.pair = replace(self.pair, notes=(*self.pair.notes, note))
        self.created.append(note.id)

    def _record(self, verbs: set[str]) -> None:
        arrival, meeting = self.arrival, self.arrival.meeting
        only_words_that_need_no_answer = (
            bool(verbs or self.reply.thanks)
            and arrival.row is not None
            and verbs <= {"ok", "share", "share-all"}
            and not self.created
            and not self.problems
            and not any(done.startswith(("proposal", "nothing", "already")) for done in self.done)
            and self.reply.next_check_in is None
            and not self.reply.no_check_in
        )
        nothing = self.reply.empty
        applied = Applied(
            message_id=arrival.message_id,
            at=arrival.at,
            author=arrival.author,
            outcome=arrival.outcome,
            row=arrival.row.key if arrival.row else "",
            digest=arrival.digest,
            meeting=meeting.id if meeting else "",
            created=tuple(self.created),
            before=tuple(self.before),
            done=tuple(self.done),
            leftover=tuple(self.leftover),
            problems=tuple(self.problems),
            ask=self.ask,
            share=self.share,
            share_all=self.share_all,
            receipt=arrival.receipt and not (nothing or only_words_that_need_no_answer),
            sends=tuple(self.sends),
            proposal=self._proposal() if meeting and checkins.is_open(self.pair, meeting.id) else None,
        )
        self.pair = replace(self.pair, applied=(*self.pair.applied, applied))

"""Understanding replies: from the bytes of a mail to what a person wrote, and what it says. Pure and total.

Nothing here raises, asks for the time, or takes more than linear time, whatever the input. The libraries that only
mail needs are imported where they are used, so that importing this package stays cheap.
"""

from __future__ import annotations

# Everything is imported where it is used, typing too, so that importing this package costs next to nothing.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, time

    from worker.model import Ask, Command, Person, Reply
    from worker.replies.written import Original

__all__ = [
    "Original",
    "commands_of",
    "is_automatic",
    "read_check_in",
    "read_commands",
    "read_form",
    "read_topics",
    "reply_text",
    "reply_text_of",
    "when",
]


def __getattr__(name: str) -> object:
    """Import `Original` when it is asked for."""
    if name == "Original":
        from worker.replies.written import Original

        return Original
    raise AttributeError(name)


def reply_text(body: str) -> str:
    """What the human wrote in this text of a mail whose original is unknown; quotation and signature removed."""
    from worker.replies import written

    return written.reply_text(body)


def reply_text_of(raw: bytes) -> str:
    """What the human wrote in this mail, its original unknown: the better one of its plain and HTML parts is read."""
    from worker.replies import written

    return written.reply_text_of(raw)


def when(
    phrase: str,
    *,
    reference: datetime,
    language: str = "en",
    day_first: bool | None = None,
    same_time: time | None = None,
) -> datetime | date | Ask | None:
    """The moment or day that a phrase means: a date-time where a time was said, a date where none was.

    `Ask` where a person must settle it, None where no date is meant. `reference` is an aware moment in the writer's
    zone; `same_time` is what "same time" means, else the time of day of the reference.
    """
    from worker.replies import dates

    return dates.when(phrase, reference=reference, language=language, day_first=day_first, same_time=same_time)


def is_automatic(raw: bytes) -> bool:
    """Whether a machine wrote this mail: auto-replies, bounces, calendar replies, receipts, list mail (RFC 3834)."""
    from worker.replies import machine, mime

    return machine.machine(mime.read(raw)) is not None


def read_form(  # noqa: PLR0913 - the contract's arguments
    raw: bytes,
    sent_text: str,
    sent_html: str | None,
    *,
    reference: datetime,
    meeting_start: datetime | None = None,
    sender: str | None = None,
    people: Sequence[Person] = (),
    items: Sequence[str] = (),
    earlier: Sequence[str] = (),
    language: str = "en",
    day_first: bool | None = None,
) -> Reply:
    """What the answer `raw` to a follow-up form says; `sent_text` and `sent_html` are the form as it was sent.

    `reference` is the aware moment from which relative dates count, in the writer's zone. `meeting_start` is the start
    of the meeting that the form is about ("same time"), `sender` the address of who answers (else From), `people` the
    two of the pair, the manager first, `items` the texts behind the numbers of the form, `earlier` the texts of the
    other mails of the conversation, newest first. `language` is the form's; `day_first` the order of day and month
    where the writer's locale is known.
    """
    from worker.replies import form

    return form.read_form(
        raw,
        form.Asked(sent_text, sent_html, tuple(earlier)),
        form.Context(reference, meeting_start, sender, tuple(people), tuple(items), language, day_first),
    )


def read_topics(  # noqa: PLR0913 - the contract's arguments
    raw: bytes,
    sent_text: str,
    sent_html: str | None,
    *,
    reference: datetime,
    meeting_start: datetime | None = None,
    sender: str | None = None,
    people: Sequence[Person] = (),
    items: Sequence[str] = (),
    earlier: Sequence[str] = (),
    language: str = "en",
    day_first: bool | None = None,
) -> Reply:
    """What a report's answer to a topics mail, an agenda or a recap says: topics, in their own words, and commands.

    The arguments are those of `read_form`. Lines under `private:` are topics with `private` set.
    """
    from worker.replies import form

    return form.read_topics(
        raw,
        form.Asked(sent_text, sent_html, tuple(earlier)),
        form.Context(reference, meeting_start, sender, tuple(people), tuple(items), language, day_first),
    )


def read_check_in(  # noqa: PLR0913 - the contract's arguments
    raw: bytes,
    sent_text: str,
    sent_html: str | None,
    *,
    reference: datetime,
    meeting_start: datetime | None = None,
    sender: str | None = None,
    people: Sequence[Person] = (),
    items: Sequence[str] = (),
    earlier: Sequence[str] = (),
    language: str = "en",
    day_first: bool | None = None,
) -> Reply:
    """What an answer to a check-in says: one of better, same, worse, forgot, no-time, not-needed, or a date.

    The arguments are those of `read_form`. A date stands in `when` of the command, or alone in `next_check_in`.
    """
    from worker.replies import form

    return form.read_check_in(
        raw,
        form.Asked(sent_text, sent_html, tuple(earlier)),
        form.Context(reference, meeting_start, sender, tuple(people), tuple(items), language, day_first),
    )


def read_commands(  # noqa: PLR0913 - the contract's arguments
    raw: bytes,
    sent_text: str = "",
    sent_html: str | None = None,
    *,
    reference: datetime,
    meeting_start: datetime | None = None,
    sender: str | None = None,
    people: Sequence[Person] = (),
    items: Sequence[str] = (),
    earlier: Sequence[str] = (),
    language: str = "en",
    day_first: bool | None = None,
) -> Reply:
    """What a mail says that is no answer to a form: commands and captures, one a line, and answers to a welcome.

    The arguments are those of `read_form`; `people` are all whom the sender has a 1:1 with (a welcome: whom it
    names, in the order of its numbers). Of a forwarded mail the sender's own lines are read, the rest is a private
    note.
    """
    from worker.replies import form

    return form.read_commands(
        raw,
        form.Asked(sent_text, sent_html, tuple(earlier)),
        form.Context(reference, meeting_start, sender, tuple(people), tuple(items), language, day_first),
    )


def commands_of(
    line: str, *, reference: datetime, sender: str | None = None, people: Sequence[Person] = (), language: str = "en"
) -> tuple[Command, ...]:
    """What one line that a person wrote says as a command or a capture; the arguments are those of `read_commands`."""
    from worker.replies import captures, form

    return captures.of_line(line, form.Context(reference, None, sender, tuple(people), (), language))

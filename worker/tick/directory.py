"""What the organisation's directory says of people: evidence that goes behind the configuration and before guesses.

Each person is asked about at most once a day, and what was said is kept at their desk: further addresses, who manages
them, and the language of their account. A directory that cannot be asked, or knows nobody, is no error: then nothing is
known.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from worker.errors import FollowthroughError
from worker.model import Desk, PairKey, PairKind
from worker.providers.directory import Listed
from worker.tick.office import Listing, Office

_EVERY = timedelta(days=1)


def learn(office: Office, address: str, now: datetime) -> bool:
    """Ask about somebody, unless that was done within a day; whether something new is known."""
    if not office.directories or office.store.is_erased(office.keys.marker(address)):
        return False
    beat = f"directory {address}"
    last = office.store.heartbeat(beat)
    if last is not None and timedelta(0) <= now - last < _EVERY:
        return False
    for directory in office.directories:
        try:
            found = directory.person(address)
        except FollowthroughError:
            return False  # it is asked again at the next reading
        if found is None:
            continue
        main = _main(office, address, found)
        if office.store.is_erased(office.keys.marker(main)):
            # Another address of somebody who was erased: nothing of it is kept, not even that it was asked about.
            office.memory.gone.add(address)
            return False
        office.store.heartbeat(beat, now)
        return _keep(office, main, found)
    office.store.heartbeat(beat, now)
    return False


def _main(office: Office, asked: str, found: Listed) -> str:
    """Return the address by which a person is known here: the configuration's before the directory's."""
    configured = {*office.managers, *office.people, *(key.person for key in office.named)}
    theirs = [one for one in (asked, found.address, *found.aliases) if one in configured]
    return theirs[0] if theirs else found.address


def _keep(office: Office, address: str, found: Listed) -> bool:
    desk = office.store.load_desk(address) or Desk(address)
    others = {found.address, *found.aliases} - {address, *office.managers, *office.people}
    known = tuple(sorted({*desk.aliases, *others}))
    if (known, found.manager, found.language) == (desk.aliases, desk.reports_to, desk.language):
        return False
    office.store.save_desk(replace(desk, aliases=known, reports_to=found.manager, language=found.language))
    office.listings[address] = Listing(known, found.manager)
    return True


def kind(office: Office, key: PairKey, guess: PairKind) -> PairKind:
    """Return what two people are to each other where the directory tells; else what was guessed."""
    above = office.hierarchy
    manager, boss = key.manager, above.get(key.person, "")
    if not boss:
        return guess
    if boss == manager:
        return PairKind.DIRECT
    if above.get(boss) == manager:
        return PairKind.SKIP_LEVEL
    return PairKind.PEER if above.get(manager) == boss else guess

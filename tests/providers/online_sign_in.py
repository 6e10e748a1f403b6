"""What signing in to every vendor must keep, and the files in which a sign-in is kept."""

from __future__ import annotations

import os
import stat
import threading
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Protocol

import pytest

from tests.providers.contract import OTHER, OWNER, at
from tests.providers.online import Online, Vendor
from worker.errors import AccountError, NeedsPersonError, SignInError
from worker.fakes.faults import Fault
from worker.providers.private_files import read_private


class Asked(Protocol):
    """A sign-in that was begun: the address that the person opens, and the wait for what comes back."""

    url: str

    def wait(self, seconds: float) -> Any:  # the vendor's own token
        """Wait until the person is back, and store what they bring."""


class SignInWorld(Protocol):
    """A person who signs in to the owner's calendar."""

    vendor: Vendor

    def consent(self) -> AbstractContextManager[Asked]:
        """Begin a sign-in as the command does."""

    def browse(self, url: str) -> threading.Thread:
        """Let the person open the address in their browser and agree."""

    def token(self) -> bytes:
        """The owner's token file."""

    def renewals(self) -> int:
        """How often an access token was given for a sign-in that is there."""


class OnlineSignInContract:
    """The promises of signing in."""

    def test_nobody_comes_back(self, person: SignInWorld) -> None:
        """Where nobody answers the sign-in page, waiting ends."""
        with person.consent() as asked:
            turning = threading.Timer(0.2, lambda: person.vendor.clock.turn(seconds=99))
            turning.start()
            with pytest.raises(SignInError, match="nobody came back"):
                asked.wait(5)
            turning.join()

    @pytest.mark.parametrize("what", ["status", "drop", "html", "truncated"])
    def test_a_sign_in_that_breaks_says_so(self, person: SignInWorld, what: Any) -> None:
        """Where the vendor's sign-in itself is broken, nothing is stored and the person is told to try again."""
        person.vendor.fake.faults.append(Fault("token", what))
        before = person.token()
        with person.consent() as asked:
            browser = person.browse(asked.url)
            with pytest.raises(AccountError, match="again"):
                asked.wait(20)
            browser.join()
        assert person.token() == before

    def test_the_access_token_is_kept_for_the_next_start(self, person: SignInWorld) -> None:
        """A worker that starts anew each minute does not sign in each time."""
        for _ in range(3):
            person.vendor.calendar().read(at(1, 0), at(2, 0))
        assert person.renewals() == 1

    def test_a_missing_token_concerns_its_account_alone(self, person: SignInWorld) -> None:
        """A provider of somebody who has not signed in can be made; only using it says what to do."""
        calendar = person.vendor.calendar(account=OTHER)
        with pytest.raises(SignInError, match=rf"--account {OTHER}"):
            calendar.read(at(1, 0), at(2, 0))


class TokenFileContract(Online):
    """The promises of the files in which a vendor's sign-ins are kept; `tokens` is its module, `one` one of OWNER's."""

    tokens: ClassVar[ModuleType]
    one: ClassVar[Any]
    # What is no token, though some of it is JSON.
    cases: ClassVar = {"content": (b"", b"{", b"[]", b'{"scopes": 3}', b"\x00\xff")}

    def same(self, token: Any) -> bool:
        """Whether this is the token that was saved."""
        return bool(token == self.one)

    def test_pitfall_30_tokens_are_for_their_owner_alone(self, tmp_path: Path) -> None:
        """Pitfall 30: the folder has mode 0700 and each file 0600, whatever the umask and however they were before."""
        folder = tmp_path / "tokens"
        folder.mkdir(mode=0o777)
        before = os.umask(0)
        try:
            path = self.tokens.save_token(folder, self.one)
        finally:
            os.umask(before)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert self.same(self.tokens.load_token(folder, OWNER))
        assert [item.name for item in folder.iterdir()] == [path.name]

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
    def test_pitfall_30_a_file_that_others_can_read_is_refused(self, tmp_path: Path, mode: int) -> None:
        """Pitfall 30: a token that other users can read is not used; the text says which command mends it."""
        path = self.tokens.save_token(tmp_path / "tokens", self.one)
        path.chmod(mode)
        with pytest.raises(SignInError, match="chmod 600"):
            self.tokens.load_token(tmp_path / "tokens", OWNER)
        with pytest.raises(NeedsPersonError):
            read_private(path)

    def test_a_damaged_token_file_asks_for_a_new_sign_in(self, tmp_path: Path, content: bytes) -> None:
        """A token file that cannot be read is named, and the next step is to sign in."""
        path = self.tokens.save_token(tmp_path, self.one)
        path.write_bytes(content)
        with pytest.raises(SignInError, match="sign in"):
            self.tokens.load_token(tmp_path, OWNER)

    def test_an_address_cannot_leave_the_token_folder(self, tmp_path: Path) -> None:
        """Whatever stands in an address, its token lies in the folder."""
        for address in ("../../etc/passwd@example.com", "a/b@example.com", "a\0b@example.com"):
            assert self.tokens.token_path(tmp_path, address).parent == tmp_path

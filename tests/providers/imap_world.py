"""A mailbox at a real server as the tests see it: Dovecot for IMAP and delivery, aiosmtpd for what leaves.

Both are on loopback, with an authority made for the run.
"""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.providers.contract import WORKER
from tests.providers.imap_submission import PASSWORD, Outgoing, free_port
from tests.providers.online import Clock
from worker.fakes.microsoft.certificates import make_authority
from worker.providers.imap import ImapMail, ImapSettings

DOVECOT = Path("/usr/sbin/dovecot")
_ACCOUNTS = 500
_PARTS = (DOVECOT, Path("/usr/lib/dovecot/imap"), Path("/usr/lib/dovecot/lmtp"))
MISSING = "" if all(part.exists() for part in _PARTS) else "apt-get install dovecot-imapd dovecot-lmtpd"

_CONFIG = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
protocols = imap lmtp
listen = 127.0.0.1, 127.0.0.2
ssl = yes
ssl_cert = <{home}/server.pem
ssl_key = <{home}/server.pem
disable_plaintext_auth = no
auth_failure_delay = 0
recipient_delimiter = +
mail_location = maildir:{home}/mail/%u/Maildir
mail_plugins = quota
protocol imap {{
  mail_plugins = quota imap_quota
  mail_max_userip_connections = 3
}}
plugin {{
  quota = maildir:User quota
}}
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = passwd-file
  args = {home}/users
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
  mailbox "Outgoing & gone" {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Unerwünscht {{
    auto = create
    special_use = \\Junk
  }}
}}
"""


# ------------------------------------------------------------------------------------------------------------ Dovecot


class Dovecot:
    """One Dovecot with its own folder; as root it runs as `nobody`, because it serves no mail as root."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.imap, self.imaps, self.lmtp = free_port(), free_port(), free_port()
        _, self.authority = make_authority(home)
        root = os.getuid() == 0
        self._user = "nobody" if root else pwd.getpwuid(os.getuid()).pw_name
        self._group = "nogroup" if root else grp.getgrgid(os.getgid()).gr_name
        self._process: subprocess.Popen[bytes] | None = None
        (home / "run").mkdir()
        self._used = 0
        # All at once: Dovecot looks at this file anew only now and then.
        accounts = [
            f"{kind}{number}:{{PLAIN}}{PASSWORD}::::::{rule}\n"
            for kind, rule in (("account", ""), ("small", "userdb_quota_rule=*:storage=1M"))
            for number in range(1, _ACCOUNTS)
        ]
        (home / "users").write_text("".join(accounts))
        self.configure()

    def configure(self, extra: str = "") -> None:
        """Write the configuration, with more at its end; it counts from the next start."""
        values = {"imap": self.imap, "imaps": self.imaps, "lmtp": self.lmtp, "user": self._user, "group": self._group}
        text = _CONFIG.format(home=self.home, **values)
        (self.home / "dovecot.conf").write_text(text + extra, encoding="utf-8")
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", f"{self._user}:{self._group}", str(self.home)], check=True)

    def start(self) -> None:
        """Start it, and return once it answers."""
        as_nobody: dict[str, Any] = {"user": self._user, "group": self._group, "extra_groups": []}
        command = [str(DOVECOT), "-F", "-c", str(self.home / "dovecot.conf")]
        self._process = subprocess.Popen(command, start_new_session=True, **(as_nobody if os.getuid() == 0 else {}))
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.imap), 5) as probe:
                if probe.recv(200).startswith(b"* OK"):
                    return
            time.sleep(0.05)
        raise AssertionError(self.log())

    def stop(self) -> None:
        """Stop it; whoever is connected is told goodbye."""
        if self._process is None:
            return
        # To all of its processes: one that serves a connection would go on without its master.
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(30)
        for _ in range(200):
            if not _living(self._process.pid):
                break
            time.sleep(0.02)
        self._process = None

    def restart(self) -> None:
        """Stop and start it."""
        self.stop()
        self.start()

    def new_user(self, kind: str = "account") -> str:
        """Return an account that nobody has used yet; one of kind "small" holds a megabyte."""
        self._used += 1
        assert self._used < _ACCOUNTS
        return f"{kind}{self._used}"

    def log(self) -> str:
        """Return what it has logged."""
        file = self.home / "log"
        return file.read_text() if file.exists() else ""


def _living(group: int) -> bool:
    """Whether a process of this group is alive (one that nobody has waited for yet is not)."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, of = stat.read_text().rpartition(")")[2].split()[:3]
            if of == str(group) and state != "Z":
                return True
    return False


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Run a Dovecot in a short path of its own: its sockets have long names."""
    home = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
    home.chmod(0o755)
    server = Dovecot(home)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


# -------------------------------------------------------------------------------------------------------------- world


class MailboxWorld:
    """The people around one account: those who write to it, its owner's mail client, and the worker."""

    def __init__(self, server: Dovecot, outgoing: Outgoing, user: str, smtp_port: int, smtp_security: str = "") -> None:
        self.server = server
        self.outgoing = outgoing
        self.clock = Clock()
        self.user = user
        self.settings = ImapSettings(
            imap_host="localhost",
            imap_port=server.imaps,
            smtp_host="localhost",
            smtp_port=smtp_port,
            smtp_security=smtp_security,
            user=user,
            password=PASSWORD,
            ca_file=server.authority,
            timeout=5.0,
        )
        self._made: list[ImapMail] = []

    def provider(self, **more: Any) -> ImapMail:
        """A provider as the worker makes it when it starts, which ends the one before; settings of its own by name."""
        self.close()
        settings = replace(self.settings, **more.pop("settings", {}))
        made = ImapMail(address=WORKER.upper(), settings=settings, clock=self.clock, **more)
        self._made.append(made)
        return made

    def close(self) -> None:
        """End the worker."""
        for each in self._made:
            each.close()

    def trusting(self) -> ssl.SSLContext:
        """TLS as a mail client has it that knows the authority of this run."""
        return ssl.create_default_context(cafile=self.server.authority)

    @contextmanager
    def client(self, folder: str = "") -> Iterator[imaplib.IMAP4]:
        """A mail client of the account's owner, with a folder open."""
        client = imaplib.IMAP4("127.0.0.1", self.server.imap, 10)
        try:
            client.login(self.user, PASSWORD)
            if folder:
                assert client.select(folder)[0] == "OK"
            yield client
        finally:
            client.logout()

    def receive(self, raw: bytes, at: datetime, folder: str = "INBOX", flags: str = "") -> None:
        """A mail arrives."""
        with self.client() as client:
            date: Any = at
            assert client.append(folder, flags, date, raw)[0] == "OK"

    def delivered(self, raw: bytes, recipient: str) -> None:
        """The mail server's own delivery, which knows sub-addresses."""
        with smtplib.LMTP("127.0.0.1", self.server.lmtp) as agent:
            agent.sendmail("alex@example.com", [recipient], raw)

    def sent(self) -> list[bytes]:
        """What has left."""
        return list(self.outgoing.left)

    def mails(self, folder: str) -> list[tuple[set[str], bytes]]:
        """Flags and bytes of the mails in a folder."""
        with self.client(folder) as client:
            found = []
            for number in client.search(None, "ALL")[1][0].split():
                told = client.fetch(number, "(FLAGS BODY.PEEK[])")[1]
                assert isinstance(told[0], tuple)
                flags = {
                    word.decode()
                    for word in imaplib.ParseFlags(
                        b" ".join(line for line in (told[0][0], told[1]) if isinstance(line, bytes))
                    )
                }
                found.append((flags, told[0][1]))
        return found

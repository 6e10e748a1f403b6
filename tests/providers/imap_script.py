"""An IMAP server on loopback that answers by a script: for what a well-behaved server does not do."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_COMMAND = re.compile(rb"(\S+) ((?:UID )?\w+) ?(.*?)\r\n", re.DOTALL)
_LITERAL = re.compile(r"\{(\d+)\}$")
USUAL = {
    "CAPABILITY": ["* CAPABILITY IMAP4rev1 UIDPLUS MOVE", "OK"],
    "LOGIN": ["OK"],
    "LIST": [r'* LIST (\HasNoChildren) "/" INBOX', r'* LIST (\Drafts) "/" Drafts', r'* LIST (\Sent) "/" Sent', "OK"],
    "SELECT": ["* OK [UIDVALIDITY 7]", "* OK [UIDNEXT 3]", r"* OK [PERMANENTFLAGS (\Deleted \*)]", "OK"],
    "EXAMINE": ["* OK [UIDVALIDITY 7]", "* OK [UIDNEXT 3]", "OK [READ-ONLY] done"],
}


@dataclass
class Script:
    """What the server says: a greeting, and for each command its answers, one for each time, the last one again.

    An answer is the untagged lines and what follows the tag; "BYE" or "" for that closes the connection after them,
    "WAIT" keeps it open in silence. `asked` has the commands that came.
    """

    greeting: str = "* OK ready"
    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def answer(self, command: str, *answers: list[str]) -> Script:
        """Answer a command so, the first time and the times after it."""
        self.answers[command] = list(answers)
        return self

    def count(self, command: str) -> int:
        """How often a command came."""
        return sum(line.startswith(command) for line in self.asked)

    def serve(self, near: socket.socket) -> None:
        """Talk with one client until it goes."""
        with suppress(OSError), near, near.makefile("rb") as lines:
            near.sendall(f"{self.greeting}\r\n".encode() if self.greeting else b"")
            if not self.greeting.startswith("* OK"):
                return
            while line := lines.readline():
                found = _COMMAND.fullmatch(line)
                assert found is not None, line
                tag, command, words = (part.decode() for part in found.groups())
                literal = _LITERAL.search(words)
                if literal:
                    near.sendall(b"+ go on\r\n")
                    lines.read(int(literal[1]) + 2)
                self.asked.append(f"{command} {words}".strip())
                *untagged, last = self._next(command)
                near.sendall("".join(f"{each}\r\n" for each in untagged).encode())
                if last == "WAIT":
                    lines.readline()
                if last in {"BYE", "WAIT", ""}:
                    return
                near.sendall(f"{tag} {last}{'' if ' ' in last else ' done'}\r\n".encode())

    def _next(self, command: str) -> list[str]:
        answers = self.answers.get(command) or [USUAL.get(command, ["OK"])]
        return answers.pop(0) if len(answers) > 1 else answers[0]


@contextmanager
def serving(script: Script) -> Iterator[Script]:
    """Run a script for as many connections as come; its port is `script.port`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        script.port = listener.getsockname()[1]

        def accept() -> None:
            with suppress(OSError):
                while True:
                    near, _ = listener.accept()
                    threads.append(threading.Thread(target=script.serve, args=(near,), daemon=True))
                    threads[-1].start()

        threads = [threading.Thread(target=accept, daemon=True)]
        threads[0].start()
        yield script
        listener.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)

"""A line between the worker and its servers that dies at one command."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any


class Line:
    """A line between the worker and its servers, in the clear on loopback, that dies at one command.

    Each command of either protocol is a step; the text of an APPEND and of a mail are steps of their own. At step
    `dies_at` the command is lost on the way, or (`answered`) carried out with its answer lost. From then on nothing
    gets through, as when the worker was killed there; with `heals` only the connections of that moment are lost.
    `steps` are the commands that came, `until` those up to the death.
    """

    _IMAP = re.compile(rb"[A-P]{4}\d+ (UID \w+|\w+)", re.IGNORECASE)
    _SMTP = re.compile(rb"(EHLO|AUTH|MAIL|RCPT|DATA|QUIT)\b", re.IGNORECASE)

    def __init__(self, dies_at: int = 0, *, answered: bool = False, heals: bool = False) -> None:
        self.steps: list[str] = []
        self.until: list[str] = []
        self._dies_at = dies_at
        self._answered = answered
        self._heals = heals
        self._dead = threading.Event()
        self._lock = threading.Lock()
        self._listeners: list[socket.socket] = []
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    @property
    def is_dead(self) -> bool:
        """Whether nothing gets through any more."""
        return self._dead.is_set()

    def to(self, port: int) -> int:
        """Return a port that leads to another one."""
        listener = socket.create_server(("127.0.0.1", 0))
        self._listeners.append(listener)
        self._run(self._accept, listener, port)
        return int(listener.getsockname()[1])

    def close(self) -> None:
        """Take the line down."""
        self._heals = False
        self._cut()
        for thread in self._threads:
            thread.join(10)
        for each in (*self._listeners, *self._sockets):
            each.close()

    def _run(self, work: Callable[..., None], *words: Any) -> None:
        thread = threading.Thread(target=work, args=words, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket, port: int) -> None:
        while not self._dead.is_set():
            try:
                near, _ = listener.accept()
            except OSError:
                return
            self._sockets.append(near)
            if self._dead.is_set():
                return
            far = socket.create_connection(("127.0.0.1", port))
            self._sockets.append(far)
            state = {"continues": False, "last": False}
            self._run(self._upstream, near, far, state)
            self._run(self._downstream, near, far, state)

    def _upstream(self, near: socket.socket, far: socket.socket, state: dict[str, bool]) -> None:
        with suppress(OSError):
            while data := near.recv(1_000_000):
                name = self._step(data, state)
                with self._lock:
                    if name:
                        self.steps.append(name)
                    mine = bool(name) and len(self.steps) == self._dies_at
                if mine:
                    self.until = list(self.steps)
                if mine and not self._answered:
                    self._cut()
                    return
                if self._dead.is_set():
                    return
                state["last"] = state["last"] or mine
                far.sendall(data)
        with suppress(OSError):
            far.shutdown(socket.SHUT_WR)

    def _step(self, data: bytes, state: dict[str, bool]) -> str:
        if state["continues"]:
            state["continues"] = False
            return "text"
        found = self._IMAP.match(data) or self._SMTP.match(data)
        return found[1].decode().upper() if found else ""

    def _downstream(self, near: socket.socket, far: socket.socket, state: dict[str, bool]) -> None:
        with suppress(OSError):
            while data := far.recv(1_000_000):
                if state["last"]:
                    self._cut()
                    return
                state["continues"] = data.startswith((b"+", b"354"))
                near.sendall(data)
        with suppress(OSError):
            near.shutdown(socket.SHUT_WR)

    def _cut(self) -> None:
        if not self._heals:
            self._dead.set()
        for each in (*([] if self._heals else self._listeners), *self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

"""A stand-in for Google on loopback: for tests, and for the demonstration without an account."""

from worker.fakes.faults import Fault
from worker.fakes.google.mailboxes import Mailbox, reply
from worker.fakes.google.server import FakeGoogle
from worker.fakes.google.sign_in import CLIENT

__all__ = ["CLIENT", "FakeGoogle", "Fault", "Mailbox", "reply"]

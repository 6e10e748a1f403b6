"""The embedded default: a vdir as calendar and Maildirs as mailbox. Open formats, no account."""

from worker.providers.files.maildir import FilesMail
from worker.providers.files.vdir import FilesCalendar

__all__ = ["FilesCalendar", "FilesMail"]

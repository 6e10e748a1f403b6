"""Reads the imports of a source tree and says where they break the table of rooms in docs/architecture.md."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NOUNS = frozenset({"model", "errors"})
TOOLS = frozenset({"ical", "names", "privacy", "tokens", "workdays"})
PURE = frozenset({"meetings", "plan", "checkin", "apply", "compose", "replies"}) | TOOLS
PROTOCOLS = frozenset({"store", "providers"})
FREE = frozenset({"cli", "loop", "cluster"})

# Libraries that only compute: same input, same output, nothing read from the machine.
COMPUTING = frozenset(
    {
        "authres",
        "babel",
        "cryptography",
        "dateutil",
        "flufl",
        "holidays",
        "icalendar",
        "inscriptis",
        "jinja2",
        "lxml",
        "markupsafe",
        "orjson",
        "recurring_ical_events",
        "tzlocal",
    }
)


@dataclass(frozen=True)
class Room:
    """What the modules of a room may import: rooms of ours, and libraries (None: any library)."""

    ours: frozenset[str]
    libraries: frozenset[str] | None = COMPUTING


def _provider(*libraries: str) -> Room:
    return Room(NOUNS | {"providers", "http", "ical"}, frozenset({"icalendar", "orjson", *libraries}))


def _store(*libraries: str) -> Room:
    return Room(NOUNS | {"store", "store.codec", "tokens"}, frozenset({"orjson", *libraries}))


ROOMS = {
    "root": Room(frozenset(), frozenset()),
    "model": Room(frozenset(), frozenset()),
    "errors": Room(frozenset(), frozenset()),
    "ical": Room(NOUNS),
    "tokens": Room(NOUNS),
    "names": Room(NOUNS),
    "privacy": Room(NOUNS),
    "workdays": Room(NOUNS),
    "meetings": Room(NOUNS | TOOLS),
    "checkin": Room(NOUNS | TOOLS | {"meetings"}),
    "apply": Room(NOUNS | TOOLS | {"meetings", "checkin"}),
    "plan": Room(NOUNS | TOOLS | {"meetings", "checkin", "apply"}),
    "replies": Room(NOUNS | TOOLS),
    "compose": Room(NOUNS | TOOLS | {"meetings", "apply", "checkin", "plan"}),
    "config": Room(NOUNS, frozenset({"pydantic", "platformdirs"})),
    "http": Room(NOUNS, frozenset({"requests", "urllib3", "orjson", "pyrate_limiter"})),
    "fakes": Room(NOUNS | {"ical"}, frozenset({"icalendar", "orjson", "recurring_ical_events", "cryptography"})),
    "store": Room(NOUNS, frozenset()),
    "store.codec": _store("cryptography"),
    "store.tiny": _store("tinydb", "filelock", "cryptography"),
    "store.postgres": _store("sqlalchemy", "psycopg", "cryptography"),
    "providers": Room(NOUNS, frozenset({"cryptography"})),
    "providers.files": _provider("recurring_ical_events", "tzlocal", "filelock"),
    "providers.google": _provider("google", "googleapiclient", "google_auth_oauthlib", "requests"),
    "providers.microsoft": _provider("msal", "requests", "filelock", "cryptography", "tzlocal"),
    "providers.imap": _provider("imap_tools", "requests"),
    "providers.caldav": _provider("caldav", "requests", "recurring_ical_events", "tzlocal"),
    "tick": Room(NOUNS | PURE | PROTOCOLS | {"config"}, COMPUTING | {"structlog"}),
    "loop": Room(NOUNS | PURE | PROTOCOLS | {"config", "tick"}, None),
    "cluster": Room(NOUNS | PURE | PROTOCOLS | {"config", "tick", "store.postgres"}, None),
}

# Modules whose room is not their own name. What is under commands/ is the command line in several files.
OTHER_NAMES = {
    "": "root",
    "__main__": "cli",
    "commands": "cli",
    # What every store writes, wherever it puts it.
    "store.archive": "store.codec",
    "store.tables": "store.codec",
    "store.text": "store.codec",
    "store.things": "store.codec",
    "store.traces": "store.codec",
    "providers.vdir": "providers.files",
    "providers.maildir": "providers.files",
    # What every provider shares.
    "providers.browser": "providers",
    "providers.busy": "providers",
    "providers.concerns": "providers",
    "providers.directory": "providers",
    "providers.findings": "providers",
    "providers.marks": "providers",
    "providers.writing": "providers",
    "providers.private_files": "providers",
    "providers.seal": "providers",
    "providers.sending": "providers",
}

# The clock, chance, the environment and waiting: arguments everywhere but in the free rooms.
FORBIDDEN = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "datetime.date.today",
        "email.utils.formatdate",
        "email.utils.localtime",
        "email.utils.make_msgid",
        "os.environ",
        "os.environb",
        "os.getenv",
        "os.getrandom",
        "os.urandom",
        "random",
        "secrets",
        "sys.argv",
        "time.gmtime",
        "time.localtime",
        "time.monotonic",
        "time.monotonic_ns",
        "time.perf_counter",
        "time.perf_counter_ns",
        "time.sleep",
        "time.strftime",
        "time.time",
        "time.time_ns",
        "uuid.uuid1",
        "uuid.uuid4",
    }
)

# Doors to files, network, processes and threads. A pure room reads its own tables through importlib.resources.
DOORS = frozenset(
    {
        "asyncio",
        "ftplib",
        "glob",
        "http",
        "imaplib",
        "io.open",
        "mailbox",
        "mmap",
        "multiprocessing",
        "open",
        "os",
        "pathlib.Path",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "socketserver",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "threading",
        "urllib.request",
    }
)


def room_of(module: str) -> str | None:
    """Return the room of a module named below the package ("replies.dates"), None where the table has none."""
    parts = module.split(".") if module else [""]
    for size in range(len(parts), 0, -1):
        name = ".".join(parts[:size])
        name = OTHER_NAMES.get(name, name)
        if name in ROOMS or name in FREE:
            if name == "store" and size < len(parts):
                return "store.tiny"  # the files' store is several modules, each database one
            # A provider that is not in the table is not in the Protocols' room.
            return None if name == "providers" and size < len(parts) else name
        if parts[0] == "providers" and size == 2 and "_" in parts[1]:
            return room_of(f"providers.{parts[1].partition('_')[0]}")
    return None


@dataclass
class _Names(ast.NodeVisitor):
    """Collects what a module imports and which dotted names it uses, with their lines."""

    package: str
    imports: list[tuple[int, str]] = field(default_factory=list)
    uses: list[tuple[int, str]] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            self.imports.append((node.lineno, name.name))
            bound = name.asname or name.name.partition(".")[0]
            self.aliases[bound] = name.name if name.asname else bound

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = node.module or ""
        if node.level:
            above = self.package.split(".")
            above = above[: len(above) - node.level + 1]
            base = ".".join([*above, base] if base else above)
        for name in node.names:
            self.imports.append((node.lineno, f"{base}.{name.name}"))
            self.aliases[name.asname or name.name] = f"{base}.{name.name}"

    def visit_Attribute(self, node: ast.Attribute) -> None:
        dotted = self._dotted(node)
        if dotted:
            self.uses.append((node.lineno, dotted))
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.uses.append((node.lineno, self._dotted(node) or ""))

    def visit_Call(self, node: ast.Call) -> None:
        called = self._dotted(node.func) or ""
        if called in {"importlib.import_module", "__import__"}:
            self.imports.append((node.lineno, self._imported_by(node)))
        self.generic_visit(node)

    def _imported_by(self, call: ast.Call) -> str:
        """Return the module that a call imports; "?" where only running it would tell."""
        first = call.args[0] if call.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return f"{self.package}{first.value}" if first.value.startswith(".") else first.value
        if isinstance(first, ast.JoinedStr) and len(first.values) > 1:
            front, then = first.values[:2]
            named = isinstance(front, ast.FormattedValue) and getattr(front.value, "id", "") == "__name__"
            if named and isinstance(then, ast.Constant) and str(then.value).startswith("."):
                return self.package
            if isinstance(front, ast.Constant) and str(front.value).endswith("."):
                return str(front.value).rstrip(".")
        relative = len(call.args) > 1 and isinstance(call.args[1], ast.Name) and call.args[1].id == "__name__"
        return self.package if relative else "?"

    def _dotted(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            # A name that no import binds is a variable, or built in.
            return self.aliases.get(node.id) or (node.id if node.id in {"open", "__import__"} else None)
        if isinstance(node, ast.Attribute):
            front = self._dotted(node.value)
            return f"{front}.{node.attr}" if front else None
        return None


def breaches(package: Path) -> list[str]:
    """Return every breach of the table below `package` (the folder `worker`), as "file:line: what"; empty: none."""
    modules = {_module(file, package): file for file in sorted(package.rglob("*.py"))}
    found: list[str] = []
    for module, file in modules.items():
        room = room_of(module)
        if room is None:
            found.append(f"{file.name}: worker.{module} has no room: add it to tests/rooms.py and docs/architecture.md")
            continue
        where = file.relative_to(package.parent)
        inside = module if file.name == "__init__.py" else module.rpartition(".")[0]
        names = _Names(f"{package.name}.{inside}".rstrip("."))
        tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names.visit(node)
        names.imports.clear()  # only their aliases were wanted: a function may stand above the import it uses
        names.visit(tree)
        lines = {*_bad_imports(names, room, modules, package.name), *_bad_uses(names, room)}
        found.extend(f"{where}:{line}: {what}" for line, what in sorted(lines))
    return found


def _module(file: Path, package: Path) -> str:
    parts = file.relative_to(package).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _bad_imports(names: _Names, room: str, modules: dict[str, Path], package: str) -> Iterator[tuple[int, str]]:
    allowed = ROOMS.get(room)
    for line, imported in names.imports:
        top, _, rest = imported.partition(".")
        if imported == "?":
            if room not in FREE:
                yield line, "imports a module whose name only running it would tell"
        elif top == package:
            target = _target(rest, modules)
            if target in FREE and room not in {"cli", target}:
                yield line, f"{room} imports {target}, which nobody may import"
            elif allowed and target not in allowed.ours | {room, "root"}:
                yield line, f"{room} imports {target or imported}"
        elif allowed and allowed.libraries is not None and top not in sys.stdlib_module_names | allowed.libraries:
            yield line, f"{room} imports the library {top}"


def _target(name: str, modules: dict[str, Path]) -> str | None:
    """Return the room of the longest prefix of `name` that is a module (the rest is a name inside it)."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return room_of(name)


def _bad_uses(names: _Names, room: str) -> Iterator[tuple[int, str]]:
    if room in FREE:
        return
    banned = FORBIDDEN | DOORS if room in PURE | NOUNS else FORBIDDEN
    for line, name in (*names.imports, *names.uses):
        parts = name.split(".")
        for size in range(1, len(parts) + 1):
            if ".".join(parts[:size]) in banned:
                yield line, f"{room} uses {'.'.join(parts[:size])}"

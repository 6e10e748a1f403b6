"""`move-data`: copies everything that is remembered from a folder into a database, or back, and proves the copy."""

from __future__ import annotations

import contextlib
import shlex
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import click

from worker.commands.common import Call, need, pass_call
from worker.commands.office import open_database
from worker.config import Config
from worker.errors import NeedsPersonError
from worker.providers.private_files import write_private
from worker.store.things import Contents
from worker.tick import LOCK_SECONDS

_BEING_MADE = ".moving-data"


@click.command("move-data")
@click.option("--to", "target", required=True, metavar="URL|FOLDER", help="The other place, which holds no data yet.")
@pass_call
def command(call: Call, target: str) -> int:
    """Copy everything that is remembered to another place: a database (postgresql://…) or a folder.

    Nothing changes in the old place, and the worker goes on with it until the configuration names the new one. Stop
    the worker first.
    """
    from worker.loop import run_lock

    config = call.config()
    with run_lock(config.data_folder):
        if "://" in target:
            counts = _to_database(config, target)
        else:
            counts = _to_folder(config, config.file.parent / Path(target).expanduser())
    for kind, count in counts.items():
        click.echo(f"{count} {kind}")
    click.echo("Copied, read back and compared: both places hold the same.")
    click.echo(f"Now write this into {config.file}, run `{call.words('check')}`, and start the worker:\n")
    shown = _without_password(target)
    click.echo(f'    data = "{shown}"\n')
    if shown != target:
        click.echo("Its password belongs into FOLLOWTHROUGH_DATABASE_PASSWORD, or into a file that")
        click.echo("FOLLOWTHROUGH_DATABASE_PASSWORD_FILE names.\n")
    click.echo(
        f"The old place still holds all that people wrote. When the worker runs on the new one: {_end_of(config)}"
    )
    return 0


# ------------------------------------------------------------------------------------------------------- the two ways


def _to_database(config: Config, url: str) -> Counter[str]:
    from worker.store.postgres.moving import TableContents

    need(url.startswith(("postgresql://", "postgres://")), "--to: write postgresql://user@host/name, or a folder.")
    store = open_database(config, url)
    secrets = _secrets(config.data_folder, config.file.parent / "data")
    with _source(config) as old, store.resident(), store.lock(LOCK_SECONDS):
        new = TableContents(store)
        if next(iter(new.things()), None) is not None:
            raise NeedsPersonError(f"{store}: holds data already: nothing was copied; name an empty database.")
        counts = _copy(old, new)
        _write(secrets)
        return counts


def _to_folder(config: Config, folder: Path) -> Counter[str]:
    from worker.store.moving import HOLDS, FileContents
    from worker.store.tiny import TinyStore

    if there := [name for name in HOLDS if (folder / name).exists()]:
        text = f"holds data already ({', '.join(there)}): nothing was copied; name another folder, or move those away"
        raise NeedsPersonError(f"{folder}: {text}.")
    made = folder / _BEING_MADE
    secrets = _secrets(config.data_folder, folder)
    with _source(config) as old:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(made, ignore_errors=True)
        try:
            store = TinyStore(made)
            with store.lock(LOCK_SECONDS):
                counts = _copy(old, FileContents(store))
            for name in HOLDS:
                if (made / name).exists():
                    (made / name).rename(folder / name)
            _write(secrets)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return counts


@contextlib.contextmanager
def _source(config: Config) -> Iterator[Contents]:
    """Yield what the configured store holds, locked."""
    if config.database:
        from worker.store.postgres.moving import TableContents

        store = open_database(config, config.database)
        with store.resident(), store.lock(LOCK_SECONDS):
            yield TableContents(store)
    else:
        from worker.store.moving import FileContents
        from worker.store.tiny import TinyStore

        files = TinyStore(config.data_folder)
        with files.lock(LOCK_SECONDS):
            yield FileContents(files)


# ---------------------------------------------------------------------------------------------------------- the copy


def _copy(old: Contents, new: Contents) -> Counter[str]:
    """Copy everything and compare it thing by thing; return how many of each kind there are."""
    new.take(old.things())
    counts: Counter[str] = Counter()
    for before, after in zip_longest(old.things(), new.things()):
        if before != after:
            one = before or after
            text = (
                "the copy differs from the original, so it must not be used: report this, and stay with the old place"
            )
            raise NeedsPersonError(f"{one.kind} {one.name}: {text}.")
        counts[before.kind] += 1
    return counts


def _secrets(old: Path, new: Path) -> dict[Path, bytes]:
    """Return what lies beside the data and has to come along: the install's secret, and the sign-ins.

    Raises NeedsPersonError where the new folder has another one of that name.
    """
    found: dict[Path, bytes] = {}
    for file in (old / "secret", *sorted((old / "tokens").glob("*.json"))):
        if not file.is_file():
            continue
        target = new / file.relative_to(old)
        found[target] = file.read_bytes()
        if target.exists() and target.read_bytes() != found[target]:
            text = f"is another one than {file}: nothing was copied; move the one away that is not in use"
            raise NeedsPersonError(f"{target}: {text}.")
    return found


def _write(secrets: dict[Path, bytes]) -> None:
    for path, content in secrets.items():
        if not path.exists():
            write_private(path, content)


# ------------------------------------------------------------------------------------------------------ what is said


def _without_password(target: str) -> str:
    """Return a database's address as it may be shown."""
    if "://" not in target:
        return target
    parts = urlsplit(target)
    user, at, host = parts.netloc.rpartition("@")
    query = "&".join(one for one in parts.query.split("&") if not one.startswith("password="))
    return urlunsplit(parts._replace(netloc=user.partition(":")[0] + at + host, query=query))


def _end_of(config: Config) -> str:
    """Return how the old place is removed, without the secrets that lie beside its data."""
    from worker.store.moving import HOLDS

    if config.database:
        return f"psql '{_without_password(config.database)}' -c 'DROP SCHEMA followthrough CASCADE'"
    there = [str(config.data_folder / name) for name in HOLDS if (config.data_folder / name).exists()]
    return shlex.join(["rm", "-r", *there])

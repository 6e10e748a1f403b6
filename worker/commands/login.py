"""`login`: a person signs in to their provider once, and the token is stored."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass

import click

from worker.commands.common import Call, need, pass_call
from worker.commands.office import open_accounts
from worker.commands.sign_ins import PROVIDERS, Provider, SignIn, Way
from worker.config import Config
from worker.errors import NeedsPersonError

_WAIT_SECONDS = 600.0


@click.command("login")
@click.argument("provider", type=click.Choice(sorted(PROVIDERS)))
@click.option("--account", default="", metavar="ADDRESS", help="Whose account, where several sign in.")
@click.option("--no-browser", is_flag=True, help="Only print the address to open.")
@click.option("--device", is_flag=True, help="Ask for a code to type on another device (Microsoft).")
@click.option(
    "--wait",
    "seconds",
    type=click.FloatRange(min=1),
    default=_WAIT_SECONDS,
    show_default=True,
    help="How many seconds to wait for you.",
)
@pass_call
def command(call: Call, *, provider: str, account: str, no_browser: bool, device: bool, seconds: float) -> int:
    """Sign in to PROVIDER and store the token in the data folder, for this user's eyes alone.

    The browser opens, or the address is printed; over SSH, the port to forward too. Nothing is asked for that the
    configuration does not need.
    """
    config = call.config()
    chosen = PROVIDERS[provider]
    need(chosen.devices or not device, f"{chosen.name} allows no --device for this: sign in with a browser.")
    wanted = _choose(config, chosen, provider, account.lower())
    click.echo(f"{chosen.name} will ask {wanted.account} to agree to: {'; '.join(wanted.purposes)}.")
    # The tokens lie in the data folder, whoever makes it first: nobody else may look into it.
    config.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    way = Way(click.echo, _Browser(call.environ, shown=not no_browser), os.urandom, seconds, device)
    granted = chosen.sign_in(open_accounts(config), wanted, way)
    click.echo(f"Signed in as {wanted.account}. Granted:")
    for scope in granted:
        click.echo(f"  {scope}")
    click.echo(f"Next: {call.words('check')}")
    return 0


def _choose(config: Config, provider: Provider, name: str, account: str) -> SignIn:
    """Return what is signed in for. Raises UsageError, NeedsPersonError with the choices."""
    found = {one.account: one for one in provider.needed(config)}
    need(found, f"nobody has to sign in to {provider.name}: the configuration names nothing there that needs it.")
    if account:
        known = ", ".join(sorted(found))
        need(account in found, f"{account} needs no sign-in to {provider.name} here: those that do are {known}.")
        return found[account]
    if len(found) > 1:
        choices = "; ".join(f"--account {one.account} for {' and '.join(one.purposes)}" for one in found.values())
        raise NeedsPersonError(
            f"several accounts sign in to {provider.name}: call `login {name}` once for each: {choices}."
        )
    return next(iter(found.values()))


@dataclass(frozen=True)
class _Browser:
    """Shows a person the address of a consent page: in their browser where there is one, and always in print."""

    environ: Mapping[str, str]
    shown: bool

    def __call__(self, url: str, port: int) -> None:
        """Open the address, or say how to; the browser comes back to `port` of this machine (0: to none)."""
        opened = self.shown and self._has_screen() and _open(url)
        click.echo("Your browser opens. If it does not, open this address:" if opened else "Open this address:")
        click.echo(f"\n  {url}\n")
        if port and not opened:
            host = self.environ.get("SSH_CONNECTION", "").split()[2:3] or [socket.gethostname()]
            click.echo("From a browser on another machine, forward the port that it comes back to first:")
            click.echo(f"\n  ssh -L {port}:127.0.0.1:{port} {host[0]}\n")
        if port:
            click.echo(f"Waiting for the browser to come back to port {port}; Ctrl+C ends it.")

    def _has_screen(self) -> bool:
        if "SSH_CONNECTION" in self.environ:
            return False
        return sys.platform in {"darwin", "win32"} or bool(
            self.environ.get("DISPLAY") or self.environ.get("WAYLAND_DISPLAY")
        )


def _open(url: str) -> bool:
    try:
        return webbrowser.open(url)
    except (webbrowser.Error, OSError):
        return False

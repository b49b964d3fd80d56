"""``vouch trail verify``: the check of an audit pack, the same as the published file makes it; needs no database."""

import sys

import click
from rich.console import Console
from rich.progress import Progress

from audit.verifier import verdict
from audit.verifier.verify import verify_pack
from web import terminal


@click.command(name="verify")
@click.argument("pack")
@click.option("--key", "keys", multiple=True, metavar="VKEY", help="A key to trust, from elsewhere; may be given again.")
@click.option("--since", metavar="OLD", help="An earlier pack, or a seal: this one must continue it.")
@terminal.json_option
def verify(pack: str, *, keys: tuple[str, ...], since: str | None, as_json: bool) -> None:
    """Check an audit pack. Exit status 0: it holds; 1: it doesn't; 2: it can't be read."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Checking entries")
        found = verify_pack(
            pack, keys=keys, since=since, on_progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    click.echo(verdict.to_json(found) if as_json else verdict.words(found))
    sys.exit(found.exit_status)

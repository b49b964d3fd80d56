"""``vouch trail verify``: the check of an audit pack, the same as the published file makes it, and of its time stamp with
``--tsa``; needs no database.
"""

import sys

import click
from rich.console import Console
from rich.progress import Progress

from audit.verifier import published, verdict
from audit.verifier.main import finished
from audit.verifier.stamps import told, with_time_stamp
from audit.verifier.verify import verify_pack
from web import terminal


@click.command(name="verify")
@click.argument("pack")
@click.option("--key", "keys", multiple=True, metavar="VKEY", help="A key, or its fingerprint, from elsewhere; may be repeated.")
@click.option("--since", metavar="OLD", help="An earlier pack, or a seal: this one must continue it.")
@click.option("--policy", metavar="FILE", help="A policy: which witnesses must have seen the seal.")
@click.option("--tsa", metavar="FILE", help="Certificates (PEM) that you trust for time stamps: the seal must have one by these.")
@terminal.json_option
def verify(pack: str, *, keys: tuple[str, ...], since: str | None, policy: str | None, tsa: str | None, as_json: bool) -> None:
    """Check an audit pack. Exit status 0: it holds; 1: it doesn't; 2: it can't be read."""

    def check() -> int:
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Checking entries")
            found = verify_pack(
                pack,
                keys=keys,
                since=since,
                policy=policy,
                on_progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        if tsa is not None:
            found = with_time_stamp(found, pack, tsa)
        click.echo(verdict.to_json(found) if as_json else told(found, verifiers=[published.digest(published.PYTHON)]))
        return found.exit_status

    sys.exit(finished(check))

"""``vouch trail proof · verify-proof``: one entry out of an audit pack, and the check of it; need no database."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from audit.proven import one_entry
from audit.proven.one_entry import EntryFacts, EntryVerdict, NotProven
from audit.proven.tlog_proof import ENDING
from audit.sheet import TimelineRow
from audit.verifier.main import finished
from audit.verifier.verdict import printable
from web import terminal


@click.command()
@click.argument("pack")
@click.option("--entry", "number", type=click.IntRange(min=1), required=True, help="Its number, as pages and packs count.")
@click.option("--to", metavar="FILE", help=f"The file to write; by default entry-N{ENDING} here.")
@terminal.json_option
def proof(pack: str, *, number: int, to: str | None, as_json: bool) -> None:
    """Write one entry of an audit pack, with its proof, to a file that is not there yet.

    Exit status 1 for a pack that does not hold, and for a file that can't be written.
    """
    try:
        made = one_entry.prove(pack, number - 1)
    except NotProven as error:
        sys.exit(str(error))
    path = Path(to or f"entry-{number}{ENDING}")
    try:
        with path.open("xb") as file:
            file.write(made)
    except FileExistsError:
        sys.exit(f"{path} is there already, and is left as it is. Name another file with --to, or remove it first.")
    except OSError as error:
        sys.exit(f"{path} can't be written: {error.strerror}.")
    said = f"Written: {path}. It shows what the pack shows of entry {number:,}; give it to whoever may read that."
    terminal.answer({"file": str(path), "entry": number, "bytes": len(made)}, said, as_json=as_json)


@click.command(name="verify-proof")
@click.argument("file")
@click.option("--key", "keys", multiple=True, metavar="VKEY", help="The installation's key, from elsewhere; may be repeated.")
@click.option("--policy", metavar="FILE", help="A policy: its logs are keys too, and which witnesses must have seen the seal.")
@click.option("--origin", default="", help="What the trail has to be called: one key signs the seals of many.")
@terminal.json_option
def verify_proof(file: str, *, keys: tuple[str, ...], policy: str | None, origin: str, as_json: bool) -> None:
    """Check a file that `vouch trail proof` wrote. Exit status 0: it holds; 1: it doesn't; 2: it can't be read."""

    def check() -> int:
        found = one_entry.check(file, keys=keys, policy=policy, origin=origin)
        click.echo(one_entry.to_json(found) if as_json else in_words(found))
        return found.exit_status

    sys.exit(finished(check))


def in_words(verdict: EntryVerdict) -> str:
    """For people, several lines."""
    first = f"{verdict.status.upper()}. {verdict.what}"
    told = [*_seal_lines(verdict.facts), *_entry_lines(verdict.facts)] if verdict.facts else []
    return "\n".join([first, *(f"  {printable(line)}" for line in told)])


def _seal_lines(facts: EntryFacts) -> Iterator[str]:
    yield f"Trail: {facts.origin}, {facts.size:,} {'entry' if facts.size == 1 else 'entries'}, root {facts.root}"
    if facts.entry_origin != facts.origin:
        yield f"Called {facts.entry_origin} when the entry was made: it began anew since. Ask why"
    yield f"Seal: signed by {', '.join(facts.signed_by)}, checked with a key that you gave"
    for key in facts.signers:
        yield f"  Key: {key.fingerprint} ({key.algorithm})"
    for one in facts.seen or ():
        yield f"Seen by {one.name} at {one.at}"


def _entry_lines(facts: EntryFacts) -> Iterator[str]:
    if facts.row is None:
        yield "What it says was not opened in the pack that it is from"
    else:
        yield f"Stream: {facts.stream}"
        yield from _row_lines(facts.row)
    if facts.closed:
        yield f"Values that are not shown, withheld or erased: {facts.closed:,}"


def _row_lines(row: TimelineRow) -> Iterator[str]:
    cells = {
        "Recorded": row.recorded,
        "Happened": row.happened,
        "Who": row.who,
        "What": row.what,
        "About": row.about,
        "Old": row.old,
        "New": row.new,
        "Reason": row.reason,
        "Evidence": row.evidence,
    }
    for name, text in cells.items():
        if text:
            yield f"{name}: {text}"

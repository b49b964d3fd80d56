"""``vouch witness key · seen · contradictions``: this installation as a witness for others."""

import sys

import click

from audit.seals.keys import ELSEWHERE
from audit.witnesses import known_logs, memory, own_key
from base import settings
from base.refusals import Conflict
from web import terminal


@click.group()
def witness() -> None:
    """This installation as a witness of other installations' seals."""


@witness.command("key")
@terminal.json_option
def show_key(*, as_json: bool) -> None:
    """Print the public keys that this witness cosigns with, Ed25519 and ML-DSA-44, for the policies of others."""
    _require_own()
    vkeys = [key.vkey for key in own_key.load()]
    address = f"{settings.current().origin}/witness"
    terminal.answer({"vkeys": vkeys, "url": address}, "\n".join(f"{key} {address}" for key in vkeys), as_json=as_json)


@witness.command("seen")
@click.argument("origin", required=False)
@terminal.json_option
def show_seen(*, origin: str | None, as_json: bool) -> None:
    """Print the largest checkpoint of each origin that this witness cosigned; of ORIGIN, the signed note."""
    _require_own()
    found = [one for one in memory.seen(own_key.folder()) if origin in (None, one.origin)]
    facts = [
        {"origin": one.origin, "size": one.size, "root": one.root.hex(), "at": one.at, "note": one.note.decode()} for one in found
    ]
    lines = [f"{one.origin}  {one.size:,}  {one.root.hex()}  {one.at:%Y-%m-%d %H:%M}" for one in found]
    words = lines if origin is None else [one.note.decode() for one in found]
    terminal.answer({"seen": facts}, "\n".join(words or ["Nothing yet."]), as_json=as_json)


@witness.command("contradictions")
@terminal.json_option
def show_contradictions(*, as_json: bool) -> None:
    """Print checkpoints that did not continue what was cosigned, each behind the other; exit status 1 when there are any."""
    _require_own()
    found = memory.contradictions(own_key.folder())
    facts = [{"origin": one.origin, "at": one.at, "seen": one.seen_note.decode(), "shown": one.note.decode()} for one in found]
    words = [
        f"{one.origin}, {one.at:%Y-%m-%d %H:%M}. Cosigned:\n\n{one.seen_note.decode()}\nThen shown:\n\n{one.note.decode()}"
        for one in found
    ]
    terminal.answer(
        {"contradictions": facts}, "\n".join(words or ["None: every log continued what it had shown."]), as_json=as_json
    )
    sys.exit(1 if found else 0)


def _require_own() -> None:
    if not known_logs.current():
        raise Conflict("This installation is no witness: VOUCH_WITNESS_FOR names no logs.")
    if not own_key.is_here():
        raise Conflict(ELSEWHERE)

"""`vouch backup TO`."""

from pathlib import Path
from typing import Any, Final

import click

from backups import making
from backups.archive import BackupManifest
from backups.making import BackedUp
from base import settings
from web import terminal

NOT_IN_IT: Final = "Not in it, and to be kept safe apart: the folder VOUCH_KEYS, and erasures.jsonl in VOUCH_DATA."


@click.command()
@click.argument("to", type=click.Path(dir_okay=False, path_type=Path))
@terminal.json_option
def backup(*, to: Path, as_json: bool) -> None:
    """Copy the whole database into the file TO, while everybody goes on working."""
    made = terminal.finish(making.back_up(settings.current(), to))
    manifest = made.manifest
    facts = {"file": to, "bytes": to.stat().st_size, "signed_by": made.signed_by or None} | manifest_facts(manifest)
    size = f"{to.stat().st_size / 1_000_000:,.1f} MB"
    words = f"{to}: {manifest.entries:,} entries in {len(manifest.trails):,} trails, {size}. It reads back whole."
    words = f"{words}\n{_signed(made)}\n{NOT_IN_IT}"
    terminal.answer(facts, words, as_json=as_json)


def manifest_facts(manifest: BackupManifest) -> dict[str, Any]:
    return {
        "made_at": manifest.made_at,
        "engine": manifest.engine,
        "trails": len(manifest.trails),
        "entries": manifest.entries,
        "sha256": manifest.sha256,
    }


def _signed(made: BackedUp) -> str:
    return f"Signed with the key of {made.signed_by}." if made.signed_by else f"Not signed: {made.unsigned}"

"""`vouch restore FROM`."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click

from audit.log import fsck
from backups import archive, restoring
from backups.backup_command import manifest_facts
from backups.restoring import LostEntries, Restored
from backups.signing import Proof
from base import settings
from web import terminal

MOST_NAMED: Final = 200  # schools and withdrawals; --json has them all
TELL_THEM: Final = (
    "What was withdrawn after the backup is shared again, and whoever left or was removed since is back. Tell your schools when "
    "the backup was made, so that they look at Shared by us and at their people, and take back again what they took back."
)
COULD_BE_CHANGED: Final = (
    "Whoever had the file could have changed what is in it beside the trails, such as ratings and roles, where a check does not "
    "compare it with them."
)
PROVEN: Final = {
    Proof.SIGNED: "Its signature is good: nobody changed it after it was made.",
    Proof.UNSIGNED: f"It is not signed. {COULD_BE_CHANGED}",
    Proof.UNCHECKED: f"It is signed, and no key is here to check that with: give one with --key. {COULD_BE_CHANGED}",
    Proof.FALSE: f"Its signature is false, and it was restored because you asked for it. {COULD_BE_CHANGED}",
}
NO_LIST: Final = "There is no list of erasures in VOUCH_DATA: if anything was erased after the backup, it is back."


@click.command()
@click.argument("source", metavar="FROM", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--replace", "instead", is_flag=True, help="Even where there is a database with entries: that one is kept beside it."
)
@click.option("--key", "known", multiple=True, metavar="VKEY", help="A key that may have signed it, beside those in VOUCH_KEYS.")
@click.option(
    "--unproven", is_flag=True, help="Even where its signature is false or by another key: nothing shows then who changed what."
)
@terminal.json_option
def restore(*, source: Path, instead: bool, known: tuple[str, ...], unproven: bool, as_json: bool) -> None:
    """Put the backup FROM in the place of the database; exit status 1 when a trail in it does not hold."""
    with terminal.progress("Recomputing entries", archive.entries(source)) as done:
        work = restoring.restore(settings.current(), source, instead=instead, known=known, unproven=unproven, on_progress=done)
        restored = terminal.finish(work)
    terminal.answer(_facts(restored), "\n".join(_words(restored)), as_json=as_json)
    sys.exit(1 if restored.findings else 0)


def _facts(restored: Restored) -> dict[str, Any]:
    return manifest_facts(restored.manifest) | {
        "signature": restored.proof.value,
        "unasked": restored.unasked,
        "ran": restored.ran,
        "findings": [asdict(finding) for finding in restored.findings],
        "erased_again": restored.erased_again,
        "erasures_known": restored.erasures_known,
        "lost": [asdict(one) for one in restored.lost],
        "kept": restored.kept,
        "roles": asdict(restored.roles) if restored.roles else None,
    }


def _words(restored: Restored) -> list[str]:
    manifest = restored.manifest
    lines = [f"Restored the backup of {manifest.made_at}: {manifest.entries:,} entries in {len(manifest.trails):,} trails."]
    lines += [PROVEN[restored.proof], *restored.unasked]
    if restored.findings:
        lines += ["These did not hold when they were backed up:", *(_finding(finding) for finding in restored.findings)]
    else:
        lines.append("Every trail holds, and is the one that was backed up.")
    if restored.kept:
        lines.append(
            f"The database that was there is kept as {restored.kept}. Delete it in time: nothing will ever be erased from it."
        )
    lines.append(f"Erased again: {restored.erased_again}." if restored.erasures_known else NO_LIST)
    lines += _loss(restored.lost)
    lines.append(TELL_THEM)
    if restored.roles and restored.roles.sql:
        lines.append("This role may not arrange who may do what. Run vouch migrate, which says what an administrator has to do.")
    return lines


def _finding(finding: fsck.Finding) -> str:
    where = "" if finding.idx is None else f", entry {finding.idx + 1}"
    return f"  Trail {finding.trail or '(none)'}{where}: {finding.what}."


def _loss(lost: tuple[LostEntries, ...]) -> list[str]:
    if not lost:
        return ["As far as can be told from here, nothing was recorded after the backup."]
    lines = ["Recorded after the backup, and lost, as far as can be told:"]
    for one in lost[:MOST_NAMED]:
        lines.append(f"  {one.name}: {one.entries:,} entries")
        lines += [f"    {undone.words}" for undone in one.undone[:MOST_NAMED]]
    if len(lost) > MOST_NAMED:
        lines.append(f"  and {len(lost) - MOST_NAMED:,} more trails (--json lists them all)")
    if any(one.sealed for one in lost):
        lines.append("Seals of some of these had been signed. So that sealing can go on, run: vouch trail recover")
    return lines

"""Puts a backup in the place of the database: made beside it, checked there, and only then given its name.

Whatever fails on the way leaves the old database as it was. What was erased since is erased again before anybody can
read it; what else came after the backup is listed, because only the schools can take back again what they took back.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import database
from audit.checking import questions
from audit.erasing import erasure_list
from audit.log import fsck
from audit.log.recording import OPERATOR
from audit.seals import keys, recovery
from backups import archive, signing, stores
from backups.archive import BackedUpHead, BackupManifest, SignedManifest
from backups.signing import Proof
from backups.snapshot import NOTHING, Remains, Undone
from backups.stores import Store
from base import clock
from base.refusals import Conflict, Invalid
from base.settings import Settings, SettingsError
from database import migrations, postgres_roles
from privacy import erasure
from sharing.tables import School


@dataclass(frozen=True, slots=True)
class LostEntries:
    """A trail that had grown after the backup. ``entries``: by how many at least; ``sealed``: a seal of the lost part was
    signed; ``undone``: what its school had taken back in them.
    """

    trail: str
    name: str
    entries: int
    sealed: bool
    undone: tuple[Undone, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """``kept`` is where the old database went; ``findings`` are of trails that did not hold when they were backed up;
    ``unasked`` is what could not be asked of it here, a sentence each.
    """

    manifest: BackupManifest
    proof: Proof
    unasked: tuple[str, ...]
    ran: tuple[str, ...]
    findings: tuple[fsck.Finding, ...]
    erased_again: int
    erasures_known: bool
    lost: tuple[LostEntries, ...]
    kept: str | None
    roles: postgres_roles.RolesOutcome | None


@dataclass(frozen=True, slots=True)
class _Checked:
    ran: tuple[str, ...]
    findings: tuple[fsck.Finding, ...]
    erased_again: int
    lost: tuple[LostEntries, ...]


async def restore(
    chosen: Settings, source: Path, *, instead: bool, known: Sequence[str] = (), unproven: bool = False,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Restored:  # fmt: skip
    """Restores ``source``. A database that has entries is replaced only with ``instead``, and is kept beside the new one.

    ``known`` are vkeys that may have signed it, beside those in the key folder; ``unproven``: even where its signature is false.
    Raises Invalid, Conflict or SettingsError with one sentence, and then has changed nothing. The database must not be open;
    ``on_progress`` hears of entries checked.
    """
    store = stores.of(chosen)
    made = await asyncio.to_thread(archive.read, source)
    manifest, folder = made.manifest, keys.folder()
    proof = await asyncio.to_thread(signing.proof, source, made, folder=folder, known=known, unproven=unproven)
    _refuse_what_does_not_fit(manifest, store)
    async with store.alone(chosen):
        old = await store.remains(chosen)
        if old is not None and not instead:
            raise Conflict("There is a database with entries already. To put the backup in its place, add --replace: it is kept.")
        staged = await _staged(store, chosen, source, made)
        try:
            done = await _checked(staged, manifest, old or NOTHING, on_progress)
            stamp = f"before-{clock.now():%Y%m%dT%H%M%SZ}" if old is not None else None
            kept = await store.take_over(chosen, staged, stamp)
        except BaseException:
            await store.discard(staged)
            raise
    return Restored(
        manifest, proof, questions.unasked(), done.ran, done.findings, done.erased_again, erasure_list.path().exists(), done.lost,
        kept, await _roles(chosen),
    )  # fmt: skip


def _refuse_what_does_not_fit(manifest: BackupManifest, store: Store) -> None:
    if manifest.engine != store.ENGINE or manifest.file != store.FILE:
        raise Invalid(f"This is a backup of {manifest.engine}, and VOUCH_DATABASE_URL leads to {store.ENGINE}.")
    newer = set(manifest.migrations) - set(migrations.known())
    if newer:
        raise SettingsError(f"This backup was made by a newer Vouch ({max(newer)}). Restore it with that version.")


async def _staged(store: Store, chosen: Settings, source: Path, made: SignedManifest) -> Settings:
    """The backup as a database beside the one in use."""
    folder = chosen.sqlite_path.parent if chosen.is_sqlite else None
    with TemporaryDirectory(prefix=".vouch-restore-", dir=folder) as name:
        dump = Path(name, store.FILE)
        await asyncio.to_thread(archive.extract, source, dump, expected=made)
        return await store.load(chosen, dump, f"restoring-{clock.now():%H%M%S%f}")


async def _checked(staged: Settings, manifest: BackupManifest, old: Remains, on_progress: Callable[[int], None]) -> _Checked:
    """Brings the restored database up to date, recomputes it, erases again; says what it lacks."""
    await database.open(staged)
    try:
        ran = await migrations.migrate()
        findings = await _recomputed(manifest, on_progress)
        erased_again = await erasure.replay()
        return _Checked(ran, findings, erased_again, await _lost(manifest, old))
    finally:
        await database.close()


async def _recomputed(manifest: BackupManifest, on_progress: Callable[[int], None]) -> tuple[fsck.Finding, ...]:
    """Raises Invalid when it is not the database that was backed up. What was wrong already then is a finding: a
    record with one bad entry must not be lost altogether.
    """
    findings: list[fsck.Finding] = []
    for name in await fsck.trails():
        answer = await questions.of_trail(name, is_remembered=False, on_progress=on_progress)
        findings += answer.findings
        if answer.holds and manifest.trails.get(name) != BackedUpHead(answer.entries, answer.root.hex()):
            raise Invalid(f"The trail {name} in the backup is not the one that was backed up. Nothing was changed.")
    missing = manifest.trails.keys() - await fsck.trails()
    if missing:
        raise Invalid(f"The trail {min(missing)} is missing in the backup. Nothing was changed.")
    return (*findings, *await questions.of_installation())


async def _lost(manifest: BackupManifest, old: Remains) -> tuple[LostEntries, ...]:
    """As far as it can be told: from the database that is replaced, and from what the signer remembers."""
    found = []
    for trail in sorted(manifest.trails.keys() | old.sizes.keys()):
        size = manifest.trails[trail].size if trail in manifest.trails else 0
        signed = await recovery.lost(trail)
        entries = max(old.sizes.get(trail, 0), signed.size if signed else 0) - size
        if entries > 0 or signed:
            found.append(LostEntries(trail, trail, max(entries, 1), signed is not None, old.after(trail, size)))
    names = await _names([lost.trail for lost in found])
    return tuple(LostEntries(one.trail, names.get(one.trail, one.trail), one.entries, one.sealed, one.undone) for one in found)


async def _names(trails: Sequence[str]) -> dict[str, str]:
    """What people call the owner of each trail; a school that came after the backup has no name here."""
    schools = [UUID(trail) for trail in trails if trail != OPERATOR]
    async with database.read() if schools else nullcontext():
        rows = await School.select(School.id, School.name).where(database.among(School.id, schools)) if schools else []
    return {str(row["id"]): row["name"] for row in rows} | {OPERATOR: "the operator's trail"}


async def _roles(chosen: Settings) -> postgres_roles.RolesOutcome | None:
    """On PostgreSQL, gives the new tables to the owner role and lets the app role do its part again; None on SQLite."""
    if chosen.is_sqlite:
        return None
    await database.open(chosen)
    try:
        return (await migrations.migrate_with_roles()).roles
    finally:
        await database.close()

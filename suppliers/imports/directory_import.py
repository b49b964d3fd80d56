"""Fills the directory from a file: names written alike become one supplier, its other spellings aliases.

The whole file is read and compared first, so that a damaged one changes nothing; then it is filed in batches, each a unit of
work with its entry in the operator's trail. Nothing is ever taken away, and what a batch filed is not filed again. ADR 0019.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import DIRECTORY
from base import clock
from base.refusals import Conflict, Forbidden
from base.viewer import Viewer
from suppliers.events import Event
from suppliers.index import filing
from suppliers.lists.supplier_row import RejectedSupplierRow, SupplierRow, identity
from suppliers.matching.identifiers import Scheme
from suppliers.matching.names import normalise
from suppliers.record.facts import MOST_ALIASES, Facts
from suppliers.tables import Alias, Identifier, Supplier, Supplies

CHUNK: Final = 1_000  # suppliers of one unit: others wait for the writer no longer than that takes, about a second
CHANGED: Final = (
    "The directory was changed by somebody else meanwhile. What was imported stays; import the same file again for the rest."
)


@dataclass(frozen=True, slots=True)
class DirectoryImportReport:
    rows: int
    added: int  # suppliers
    spellings: int  # other names of suppliers, new or known
    left_out: int  # identifiers that can't be right
    rejected: tuple[RejectedSupplierRow, ...]


@dataclass(slots=True, eq=False)
class _Entry:
    """A supplier being filled from the file; ``before`` is what the directory holds of it, None for a new one."""

    id: UUID
    name: str
    before: Facts | None = None
    spellings: dict[str, str] = field(default_factory=dict)  # folded -> as written
    legal: set[str] = field(default_factory=set)
    identifiers: dict[tuple[Scheme, str], None] = field(default_factory=dict)
    categories: dict[str, None] = field(default_factory=dict)

    @property
    def after(self) -> Facts:
        own = self.name.casefold()
        aliases = (spelling for folded, spelling in self.spellings.items() if folded != own)
        return Facts(self.name, tuple(islice(aliases, MOST_ALIASES)), tuple(self.identifiers), tuple(self.categories))


async def import_suppliers(
    viewer: Viewer | None,
    rows: Iterable[SupplierRow | RejectedSupplierRow],
    *,
    digest: str,
    shown: Callable[[Sequence[list[Any]]], Iterable[list[Any]]] = iter,
    dry_run: bool = False,
) -> DirectoryImportReport:
    """``rows`` and ``digest`` as ``supplier_file.open_suppliers`` gives them; ``viewer`` None is the command line.

    The same file again adds nothing. ``shown`` may show progress; with ``dry_run`` nothing is filed. Raises Forbidden for
    anybody but the operator, Conflict for a directory that was changed meanwhile.
    """
    if viewer is not None and not viewer.is_operator:
        raise Forbidden("Only the operator of this installation can import suppliers.")
    read, rejected = _separated(rows)
    async with database.read():
        entries = await _known()
    for row in read:
        _take(entries, row)
    changed = [entry for alike in entries.values() for entry in alike if entry.before != entry.after]
    report = _report(read, rejected, changed)
    if not dry_run:
        batches, known = list(_chunks(changed)), {entry.id for alike in entries.values() for entry in alike}
        for number, batch in enumerate(shown(batches), start=1):
            told = {"digest": f"sha256:{digest}", "batch": number, "batches": len(batches), **_counted(batch)}
            if number == len(batches):
                told |= {"rows": report.rows, "rejected": len(rejected)}
            await _file(viewer, batch, told, known=known)
    return report


async def _file(viewer: Viewer | None, batch: list[_Entry], told: dict[str, Any], *, known: set[UUID]) -> None:
    """One unit of work. ``known`` are the ids of everything that was in the directory, or is of this import."""
    changed = Conflict(CHANGED)
    async with audit.recording(viewer) as record:
        new = sorted({normalise(entry.name).exact for entry in batch if entry.before is None})
        there = Supplier.owner.is_null() & database.among(Supplier.exact_name, new)
        found = await Supplier.select(Supplier.id).where(there).output(as_list=True) if new else []
        if not known.issuperset(found):  # another import, or a school that listed one of these, came between
            raise changed
        with database.duplicates(changed):
            await _save(batch)
        record(Event.DIRECTORY_IMPORTED, stream=DIRECTORY, subject=DIRECTORY, facts=told, trail=audit.OPERATOR)


def _separated(rows: Iterable[SupplierRow | RejectedSupplierRow]) -> tuple[list[SupplierRow], tuple[RejectedSupplierRow, ...]]:
    read, rejected = [], []
    for row in rows:
        if isinstance(row, SupplierRow):
            read.append(row)
        else:
            rejected.append(row)
    return read, tuple(rejected)


def _take(entries: dict[str, list[_Entry]], row: SupplierRow) -> None:
    """Adds a row to the entry that it names, or makes one."""
    facts, folded = row.facts, row.facts.name.casefold()
    alike = entries.setdefault(row.identity, [])
    fitting = [entry for entry in alike if not _conflict(entry, row)]
    entry = next((e for e in fitting if folded in e.spellings), None) or next(iter(fitting), None)
    if entry is None:
        entry = _Entry(uuid4(), facts.name)
        alike.append(entry)
    if entry.before is None and entry.name.isupper() and not facts.name.isupper():
        entry.name = facts.name  # a ledger's capitals only where nobody wrote it otherwise
    entry.spellings.setdefault(folded, facts.name)
    entry.legal |= {row.legal} if row.legal else set()
    entry.identifiers |= dict.fromkeys(facts.identifiers)
    entry.categories |= dict.fromkeys(facts.categories)


def _conflict(entry: _Entry, row: SupplierRow) -> bool:
    """Another legal form or another company number is another company, whatever the name."""
    numbers = {value for scheme, value in row.facts.identifiers if scheme is Scheme.COMPANY_NUMBER}
    known = {value for scheme, value in entry.identifiers if scheme is Scheme.COMPANY_NUMBER}
    other_form = bool(row.legal and entry.legal and row.legal not in entry.legal)
    return other_form or bool(numbers and known and not numbers & known)


async def _known() -> dict[str, list[_Entry]]:
    """The whole directory by identity, oldest first."""
    rows = (
        await Supplier.select(Supplier.id, Supplier.name).where(Supplier.owner.is_null()).order_by(Supplier.made_at, Supplier.id)
    )
    by_id = {row["id"]: _Entry(row["id"], row["name"]) for row in rows}
    known: dict[str, list[_Entry]] = {}
    for entry in by_id.values():
        _spell(known, entry, entry.name)
    for supplier, alias in await _of_all(Alias, Alias.name, by_id):
        _spell(known, by_id[supplier], alias)
    for supplier, scheme, value in await _of_all(Identifier, Identifier.value, by_id, Identifier.scheme):
        by_id[supplier].identifiers[Scheme(scheme), value] = None
    for supplier, category in await _of_all(Supplies, Supplies.category, by_id):
        by_id[supplier].categories[category] = None
    for entry in by_id.values():
        entry.before = entry.after
    return known


def _spell(known: dict[str, list[_Entry]], entry: _Entry, spelling: str) -> None:
    name = normalise(spelling)
    entry.legal |= {name.legal} if name.legal else set()
    entry.spellings.setdefault(spelling.casefold(), spelling)
    alike = known.setdefault(identity(name), [])
    if entry not in alike:
        alike.append(entry)


async def _of_all(table: Any, column: Any, by_id: dict[UUID, _Entry], *more: Any) -> list[tuple[Any, ...]]:
    rows = await table.select(table.supplier, *more, column).order_by(table.supplier, *more, column)
    return [tuple(row.values()) for row in rows if row["supplier"] in by_id]


async def _save(chunk: list[_Entry]) -> None:
    now = clock.now()
    new = [(e.id, None, e.name, normalise(e.name).exact, None, now) for e in chunk if e.before is None]
    columns = (Supplier.id, Supplier.owner, Supplier.name, Supplier.exact_name, Supplier.joined_to, Supplier.made_at)
    await database.insert_rows(Supplier, columns, new)
    await _insert_more(chunk)
    before = {entry.id: entry.before for entry in chunk if entry.before}
    await filing.index_directory([(entry.id, entry.after) for entry in chunk], before=before)


async def _insert_more(chunk: list[_Entry]) -> None:
    aliases, identifiers, categories = [], [], []
    for entry in chunk:
        before, after = entry.before or Facts(entry.name), entry.after
        aliases += [(uuid4(), entry.id, alias, "also") for alias in after.aliases if alias not in before.aliases]
        identifiers += [(uuid4(), entry.id, s.value, v) for s, v in after.identifiers if (s, v) not in before.identifiers]
        categories += [(uuid4(), entry.id, c) for c in after.categories if c not in before.categories]
    await database.insert_rows(Alias, (Alias.id, Alias.supplier, Alias.name, Alias.kind), aliases)
    await database.insert_rows(Identifier, (Identifier.id, Identifier.supplier, Identifier.scheme, Identifier.value), identifiers)
    await database.insert_rows(Supplies, (Supplies.id, Supplies.supplier, Supplies.category), categories)


def _report(read: list[SupplierRow], rejected: tuple[RejectedSupplierRow, ...], changed: list[_Entry]) -> DirectoryImportReport:
    return DirectoryImportReport(
        rows=len(read) + len(rejected),
        **_counted(changed),
        left_out=sum(len(row.left_out) for row in read),
        rejected=rejected,
    )


def _counted(changed: list[_Entry]) -> dict[str, int]:
    return {
        "added": sum(entry.before is None for entry in changed),
        "spellings": sum(len(e.after.aliases) - len(e.before.aliases if e.before else ()) for e in changed),
    }


def _chunks(entries: list[_Entry]) -> Iterator[list[_Entry]]:
    for start in range(0, len(entries), CHUNK):
        yield entries[start : start + CHUNK]

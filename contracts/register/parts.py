"""The rows beside a contract: its options to go on, and the schools that it covers. Inside the caller's unit of work."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID, uuid4

import database
from contracts.fields import values
from contracts.fields.said import Said
from contracts.tables import Covered, Extension

_OPTION: Final = (
    *(Extension.id, Extension.contract, Extension.place, Extension.length, Extension.to_day),
    *(Extension.is_taken, Extension.decided_on, Extension.decided_by, Extension.minute),
)
_COVERED: Final = (Covered.id, Covered.contract, Covered.school)


async def add(new: Mapping[UUID, Said]) -> None:
    """Of contracts that have none: the database is asked nothing where there is nothing to keep."""
    options = [row for contract, said in new.items() for row in _options(contract, said)]
    if options:
        await database.insert_rows(Extension, _OPTION, options)
    covers = [(uuid4(), contract, school) for contract, said in new.items() for school in sorted(set(said.covers))]
    if covers:
        await database.insert_rows(Covered, _COVERED, covers)


async def replace(contract: UUID, new: Said) -> None:
    """In place of the options and schools that it had. A school that stays keeps its row."""
    await Extension.delete().where(Extension.contract == contract)
    if options := list(_options(contract, new)):
        await database.insert_rows(Extension, _OPTION, options)
    there = set(await Covered.select(Covered.school).where(Covered.contract == contract).output(as_list=True))
    if gone := there - set(new.covers):
        await Covered.delete().where((Covered.contract == contract) & database.among(Covered.school, gone))
    if more := set(new.covers) - there:
        await database.insert_rows(Covered, _COVERED, [(uuid4(), contract, school) for school in sorted(more)])


def _options(contract: UUID, new: Said) -> Iterator[tuple[Any, ...]]:
    """In the order of _OPTION."""
    for place, one in enumerate(new.extensions, start=1):
        length = values.as_json(one.length) if one.length else None
        decided = (one.is_taken, one.decided_on, one.decided_by or None, one.minute or None)
        yield (uuid4(), contract, place, length, one.to_day, *decided)

"""Legal holds with the names of what they are on, and what else a school could place one on."""

from dataclasses import dataclass
from uuid import UUID

import database
from audit.erasing import holds
from audit.erasing.holds import SCHOOL, LegalHold
from audit.log import streams
from audit.log.subjects import Subject
from base.viewer import Viewer
from contracts.texts import texts as contract_texts
from sharing.accounts import erasure as accounts
from sharing.people import people
from suppliers.directory import stream_titles


@dataclass(frozen=True, slots=True)
class SchoolHolds:
    """``called`` has the names of what holds are on; ``choices`` are (about, words) for a new one."""

    in_force: tuple[LegalHold, ...]
    lifted: tuple[LegalHold, ...]
    called: dict[str, str]
    people: dict[UUID, str]
    choices: tuple[tuple[str, str], ...]


async def of_school(viewer: Viewer) -> SchoolHolds:
    """The holds of the viewer's school. Opens its own units."""
    every = await holds.every(viewer)
    async with database.read():
        ours = await streams.of_trail(str(viewer.school))
        contracts = await contract_texts.titles(viewer.school)
    suppliers = await stream_titles.of_streams(viewer, ours)
    here = {Subject.PERSON.of(one.id): one.name for one in await people.colleagues(viewer)}
    here |= {Subject.PERSON.of(one.id): one.name for one in await accounts.leavers(viewer.school)}
    async with database.read():
        about = {person for hold in every if (person := Subject.PERSON.id_in(hold.about))}
        acted = {person for hold in every for person in (hold.placed_by, hold.lifted_by) if person}
        names = await accounts.names(about | acted)
    gone = {Subject.PERSON.of(person): name for person, name in names.items() if person in about}
    return SchoolHolds(
        in_force=tuple(hold for hold in every if hold.lifted_at is None),
        lifted=tuple(hold for hold in every if hold.lifted_at is not None),
        called={SCHOOL: viewer.school_name, **gone, **here, **suppliers, **contracts},
        people=names,
        choices=(
            (SCHOOL, f"Everything of {viewer.school_name}"),
            *((about, f"Person: {name}") for about, name in sorted(here.items(), key=lambda one: one[1])),
            *((about, f"Supplier: {name}") for about, name in sorted(suppliers.items(), key=lambda one: one[1])),
            *((about, f"Contract: {title}") for about, title in sorted(contracts.items(), key=lambda one: one[1])),
        ),
    )

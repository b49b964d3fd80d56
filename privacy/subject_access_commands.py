"""`vouch people data`: a person's copy of what a school holds about them, for whoever runs the installation."""

import os
from pathlib import Path
from uuid import UUID

import click

from base.refusals import Invalid
from privacy import subject_access
from sharing.accounts import erasure as accounts
from sharing.operator import taken_away
from sharing.people import people
from sharing.schools import schools
from web import terminal


@click.command("data")
@click.argument("email")
@click.option("--school", "urn", type=int, required=True, help="The URN of the school.")
@click.option("--to", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The zip to write.")
@taken_away.REASON
@taken_away.POSTED
@terminal.json_option
def data(*, email: str, urn: int, file: Path, reason: str, posted: bool, as_json: bool) -> None:
    """Write a copy of what a school holds about a person, for that person. The heads of the school are told."""

    async def work() -> bytes:
        school = await schools.with_urn(urn)
        person = await _person(school.id, school.name, email)
        await taken_away.tell(school.id, f"a copy of what it holds about {email}", reason=reason, posted=posted)
        return await subject_access.give(None, person, school=school.id)

    if file.exists():
        raise Invalid(f"{file} is there already. Choose another name.")
    packed = terminal.run(work)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
        made.write(packed)
    facts = {"file": str(file), "bytes": len(packed)}
    terminal.answer(facts, f"Written to {file}. Give it to nobody but the person it is about.", as_json=as_json)


async def _person(school: UUID, name: str, email: str) -> UUID:
    """Whoever belongs, or belonged, to the school with this e-mail."""
    wanted = email.strip().lower()
    here = {row["email"]: row["id"] for row in await people.everybody(school)}
    found: UUID | None = here.get(wanted) or next((one.id for one in await accounts.leavers(school) if one.email == wanted), None)
    if found is None:
        raise Invalid(f"Nobody who belongs or belonged to {name} has the e-mail address {email}.")
    return found

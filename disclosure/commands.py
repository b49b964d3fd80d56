"""`vouch take-in` takes in a school's records of any length, where a page takes in 3,000."""

from dataclasses import asdict
from pathlib import Path

import click

import database
from base.refusals import Invalid
from base.viewer import Viewer
from base.words import count
from disclosure import taking_in
from disclosure.taking_in import TakenIn
from sharing.people import people
from sharing.schools import schools
from sharing.sign_in import standing
from web import terminal


@click.command("take-in")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--school", "urn", type=int, required=True, metavar="URN", help="The school that has nothing yet.")
@click.option("--email", required=True, metavar="ADDRESS", help="Its business manager or head who asked you: in their name.")
@click.option("--whose", default="", metavar="NAME", help="The school in the records, where it is another and is meant.")
@terminal.json_option
def take_in(*, file: Path, urn: int, email: str, whose: str, as_json: bool) -> None:
    """Take in the records of FILE, the JSON or zip of “Take everything with you”, at a school that has nothing yet.

    All or nothing, in one unit of work: on SQLite nobody else can save anything meanwhile.
    """

    async def work() -> TakenIn:
        viewer = await whose_name(urn, email)
        with file.open("rb") as opened:
            return await taking_in.take_in_by_command(viewer, opened, whose=whose, progress=terminal.progress)

    found = terminal.run(work)
    terminal.answer(asdict(found), said_of(found), as_json=as_json)


async def whose_name(urn: int, email: str) -> Viewer:
    """Whoever has this address at the school, as they stand there now. Raises Invalid, NotFound."""
    school = await schools.with_urn(urn)
    here = {row["email"]: row["id"] for row in await people.everybody(school.id)}
    person = here.get(email.strip().lower())
    async with database.read():
        found = await standing.of(person) if person else ()
    viewer = next((one for one in found if one.school == school.id), None)
    if viewer is None:
        raise Invalid(f"Nobody who belongs to {school.name} has the e-mail address {email}.")
    return viewer


def said_of(found: TakenIn) -> str:
    """In words, a line for each thing."""
    taken = count(sum(found.counts.values()), "record")
    lines = [f"{taken} taken in. The trail says that you did it, in their name.", *(f"Left out: {one}" for one in found.left_out)]
    if found.to_confirm:
        lines.append(f"{count(found.to_confirm, 'share waits', 'shares wait')} for the head, under “Take everything with you”.")
    return "\n".join(lines)

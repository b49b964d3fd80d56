"""`vouch invite` and `vouch people`: for whoever runs the installation, at its own computer."""

from typing import Any

import click

from base.refusals import Invalid
from base.viewer import Role
from sharing.accounts import addresses
from sharing.members import ranks
from sharing.operator import break_glass
from sharing.operator.taken_away import POSTED, print_unposted
from sharing.people import people
from sharing.schools import schools
from web import terminal

ROLE = click.Choice([role.value for role in ranks.ROLES])


@click.command()
@click.option("--school", "urn", type=int, required=True, help="The URN of the school.")
@click.option("--email", required=True, help="The e-mail address of the person.")
@click.option("--role", type=ROLE, required=True)
@click.option(
    "--break-glass", "reason", help="The reason to let somebody in for 24 hours where others invite. Its heads are told."
)
@POSTED
@terminal.json_option
def invite(*, urn: int, email: str, role: str, reason: str | None, posted: bool, as_json: bool) -> None:
    """Print a one-time link with which somebody joins a school."""

    async def work() -> people.InvitationLink:
        school = (await schools.with_urn(urn)).id
        if reason is None:
            return await people.invite(None, email=email, role=Role(role), school=school)
        print_unposted(
            await break_glass.letters_about_inviting(None, school, email=email, role=Role(role), reason=reason), posted=posted
        )
        return await break_glass.invite(None, school, email=email, role=Role(role), reason=reason, posted=posted)

    made = terminal.run(work)
    sentence = f"Send this to {made.email}, who joins {made.school_name} as {made.role.words}:\n{made.address}"
    facts = {"link": made.address, "email": made.email, "school": made.school_name, "role": made.role.value}
    letter = "\nA letter with a link of its own, which proves the address, is on its way as well." if made.letter else ""
    terminal.answer(facts, f"{sentence}\nIt works once, and for three days.{letter}", as_json=as_json)


@click.command("list")
@click.option("--school", "urn", type=int, help="Only the school with this URN.")
@terminal.json_option
def list_people(*, urn: int | None, as_json: bool) -> None:
    """List the people of every school, or of one."""

    async def work() -> list[dict[str, Any]]:
        return await people.everybody((await schools.with_urn(urn)).id if urn else None)

    rows = terminal.run(work)
    lines = [
        f"{row['school']}: {row['name']} <{row['email'] or 'address not proved'}>, {Role(row['role']).words}" for row in rows
    ]
    terminal.answer({"people": rows}, "\n".join(lines) or "Nobody has an account yet.", as_json=as_json)


@click.command("new-password")
@click.option("--school", "urn", type=int, required=True, help="The URN of a school of theirs.")
@click.option("--email", required=True, help="The e-mail address they sign in with.")
@click.option("--reason", required=True, help="Why their own school can't do it. The heads of all their schools read it.")
@POSTED
@terminal.json_option
def new_password(*, urn: int, email: str, reason: str, posted: bool, as_json: bool) -> None:
    """Print a one-time link with which somebody chooses a new password, for 24 hours unless a head keeps it."""

    async def work() -> str:
        school = await schools.with_urn(urn)
        found = [row["id"] for row in await people.everybody(school.id) if row["email"] == email.strip().lower()]
        if not found:
            raise Invalid(f"Nobody at {school.name} signs in with {email}.")
        print_unposted(await break_glass.letters_about_resetting(school.id, found[0], reason=reason), posted=posted)
        return await break_glass.reset(school.id, found[0], reason=reason, posted=posted)

    address = terminal.run(work)
    told = "It works once, and for three days. 24 hours after it is used it ends again, unless a head of their school keeps it."
    terminal.answer({"link": address}, f"Give this to them alone:\n{address}\n{told}", as_json=as_json)


@click.command("prove-address")
@click.option("--school", "urn", type=int, required=True, help="The URN of a school of theirs.")
@click.option("--email", required=True, help="The e-mail address they sign in with.")
@terminal.json_option
def prove_address(*, urn: int, email: str, as_json: bool) -> None:
    """Confirm that an address is somebody's, whom you asked in person."""

    async def work() -> str:
        school = await schools.with_urn(urn)
        return await addresses.confirm_at_the_command_line(school.id, email)

    name = terminal.run(work)
    terminal.answer({"name": name, "email": email}, f"{email} counts as the address of {name} from now on.", as_json=as_json)

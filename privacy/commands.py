"""`vouch trail scrub`: takes what was erased out of the database's own files, when that could not be done at once."""

import click

from privacy import erasure
from web import terminal


@click.command("scrub")
@terminal.json_option
def scrub(*, as_json: bool) -> None:
    """Rewrite the database's files without what was erased."""
    is_clean = terminal.run(erasure.scrub)
    done = "The database file was written anew: nothing that was erased is left in it."
    left = (
        "Not all of it is done. With SQLite somebody was reading: try again. With PostgreSQL only the owner of the database "
        "can finish, with VACUUM FULL; see docs/how-to/erase-a-person.md."
    )
    terminal.answer({"clean": is_clean}, done if is_clean else left, as_json=as_json)

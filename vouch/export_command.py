"""``vouch trail export``: an operator hands a school's audit pack to whoever asks for it by right.

It is here because it takes names and files from every slice; `cli.py` puts it beside the other commands of the trail.
"""

import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click

from audit.packs import earlier, extent, packs
from audit.packs.earlier import EarlierCopy
from audit.packs.extent import Scope
from audit.packs.order import BuiltPack, Grade, PackOrder
from audit.seals import seals
from base.refusals import Invalid
from sharing.operator import taken_away
from sharing.schools import schools
from vouch.wiring import SOURCES
from web import terminal

OWNER_ONLY: Final = 0o600  # it is full of what a school says of people
Tell = Callable[[UUID], Awaitable[None]]  # before anything is taken away
DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.command(name="export")
@click.argument("school")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The zip to write.")
@click.option("--stream", "streams", multiple=True, metavar="NAME", help="Only this, such as supplier:ID; may be repeated.")
@click.option("--since", type=DAY, help="Recorded on this day or later.")
@click.option("--until", type=DAY, help="Recorded on this day or earlier.")
@click.option("--grade", type=click.Choice([grade.value for grade in Grade]), default=Grade.COMPLETE.value, show_default=True)
@click.option(
    "--earlier",
    "held",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A pack or a seal that somebody holds.",
)
@taken_away.REASON
@taken_away.POSTED
@terminal.json_option
def export(
    *, school: str, to: Path, grade: str, held: Path | None, reason: str, posted: bool, as_json: bool, **about: Any
) -> None:
    """Write the audit pack of SCHOOL (its URN or id). It is recorded in the school's trail, and its heads are told."""
    tell = partial(taken_away.tell, what=f"an audit pack ({grade})", reason=reason, posted=posted)
    built = terminal.run(partial(_export, school, _scope(**about), Grade(grade), held=held, to=to, tell=tell))
    size, count = built.extent.size, len(built.extent.streams)
    facts = {"file": to, "sha256": built.sha256, "size": size, "root": built.root.hex(), "grade": grade, "streams": count}
    sealed = "sealed" if built.seal else "not sealed: this process has no key"
    words = f"{to}: {grade}, {built.entries:,} entries in it of a trail of {size:,} ({sealed}).\nSHA-256 {built.sha256}"
    terminal.answer(facts | {"entries": built.entries, "sealed": built.seal is not None}, words, as_json=as_json)


def _scope(streams: tuple[str, ...], since: datetime | None, until: datetime | None) -> Scope:
    return Scope.of_days(streams or None, since and since.date(), until and until.date())


async def _export(named: str, scope: Scope, grade: Grade, *, held: Path | None, to: Path, tell: Tell) -> BuiltPack:
    school = await (schools.with_urn(int(named)) if named.isascii() and named.isdigit() else schools.one(_id(named)))
    await tell(school.id)
    since = await _earlier(held) if held else None
    order = PackOrder(str(school.id), school.name, scope, grade, earlier=since)
    total = await extent.size_of(order.trail)
    half = to.with_name(f"{to.name}.part")  # a pack that came to nothing leaves nothing behind
    try:
        half.unlink(missing_ok=True)  # of an export that was killed; or somebody's link, which is not to be followed
        opened = os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(opened, "w+b") as file, terminal.progress("Reading entries", total) as done:
            built = await packs.export(None, order, to=file, sources=SOURCES, on_progress=done)
        half.replace(to)
    finally:
        half.unlink(missing_ok=True)
    return built


async def _earlier(held: Path) -> EarlierCopy:
    with held.open("rb") as file:
        return earlier.of_file(file, await seals.verifier_keys())


def _id(named: str) -> UUID:
    try:
        return UUID(named)
    except ValueError as error:
        raise Invalid(f"{named} is neither a URN nor the id of a school.") from error

"""What waits is counted as the pages list it, by whoever may do it, and is gone when it is done."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import database
from base import clock
from base.viewer import Viewer
from base.waiting import Waiting
from notices.desk import waiting
from sharing.networks import connections, networks
from suppliers.imports.states import ImportState
from suppliers.imports.tables import Import
from suppliers.opinions import confirming
from suppliers.ours.listing import LAPSES_SOON
from suppliers.tables import Review, Use
from tests.conftest import Template
from tests.given.town import town_of
from vouch.wiring import WAITS


async def found(viewer: Viewer) -> Mapping[str, Waiting]:
    return {one.what: one for one in await waiting.of(viewer, WAITS)}


async def listed(viewer: Viewer) -> dict[str, int]:
    """What the pages list for the viewer, counted one by one."""
    if not viewer.role.writes:
        return {}
    async with database.read():
        soon = clock.now() + LAPSES_SOON
        uses = await Use.select().where(Use.school == viewer.school)
        used = {one["supplier"] for one in uses if one["until_at"] is None}
        lapsing = [
            row
            for row in await Review.select().where(Review.school == viewer.school)
            if row["would_use_again"] and row["lapses_at"] and clock.now() < row["lapses_at"] <= soon and row["supplier"] in used
            if row["withdrawn_at"] is None and row["hidden_at"] is None
        ]
        files = await Import.objects().where(Import.school == viewer.school)
    criticism = (await confirming.queue(viewer)).waiting if await confirming.may_confirm(viewer) else ()
    there = {
        "requests": len((await connections.links(viewer)).received),
        "invitations": len(await networks.invitations(viewer)),
        "criticism": len(criticism),
        "vouches": len(lapsing),
        "supplier-imports": sum(one.state in (ImportState.MAPPING, ImportState.CHECKED) for one in files),
    }
    return {what: number for what, number in there.items() if number}


async def test_everybody_s_count_is_what_their_pages_list(template: Template, tmp_path: Path) -> None:
    async with town_of(template, tmp_path) as town:
        seen = set[str]()
        for name, viewer in town.viewers.items():
            counted = {what: one.number for what, one in (await found(viewer)).items()}
            of_pages = await listed(viewer)
            assert {what: counted.get(what, 0) for what in of_pages} == of_pages, name
            of_school = {"requests", "invitations", "criticism", "vouches", "supplier-imports"}
            assert counted.keys() & of_school == of_pages.keys(), name
            seen |= counted.keys()
        assert seen >= {"requests", "criticism"}


async def test_what_is_answered_blocked_or_not_theirs_waits_for_nobody(template: Template, tmp_path: Path) -> None:
    async with town_of(template, tmp_path) as town:
        ann, hal = town.viewers["ann"], town.viewers["hal"]
        before = await found(ann)
        assert before["requests"].text == "1 school asks to connect with yours."
        assert waiting.beside_the_menu([*before.values()])["/connections"] >= 1
        await connections.decline(ann, UUID(town.ids["received"]))
        assert "requests" not in await found(ann)
        await confirming.confirm(hal, UUID(town.ids["waiting_note"]), digest=town.ids["waiting_digest"])
        assert "criticism" not in await found(hal)
        of_menu = await waiting.of(hal, WAITS, for_menu=True)
        assert {one.what for one in of_menu} == {one.what for one in (await found(hal)).values() if one.section}

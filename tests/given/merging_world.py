"""A small town in which schools write, share, merge and undo at random; and what merges must mean, by plain loops."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from uuid import UUID, uuid4

import audit
import database
import suppliers.piccolo_app
from base import clock
from base.refusals import Refusal
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from sharing.events import Event as Sharing
from sharing.tables import Audience, AudienceGrant
from suppliers import judged_words, open_words, ranked_words, whole_categories, word_counts
from suppliers.directory import directory
from suppliers.merging import merges
from suppliers.opinions import notes, reviews
from suppliers.opinions import readable as opinions
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.opinions.readable import PeerReview
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Merge, Note, Review, Supplier, Supplies, Use
from tests.given.builders import a_person, a_school
from tests.given.town import _stored

# An undone merge stays as a row that says so, and a count stays where nothing is left to count: `assert_derived` looks at these.
DERIVED_ELSEWHERE = {"suppliers_merge", "suppliers_word_count"}


@dataclass
class Little:
    """``own`` is by school; ``merged`` is every merge that was made, by whom and whether as curator."""

    viewers: list[Viewer] = field(default_factory=list)
    entries: list[UUID] = field(default_factory=list)
    own: dict[UUID, list[UUID]] = field(default_factory=dict)
    merged: list[tuple[Viewer, UUID, bool]] = field(default_factory=list)


async def a_little_town() -> Little:
    town = Little()
    for n in range(3):
        town.viewers.append(await a_person(await a_school(f"School {n} {uuid4()}")))
    rows = [Supplier(id=uuid4(), name=f"Entry {n}", exact_name=f"entry {n}", made_at=clock.now()) for n in range(4)]
    async with audit.recording(None) as record:
        await Supplier.insert(*rows)
        some = ("heating", "catering", "energy")
        await Supplies.insert(*(Supplies(id=uuid4(), supplier=r.id, category=some[n]) for n, r in enumerate(rows[1:])))
        record(Sharing.REGISTER_IMPORTED, stream="register", subject="town")
    town.entries = [row.id for row in rows]
    for viewer in town.viewers:
        town.own[viewer.school] = [
            (await directory.add(viewer, name=f"Own {n}", categories=["heating"] * n)).id for n in range(2)
        ]
    return town


@dataclass(frozen=True)
class Try:
    """One thing that somebody tries."""

    what: str
    viewer: Viewer
    one: UUID
    other: UUID
    flag: bool
    number: int


def tries(town: Little, random: Random, count: int) -> Iterator[Try]:
    """Mostly writing at first, then mostly merging and undoing, among what each can see."""
    for n in range(count):
        viewer = random.choice(town.viewers)
        seen = [*town.entries, *town.own[viewer.school]]
        what = random.choice(WRITING if n < count // 3 else MERGING)
        one, other = random.sample(seen, 2)
        yield Try(what, viewer, one, other, random.random() < 0.5, random.randrange(1000))


async def attempt(town: Little, act: Try) -> bool:
    """False where it was refused, as many are."""
    try:
        await _ACTS[act.what](town, act)
    except Refusal:
        return False
    return True


async def _review(_: Little, act: Try) -> None:
    current = await reviews.current(act.viewer, act.one)
    interest = "My cousin." if act.number % 4 == 0 else None
    said = Opinion(interest=interest, rating=1 + act.number % 5, praise="p", criticism="c")
    review = (await reviews.review(act.viewer, act.one, opinion=said, version=current.version if current else None)).id
    if act.flag:
        await shares.share(
            act.viewer,
            OpinionKind.REVIEW,
            review,
            AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=ALL & ~Fields.CRITICISM),)),
        )


async def _note(town: Little, act: Try) -> None:
    note = await notes.note(act.viewer, act.one, about=About.GOOD, body=f"Note {act.number}")
    if act.flag:
        to = AudienceChoice((GrantChoice(GrantKind.SCHOOL, town.viewers[0].school, fields=ALL),))
        await shares.share(act.viewer, OpinionKind.NOTE, note, to)


async def _withdraw(_: Little, act: Try) -> None:
    current = await reviews.current(act.viewer, act.one)
    if current:
        await reviews.withdraw(act.viewer, current.id)


async def _use(_: Little, act: Try) -> None:
    await (directory.adopt if act.flag else directory.stop_using)(act.viewer, act.one)


async def _merge(town: Little, act: Try) -> None:
    """Undone at once and made again, to see that nothing else was touched. Two entries are the curator's."""
    as_curator = not (await directory.supplier(act.viewer, act.one)).is_own
    who = replace(act.viewer, is_operator=True)
    before, read = await rows(), await readable(town)
    made = (await merges.merge(who, act.one, act.other, as_curator=as_curator)).id
    await _is_no_wider(town, read)
    await merges.undo(who, made, as_curator=as_curator)
    assert await rows() == before
    town.merged.append((who, (await merges.merge(who, act.one, act.other, as_curator=as_curator)).id, as_curator))


async def _undo(town: Little, act: Try) -> None:
    if town.merged:
        who, made, as_curator = town.merged.pop(act.number % len(town.merged))
        await merges.undo(who, made, as_curator=as_curator)


_ACTS = {"review": _review, "note": _note, "withdraw": _withdraw, "use": _use, "merge": _merge, "undo": _undo}
WRITING = ("review", "review", "review", "note", "use")
MERGING = (*_ACTS, "merge", "merge")


async def rows() -> dict[str, list[str]]:
    """Every row about suppliers and about who may see what."""
    found = {}
    async with database.read():
        for table in (*suppliers.piccolo_app.TABLES, Audience, AudienceGrant):
            if table._meta.tablename not in DERIVED_ELSEWHERE:
                found[table._meta.tablename] = sorted(str(row) for row in await table.select(*_stored(table)))
    return found


async def readable(town: Little) -> list[dict[UUID, PeerReview]]:
    """By viewer the reviews of other schools that they can read, wherever they look."""
    found = []
    for viewer in (*town.viewers, replace(town.viewers[2], role=Role.GOVERNOR)):
        seen: dict[UUID, PeerReview] = {}
        for supplier in (*town.entries, *(own for some in town.own.values() for own in some)):
            try:
                said = await opinions.about(viewer, supplier)
            except Refusal:
                continue
            seen |= {review.id: review for review in said.reviews}
        found.append(seen)
    return found


async def _is_no_wider(town: Little, before: list[dict[UUID, PeerReview]]) -> None:
    """The same reviews, wherever they stand now, with the same words or fewer; what is gone is an older one of a school."""
    async with database.read():
        resting = await Review.raw("SELECT r.id FROM suppliers_review r JOIN suppliers_supplier s ON s.id = r.supplier"
                                   " WHERE s.joined_to IS NOT NULL AND r.withdrawn_at IS NULL")  # fmt: skip
    rests = {UUID(str(row["id"])) for row in resting}
    for was, is_now in zip(before, await readable(town), strict=True):
        assert set(was) - rests == set(is_now)
        for review, read in is_now.items():
            before_it = replace(was[review], supplier=read.supplier)
            assert read in (before_it, replace(before_it, criticism=None))


async def assert_derived() -> None:
    """What the rows say is what the live merges mean, told by plain loops."""
    async with database.read():
        merged = {row["from_supplier"]: row["to_supplier"] for row in await Merge.select().where(Merge.undone_at.is_null())}
        everyone = {row["id"]: row["joined_to"] for row in await Supplier.select()}
        said = [await table.select() for table in (Review, Note, Use)]
        for derived in (whole_categories, open_words, ranked_words, judged_words, word_counts):
            assert await derived.faults() == ()
    for one, joined_to in everyone.items():
        assert joined_to == (None if one not in merged else _root(merged, one))
    for n, of_kind in enumerate(said):
        _assert_placed(merged, of_kind, by_school=n != 1)


def _root(merged: dict[UUID, UUID], one: UUID) -> UUID:
    while one in merged:
        one = merged[one]
    return one


def _assert_placed(merged: dict[UUID, UUID], of_kind: list[dict[str, Any]], *, by_school: bool) -> None:
    written_for = {row["id"]: row["written_for"] or row["supplier"] for row in of_kind}
    for row in of_kind:
        root = _root(merged, written_for[row["id"]])
        assert row["written_for"] != row["supplier"]
        rivals = [other for other in of_kind if by_school and _is_current(other) and other["school"] == row["school"]
                  and _root(merged, written_for[other["id"]]) == root]  # fmt: skip
        if not rivals or not _is_current(row) or row == max(rivals, key=_rank):
            assert row["supplier"] == root
        elif written_for[row["id"]] == root:
            assert row["supplier"] == written_for[max(rivals, key=_rank)["id"]]
        else:
            assert row["supplier"] == written_for[row["id"]]


def _is_current(row: dict[str, Any]) -> bool:
    return row.get("withdrawn_at", row.get("until_at")) is None


def _rank(row: dict[str, Any]) -> tuple[float, UUID]:
    return (row["written_at"].timestamp() if "written_at" in row else -row["since_at"].timestamp(), row["id"])

"""What one writer hides nobody reads, anywhere, but those who decide about erasing it, in their list; and it comes back whole."""

import io
import zipfile
from collections.abc import Collection
from uuid import UUID

import pytest

import database
from audit.packs import packs
from audit.packs.extent import Scope
from audit.packs.order import Grade, PackOrder
from audit.reading import timeline
from base.refusals import Conflict, Forbidden, NotFound
from base.settings import Settings
from base.viewer import KeyScope, Role, Viewer
from privacy import erasure, subject_access
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, GrantKind
from sharing.sign_in import api_keys
from suppliers.directory import directory
from suppliers.hiding import hiding
from suppliers.hiding.hiding import Hideable
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Attachment
from tests.given.builders import a_person, a_school, events_of, program, school_of, signed_in
from tests.given.examples import whole_on_sqlite
from tests.given.routes import routes
from vouch.wiring import SOURCES

WORDS = ("Zebedee", "quillmark", "inkwell")  # of the note, the review and the file; found nowhere else
SAID = Opinion(interest=None, rating=5, praise="Praised by quillmark.", criticism="Late, said quillmark.")


class World:
    """Ann and Hal of Oakfield wrote about a supplier and shared it with everybody; Bob of Elm reads it."""

    ann: Viewer
    hal: Viewer
    bob: Viewer
    supplier: UUID
    note: UUID
    review: UUID
    file: UUID


@pytest.fixture
async def world(db: Settings) -> World:
    made = World()
    oakfield, elm = await a_school("Oakfield Primary"), await a_school("Elm Primary")
    made.ann, made.hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
    made.bob = await a_person(elm, name="Bob Brown")
    made.supplier = (await directory.add(made.ann, name="Ashby Boilers", categories=["heating"])).id
    files = [Upload("inkwell.txt", b"An inkwell was broken.")]
    made.note = await notes.note(made.ann, made.supplier, about=About.GOOD, body="Zebedee came at once.", files=files)
    made.review = (await reviews.review(made.ann, made.supplier, opinion=SAID, version=None)).id
    everyone = AudienceChoice((GrantChoice(GrantKind.SCHOOL, elm.id, fields=ALL),))
    await shares.share(made.hal, OpinionKind.NOTE, made.note, everyone)
    await shares.share(made.hal, OpinionKind.REVIEW, made.review, everyone)
    async with database.read():
        row = await Attachment.select(Attachment.id).where(Attachment.note == made.note).first()
    assert row is not None
    made.file = row["id"]
    return made


def addresses(world: World, *, api: bool) -> list[str]:
    """Every page, or every endpoint, that is asked with GET, about the world; the list of what is hidden is left out."""
    ids = {"supplier_id": world.supplier, "note_id": world.note, "review_id": world.review, "attachment_id": world.file}
    asked = [route for route in routes() if route.method == "GET" and route.is_api is api]
    by_name = [route for route in asked if route.names and set(route.names) <= {*ids, "item_id"}]
    found = [
        route.path.format_map(ids | {"item_id": item})
        for route in [*by_name, *whole_on_sqlite(route for route in asked if not route.names)]
        for item in ((world.note, world.review) if "item_id" in route.names else (world.note,))
        if not route.path.startswith("/erasures/hidden")
    ]
    under = "/api/v1" if api else ""
    subjects = [f"note:{world.note}", f"review:{world.review}"]
    found += [f"{under}/trail/as-of?subject={subject}" for subject in subjects]
    found += ["/api/v1/recommendations?need=heating", "/api/v1/trail/entries?limit=100"] if api else ["/search?need=heating"]
    return [*found, *([] if api else [f"/suppliers/{world.supplier}/review?note={world.note}"])]


async def told_to(world: World, viewer: Viewer, *, roads: Collection[str] = ()) -> dict[str, set[str]]:
    """Which of the words the viewer gets to read where, over pages, the API and packs; or on some of these roads alone."""
    found: dict[str, str] = {}
    async with signed_in(viewer) as browser:
        asked = [path for path in addresses(world, api=False) if not roads or path in roads]
        found |= {path: (await browser.get(path)).text for path in asked}
    key = await api_keys.create(viewer, name="Reads", days=30, scopes=tuple(KeyScope))
    async with program(key) as asking:
        asked = [path for path in addresses(world, api=True) if not roads or path in roads]
        found |= {path: (await asking.get(path)).text for path in asked}
    for grade in Grade:
        found[grade] = await in_a_pack(viewer, grade)
    told = {road: {word for word in WORDS if word in text} for road, text in found.items()}
    return {road: words for road, words in told.items() if words}


def words_in(told: dict[str, set[str]]) -> set[str]:
    return set().union(*told.values())


async def in_a_pack(viewer: Viewer | None, grade: Grade, school: UUID | None = None) -> str:
    packed = io.BytesIO()
    order = PackOrder(str(school or (viewer and viewer.school)), "A school", Scope(), grade)
    await packs.build(viewer, order, to=packed, sources=SOURCES)
    with zipfile.ZipFile(packed) as archive:
        return "\n".join(archive.read(name).decode("utf-8", errors="replace") for name in archive.namelist())


async def test_each_is_gone_from_everything_that_anybody_reads_and_comes_back_whole(world: World) -> None:
    """While one of them is hidden, whatever told of any is asked again; while all are, everything."""
    readers = (world.ann, world.bob)
    told = {viewer.name: await told_to(world, viewer) for viewer in readers}
    assert [words_in(told[viewer.name]) for viewer in readers] == [set(WORDS)] * 2, "or nothing of this could fail"
    for what, item, gone in (
        (Hideable.NOTE, world.note, {"Zebedee", "inkwell"}),
        (Hideable.REVIEW, world.review, {"quillmark"}),
        (Hideable.ATTACHMENT, world.file, {"inkwell"}),
    ):
        async with signed_in(world.ann) as browser:
            assert (await browser.post(f"/{what}s/{item}/hide")).status_code == 303
        for viewer in readers:
            left = await told_to(world, viewer, roads=told[viewer.name])
            assert words_in(left) == set(WORDS) - gone, (what, viewer.name, left)
        whole = await in_a_pack(None, Grade.COMPLETE, world.ann.school)
        assert not [word for word in gone if word in whole], "not even in a pack that the operator takes"
        async with signed_in(world.hal) as browser:
            listed = (await browser.get("/erasures/hidden")).text
            assert all(word in listed for word in gone)
            assert (await browser.post(f"/{what}s/{item}/show-again")).status_code == 303
        assert words_in(await told_to(world, world.bob, roads=told[world.bob.name])) == set(WORDS), what
        said = await events_of(world.ann.school)
        assert [event for event in said if event.startswith(f"{what}.")][-2:] == [f"{what}.hidden", f"{what}.shown"]
    for what, item in ((Hideable.NOTE, world.note), (Hideable.REVIEW, world.review)):
        await hiding.hide(world.ann, what, item)
    for viewer in readers:
        assert await told_to(world, viewer) == {}, viewer.name


async def test_one_writer_does_it_alone_and_nobody_else_does(world: World) -> None:
    gus = await a_person(await school_of(world.ann), Role.GOVERNOR, "Gus Gray")
    for viewer, refused in ((gus, Forbidden), (world.bob, NotFound)):
        for act in (hiding.hide, hiding.show_again):
            with pytest.raises(refused):
                await act(viewer, Hideable.NOTE, world.note)
    with pytest.raises(Forbidden):
        await hiding.listed(gus)
    await hiding.hide(world.ann, Hideable.NOTE, world.note)
    with pytest.raises(Conflict, match="hidden this already"):
        await hiding.hide(world.hal, Hideable.NOTE, world.note)
    with pytest.raises(NotFound):
        await hiding.file(world.bob, world.file)
    assert await hiding.listed(world.bob) == ()
    assert (await hiding.file(world.hal, world.file)).content == b"An inkwell was broken."


async def test_a_file_that_is_not_hidden_is_not_fetched_from_the_list(world: World) -> None:
    with pytest.raises(NotFound):
        await hiding.file(world.ann, world.file)


async def test_nothing_is_written_over_what_is_hidden(world: World) -> None:
    await hiding.hide(world.ann, Hideable.REVIEW, world.review)
    for version in (None, 1):
        with pytest.raises(Conflict, match="is hidden"):
            await reviews.review(world.ann, world.supplier, opinion=SAID, version=version)
    with pytest.raises(Conflict, match="is hidden"):
        await reviews.vouch(world.ann, world.supplier)
    await hiding.hide(world.ann, Hideable.NOTE, world.note)
    with pytest.raises(NotFound):
        await notes.revise(world.ann, world.note, version=1, about=About.GOOD, body="Over it.")


async def test_what_was_withdrawn_can_be_hidden_in_the_trail_too(world: World) -> None:
    await notes.withdraw(world.ann, world.note)
    assert "Zebedee" in await trail_of(world.hal)
    await hiding.hide(world.ann, Hideable.NOTE, world.note)
    assert "Zebedee" not in await trail_of(world.hal)
    await hiding.show_again(world.ann, Hideable.NOTE, world.note)
    with pytest.raises(NotFound):
        await notes.ours(world.ann, world.note)


async def test_it_is_left_out_of_the_copy_of_what_is_held_and_found_by_an_erasure(world: World) -> None:
    await hiding.hide(world.ann, Hideable.NOTE, world.note)
    packed = await subject_access.give(world.ann, world.ann.person)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        copy = "\n".join(archive.read(name).decode() for name in archive.namelist())
    assert ("Zebedee" in copy, "quillmark" in copy) == (False, True)
    found = await erasure.look(world.ann, person=None, typed="Zebedee")
    assert [offer.find.key for offer in found.offers if offer.find.key.startswith("note:")] == [f"note:{world.note}"]


async def test_a_program_hides_and_shows_them_with_a_key_that_may_write(world: World) -> None:
    items = (f"notes/{world.note}", f"reviews/{world.review}", f"attachments/{world.file}")
    reads = await api_keys.create(world.ann, name="Reads", days=30, scopes=(KeyScope.READ,))
    writes = await api_keys.create(world.ann, name="Writes", days=30, scopes=(KeyScope.READ, KeyScope.WRITE))
    bobs = await api_keys.create(world.bob, name="Writes", days=30, scopes=(KeyScope.READ, KeyScope.WRITE))
    async with program(reads) as reading, program(writes) as writing, program(bobs) as others:
        for item in items:
            assert (await reading.post(f"/api/v1/{item}/hide")).status_code == 403
            assert (await others.post(f"/api/v1/{item}/hide")).status_code == 404
            assert (await writing.post(f"/api/v1/{item}/show")).status_code == 404, "it is not hidden"
            assert (await writing.post(f"/api/v1/{item}/hide")).status_code == 204
            assert (await writing.post(f"/api/v1/{item}/hide")).status_code == 409
            assert (await others.post(f"/api/v1/{item}/show")).status_code == 404
        assert (await writing.get(f"/api/v1/notes/{world.note}")).status_code == 404
        for item in items:
            assert (await writing.post(f"/api/v1/{item}/show")).status_code == 204
        assert "Zebedee" in (await writing.get(f"/api/v1/notes/{world.note}")).text
    told = await events_of(world.ann.school)
    assert told.count("note.hidden") == told.count("note.shown") == 1


async def test_the_note_and_the_review_offer_it_on_their_pages(world: World) -> None:
    async with signed_in(world.ann) as browser:
        note = (await browser.get(f"/notes/{world.note}")).text
        supplier = (await browser.get(f"/suppliers/{world.supplier}")).text
    assert f'action="/notes/{world.note}/hide"' in note
    assert f'action="/attachments/{world.file}/hide"' in note
    assert f'action="/reviews/{world.review}/hide"' in supplier


async def trail_of(viewer: Viewer) -> str:
    return str((await timeline.page(viewer, limit=100)).lines)

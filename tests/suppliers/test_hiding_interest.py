"""What is hidden, and criticism of a supplier that somebody declared an interest in: each is kept back where the other is too.

Ann of Oakfield declared an interest in the boilers; Hal, her head, wrote a note about a problem with them and a good one, each
with a file. Every text and file has a word of its own.
"""

import io
import zipfile
from uuid import UUID

import pytest

import database
from audit.packs.order import Grade
from audit.seals import seals
from base.refusals import Forbidden, NotFound
from base.settings import Settings
from base.viewer import KeyScope, Role, Viewer
from privacy import subject_access
from sharing.sign_in import api_keys
from suppliers.directory import directory
from suppliers.hiding import hiding
from suppliers.hiding.hiding import Hideable
from suppliers.merging import compare
from suppliers.opinions import interest, notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.tables import Attachment
from tests.given.builders import a_person, a_school, program, signed_in
from tests.given.made_packs import opened, order_of, packed, verdict_on

PROBLEM, SMOKE, GOOD, PLAN, CRITICISM, PRAISE = "zirconium", "lampblack", "quillmark", "inkwell", "gadolinium", "ytterbium"
WORDS = frozenset({PROBLEM, SMOKE, GOOD, PLAN, CRITICISM, PRAISE})
FOR_ANN = frozenset({GOOD, PLAN, PRAISE})  # what is no criticism
MINE = Opinion(interest="My uncle owns it.", rating=5, praise=f"Tidy, {PRAISE}.")


class World:
    ann: Viewer
    hal: Viewer
    supplier: UUID
    review: UUID
    problem: UUID
    good: UUID
    smoke: UUID
    plan: UUID


@pytest.fixture
async def world(db: Settings) -> World:
    made = World()
    oakfield = await a_school("Oakfield Primary")
    made.ann, made.hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
    made.supplier = (await directory.add(made.hal, name="Ashby Boilers", categories=["heating"])).id
    made.problem, made.smoke = await _a_note(made, About.PROBLEM, PROBLEM, SMOKE)
    made.good, made.plan = await _a_note(made, About.GOOD, GOOD, PLAN)
    made.review = (await reviews.review(made.ann, made.supplier, opinion=MINE, version=None)).id
    said = Opinion(interest=MINE.interest, rating=5, praise=MINE.praise, criticism=f"Late, {CRITICISM}.")
    await reviews.review(made.hal, made.supplier, opinion=said, version=1)
    return made


async def _a_note(world: World, about: About, word: str, file: str) -> tuple[UUID, UUID]:
    upload = Upload(f"{file}.txt", f"There was {file}.".encode())
    note = await notes.note(world.hal, world.supplier, about=about, body=f"It said {word}.", files=[upload])
    async with database.read():
        row = await Attachment.select(Attachment.id).where(Attachment.note == note).first()
    assert row is not None
    return note, row["id"]


async def read_by(viewer: Viewer, world: World) -> frozenset[str]:
    """The words that the viewer reads on pages, over the API and in a pack, the list of what is hidden left out."""
    subjects = (f"review:{world.review}", f"note:{world.problem}", f"note:{world.good}")
    at_each = [f"/trail/as-of?subject={subject}" for subject in subjects]
    pages = [f"/suppliers/{world.supplier}", f"/notes/{world.problem}", f"/notes/{world.good}", f"/reviews/{world.review}"]
    pages += [f"/attachments/{world.smoke}", f"/attachments/{world.plan}", "/trail", "/suppliers", *at_each]
    api = [f"/suppliers/{world.supplier}/reviews", f"/suppliers/{world.supplier}/notes", "/trail/entries?limit=100", *at_each]
    async with signed_in(viewer) as browser:
        said = [(await browser.get(path)).text for path in pages]
        said.append((await browser.post("/trail/download", data={"format": "csv"})).text)
    async with program(await api_keys.create(viewer, name="Reads", days=30, scopes=tuple(KeyScope))) as asking:
        said += [(await asking.get(f"/api/v1{path}")).text for path in api]
    said.append(await _in_a_pack(viewer, Grade.COMPLETE))
    return _words("\n".join(said))


async def _in_a_pack(viewer: Viewer, grade: Grade) -> str:
    pack, _ = await packed(viewer, order_of(viewer, grade=grade))
    verdict = verdict_on(pack, *await seals.verifier_keys())
    assert verdict.status == "holds"
    return "\n".join(content.decode(errors="replace") for content in opened(pack).values())


async def _listed(viewer: Viewer) -> frozenset[str]:
    async with signed_in(viewer) as browser:
        return _words((await browser.get("/erasures/hidden")).text)


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in WORDS if word in text)


async def test_what_is_not_hidden_is_read_but_for_criticism_so_that_the_next_tests_can_fail(world: World) -> None:
    assert await read_by(world.hal, world) == WORDS
    assert await read_by(world.ann, world) == FOR_ANN


async def test_a_hidden_note_of_a_problem_is_read_by_nobody_and_not_in_the_list_by_whoever_has_an_interest(world: World) -> None:
    await hiding.hide(world.hal, Hideable.NOTE, world.problem)
    assert await read_by(world.hal, world) == WORDS - {PROBLEM, SMOKE}
    assert await read_by(world.ann, world) == FOR_ANN
    assert await _listed(world.hal) == {PROBLEM, SMOKE}
    assert await _listed(world.ann) == set()
    assert (await hiding.file(world.hal, world.smoke)).content == b"There was lampblack."
    with pytest.raises(NotFound):
        await hiding.file(world.ann, world.smoke)


async def test_shown_again_it_is_read_by_all_but_whoever_has_an_interest_until_that_ends(world: World) -> None:
    await hiding.hide(world.hal, Hideable.NOTE, world.problem)
    await hiding.show_again(world.hal, Hideable.NOTE, world.problem)
    assert await read_by(world.hal, world) == WORDS
    assert await read_by(world.ann, world) == FOR_ANN
    await hiding.hide(world.hal, Hideable.NOTE, world.problem)
    await interest.withdraw(world.ann, world.supplier)
    assert await read_by(world.ann, world) == WORDS - {PROBLEM, SMOKE}
    assert await _listed(world.ann) == {PROBLEM, SMOKE}


async def test_of_a_hidden_review_the_list_shows_all_but_the_criticism_to_whoever_has_an_interest(world: World) -> None:
    await hiding.hide(world.hal, Hideable.REVIEW, world.review)
    assert await read_by(world.hal, world) == WORDS - {CRITICISM, PRAISE}
    assert await read_by(world.ann, world) == {GOOD, PLAN}
    assert await _listed(world.hal) == {CRITICISM, PRAISE}
    assert await _listed(world.ann) == {PRAISE}


async def test_an_interest_holds_while_the_review_that_declared_it_is_hidden(world: World) -> None:
    await hiding.hide(world.hal, Hideable.REVIEW, world.review)
    assert await interest.mine(world.ann, world.supplier)
    with pytest.raises(Forbidden):
        await notes.revise(world.ann, world.problem, version=1, about=About.GOOD, body="Fine, really.")


@pytest.mark.parametrize("grade", list(Grade))
async def test_a_pack_of_theirs_lacks_the_hidden_file_and_the_one_of_the_problem(world: World, grade: Grade) -> None:
    await hiding.hide(world.hal, Hideable.ATTACHMENT, world.plan)
    assert _words(await _in_a_pack(world.ann, grade)) == {GOOD, PRAISE}
    assert _words(await _in_a_pack(world.hal, grade)) == WORDS - {PLAN}
    assert await _listed(world.ann) == {PLAN}, "it is a good one's, so it is for her to decide about"
    await hiding.show_again(world.hal, Hideable.ATTACHMENT, world.plan)
    assert _words(await _in_a_pack(world.ann, grade)) == FOR_ANN


async def test_a_hidden_file_of_a_problem_is_withheld_in_the_list_too(world: World) -> None:
    await hiding.hide(world.hal, Hideable.ATTACHMENT, world.smoke)
    assert await read_by(world.hal, world) == WORDS - {SMOKE}
    assert await read_by(world.ann, world) == FOR_ANN
    assert await _listed(world.hal) == {SMOKE}
    assert await _listed(world.ann) == set()


async def test_beside_another_supplier_neither_counts_as_said(world: World) -> None:
    other = (await directory.add(world.hal, name="Ashby Boiler Company", categories=["heating"])).id
    for item, what, counted in (
        (None, None, {"ann": 1, "hal": 2}),
        (world.good, Hideable.NOTE, {"ann": 0, "hal": 1}),
        (world.problem, Hideable.NOTE, {"ann": 0, "hal": 0}),
    ):
        if item is not None and what is not None:
            await hiding.hide(world.hal, what, item)
        for name, viewer in (("ann", world.ann), ("hal", world.hal)):
            side = (await compare.compare(viewer, world.supplier, other)).left
            assert side.notes == counted[name], name


async def test_a_copy_of_what_is_held_lacks_what_is_hidden_and_is_refused_for_a_colleague(world: World) -> None:
    await hiding.hide(world.hal, Hideable.NOTE, world.problem)
    packed_up = await subject_access.give(world.hal, world.hal.person)
    with zipfile.ZipFile(io.BytesIO(packed_up)) as archive:
        copy = "\n".join(archive.read(name).decode() for name in archive.namelist())
    assert _words(copy) >= {GOOD, CRITICISM}
    assert not _words(copy) & {PROBLEM, SMOKE}
    with pytest.raises(Forbidden):
        await subject_access.give(world.ann, world.hal.person)

"""Photos of what happened: taken as those of a note, seen with the event, hidden at once, in packs, erased for good."""

import io
import zipfile
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

import database
from audit.packs import packs
from audit.packs.extent import Scope
from audit.packs.order import Grade, PackOrder
from audit.verifier.verify import verify_pack
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from contracts.access import service_version
from contracts.fields.said import Said
from contracts.register import register
from contracts.service_events import photos
from contracts.service_events.tables import Photo, ServiceEvent
from privacy import blanking
from sharing.tables import School
from suppliers.opinions.attachments import Upload
from tests.given.builders import a_person, a_school, signed_in
from tests.given.served import a_colleague, a_job
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")

LEAK = Upload("leak.txt", b"A puddle below the boiler.")
FORM = {
    "what": "No heating", "priority": "P1", "happened-day": "20", "happened-month": "1", "happened-year": "2026",
    "happened_time": "09:30", "told_how": "not_yet",
}  # fmt: skip


@pytest.fixture
async def job(ann: Viewer, boilers: UUID) -> UUID:
    return await a_job(ann, boilers)


async def one_of(viewer: Viewer, job: UUID, upload: Upload = LEAK) -> UUID:
    await photos.add(viewer, job, upload)
    return (await photos.of_event(viewer, job))[-1].id


async def test_a_photo_comes_with_the_form_that_logs_and_is_read_back_with_its_event(ann: Viewer, boilers: UUID) -> None:
    async with signed_in(ann) as browser:
        files = {"file": ("leak.txt", LEAK.content, "text/plain")}
        logged = await browser.post(f"/contracts/{boilers}/log", data=FORM, files=files)
        assert logged.status_code == 303, logged.text[:500]
        page = (await browser.get(logged.headers["location"].partition("?")[0])).text
        answer = (await browser.get(f"/api/v1/contracts/{boilers}/events")).json()
    (kept,) = await photos.of_event(ann, UUID(answer["events"][0]["id"]))
    assert answer["events"][0]["files"] == ["leak.txt"]
    assert f"/service-events/photos/{kept.id}" in page
    assert (await photos.fetch(ann, kept.id)).content == LEAK.content


async def test_what_cannot_be_kept_is_refused_with_what_was_typed_and_logs_nothing(ann: Viewer, boilers: UUID) -> None:
    async with signed_in(ann) as browser:
        files = {"file": ("run.exe", b"MZ\x90\x00\x03", "image/png")}
        refused = await browser.post(f"/contracts/{boilers}/log", data=FORM, files=files)
    assert refused.status_code == 422
    assert 'value="No heating"' in refused.text
    assert "Choose a photo" in refused.text
    async with database.read():
        assert await ServiceEvent.count() == 0


async def test_an_event_holds_so_many_and_no_more(ann: Viewer, job: UUID) -> None:
    for _ in range(photos.MOST):
        await photos.add(ann, job, LEAK)
    with pytest.raises(Invalid, match="at most 5"):
        await photos.add(ann, job, LEAK)
    for upload, words in ((None, "Choose a photo"), (Upload("big.pdf", b"%PDF-1.7" + bytes(10 * 1024 * 1024)), "10 MB")):
        with pytest.raises(Invalid, match=words):
            await photos.add(ann, job, upload)


async def test_site_staff_add_and_see_their_own_to_what_they_logged(ann: Viewer, boilers: UUID, job: UUID) -> None:
    sam = await a_colleague(ann, Role.SITE_STAFF, "Sam Sands")
    theirs = await a_job(sam, boilers)
    own, anns = await one_of(sam, theirs), await one_of(ann, theirs)
    assert [one.id for one in await photos.of_event(sam, theirs)] == [own]
    assert [one.id for one in await photos.of_event(ann, theirs)] == [own, anns]
    assert (await photos.fetch(sam, own)).content == LEAK.content
    for refused in (photos.fetch(sam, anns), photos.fetch(sam, await one_of(ann, job)), photos.add(sam, job, LEAK)):
        with pytest.raises(NotFound):
            await refused
    with pytest.raises(Forbidden):
        await photos.hide(sam, own)


async def test_another_school_and_who_only_reads_add_none_and_the_other_school_sees_none(ann: Viewer, job: UUID) -> None:
    made = await one_of(ann, job)
    bob = await a_person(await a_school("Elmwood School"), name="Bob Brown")
    for refused in (photos.fetch(bob, made), photos.add(bob, job, LEAK), photos.hide(bob, made), photos.of_event(bob, job)):
        with pytest.raises(NotFound):
            await refused
    gus = await a_colleague(ann, Role.GOVERNOR, "Gus Green")
    with pytest.raises(Forbidden):
        await photos.add(gus, job, LEAK)
    assert (await photos.fetch(gus, made)).content == LEAK.content


async def test_what_is_hidden_is_read_by_nobody_and_found_by_those_who_decide(ann: Viewer, job: UUID) -> None:
    made = await one_of(ann, job)
    assert await photos.hide(ann, made) == job
    with pytest.raises(Conflict):
        await photos.hide(ann, made)
    with pytest.raises(NotFound):
        await photos.fetch(ann, made)
    assert await photos.of_event(ann, job) == ()
    async with signed_in(ann) as browser:
        assert "leak.txt" in (await browser.get("/erasures/hidden")).text
        assert (await browser.get(f"/erasures/hidden/photos/{made}")).content == LEAK.content
        assert "leak.txt" not in (await browser.get("/trail")).text
    await photos.show_again(ann, made)
    assert (await photos.fetch(ann, made)).content == LEAK.content


async def test_one_of_a_contract_that_was_withdrawn_is_hidden_at_once_all_the_same(ann: Viewer, boilers: UUID, job: UUID) -> None:
    """Whoever has a pupil in it does not ask whether the contract still stands."""
    leak = await one_of(ann, job)
    await register.withdraw(ann, boilers)
    await photos.hide(ann, leak)
    assert (await photos.fetch_hidden(ann, leak)).content == LEAK.content
    await photos.show_again(ann, leak)
    with pytest.raises(NotFound):
        await photos.fetch_hidden(ann, leak)


async def test_no_figure_is_reckoned_anew_for_a_photo(ann: Viewer, boilers: UUID, job: UUID) -> None:
    async with database.read():
        before = await service_version.of_contracts([boilers])
    leak = await one_of(ann, job)
    await photos.hide(ann, leak)
    await photos.show_again(ann, leak)
    async with database.read():
        assert await service_version.of_contracts([boilers]) == before


async def test_a_pack_brings_those_that_are_not_hidden_and_verifies(ann: Viewer, job: UUID) -> None:
    await one_of(ann, job)
    await photos.hide(ann, await one_of(ann, job, Upload("wrong.txt", b"Somebody's face.")))
    order = PackOrder(str(ann.school), ann.school_name, Scope.of_days(None, None, None), Grade.COMPLETE)
    packed = io.BytesIO()
    await packs.export(ann, order, to=packed, sources=SOURCES)
    with zipfile.ZipFile(packed) as archive:
        names = {name for name in archive.namelist() if name.startswith("evidence/")}
    assert names == {f"evidence/{sha256(LEAK.content).hexdigest()}.txt"}
    packed.seek(0)
    assert verify_pack(packed).status == "holds"


async def test_one_that_is_erased_is_gone(ann: Viewer, job: UUID) -> None:
    made = await one_of(ann, job)
    async with database.write():
        gone = await blanking.delete_files(ann.school, [made])
        assert not await blanking.are_there([made])
    assert list(gone.values()) == [[sha256(LEAK.content).hexdigest()]]
    async with database.read():
        assert await Photo.count() == 0


async def test_a_school_hides_what_it_added_itself_and_is_offered_no_other(db: object) -> None:
    """Both schools add the same file under the same name to the same call: each copy is its school's."""
    ivy = await a_school("Ivy Primary", trust="Rose Trust")
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    tom, ida = await a_person(rose, name="Tom Rose"), await a_person(ivy, name="Ida Ives")
    job = await a_job(ida, await register.add(tom, Said({"title": "Boilers"}, covers=[ivy.id])))
    idas, toms = await one_of(ida, job), await one_of(tom, job)
    for viewer, own, other in ((ida, idas, toms), (tom, toms, idas)):
        async with signed_in(viewer) as browser:
            page = (await browser.get(f"/service-events/{job}")).text
            assert (await browser.post(f"/service-events/photos/{other}/hide")).status_code == 404
        assert (f"/photos/{own}/hide" in page, f"/photos/{other}/hide" in page) == (True, False)
        assert f'href="/service-events/photos/{other}"' in page
    await photos.hide(ida, idas)
    for viewer in (ida, tom):
        assert [one.id for one in await photos.of_event(viewer, job)] == [toms]
    assert await _named_in_the_trail(tom) == 1, "its own copy keeps its name, and the other school's has none"
    assert await _named_in_the_trail(ida) == 0
    with pytest.raises(NotFound):
        await photos.show_again(tom, idas)
    await photos.show_again(ida, idas)
    assert (await _named_in_the_trail(tom), await _named_in_the_trail(ida)) == (2, 1)


async def _named_in_the_trail(viewer: Viewer) -> int:
    async with signed_in(viewer) as browser:
        return (await browser.get("/trail")).text.count(LEAK.name)

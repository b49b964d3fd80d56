"""A pack continues what somebody holds from earlier, or says loudly that the trail does not."""

import io
import zipfile

import pytest

from audit.packs.earlier import EarlierCopy, of_file, of_seal
from audit.packs.order import Grade
from audit.seals import seals
from base.refusals import Conflict, Invalid
from base.viewer import Viewer
from suppliers.directory import directory
from tests.given.builders import a_person, a_school
from tests.given.made_packs import a_history, about, order_of, packed, verdict_on

GRADES = pytest.mark.parametrize("grade", list(Grade))


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await a_person(await a_school())


@GRADES
async def test_a_pack_continues_an_earlier_pack_and_an_earlier_seal(ann: Viewer, grade: Grade) -> None:
    boilers = await a_history(ann, "Ashby Boilers", "boilers")
    first, _ = await packed(ann, order_of(ann, about(boilers), grade))
    seal = await seals.latest(str(ann.school))
    assert seal is not None
    await directory.add(ann, name="Dene Drains")
    keys = await seals.verifier_keys()
    for held, since in ((first, of_file(io.BytesIO(first), keys)), (seal.note, of_seal(seal.note.decode(), keys))):
        pack, _ = await packed(ann, order_of(ann, about(boilers), grade, earlier=since))
        verdict = verdict_on(pack, *keys, since=held)
        assert verdict.facts is not None, verdict.what
        assert verdict.facts.earlier_size == seal.size


async def test_a_trail_that_does_not_continue_what_somebody_holds_is_said_loudly(ann: Viewer) -> None:
    await directory.add(ann, name="Ashby Boilers")
    for held, word in ((EarlierCopy(2, b"\0" * 32), "rewritten"), (EarlierCopy(99, b"\0" * 32), "missing")):
        with pytest.raises(Conflict, match=word):
            await packed(ann, order_of(ann, earlier=held))
    with pytest.raises(Invalid, match="another trail"):
        await packed(ann, order_of(ann, earlier=EarlierCopy(1, b"\0" * 32, "elsewhere.example/trail/0")))


@pytest.mark.parametrize("text", ["", "x", "vouch.example/trail/1\n3\nAAAA\n\n— vouch.example AAAA\n", "\ud800", "x" * 30_000])
async def test_what_is_not_our_seal_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(Invalid):
        of_seal(text, ())


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{", b'{"size":1,"root":"00","origins":[{"origin":"x"}]}', b"1"])
async def test_what_is_no_pack_is_not_taken_for_one(manifest: bytes) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("manifest.json", manifest)
    for content in (file.getvalue(), b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 100):
        with pytest.raises(Invalid):
            of_file(io.BytesIO(content), ())

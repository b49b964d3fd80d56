"""An audit pack holds what was asked for and all that proves it, and nothing of anything else."""

import io
import json
import re
import zipfile
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest

import audit
import database
from audit.events import Event
from audit.packs import packs, takeaway
from audit.packs.extent import Scope
from audit.packs.order import Grade
from audit.seals import seals
from audit.tables import Entry, Opening, StreamRow
from base import clock
from base.refusals import Busy, Conflict, Invalid
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, GrantKind
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, events_of
from tests.given.hand_made_packs import listed, zipped
from tests.given.made_packs import a_history, about, lines_of, opened, order_of, packed, verdict_on
from tests.given.tampered_database import behind_the_triggers
from vouch.wiring import SOURCES

pytestmark = pytest.mark.usefixtures("db")

SAID = Opinion(interest=None, rating=4, praise="On time.", criticism="Dear in March.", used_from=None)
GRADES = pytest.mark.parametrize("grade", list(Grade))


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await a_person(await a_school())


@GRADES
async def test_a_pack_holds_for_whoever_has_the_key(ann: Viewer, grade: Grade) -> None:
    boilers = await a_history(ann, "Ashby Boilers", "boilers")
    pack, _ = await packed(ann, order_of(ann, about(boilers), grade))
    verdict = verdict_on(pack, *await seals.verifier_keys())
    assert (verdict.status, verdict.what.startswith("The pack holds")) == ("holds", True)
    assert verdict.facts is not None
    assert (verdict.facts.trust, verdict.facts.in_scope, verdict.facts.evidence) == ("given", 4, 1)
    assert (verdict.facts.withheld, verdict.facts.erased) == (0, 0)


@GRADES
async def test_the_same_size_gives_the_same_bytes_while_the_trail_grows(ann: Viewer, grade: Grade) -> None:
    boilers = await a_history(ann, "Ashby Boilers", "boilers")
    first, built = await packed(ann, order_of(ann, about(boilers), grade))
    await directory.add(ann, name="Dene Drains")
    with clock.at(clock.now() + timedelta(days=3)):
        again, _ = await packed(ann, order_of(ann, about(boilers), grade, size=built.extent.size))
    assert first == again


async def test_the_manifest_is_first_and_nothing_in_the_zip_tells_when_it_was_made(ann: Viewer) -> None:
    await a_history(ann, "Ashby Boilers", "boilers")
    pack, _ = await packed(ann, order_of(ann))
    with zipfile.ZipFile(io.BytesIO(pack)) as found:
        infos = found.infolist()
    assert [info.filename for info in infos][:3] == ["manifest.json", "entries.jsonl", "checkpoint"]
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert {(info.extra, info.flag_bits, info.comment) for info in infos} == {(b"", 0, b"")}


async def test_a_complete_pack_lists_its_leaves_and_so_names_a_header_that_was_changed(ann: Viewer) -> None:
    """One of which nothing is shown: only the root would tell that some header is another."""
    boilers, _ = await a_history(ann, "Ashby Boilers", "boilers"), (await directory.add(ann, name="Dene Drains")).id
    files = opened((await packed(ann, order_of(ann, about(boilers))))[0])
    headers = [line["header"] for line in lines_of(files)]
    assert files["leaves"] == b"".join(sha256(b"\0" + header.encode()).digest() for header in headers)
    hidden = max(idx for idx, line in enumerate(lines_of(files)) if "openings" not in line)
    known = min(json.loads(headers[hidden])["c"])
    changed = files["entries.jsonl"].replace(known.encode(), b"0" * 64)
    found = verdict_on(zipped(listed({**files, "entries.jsonl": changed})))
    assert (found.fault, found.idx, f"Entry {hidden + 1} " in found.what) == ("changed", hidden, True)
    extract, _ = await packed(ann, order_of(ann, about(boilers), Grade.EXTRACT))
    assert "leaves" not in opened(extract)


async def test_a_pack_of_everything_names_every_stream(ann: Viewer) -> None:
    boilers, drains = await a_history(ann, "Ashby Boilers", "a"), await a_history(ann, "Dene Drains", "d")
    pack, _ = await packed(ann, order_of(ann))
    manifest = json.loads(opened(pack)["manifest.json"])
    assert manifest["scope"]["all"] is True
    named = {stream["name"] for stream in manifest["scope"]["streams"]}
    assert named == {"school", "trail", f"supplier:{boilers}", f"supplier:{drains}"}


@GRADES
async def test_a_pack_says_nothing_of_other_streams_or_schools(ann: Viewer, grade: Grade) -> None:
    """Every id, name, text and digest of everything else is looked for in every file, unpacked."""
    bob = await a_person(await a_school("Elmwood Primary"), name="Bob Birch")
    boilers = await a_history(ann, "Ashby Boilers", "boilers")
    await a_history(ann, "Dene Drains", "secretly")
    hidden = {"Dene Drains", "secretly", "Elmwood Primary", "Bob Birch", str(bob.school), str(bob.person)}
    await a_history(bob, "Brook Cleaning", "moonlighting")
    shared = (await reviews.vouch(bob, boilers_of_bob := (await directory.add(bob, name="Carr Catering")).id)).id
    await shares.share(bob, OpinionKind.REVIEW, shared, AudienceChoice((GrantChoice(GrantKind.SCHOOL, ann.school, fields=ALL),)))
    pack, built = await packed(ann, order_of(ann, about(boilers), grade))
    hidden |= {"Brook Cleaning", "moonlighting", "Carr Catering", str(boilers_of_bob)} | await _told_elsewhere(ann, boilers)
    texts = {name: _readable(name, content) for name, content in opened(pack).items()}
    assert {(name, one) for name, text in texts.items() for one in hidden if one in text} == set()
    assert len(hidden) > 30
    assert "Ashby Boilers" in texts["timeline.csv"]
    others = sum("openings" not in line for line in lines_of(opened(pack)))
    assert others == (built.extent.size - 4 if grade is Grade.COMPLETE else 0)


async def _told_elsewhere(viewer: Viewer, supplier: UUID) -> set[str]:
    """Ids, salts, stream names and digests of all entries but those about ``supplier`` and the trail itself; headers of other
    schools' too.
    """
    found = set()
    async with database.read():
        mine = str(viewer.school)
        rows = await Entry.select().where((Entry.trail != mine) | Entry.stream.not_in([f"supplier:{supplier}", "trail"]))
        for row in rows:
            found |= {str(row["event_id"]), row["stream"], row["subject"]} if ":" in row["stream"] else {str(row["event_id"])}
            if row["trail"] != mine:
                found |= {bytes(row["leaf_hash"]).hex(), bytes(row["header"]).decode()}
        openings = await Opening.select().where(Opening.event_id.is_in([row["event_id"] for row in rows]))
        found |= {bytes(opening["salt"]).hex() for opening in openings}
        found |= {digest for opening in openings for digest in re.findall('"sha256":"([0-9a-f]{64})"', opening["value"])}
        tags = await StreamRow.select(StreamRow.tag).where(StreamRow.trail != mine)
    return found | {bytes(row["tag"]).hex() for row in tags}


def _readable(name: str, content: bytes) -> str:
    """Workbooks unzipped; of the PDF what it says about itself, for its text is glyphs."""
    if not name.endswith(".xlsx"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(part).decode() for part in book.namelist())


async def test_outside_the_period_only_that_it_happened_is_shown(ann: Viewer) -> None:
    boilers = await a_history(ann, "Ashby Boilers", "long-ago")
    with clock.at(clock.now() + timedelta(days=400)):
        await reviews.review(ann, boilers, opinion=SAID, version=1)
        since = (clock.now() - timedelta(days=30)).date()
        scope = Scope.of_days([f"supplier:{boilers}"], since, clock.today())
        pack, _ = await packed(ann, order_of(ann, scope))
    files = opened(pack)
    shown = [sorted(line["openings"]) for line in lines_of(files) if "openings" in line]
    assert shown[1:4] == [["event"]] * 3
    assert "facts" in shown[4]
    assert files["timeline.csv"].count(b"\r\n") == 2  # the head and the review
    assert [name for name, content in files.items() if b"Late long-ago" in content] == []
    assert not any(name.startswith("evidence/") for name in files)
    assert verdict_on(pack).status == "holds"


async def test_a_governors_pack_holds_no_criticism_and_no_photo_of_a_problem(ann: Viewer) -> None:
    gil = replace_role(ann, Role.GOVERNOR)
    boilers = await a_history(ann, "Ashby Boilers", "shoddy")
    await notes.note(ann, boilers, about=About.GOOD, body="Tidy.", files=[Upload("tidy.txt", b"Tidy work.")])
    pack, _ = await packed(gil, order_of(gil, about(boilers)))
    files = opened(pack)
    assert b"Blame" not in files["entries.jsonl"]
    assert b"Late" not in files["entries.jsonl"]
    assert [content for name, content in files.items() if name.startswith("evidence/")] == [b"Tidy work."]
    verdict = verdict_on(pack)
    assert verdict.facts is not None
    assert (verdict.facts.withheld, verdict.facts.evidence_not_here) == (4, 1)  # two texts, two names of files


def replace_role(viewer: Viewer, role: Role, **more: Any) -> Viewer:
    return Viewer(viewer.person, viewer.name, viewer.school, viewer.school_name, role, **more)


async def test_an_auditor_takes_away_what_the_grant_names_and_no_more(ann: Viewer) -> None:
    boilers, drains = await a_history(ann, "Ashby Boilers", "boilers"), await a_history(ann, "Dene Drains", "drains")
    ada = replace_role(ann, Role.AUDITOR, streams=frozenset({f"supplier:{boilers}"}))
    pack, _ = await packed(ada, order_of(ada))
    manifest = json.loads(opened(pack)["manifest.json"])
    assert [stream["name"] for stream in manifest["scope"]["streams"]] == [f"supplier:{boilers}", "trail"]
    assert manifest["scope"]["all"] is False
    assert b"drains" not in opened(pack)["entries.jsonl"]
    with pytest.raises(Invalid):
        await packed(ada, order_of(ada, about(drains)))


async def test_what_is_not_there_and_what_is_not_open_are_refused_alike_and_nothing_is_sealed(ann: Viewer) -> None:
    drains = await a_history(ann, "Dene Drains", "drains")
    ada = replace_role(ann, Role.AUDITOR, streams=frozenset())
    sentences = set()
    for viewer, supplier in ((ann, uuid4()), (ada, drains)):
        with pytest.raises(Invalid) as refused:
            await packed(viewer, order_of(viewer, about(supplier)))
        sentences.add(refused.value.sentence)
    assert len(sentences) == 1
    assert await seals.latest(str(ann.school)) is None


async def test_an_erasure_is_told_from_what_is_withheld(ann: Viewer) -> None:
    boilers = await a_history(ann, "Ashby Boilers", "boilers")
    before, _ = await packed(ann, order_of(ann, about(boilers)))
    await erase(ann, f"supplier:{boilers}", "personal.praise")
    pack, _ = await packed(ann, order_of(ann, about(boilers)))
    verdict, files = verdict_on(pack, since=before), opened(pack)
    assert verdict.facts is not None, verdict.what
    assert (verdict.facts.erased, verdict.facts.withheld) == (1, 0)
    assert b"praise: erased" in files["timeline.csv"]
    assert not any(b"Praise boilers" in content for content in files.values())
    assert verdict_on(before).status == "holds"


async def erase(viewer: Viewer, stream: str, field: str) -> None:
    """One opening, and the entry that says so."""
    async with database.read():
        rows = await Opening.raw(
            """SELECT o.id AS id, o.salt AS salt, o.value AS value, e.idx AS idx FROM audit_opening o
            JOIN audit_entry e ON e.event_id = o.event_id WHERE e.stream = {} AND o.field = {}""",
            stream,
            field,
        )
    (row,) = rows
    commitment = audit.entry.commitment(field, bytes(row["salt"]), row["value"].encode())
    erased = [{"idx": row["idx"], "field": field, "commitment": commitment.hex()}]
    async with audit.recording(viewer) as record:
        await Opening.delete().where(Opening.id == row["id"])
        record(Event.ERASURE_APPLIED, stream=stream, subject="erasure:1", facts={"erased": erased, "evidence": []})


async def test_taking_a_pack_away_is_recorded_after_its_own_end_and_counts_as_a_delivered_seal(ann: Viewer) -> None:
    boilers = await a_history(ann, "Ashby Boilers", "boilers")
    to = io.BytesIO()
    built = await packs.export(ann, order_of(ann, about(boilers)), to=to, sources=SOURCES)
    assert b"pack.exported" not in opened(to.getvalue())["entries.jsonl"]
    assert (await events_of(ann.school))[-1] == "pack.exported"
    async with database.read():
        found = await Opening.raw(
            """SELECT o.value AS value FROM audit_opening o JOIN audit_entry e ON e.event_id = o.event_id
            WHERE e.type = 'pack.exported' AND o.field = 'facts'"""
        )
    facts = json.loads(found[0]["value"])
    assert facts["sha256"] == built.sha256 == sha256(to.getvalue()).hexdigest()
    assert (facts["grade"], facts["size"], facts["streams"]) == ("complete", built.extent.size, [f"supplier:{boilers}"])
    delivered = await seals.delivered(str(ann.school))
    assert delivered is not None
    assert delivered.size == built.extent.size


async def test_one_pack_of_a_school_is_made_at_a_time(ann: Viewer) -> None:
    with takeaway.one_at_a_time(str(ann.school), ann), pytest.raises(Busy):
        await packs.export(ann, order_of(ann), to=io.BytesIO(), sources=SOURCES)
    await packs.export(ann, order_of(ann), to=io.BytesIO(), sources=SOURCES)


@GRADES
@pytest.mark.parametrize(
    "done",
    [
        "UPDATE audit_entry SET header = (SELECT header FROM audit_entry WHERE idx = 0 AND trail = '{0}') WHERE idx = 1",
        "UPDATE audit_entry SET leaf_hash = (SELECT leaf_hash FROM audit_entry WHERE idx = 0 AND trail = '{0}') WHERE idx = 1",
        "DELETE FROM audit_entry WHERE idx = 2 AND trail = '{0}'",
    ],
)
async def test_no_pack_is_made_of_a_trail_that_no_longer_holds(ann: Viewer, grade: Grade, done: str) -> None:
    await directory.add(ann, name="Ashby Boilers")
    await behind_the_triggers(done.format(ann.school))
    with pytest.raises(Conflict, match="fsck"):
        await packed(ann, order_of(ann, grade=grade))


async def test_a_long_trail_is_read_page_by_page(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    boilers = await a_history(ann, "Ashby Boilers", "boilers")
    for _ in range(4):
        await directory.add(ann, name=f"Supplier {uuid4()}")
    whole = {grade: await packed(ann, order_of(ann, about(boilers), grade)) for grade in Grade}
    monkeypatch.setattr("audit.packs.extent.PAGE", 2)
    for grade, (pack, _) in whole.items():
        assert (await packed(ann, order_of(ann, about(boilers), grade)))[0] == pack

"""Whatever somebody with the database in their hands does to a trail is found, at its first entry and in plain words."""

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

import audit
import database
from audit import merkle, note, vkeys
from audit.canonical import canonical_json
from audit.entry import commitment
from audit.events import Event as TrailEvent
from audit.log import fsck, proofs
from audit.tables import CheckpointRow, Entry, Opening, PublicKeyRow, Trail
from tests.given.entries import a_viewer, do, entries, naive_root
from tests.given.examples import whole_on_sqlite
from tests.given.sealing import triggers_off
from tests.given.tampered_database import behind_the_triggers

SCHOOL: Final = UUID(int=7)
OTHER: Final = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
SEALED: Final = 3  # of the six entries

# 1 and 2 change places: by way of 7 and 8, since no two rows may stand at one position even for a moment.
SWAP: Final = "UPDATE audit_entry SET idx = 9 - idx WHERE idx IN (1, 2); UPDATE audit_entry SET idx = idx - 6 WHERE idx > 6"
SWAP_HEADERS: Final = """UPDATE audit_entry SET header = (SELECT o.header FROM audit_entry o WHERE o.idx = 3 - audit_entry.idx),
    leaf_hash = (SELECT o.leaf_hash FROM audit_entry o WHERE o.idx = 3 - audit_entry.idx) WHERE idx IN (1, 2)"""
COPY: Final = f"""INSERT INTO audit_entry SELECT '{OTHER}', trail, 6, header, leaf_hash, type, at, stream, 4, subject
    FROM audit_entry WHERE idx = 3"""
TWICE: Final = f"""DROP INDEX audit_entry_idx; DROP INDEX audit_entry_sseq; INSERT INTO audit_entry
    SELECT '{OTHER}', trail, idx, header, leaf_hash, type, at, stream, sseq, subject FROM audit_entry WHERE idx = 5"""
AWAY: Final = "DELETE FROM audit_entry WHERE idx >= 4; UPDATE audit_head SET size = 4"
ALL_AWAY: Final = f"{AWAY}; DELETE FROM audit_stream WHERE name = 'two'"
EVENT_OF_2: Final = "field = 'event' AND event_id = (SELECT event_id FROM audit_entry WHERE idx = 2)"

# (what was done, how, the first bad position, what is said of it). Entries 0 to 3 are of the stream "one", 4 and 5 of "two".
TAMPERED: Final = (
    ("entry.event_id", f"UPDATE audit_entry SET event_id = '{OTHER}' WHERE idx = 2", 2, "event is no longer stored"),
    ("entry.trail", "UPDATE audit_entry SET trail = 'x' WHERE idx = 2", 2, "entry 3 is missing: the next one there is entry 4"),
    ("entry.idx", "UPDATE audit_entry SET idx = 9 WHERE idx = 2", 2, "entry 3 is missing"),
    ("entry.header", "UPDATE audit_entry SET header = leaf_hash WHERE idx = 2", 2, "the hash stored beside it"),
    ("entry.leaf_hash", "UPDATE audit_entry SET leaf_hash = (SELECT leaf_hash FROM audit_entry WHERE idx = 1) WHERE idx = 2", 2,
     "the hash stored beside it"),
    ("entry.type", "UPDATE audit_entry SET type = 'thing.undone' WHERE idx = 2", 2, "columns to search by"),
    ("entry.at", "UPDATE audit_entry SET at = at - 1 WHERE idx = 4", 4, "columns to search by"),
    ("entry.stream", "UPDATE audit_entry SET stream = 'two', sseq = 2 WHERE idx = 3", 3, "the header says sseq 3"),
    ("entry.stream, in its place", "UPDATE audit_entry SET stream = 'two', sseq = 9 WHERE idx = 0; "
     "UPDATE audit_entry SET sseq = 0 WHERE idx = 0 AND sseq = 9 AND NOT EXISTS (SELECT 1 FROM audit_entry WHERE idx = 4)", 0, "sseq"),
    ("entry.sseq", "UPDATE audit_entry SET sseq = 9 WHERE idx = 3", 3, "the header says sseq 3"),
    ("entry.subject", "UPDATE audit_entry SET subject = 'thing:2' WHERE idx = 4", 4, "columns to search by"),
    ("a removed entry", "DELETE FROM audit_entry WHERE idx = 2", 2, "entry 3 is missing: the next one there is entry 4"),
    ("the first entry removed", "DELETE FROM audit_entry WHERE idx = 0", 0, "entry 1 is missing"),
    ("an added entry", COPY, 6, "the header says idx 3"),
    ("an entry there twice", TWICE, 5, "there are two entries 6"),
    ("entries in another order", SWAP, 1, "the header says idx 2"),
    ("two headers swapped", SWAP_HEADERS, 1, "the header says idx 2"),
    ("a tail cut off", "DELETE FROM audit_entry WHERE idx >= 4", 4, "the stream two counts 2 entries, and there are 0"),
    ("a tail cut off and the head to match", AWAY, 4, "the stream two counts 2 entries, and there are 0"),
    ("a tail and its stream cut off", ALL_AWAY, None, "the head's hashes"),
    ("all entries removed", "DELETE FROM audit_entry", 0, "entries, and there are 0"),

    ("head.trail", "UPDATE audit_head SET trail = 'x'", 6, "the head counts nothing"),
    ("head.size", "UPDATE audit_head SET size = 7", 6, "the head counts 7"),
    ("head.frontier", "UPDATE audit_head SET frontier = (SELECT leaf_hash FROM audit_entry WHERE idx = 0)", None, "the head's hashes"),
    ("head.last_at", "UPDATE audit_head SET last_at = last_at - 1", None, "the head's time"),
    ("a removed head", "DELETE FROM audit_head", 6, "the head counts nothing"),

    ("stream.trail", "UPDATE audit_stream SET trail = 'x' WHERE name = 'two'", 4, "another stream than two"),
    ("stream.name", "UPDATE audit_stream SET name = 'x' WHERE name = 'two'", 4, "another stream than two"),
    ("stream.tag", "UPDATE audit_stream SET tag = (SELECT substr(leaf_hash, 1, 16) FROM audit_entry WHERE idx = 0) WHERE name = 'two'", 4, "another stream"),
    ("stream.size, too many", "UPDATE audit_stream SET size = 3 WHERE name = 'two'", 6, "the stream two counts 3 entries"),
    ("stream.size, too few", "UPDATE audit_stream SET size = 1 WHERE name = 'two'", None, "the stream two counts 1 entries"),
    ("a removed stream", "DELETE FROM audit_stream WHERE name = 'one'", 0, "another stream than one"),
    ("an added stream", f"INSERT INTO audit_stream SELECT '{OTHER}', trail, 'x', substr(leaf_hash, 1, 16), 0 "
     "FROM audit_entry WHERE idx = 0", None, "the stream x counts 0"),
    ("two streams swapped", "UPDATE audit_stream SET name = 'x' WHERE name = 'one'; UPDATE audit_stream SET name = 'one' "
     "WHERE name = 'two'; UPDATE audit_stream SET name = 'two' WHERE name = 'x'", 0, "another stream than one"),

    ("opening.event_id", f"UPDATE audit_opening SET event_id = '{OTHER}' WHERE {EVENT_OF_2}", 2, "event is no longer stored"),
    ("opening.field", f"UPDATE audit_opening SET field = 'x' WHERE {EVENT_OF_2}", 2, "stored as its x is not what"),
    ("opening.salt", "UPDATE audit_opening SET salt = (SELECT leaf_hash FROM audit_entry WHERE idx = 0) WHERE value = '{\"n\":3}'",
     3, "stored as its facts is not what"),
    ("opening.value", "UPDATE audit_opening SET value = '{\"n\":9}' WHERE value = '{\"n\":3}'", 3, "stored as its facts is not what"),
    ("opening.person of an actor", f"UPDATE audit_opening SET person = '{OTHER}' WHERE field = 'actor'", 0, "about another person"),
    ("opening.person of what is about nobody", f"UPDATE audit_opening SET person = '{OTHER}' WHERE {EVENT_OF_2}", 2,
     "about another person"),
    ("a removed event", "DELETE FROM audit_opening WHERE field = 'event'", 0, "its event is no longer stored"),
    ("removed facts", "DELETE FROM audit_opening WHERE value = '{\"n\":2}'", 2, "its facts is no longer stored"),
    ("a text removed without an erasure", "DELETE FROM audit_opening WHERE field = 'personal.body'", 0, "no entry says that it was erased"),
    ("an actor removed without an erasure", "DELETE FROM audit_opening WHERE field = 'actor' AND event_id = "
     "(SELECT event_id FROM audit_entry WHERE idx = 4)", 4, "no entry says that it was erased"),
    ("an added opening", f"INSERT INTO audit_opening SELECT '{OTHER}', event_id, 'personal.x', salt, value, NULL FROM audit_opening "
     f"WHERE {EVENT_OF_2}", 2, "stored as its personal.x is not what"),

    ("trail.owner", "UPDATE audit_trail SET owner = 'x'", None, "the trail's own row is missing"),
    ("trail.origin", "UPDATE audit_trail SET origin = 'x'", 0, "the header says origin"),
    ("a removed trail", "DELETE FROM audit_trail", None, "the trail's own row is missing"),

    ("node: a forged one", f"INSERT INTO audit_node SELECT '{OTHER}', trail, 8, 0, leaf_hash FROM audit_entry WHERE idx = 0", 0,
     "the hash stored for entries 1 to 256 is not theirs"),

    ("checkpoint.trail", "UPDATE audit_checkpoint SET trail = 'x'", None, ""),
    ("checkpoint.origin", "UPDATE audit_checkpoint SET origin = 'x'", 0, "its text says something else"),
    ("checkpoint.size", "UPDATE audit_checkpoint SET size = 4", 0, "the seal of 4 entries is of others"),
    ("checkpoint.size, past the end", "UPDATE audit_checkpoint SET size = 9", 6, "there are only 6: the rest was removed"),
    ("checkpoint.root", "UPDATE audit_checkpoint SET root = (SELECT leaf_hash FROM audit_entry WHERE idx = 0)", 0, "is of others"),
    ("checkpoint.note", "UPDATE audit_checkpoint SET note = root", 0, "can't be trusted"),
)  # fmt: skip

NODES: Final = (
    ("node.trail", "UPDATE audit_node SET trail = 'x' WHERE n = 1 AND level = 8", 256, "entries 257 to 512"),
    ("node.level", "UPDATE audit_node SET level = 16 WHERE n = 1 AND level = 8", 256, "entries 257 to 512"),
    ("node.n", "UPDATE audit_node SET n = 5 WHERE n = 1 AND level = 8", 256, "entries 257 to 512"),
    ("node.hash", "UPDATE audit_node SET hash = (SELECT leaf_hash FROM audit_entry WHERE idx = 0) WHERE n = 1 AND level = 8", 256,
     "257 to 512"),
    ("node.hash, of few", "UPDATE audit_node SET hash = (SELECT leaf_hash FROM audit_entry WHERE idx = 0) WHERE n = 9 AND level = 4",
     144, "entries 145 to 160"),
    ("a node of too few", "UPDATE audit_node SET level = 12, n = 1 WHERE n = 9 AND level = 4", 4096, "entries 4097 to 8192"),
    ("a removed node", "DELETE FROM audit_node WHERE n = 0 AND level = 8", 0, "entries 1 to 256"),
    ("two nodes swapped", "UPDATE audit_node SET n = 5 - n WHERE level = 8; UPDATE audit_node SET n = n - 4 WHERE level = 8", 0,
     "entries 1 to 256"),
)  # fmt: skip

# SQLite alone keeps what is not of a column's type.
NONSENSE: Final = (
    ("entry.event_id", "UPDATE audit_entry SET event_id = 'x' WHERE idx = 2", 2),
    ("entry.idx", "UPDATE audit_entry SET idx = 'x' WHERE idx = 2", 2),
    ("entry.header", "UPDATE audit_entry SET header = 'x' WHERE idx = 2", 2),
    ("entry.leaf_hash", "UPDATE audit_entry SET leaf_hash = 5 WHERE idx = 2", 2),
    ("entry.at", "UPDATE audit_entry SET at = 'x' WHERE idx = 2", 2),
    ("head.size", "UPDATE audit_head SET size = 'x'", 6),
    ("head.frontier", "UPDATE audit_head SET frontier = 'x'", None),
    ("stream.tag", "UPDATE audit_stream SET tag = 'x' WHERE name = 'two'", 4),
    ("stream.size", "UPDATE audit_stream SET size = 'x' WHERE name = 'two'", None),
    ("opening.salt", f"UPDATE audit_opening SET salt = 'x' WHERE {EVENT_OF_2}", 2),
    ("opening.field", f"UPDATE audit_opening SET field = 'é' WHERE {EVENT_OF_2}", 2),
    ("opening.value", f"UPDATE audit_opening SET value = x'FF' WHERE {EVENT_OF_2}", 2),
    ("opening.person", f"UPDATE audit_opening SET person = 'x' WHERE {EVENT_OF_2}", 2),
)  # fmt: skip


@pytest.fixture
async def trail(db: object) -> str:
    """Six entries, a seal of the first three, and the name of their trail."""
    viewer = a_viewer(SCHOOL)
    await do(viewer, stream="one", n=4)
    await do(viewer, stream="two", n=2)
    await seal(str(SCHOOL), SEALED)
    return str(SCHOOL)


async def seal(trail: str, size: int) -> None:
    secret, vkey = vkeys.new_key("vouch.test")
    async with database.write():
        root = await proofs.root_at(trail, size)
        (origin,) = await Trail.select(Trail.origin).where(Trail.owner == trail).output(as_list=True)
        text = note.checkpoint_text(origin, size, root)
        await PublicKeyRow.insert(PublicKeyRow(vkey=vkey, name="vouch.test", replaces="", since=datetime.now(UTC)))
        await CheckpointRow.insert(
            CheckpointRow(
                id=uuid4(), trail=trail, origin=origin, size=size, root=root,
                note=note.sign_note(text, secret), sealed_at=datetime.now(UTC),
            )
        )  # fmt: skip


async def found(trail: str) -> fsck.Finding:
    """The finding about this trail, which is among those there are."""
    assert trail in await fsck.trails()
    finding = (await fsck.check(trail)).finding
    assert finding is not None
    return finding


async def test_a_trail_that_nobody_touched_holds(trail: str) -> None:
    verdict = await fsck.check(trail)
    assert (verdict.entries, verdict.finding) == (6, None)
    assert verdict.root == naive_root([bytes(e.leaf_hash) for e in await entries(trail)])
    assert await fsck.strays() is None


@pytest.mark.usefixtures("db")
async def test_after_each_stretch_of_a_check_others_have_their_turn() -> None:
    await do(a_viewer(SCHOOL), n=3 * fsck.STRETCH)
    turns, heard = [0], list[tuple[int, int]]()

    async def another() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(another())
    await fsck.check(str(SCHOOL), on_progress=lambda entries: heard.append((entries, turns[0])))
    beside.cancel()
    assert max(entries for entries, _ in heard) == fsck.STRETCH
    assert len({turn for _, turn in heard}) == len(heard)


def cases(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """On PostgreSQL every third: rows are read alike, and what is wrong with them Python finds."""
    return [pytest.param(*row, id=row[0]) for row in whole_on_sqlite(rows)]


@pytest.mark.parametrize(("what", "statements", "idx", "words"), cases(TAMPERED))
async def test_what_was_done_behind_the_triggers_is_found_at_its_first_entry(
    trail: str, what: str, statements: str, idx: int | None, words: str
) -> None:
    await behind_the_triggers(statements)
    finding = await found("x" if what == "checkpoint.trail" else trail)
    assert (finding.idx, words in finding.what) == (idx, True), finding


@pytest.mark.parametrize(("what", "statements", "idx", "words"), cases(NODES))
@pytest.mark.usefixtures("db")
async def test_what_was_done_to_the_hashes_of_subtrees_is_found(what: str, statements: str, idx: int, words: str) -> None:
    await do(a_viewer(SCHOOL), n=512)
    await behind_the_triggers(statements)
    finding = await found(str(SCHOOL))
    assert (finding.idx, words in finding.what) == (idx, True), (what, finding)


@pytest.mark.usefixtures("db")
async def test_an_entry_rewritten_with_all_that_is_its_own_is_found_by_the_hash_above_it() -> None:
    await do(a_viewer(SCHOOL), n=6)
    third = (await entries(SCHOOL))[2]
    async with database.read():
        rows: list[Opening] = await Opening.objects().where(Opening.event_id == third.event_id)
    (facts,) = [row for row in rows if row.field == "facts"]
    forged = canonical_json({"n": 9})
    swap = {commitment("facts", bytes(facts.salt), value).hex() for value in (facts.value.encode(), forged)}
    header = json.loads(third.header)
    header["c"] = sorted({*header["c"]} ^ swap)
    async with triggers_off():
        await Opening.update({Opening.value: forged.decode()}).where(Opening.id == facts.id)
        new = canonical_json(header)
        await Entry.update({Entry.header: new, Entry.leaf_hash: merkle.leaf_hash(new)}).where(Entry.idx == 2)
    finding = await found(str(SCHOOL))
    assert (finding.idx, finding.what) == (None, "the head's hash of entries 1 to 4 is not theirs: one was changed")


async def test_an_erased_value_leaves_the_trail_whole(trail: str) -> None:
    viewer = a_viewer(SCHOOL)
    async with database.read():
        row: Any = await Opening.select().where(Opening.field == "personal.body").first()
        idx: Any = await Entry.select(Entry.idx).where(Entry.event_id == row["event_id"]).first()
    item = {"idx": idx["idx"], "field": row["field"], "commitment": made(row)}
    async with audit.recording(viewer) as record:
        await Opening.delete().where(Opening.id == row["id"])
        record(TrailEvent.ERASURE_APPLIED, stream="one", subject="erasure:1", facts={"erased": [item], "evidence": []})
    assert (await fsck.check(trail)).finding is None


async def test_a_value_that_is_there_although_it_was_erased_is_found(trail: str) -> None:
    async with database.read():
        row = await Opening.select().where(Opening.value == '{"n":2}').first()
    assert row is not None
    item = {"idx": 2, "field": "personal.body", "commitment": made(row)}
    async with audit.recording(a_viewer(SCHOOL)) as record:
        record(TrailEvent.ERASURE_APPLIED, stream="one", subject="erasure:1", facts={"erased": [item], "evidence": []})
    finding = await found(trail)
    assert (finding.idx, finding.what) == (2, "its personal.body is stored, and entry 7 says that it was erased")


async def test_values_that_belong_to_no_entry_are_found(trail: str) -> None:
    await behind_the_triggers(f"INSERT INTO audit_opening SELECT '{OTHER}', '{OTHER}', field, salt, value, NULL FROM audit_opening "
                              f"WHERE {EVENT_OF_2}")  # fmt: skip
    assert await fsck.strays() == fsck.Finding("", None, "1 stored values belong to no entry")
    assert (await fsck.check(trail)).finding is None


def made(row: dict[str, Any]) -> str:
    return commitment(row["field"], bytes(row["salt"]), row["value"].encode()).hex()


@pytest.mark.one_engine  # what PostgreSQL's types keep out
@pytest.mark.parametrize(("what", "statements", "idx"), cases(NONSENSE))
async def test_what_cannot_even_be_read_is_found_at_its_first_entry(
    trail: str, what: str, statements: str, idx: int | None
) -> None:
    if database.is_postgres():
        return
    await behind_the_triggers(statements)
    assert (await found(trail)).idx == idx, what

"""Whatever somebody with the database in their hands does to today's rows is named, by its record and its entry.

All of it is done to one school at once, since no row of the table below touches another's: a check of it must find each.
"""

from datetime import timedelta
from typing import Final

import pytest

import database
from audit.checking import comparing
from audit.log.fsck import Finding
from audit.log.subjects import Subject
from audit.tables import Entry
from base import clock
from tests.given.every_check import findings
from tests.given.recorded_world import RecordedWorld, a_recorded_world
from tests.given.tampered_database import behind_the_triggers

pytestmark = pytest.mark.usefixtures("db")
NEW: Final = "00000000-0000-4000-8000-00000000000"
INVENTED: Final = "today's records hold the {}, and no entry tells of it"

Tampering = tuple[str, str]  # what was done, and what is said of it


def changed(table: str, change: str, said: str, which: str, *, by: str = "id") -> Tampering:
    return f"UPDATE {table} SET {change} WHERE {by} = '{{{which}}}'", f"{said} {{{which}}}"  # noqa: S608 - our own text


def ended(table: str, change: str, said: str, which: str, *, by: str = "id") -> Tampering:
    return changed(table, change, "", which, by=by)[0], f"hold the {said} {{{which}}} no more"


def deleted(table: str, said: str, which: str, *, by: str = "id") -> Tampering:
    return f"DELETE FROM {table} WHERE {by} = '{{{which}}}'", f"hold the {said} {{{which}}} no more"  # noqa: S608 - our own text


def copied(table: str, columns: str, values: str, which: str, said: str, *, by: str = "id") -> Tampering:
    """A row like another one, under an id of its own."""
    source = f"SELECT {values} FROM {table} WHERE {by} = '{{{which}}}'"  # noqa: S608 - our own text
    return f"INSERT INTO {table} (id, {columns}) {source}", INVENTED.format(said)


REVIEW, NOTE, FILE, USE = "suppliers_review", "suppliers_note", "suppliers_attachment", "suppliers_use"
MEMBER, GRANT, SCOPE = "sharing_membership", "sharing_auditor_grant", "sharing_auditor_scope"
DECISION, CHOICE, DOCUMENT, CONTRACT = "suppliers_decision", "contracts_decision", "contracts_document", "contracts_contract"
OTHERS_AUDIENCE: Final = "audience = (SELECT audience FROM suppliers_note WHERE id = '{shared}')"
LONG_AGO: Final = "valid_from = '2020-01-01 00:00:00+00:00'"

TAMPERED: Final[tuple[Tampering, ...]] = (
    changed(REVIEW, "rating = 1", "another rating of the review", "r1"),
    changed(REVIEW, "praise = 'Late.'", "another praise of the review", "r2"),
    changed(REVIEW, "criticism = ''", "another criticism of the review", "r3"),
    deleted(REVIEW, "review", "r4"),
    ended(REVIEW, "withdrawn_at = written_at", "review", "r5"),
    changed(REVIEW, "interest = 'A cousin.'", "another declares_interest, interest of the review", "r6"),
    changed(REVIEW, OTHERS_AUDIENCE, "another grants of the review", "r7"),
    changed(REVIEW, "withdrawn_at = NULL", "it ended the review", "r8"),
    copied(REVIEW, "school, supplier, rating, praise, criticism, author, version, written_at",
           f"'{NEW}1', school, '{{s9}}', 5, 'Splendid.', '', author, 1, written_at", "r1", f"review {NEW}1"),
    changed(NOTE, "body = 'Early.'", "another criticism of the note", "n1"),
    changed(NOTE, "happened_on = '2020-01-01'", "another happened_on of the note", "n2"),
    changed(NOTE, "about = 'good'", "another about, body, criticism of the note", "n3"),
    deleted(NOTE, "note", "n4"),
    changed(NOTE, "audience = NULL", "another grants of the note", "shared"),
    copied(NOTE, "school, supplier, about, body, happened_on, author, version, written_at",
           f"'{NEW}4', school, supplier, about, 'Never came.', happened_on, author, 1, written_at", "n1", f"note {NEW}4"),
    changed(FILE, "data = digest", "another sha256 of the file of a note", "f1"),
    changed(FILE, "data = digest, size = 32", "another sha256 of the file of a note", "f2"),
    deleted(FILE, "file of a note", "f3"),
    copied(FILE, "note, school, filename, media_type, digest, size, data",
           f"'{NEW}2', note, school, filename, media_type, digest, size, data", "f1", f"file of a note {NEW}2"),
    deleted(USE, "use of supplier", "s5", by="supplier"),
    changed(USE, "until_at = NULL", "it ended the use of supplier", "s8", by="supplier"),
    changed(MEMBER, "role = 'head'", "another role of the role of person", "gil", by="person"),
    ended(MEMBER, "valid_until = valid_from", "role of person", "gus", by="person"),
    changed(MEMBER, "valid_until = NULL", "it ended the role of person", "guy", by="person"),
    copied(MEMBER, "person, school, role, valid_from", f"'{NEW}3', '{{eve}}', school, 'head', valid_from", "gil",
           "role of person {eve}", by="person"),
    changed(DECISION, "judgement = 'unsure'", "another judgement of the decision", "d1"),
    ended(DECISION, "undone_at = decided_at", "decision", "d2"),
    changed(CHOICE, "choice = 'renew'", "another choice of the decision on a contract", "decided"),
    changed(DOCUMENT, "data = digest", "another sha256 of the document", "document"),
    ended(CONTRACT, "audience = NULL", "shares of contract", "contract"),
    changed(GRANT, "valid_until = '{later}'", "another until of the grant of an auditor", "g1"),
    changed(SCOPE, "stream = NULL", "another scope of the grant of an auditor", "g2", by="auditor_grant"),
    changed(SCOPE, "revoked_at = NULL", "it ended the grant of an auditor", "g4", by="auditor_grant"),
)  # fmt: skip
# PostgreSQL's own constraint refuses it, whoever asks.
ON_SQLITE: Final = (changed(GRANT, LONG_AGO, "", "g3")[0], "the grant {g3} lets an auditor in for more than 90 days")


@pytest.fixture
async def world(db: object, monkeypatch: pytest.MonkeyPatch) -> RecordedWorld:
    monkeypatch.setattr(comparing, "MOST_NAMED", 1_000)
    return await a_recorded_world()


async def found(world: RecordedWorld) -> dict[str, Finding]:
    told = await findings()
    assert {one.trail for one in told} <= {world.trail}
    return {one.what: one for one in told}


async def test_every_tampering_of_todays_rows_is_named_and_nothing_else(world: RecordedWorld) -> None:
    assert await found(world) == {}
    done = TAMPERED if database.is_postgres() else (*TAMPERED, ON_SQLITE)
    later = (clock.now() + timedelta(days=60)).isoformat(" ")
    await behind_the_triggers(";".join(statement.format(**world.ids, later=later) for statement, _ in done))
    said = await found(world)
    for _, words in done:
        (what,) = [one for one in said if words.format(**world.ids) in one]
        del said[what]
    assert said == {}


async def test_the_entry_that_says_otherwise_is_named(world: RecordedWorld) -> None:
    statement, words = TAMPERED[0]
    await behind_the_triggers(statement.format(**world.ids))
    (finding,) = (await found(world)).values()
    async with database.read():
        about = (Entry.trail == world.trail) & (Entry.subject == Subject.REVIEW.of(world.ids["r1"]))
        told = await Entry.select(Entry.idx).where(about).order_by(Entry.idx).first()
    assert told is not None
    assert (finding.idx, finding.what) == (told["idx"], f"today's records hold {words.format(**world.ids)}")


async def test_more_than_twenty_differences_are_counted(world: RecordedWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MOST_NAMED", 3)
    await behind_the_triggers("UPDATE suppliers_review SET rating = 1; UPDATE suppliers_note SET body = 'Early.'")
    said = await findings()
    assert len(said) == 4
    assert said[-1].what.endswith("more differences like these")

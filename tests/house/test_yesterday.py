"""What version 0.1 made opens the same today: a database, and packs that somebody holds. tests/data/yesterday/README.md"""

import gzip
import io
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import date
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from piccolo.apps.migrations.tables import Migration

import database
from audit.log import fsck, proofs, whose
from audit.packs import earlier
from audit.packs.extent import Scope
from audit.packs.order import Grade, PackOrder
from audit.reading import timeline
from audit.verifier import verdict
from audit.verifier.verify import verify_pack
from audit.verifier.words import in_words
from base.settings import Settings
from base.viewer import Viewer
from database import migrations
from sharing.sign_in import sessions
from suppliers.directory import directory
from tests.conftest import Template, opened
from tests.given import checkout
from tests.given.as_then import as_then
from tests.given.bare_python import run as run_bare
from tests.given.builders import signed_in
from tests.given.command import vouch
from tests.given.hand_made_packs import listed, unzipped, zipped
from tests.given.made_packs import packed

DATA: Final = checkout.DATA / "yesterday"
COMPLETE, EXTRACT, SEAL = DATA / "complete.zip", DATA / "extract.zip", DATA / "checkpoint"
KEYS: Final = (DATA / "keys.txt").read_text().split()
EXPECTED: Final = json.loads((DATA / "database.json").read_text())
HELD = pytest.mark.parametrize(
    ("pack", "since"),
    [(COMPLETE, None), (EXTRACT, COMPLETE), (EXTRACT, SEAL)],
    ids=["complete", "extract since a pack", "extract since a seal"],
)
RAN: Final = "SELECT app_name, name FROM migration ORDER BY id"
FOR_PEOPLE: Final = {"report.pdf", "report.xlsx", "READ-ME.txt", "vouch_verify.py"}  # of a pack; prove nothing


def unpacked(file: Path) -> Path:
    file.write_bytes(gzip.decompress((DATA / "vouch.sqlite.gz").read_bytes()))
    return file


@pytest.fixture
async def yesterday(template: Template, tmp_path: Path) -> AsyncIterator[None]:
    """The old database, open and migrated; ``template`` gives this test its own folder of keys, which stays empty."""
    async with opened(f"sqlite:///{unpacked(tmp_path / 'vouch.sqlite')}"):
        await migrations.migrate()
        yield


async def the_viewer(name: str) -> Viewer:
    ids = EXPECTED["people"][name]
    found = await sessions.viewer_of(await sessions.start(UUID(ids["person"]), UUID(ids["school"])))
    assert found is not None
    return found


async def recomputed() -> dict[str, dict[str, Any]]:
    """Entries and root of every trail, none of which may have a finding."""
    verdicts = [await fsck.check(trail) for trail in await fsck.trails()]
    assert [found.finding for found in verdicts if found.finding] == []
    assert await fsck.strays() is None
    return {found.trail: {"entries": found.entries, "root": found.root.hex()} for found in verdicts}


def by_slice(rows: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Names of migrations in the order in which they ran."""
    return {part: [name for _, name in some] for part, some in groupby(rows, key=lambda row: row[0])}


async def test_the_migrations_of_yesterday_are_the_first_of_each_slice_under_the_same_names_and_in_the_same_order(
    db: Settings, tmp_path: Path
) -> None:
    """As they ran here, on either engine; a later version adds to the end of a slice."""
    with closing(sqlite3.connect(unpacked(tmp_path / "yesterday.sqlite"))) as connection:
        before = by_slice(connection.execute(RAN).fetchall())
    async with database.read():
        rows = await Migration.raw(RAN)
    today = by_slice([(row["app_name"], row["name"]) for row in rows])
    assert list(today)[: len(before)] == list(before)
    assert {part: today[part][: len(names)] for part, names in before.items()} == before


@pytest.mark.pure
async def test_every_trail_of_yesterday_holds_with_the_entries_and_the_root_that_it_had(yesterday: None) -> None:
    assert await recomputed() == EXPECTED["trails"]


@pytest.mark.pure
@pytest.mark.program
def test_the_command_says_of_them_what_it_said(tmp_path: Path) -> None:
    unpacked(tmp_path / "vouch.sqlite")
    told = vouch(tmp_path, "trail", "fsck", "--json")
    assert (told.returncode, as_then(json.loads(told.stdout), EXPECTED["fsck"])) == (0, EXPECTED["fsck"])


@pytest.mark.pure
async def test_the_timeline_tells_what_it_told(yesterday: None) -> None:
    hal = await the_viewer("hal")
    lines = (await timeline.page(hal, limit=500)).lines
    assert [[one.idx, one.recorded_at.isoformat(), one.type, one.subject, one.who] for one in lines] == EXPECTED["timeline"]
    async with signed_in(hal) as browser:
        page = await browser.get("/trail")
    assert (page.status_code, "better since June" in page.text) == (200, True)


@pytest.mark.pure
async def test_each_school_reads_what_it_read_yesterday_and_no_more(yesterday: None) -> None:
    """Oakfield's file comes back as it was given; Elmwood was shown what was good and not the rest."""
    async with signed_in(await the_viewer("hal")) as browser:
        own = await browser.get(f"/suppliers/{EXPECTED['supplier']}")
        file = await browser.get(f"/attachments/{EXPECTED['file']}")
    async with signed_in(await the_viewer("bob")) as browser:
        shared = await browser.get(f"/suppliers/{EXPECTED['supplier']}")
        kept_back = await browser.get(f"/attachments/{EXPECTED['file']}")
    assert [answer.status_code for answer in (own, file, shared, kept_back)] == [200, 200, 200, 404]
    assert unzipped(COMPLETE.read_bytes())[f"evidence/{sha256(file.content).hexdigest()}.txt"] == file.content
    assert ["Came within the hour." in answer.text for answer in (own, shared)] == [True, True]
    assert ["better since June" in answer.text for answer in (own, shared)] == [True, False]


@pytest.mark.pure
async def test_yesterdays_trail_goes_on_with_its_beginning_unchanged(yesterday: None) -> None:
    hal = await the_viewer("hal")
    trail, before = str(hal.school), EXPECTED["trails"][str(hal.school)]
    await directory.add(hal, name="Quill Joinery")
    after = await recomputed()
    assert after.pop(trail)["entries"] > before["entries"]
    assert after == {name: was for name, was in EXPECTED["trails"].items() if name != trail}
    async with database.read():
        assert (await proofs.root_at(trail, before["entries"])).hex() == before["root"]


@pytest.mark.pure
async def test_yesterdays_trails_say_whose_they_are_from_now_on(yesterday: None) -> None:
    """Once, behind the entries that they had; Elmwood's began anew, and says so as before."""
    assert sum([told async for told in whose.name_all()]) == len(EXPECTED["trails"])
    after = await recomputed()
    assert {trail: was["entries"] + 1 for trail, was in EXPECTED["trails"].items()} == {
        trail: now["entries"] for trail, now in after.items()
    }
    school = EXPECTED["people"]["hal"]["school"]
    size = after[school]["entries"]
    pack, _ = await packed(None, PackOrder(school, "Oakfield Primary", Scope(), Grade.COMPLETE, size=size))
    found = verify_pack(io.BytesIO(pack), since=str(COMPLETE), keys=KEYS[:0])
    assert found.facts
    assert found.facts.whose
    assert (found.facts.whose.name, found.facts.named_since) == ("Oakfield Primary", size - 1)
    assert f"named from entry {size} on" in in_words(found)


def proving(pack: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files that prove something, and what the manifest claims beside their digests and the format: a later one has another
    table, which is made from the entries.
    """
    files = {name: content for name, content in unzipped(pack).items() if name not in (*FOR_PEOPLE, "timeline.csv")}
    claims = json.loads(files.pop("manifest.json"))
    del claims["files"], claims["format"]
    return files, claims


@pytest.mark.pure
async def test_the_packs_of_yesterday_are_made_again_byte_for_byte(yesterday: None) -> None:
    school = EXPECTED["people"]["hal"]["school"]
    whole = PackOrder(school, "Oakfield Primary", Scope(), Grade.COMPLETE, size=53)
    held = earlier.of_file(io.BytesIO(COMPLETE.read_bytes()), KEYS)
    of_one = Scope.of_days([f"supplier:{EXPECTED['supplier']}"], date(2026, 6, 8), None)
    part = PackOrder(school, "Oakfield Primary", of_one, Grade.EXTRACT, size=55, earlier=held)
    for order, pack in ((whole, COMPLETE), (part, EXTRACT)):
        again, _ = await packed(None, order)
        (files, claims), (files_then, claims_then) = proving(again), proving(pack.read_bytes())
        assert files == files_then
        assert as_then(claims, claims_then) == claims_then


@pytest.mark.pure
@HELD
def test_a_pack_of_yesterday_gets_the_verdict_that_it_got(pack: Path, since: Path | None) -> None:
    found = verify_pack(str(pack), keys=KEYS, since=None if since is None else str(since))
    then = json.loads(pack.with_suffix(".json").read_text())
    assert as_then(json.loads(verdict.to_json(found)), then) == then
    assert found.facts
    assert found.facts.whose is None
    assert "Whose trail it is: not proven. The pack says: Oakfield Primary" in in_words(found)


@pytest.mark.pure
@pytest.mark.program
@HELD
def test_the_published_file_gives_it_the_same_verdict(pack: Path, since: Path | None) -> None:
    keys = [word for key in KEYS for word in ("--key", key)]
    ended = run_bare(pack, *keys, *(() if since is None else ("--since", since)), "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    then = json.loads(pack.with_suffix(".json").read_text())
    assert as_then(json.loads(ended.stdout), then) == then


def worsened(pack: bytes) -> tuple[bytes, int]:
    """A copy in which one byte of one entry is another, and the list of files mended; the idx of the entry."""
    files = unzipped(pack)
    before, rating, after = files["entries.jsonl"].partition(b'rating\\":4')
    assert rating
    return zipped(listed({**files, "entries.jsonl": before + b'rating\\":5' + after})), before.count(b"\n")


@pytest.mark.pure
@pytest.mark.program
@pytest.mark.parametrize("pack", [COMPLETE, EXTRACT], ids=["complete", "extract"])
def test_one_byte_changed_in_an_entry_of_it_is_found_and_the_entry_named(tmp_path: Path, pack: Path) -> None:
    copy, n = worsened(pack.read_bytes())
    (tmp_path / "pack.zip").write_bytes(copy)
    idx = json.loads(json.loads(unzipped(copy)["entries.jsonl"].splitlines()[n])["header"])["idx"]
    found = verify_pack(io.BytesIO(copy), keys=KEYS)
    assert (found.status, found.fault, found.idx, found.what.startswith(f"Entry {idx + 1}:")) == ("fails", "mismatch", idx, True)
    ended = run_bare(tmp_path / "pack.zip", "--json")
    assert (ended.returncode, json.loads(ended.stdout)) == (1, json.loads(verdict.to_json(found)))

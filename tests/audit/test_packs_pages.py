"""Taking a pack away, in the browser, over the API and as the operator types it."""

import asyncio
import io
import json
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from audit.packs import pages
from audit.seals import seals
from audit.verifier.verify import verify_pack
from base.settings import Settings
from base.viewer import KeyScope, Viewer
from sharing.sign_in import api_keys
from suppliers.directory import directory
from tests.given.builders import a_person, a_school, events_of, program, signed_in
from tests.given.checkout import VOUCH
from tests.given.made_packs import opened
from tests.given.patience import PATIENCE
from web.http.downloads import in_a_file_name

EVERYTHING = {"what": "all", "grade": "complete"}


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await a_person(await a_school("St Mary’s Primary, Ashby"))


async def suppliers_of(viewer: Viewer, *names: str) -> list[UUID]:
    return [(await directory.add(viewer, name=name)).id for name in names]


async def test_the_page_gives_a_pack_that_holds(ann: Viewer) -> None:
    (boilers,) = await suppliers_of(ann, "Ashby Boilers")
    async with signed_in(ann) as browser:
        assert "Ashby Boilers" in (await browser.get("/trail/packs")).text
        form = {"what": "chosen", "streams": f"supplier:{boilers}", "grade": "extract"}
        answer = await browser.post("/trail/packs", data=form)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="st-marys-primary-ashby-audit-pack-4.zip"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert verify_pack(io.BytesIO(answer.content)).status == "holds"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"what": ""}, pages.CHOOSE),
        ({"what": "chosen"}, pages.TICK),
        ({"grade": "best"}, pages.GRADE),
        ({"what": "chosen", "streams": "supplier:elsewhere"}, "There is nothing in your trail about one of those that you chose"),
        ({"first-day": "2", "first-month": "9", "first-year": "2026", "last-day": "1", "last-month": "9", "last-year": "2026"},
         "The last day must be the first day or later."),
        ({"first-day": "1", "first-month": "1", "first-year": "1999"}, "Enter a day between 2000 and 2099."),
        ({"last-day": "31", "last-month": "12", "last-year": "9999"}, "Enter a day between 2000 and 2099."),
        ({"seal": "nonsense"}, "That is not a seal that this installation signed."),
    ],
)  # fmt: skip
async def test_a_slip_in_the_form_loses_nothing_and_leaves_nothing(ann: Viewer, wrong: dict[str, str], sentence: str) -> None:
    (boilers,) = await suppliers_of(ann, "Ashby Boilers")
    ticked = {} if wrong == {"what": "chosen"} else {"streams": f"supplier:{boilers}"}
    async with signed_in(ann) as browser:
        answer = await browser.post("/trail/packs", data=EVERYTHING | ticked | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (await events_of(ann.school))[-1] == "supplier.added"
    assert await seals.latest(str(ann.school)) is None


async def test_of_many_suppliers_one_is_found_by_name_and_ticks_stay(ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_SHOWN", 1)
    _, brook, _ = await suppliers_of(ann, "Ashby Boilers", "Brook Cleaning", "Carr Catering")
    async with signed_in(ann) as browser:
        first = (await browser.get("/trail/packs")).text
        query = {"q": "carr", "streams": f"supplier:{brook}", "what": "chosen", "first-year": "2026"}
        found = (await browser.get("/trail/packs", params=query)).text
    assert ("Ashby Boilers" in first, "Brook Cleaning" in first, "3 more not shown" in first) == (True, False, True)
    assert ("Ashby Boilers" in found, "Brook Cleaning" in found, "Carr Catering" in found) == (False, True, True)
    assert f'value="supplier:{brook}" checked' in found
    assert 'value="2026"' in found


async def test_the_api_gives_the_same_pack(ann: Viewer) -> None:
    (boilers,) = await suppliers_of(ann, "Ashby Boilers")
    key = await api_keys.create(ann, name="Ours", days=30, scopes=set(KeyScope))
    async with program(key) as asking:
        body = {"grade": "complete", "streams": [f"supplier:{boilers}"], "first_day": "2020-01-01", "last_day": "2099-12-31"}
        answer = await asking.post("/api/v1/trail/pack", json=body)
        seal = opened(answer.content)["checkpoint"].decode()
        later = await asking.post("/api/v1/trail/pack", json={"grade": "complete", "seal": seal})
        refused = [
            await asking.post("/api/v1/trail/pack", json=wrong)
            for wrong in ({"grade": "best"}, {"grade": "complete", "streams": []}, {"grade": "complete", "seal": "x"})
        ]
    assert verify_pack(io.BytesIO(answer.content)).status == "holds"
    assert verify_pack(io.BytesIO(later.content), since=io.BytesIO(seal.encode())).status == "holds"
    assert [answer.status_code for answer in refused] == [400, 400, 422]


@asynccontextmanager
async def an_export(chosen: Settings, school: str, *more: str) -> AsyncIterator[tuple[int, str, str]]:
    """`vouch trail export` as a program of its own on this test's database: exit status, stdout, stderr."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith("VOUCH_")}
    env = rest | {"VOUCH_DATA": str(chosen.data), "VOUCH_DATABASE_URL": chosen.database_url, "VOUCH_KEYS": str(chosen.keys)}
    command = [*VOUCH, "trail", "export", school, "--json", "--reason", "The chair asked for it", "--letters-posted", *more]
    done = await asyncio.to_thread(
        subprocess.run, command, env=env, cwd=chosen.data, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    yield done.returncode, done.stdout, done.stderr


@pytest.mark.program
async def test_an_operator_exports_a_school_by_its_urn(ann: Viewer, db: Settings) -> None:
    school = await a_school("Elmwood Primary", urn=912345)
    bob = await a_person(school, name="Bob Birch")
    await suppliers_of(bob, "Brook Cleaning")
    first, second = db.data / "first.zip", db.data / "second.zip"
    another = db.data / "somebody-elses"
    another.write_bytes(b"kept")
    (db.data / "first.zip.part").symlink_to(another)
    async with an_export(db, "912345", "--to", str(first)) as (status, told, wrong):
        assert (status, wrong) == (0, "")
    facts = json.loads(told)
    assert (facts["entries"], facts["grade"], facts["sealed"]) == (4, "complete", True)
    assert (await events_of(school.id))[-1] == "pack.exported"
    assert (first.stat().st_mode & 0o777, another.read_bytes()) == (0o600, b"kept")
    async with an_export(db, str(school.id), "--to", str(second), "--earlier", str(first), "--grade", "extract") as (
        status,
        _,
        _,
    ):
        assert status == 0
    assert verify_pack(second, since=first).status == "holds"


@pytest.mark.pure  # of the SQLite process: what is refused, and which file is left, is the same on both
@pytest.mark.program
async def test_an_export_that_comes_to_nothing_leaves_no_file(ann: Viewer, db: Settings) -> None:
    async with an_export(db, str(ann.school), "--to", "pack.zip", "--stream", "supplier:nowhere") as (status, _, wrong):
        assert status == 1
    assert "There is nothing in your trail" in wrong
    async with an_export(db, "nowhere", "--to", "pack.zip") as (status, _, wrong):
        assert (status, "neither a URN nor the id of a school" in wrong) == (1, True)
    assert list(db.data.glob("pack.zip*")) == []


@pytest.mark.pure
@pytest.mark.parametrize(
    ("name", "plain"), [("St Mary’s Primary", "st-marys-primary"), ("Ysgol Gymraeg Tŷ’r", "ysgol-gymraeg-tyr"), ("学校", "file")]
)
def test_a_file_is_named_in_plain_letters(name: str, plain: str) -> None:
    assert in_a_file_name(name) == plain

"""The auditor's line in a real browser: let in for a time, reads, takes a pack away, checks it without us, and is out in time."""

import asyncio
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest

import database
from audit.reading import timeline
from base import clock
from base.viewer import Role, Viewer
from sharing.tables import AuditorGrant
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from tests.given.browser import PHONE, Window, chromium, served, window
from tests.given.builders import PASSWORD, a_person, a_school, link_in
from tests.given.checkout import ROOT
from tests.given.hand_made_packs import listed, unzipped, zipped

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("db")]

BOILERS, DRAINS = "Ashby Boilers", "Dene Drains"
PRAISE, KEPT_BACK = "Came within the hour.", "Flooded the kitchen twice."
VERIFIER = ROOT / "audit" / "verifier" / "vouch_verify.py"


async def a_head_with_something_to_audit() -> Viewer:
    hal = await a_person(await a_school(), Role.HEAD, "Hal Hart", email="hal@oakfield.example")
    boilers, drains = (await directory.add(hal, name=BOILERS)).id, (await directory.add(hal, name=DRAINS)).id
    await reviews.review(hal, boilers, opinion=Opinion(interest=None, rating=2, praise=PRAISE), version=None)
    await notes.note(hal, drains, about=About.PROBLEM, body=KEPT_BACK)
    return hal


async def lets_in(head: Window) -> str:
    """Fills the form for somebody who may read about the boilers until tomorrow; the path of the link to send."""
    page, day = head.page, clock.today() + timedelta(days=1)
    await head.open("/trail")
    await head.follow("Auditors")
    await head.press("Let an auditor in")
    await page.get_by_label("Their e-mail address").fill("iris@audit.example")
    await page.get_by_label("What is the audit for?").fill("External review of heating")
    for box, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        await page.get_by_label(box, exact=True).fill(str(number))
    await page.get_by_label("Only what is about some suppliers").check()
    await page.get_by_label(BOILERS).check()
    await head.press("Make the link")
    return urlsplit(link_in(await page.content())).path


async def joins(auditor: Window, path: str) -> None:
    await auditor.open(path)
    assert "to read the audit trail of Oakfield Primary" in await auditor.reads()
    await auditor.page.get_by_label("Your name").fill("Iris Inman")
    await auditor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await auditor.press("Begin")


async def reads_what_is_open(auditor: Window) -> None:
    assert auditor.path == "/trail"
    told = await auditor.reads()
    assert "Open to you: 2 of 5 streams" in told
    assert PRAISE in told
    for hidden in (DRAINS, KEPT_BACK):
        assert hidden not in await auditor.page.content()
    await auditor.follow("As it stood then")
    assert "How a review stood: Ashby Boilers" in await auditor.reads()
    assert await auditor.open("/suppliers") == 403
    assert "An auditor reads the audit trail here" in await auditor.reads()


async def takes_a_pack(auditor: Window) -> bytes:
    await auditor.open("/trail/packs")
    await auditor.page.get_by_label("Everything that you may read").check()
    async with auditor.page.expect_download() as coming:
        await auditor.page.get_by_role("button", name="Make the pack").click()
    return await asyncio.to_thread(Path(await (await coming.value).path()).read_bytes)


def worsened(pack: bytes) -> tuple[bytes, int]:
    """A copy in which somebody made the rating better and mended the list of files; the number of the entry."""
    files = unzipped(pack)
    rows = files["entries.jsonl"].split(b"\n")
    (n,) = (n for n, row in enumerate(rows) if b'rating\\":2' in row)
    rows[n] = rows[n].replace(b'rating\\":2', b'rating\\":5')
    return zipped(listed({**files, "entries.jsonl": b"\n".join(rows)})), n + 1


async def offline(folder: Path, pack: bytes) -> tuple[int, dict[str, object]]:
    """What the published file says of the pack: Python alone, no packages, an empty environment and an empty folder."""
    (folder / "pack.zip").write_bytes(pack)
    (folder / "vouch_verify.py").write_bytes(VERIFIER.read_bytes())
    order = [sys.executable, "-I", "-S", "vouch_verify.py", "pack.zip", "--json"]
    done = await asyncio.to_thread(subprocess.run, order, cwd=folder, env={}, capture_output=True, check=False)
    assert done.stderr == b""
    return done.returncode, json.loads(done.stdout)


async def in_the_browser(auditor: Window, pack: bytes) -> str:
    await auditor.open("/verify")
    given = {"name": "pack.zip", "mimeType": "application/zip", "buffer": pack}
    await auditor.page.set_input_files("#pack", given)  # type: ignore[arg-type]
    await auditor.page.get_by_role("button", name="Check the pack").click()
    await auditor.page.locator(".vouch-verdict").wait_for()
    return " ".join((await auditor.page.locator("#verdict").inner_text()).split())


async def test_an_auditor_is_let_in_checks_the_record_without_us_and_is_out_when_the_grant_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hal = await a_head_with_something_to_audit()
    async with served() as origin, chromium() as browser:
        async with window(browser, origin, hal) as head:
            link = await lets_in(head)
        async with window(browser, origin, width=PHONE) as auditor:
            await joins(auditor, link)
            await reads_what_is_open(auditor)
            pack = await takes_a_pack(auditor)
            assert DRAINS.encode() not in b"".join(unzipped(pack).values())
            await holds_and_a_tampered_copy_fails(auditor, tmp_path, pack)
            await everything_was_noted(hal)
            monkeypatch.setattr(clock, "now", await the_end())
            await auditor.open("/trail")
            assert auditor.path == "/sign-in"
            await auditor.sign_in("iris@audit.example")
            assert "Your time as an auditor has ended" in await auditor.reads()


async def holds_and_a_tampered_copy_fails(auditor: Window, folder: Path, pack: bytes) -> None:
    status, told = await offline(folder, pack)
    assert (status, told["status"]) == (0, "holds")
    assert "holds" in (await in_the_browser(auditor, pack)).lower()
    copy, entry = worsened(pack)
    status, told = await offline(folder, copy)
    assert (status, told["status"], told["idx"]) == (1, "fails", entry - 1)
    assert f"ntry {entry}" in await in_the_browser(auditor, copy)


async def everything_was_noted(hal: Viewer) -> None:
    noted = [line for line in (await timeline.page(hal)).lines if line.who == "Iris Inman"]
    read = {change.new for line in noted for change in line.changes if change.field == "read"}
    assert {line.type for line in noted} >= {"auditor.read", "pack.exported", "auditor.joined"}
    assert {"the timeline", "a record as it stood"} <= read


async def the_end() -> object:
    async with database.read():
        grant = await AuditorGrant.objects().first()
    assert grant is not None
    assert isinstance(grant.id, UUID)
    return lambda: grant.valid_until

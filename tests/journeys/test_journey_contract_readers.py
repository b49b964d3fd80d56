"""Those who read contracts and keep none: a trust lead, a governor and an auditor, on a small phone, without JavaScript."""

import asyncio
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import database
from base import clock
from base.viewer import Role, Viewer
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.judging.kinds import StampKind
from sharing.tables import School
from suppliers.opinions.attachments import Upload
from tests.given.accessibility import is_clean
from tests.given.browser import PHONE, Window, chromium, served, window
from tests.given.builders import PASSWORD, a_person, a_school, email_of, link_in
from tests.given.checkout import ROOT
from tests.given.hand_made_packs import listed, unzipped, zipped
from tests.given.served import a_calendar, a_colleague, a_contract, a_fix_time, a_job, stamped

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("db")]

SCHOOLS = 12
AFTER_EASTER = datetime(2026, 3, 30, 12, tzinfo=clock.LONDON)
SIGNED = b"%PDF-1.7\n1 0 obj\nThe contract, signed."
VERIFIER = ROOT / "audit" / "verifier" / "vouch_verify.py"
DATES: dict[str, Any] = {
    "starts_on": date(2025, 9, 1),
    "ends_on": date(2026, 8, 31),
    "notice": {"n": 3, "unit": "months"},
    "renewal": "rolls",
    "roll": {"n": 1, "unit": "years"},
    "annual_pence": 480_000,
}


async def boilers_of(viewer: Viewer, late: int = 1, **said: Any) -> Any:
    """A contract that ends on 31 August, under which ``late`` calls of two were fixed a day later."""
    with clock.at(datetime(2025, 9, 1, 12, tzinfo=clock.LONDON)):
        await a_calendar(viewer)
    contract = await a_contract(viewer, **{**DATES, **said})
    await a_fix_time(viewer, contract)
    for n, day in enumerate(("2026-01-20", "2026-02-03")):
        job = await a_job(viewer, contract, f"{day} 09:00", what=f"No heating on {day}")
        await stamped(viewer, job, StampKind.FIXED, f"{day[:-2]}{int(day[-2:]) + (n < late):02} 15:30")
    return contract


async def test_a_trust_lead_sees_twelve_schools_dates_and_the_ten_promises_kept_worst() -> None:
    with clock.at(AFTER_EASTER):
        for n in range(SCHOOLS):
            clerk = await a_person(await a_school(f"School {n + 1:02}", trust="Rose Trust"), name=f"Clerk {n}")
            await boilers_of(clerk, late=1 + n % 2, title=f"Boilers {n + 1:02}", ends_on=date(2026, 8, 31) - timedelta(days=n))
        async with database.read():
            rose: Any = await School.objects().where(School.kind == "trust").first()
        lea = await a_person(rose, Role.TRUST_LEAD, "Lea Long")
        async with served() as origin, chromium() as browser, window(browser, origin, width=PHONE, script=False) as seen:
            await seen.sign_in(await email_of(lea))
            await seen.follow("See how the trust's schools stand")
            await is_clean(seen)
            cards = await seen.page.locator(".vouch-columns > li").all_inner_texts()
            decided = [text for text in cards if "Decide by" in text]
            assert len(decided) == SCHOOLS
            assert "School 01" in decided[0]
            assert "Decide by 29 May 2026" in decided[0]
            worst = await seen.page.locator("#worst ~ ol > li").all_inner_texts()
            assert len(worst) == 10
            assert all("Not met: 0 of 2 (0 per cent)" in text for text in worst[:6])
            assert "The 10 promises that were kept worst, of 12" in await seen.reads()
            await reads_what_a_school_logged(seen)


async def reads_what_a_school_logged(seen: Window) -> None:
    """From the worst promise to the call that was late; a lead reads it and is offered nothing to write."""
    await seen.follow("Fixed")
    await is_clean(seen)
    await seen.follow("All that happened")
    await is_clean(seen)
    await seen.follow("No heating on 2026-02-03")
    await is_clean(seen)
    read = await seen.reads()
    assert "Missed by" in read
    assert "Correct" not in read
    assert await seen.page.locator("main form").count() == 0


async def test_a_governor_reads_the_year_and_asks() -> None:
    with clock.at(AFTER_EASTER):
        ann = await a_person(await a_school())
        await boilers_of(ann, conflicts="None")
        gia = await a_colleague(ann, Role.GOVERNOR, "Gia Good")
        async with served() as origin, chromium() as browser, window(browser, origin, width=PHONE, script=False) as seen:
            await seen.sign_in(await email_of(gia))
            await seen.follow("See what ends within a year")
            await is_clean(seen)
            read = await seen.reads()
            for words in (
                "Boilers",
                "31 August 2026",
                "29 May 2026",
                "£4,800",
                "0 of 1 promise met, 1 not met.",
                "Nothing is decided yet",
            ):
                assert words in read
            await seen.page.get_by_label("Your question").fill("Who else did we ask?")
            await seen.press("Ask")
            await is_clean(seen)
            assert "Waits for an answer" in await seen.reads()


async def test_an_auditor_of_one_contract_checks_its_pack_without_us_and_a_tampered_copy_fails(tmp_path: Path) -> None:
    with clock.at(AFTER_EASTER):
        hal = await a_person(await a_school(), Role.HEAD, "Hal Hart")
        boilers = await boilers_of(hal)
        await a_contract(hal, "Drains", supplier_name="Dene Drains")
        await documents.add(hal, boilers, Upload("signed.pdf", SIGNED), What(DocumentKind.SIGNED_COPY), is_letter=False)
        async with served() as origin, chromium() as browser:
            async with window(browser, origin, hal, width=PHONE, script=False) as head:
                path = await lets_in(head)
            async with window(browser, origin, width=PHONE, script=False) as auditor:
                pack = await takes_the_pack(auditor, path)
            inside = unzipped(pack)
            assert SIGNED in inside.values()
            assert b"Dene Drains" not in b"".join(inside.values())
            async with window(browser, origin, width=PHONE) as anybody:
                await holds(anybody, tmp_path, pack)
                await fails(anybody, tmp_path, with_another_document(inside), "is not the file that its name says")
                await fails(anybody, tmp_path, with_a_better_time(inside), "ntry ")


async def lets_in(head: Window) -> str:
    """For whoever may read one contract until tomorrow; the path of the link to send."""
    page, day = head.page, clock.today() + timedelta(days=1)
    await head.open("/auditors")
    await head.press("Let an auditor in")
    await is_clean(head)
    await page.get_by_label("Their e-mail address").fill("iris@audit.example")
    await page.get_by_label("What is the audit for?").fill("Review of heating")
    for box, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        await page.get_by_label(box, exact=True).fill(str(number))
    await page.get_by_label("Only what is about some suppliers or contracts").check()
    await page.get_by_label("Boilers", exact=True).check()
    await head.press("Make the link")
    await is_clean(head)
    return urlsplit(link_in(await page.content())).path


async def takes_the_pack(auditor: Window, path: str) -> bytes:
    await auditor.open(path)
    await auditor.page.get_by_label("Your name").fill("Iris Inman")
    await auditor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await auditor.press("Begin")
    await is_clean(auditor)
    read = await auditor.reads()
    assert "Boilers" in read
    assert "Drains" not in read
    await auditor.open("/trail/packs")
    await is_clean(auditor)
    await auditor.page.get_by_label("Everything that you may read").check()
    async with auditor.page.expect_download() as coming:
        await auditor.page.get_by_role("button", name="Make the pack").click()
    return await asyncio.to_thread(Path(await (await coming.value).path()).read_bytes)


def with_another_document(files: dict[str, bytes]) -> bytes:
    """The contract that they signed, with another number of years in it; the list of files was mended."""
    (name,) = (name for name, content in files.items() if content == SIGNED)
    return zipped(listed({**files, name: SIGNED.replace(b"signed", b"faked.")}))


def with_a_better_time(files: dict[str, bytes]) -> bytes:
    """The engineer was there sooner; the list of files was mended."""
    entries = files["entries.jsonl"]
    assert b"2026-01-21T15:30" in entries
    return zipped(listed({**files, "entries.jsonl": entries.replace(b"2026-01-21T15:30", b"2026-01-20T15:30")}))


async def holds(anybody: Window, folder: Path, pack: bytes) -> None:
    """By the file that schools give away, by the command, and in a browser."""
    for command in (bare(folder), ours(folder)):
        status, said = await checked(folder, pack, command)
        assert (status, "holds" in said) == (0, True), said
    assert "This pack holds" in await in_the_browser(anybody, pack)


async def fails(anybody: Window, folder: Path, pack: bytes, why: str) -> None:
    """With a sentence that says where."""
    for command in (bare(folder), ours(folder)):
        status, said = await checked(folder, pack, command)
        assert (status, why in said) == (1, True), said
    read = await in_the_browser(anybody, pack)
    assert "This pack does not hold" in read
    assert why in read


def bare(folder: Path) -> list[str]:
    """Python alone, with the published file and nothing else."""
    (folder / "vouch_verify.py").write_bytes(VERIFIER.read_bytes())
    return [sys.executable, "-I", "-S", "vouch_verify.py", "pack.zip"]


def ours(folder: Path) -> list[str]:
    del folder
    return [sys.executable, str(ROOT), "trail", "verify", "pack.zip"]


async def checked(folder: Path, pack: bytes, command: list[str]) -> tuple[int, str]:
    """The exit code, and what was said."""
    (folder / "pack.zip").write_bytes(pack)
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=folder, env={"VOUCH_DATA": str(folder)}, capture_output=True, check=False, text=True
    )
    return done.returncode, done.stdout + done.stderr


async def in_the_browser(anybody: Window, pack: bytes) -> str:
    await anybody.open("/verify")
    given: Any = {"name": "pack.zip", "mimeType": "application/zip", "buffer": pack}
    await anybody.page.set_input_files("#pack", given)
    await anybody.page.get_by_role("button", name="Check the pack").click()
    await anybody.page.locator(".vouch-verdict").wait_for()
    return " ".join((await anybody.page.locator("#verdict").inner_text()).split())

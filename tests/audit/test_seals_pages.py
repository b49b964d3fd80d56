"""A school reads its seals, names who is to have them, and knows whether a copy has left. The schedule does the rest."""

import asyncio
import json
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from textwrap import dedent

import httpx
import pytest
from click.testing import CliRunner, Result

import database
from audit.fingerprint import fingerprint
from audit.note import open_note, parse_checkpoint
from audit.seals import keys, recipients, recovery, seals
from audit.tables import Opening
from base import mail, settings
from base.refusals import Conflict, Forbidden, Invalid, NotFound, TooMany
from base.viewer import Role, Viewer
from tests.given.builders import a_person, a_school, events_of, signed_in, stranger, travel
from tests.given.mail_server import server
from tests.given.patience import until
from tests.given.sealing import forget_from, grow
from vouch import app, cli, jobs
from vouch.wiring import SITE
from web.pages.templating import create_environment

pytestmark = pytest.mark.usefixtures("db")

CHAIR = "chair@school.example"


@pytest.fixture
async def ann(db: object) -> Viewer:
    return await a_person(await a_school())


def letters(folder: str = "outbox") -> list[EmailMessage]:
    paths = sorted((settings.current().data / "mail" / folder).glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.SMTP) for path in paths]


def words_of(page: str) -> str:
    """What is read on it, without markup."""
    return " ".join(re.sub("<[^>]+>", "", page).split())


def words_of_letter(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def read(browser: httpx.AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return answer.text


class TestPages:
    async def test_before_the_first_seal_the_page_says_so(self, ann: Viewer) -> None:
        async with signed_in(ann) as browser:
            assert "There is no seal yet" in await read(browser, "/trail/seals")
            assert (await browser.get("/trail/seals/latest.txt")).status_code == 404
            assert (await browser.get("/api/v1/trail/checkpoint")).status_code == 404
            assert "No independent copy has left yet" in await read(browser, "/trail/check")

    async def test_a_downloaded_seal_is_a_copy_outside(self, ann: Viewer) -> None:
        seal = await seals.seal(str(ann.school))
        assert seal is not None
        async with signed_in(ann) as browser:
            before = await read(browser, "/trail/seals")
            file = await browser.get("/trail/seals/latest.txt")
            after = await read(browser, "/trail/seals")
            check = await read(browser, "/trail/check")
        assert "No independent copy has left yet" in before
        assert file.content == seal.note
        assert file.headers["content-disposition"] == f'attachment; filename="vouch-seal-{seal.size}.txt"'
        assert "No independent copy" not in after + check
        assert "Complete and unchanged" in check

    async def test_the_seal_on_the_page_opens_with_the_public_key(self, ann: Viewer) -> None:
        await seals.seal(str(ann.school))
        async with stranger() as anybody:
            vkeys = (await read(anybody, "/verify/keys.txt")).split()
            listed = (await anybody.get("/api/v1/trail/keys")).json()["keys"]
        async with signed_in(ann) as browser:
            checkpoint = (await browser.get("/api/v1/trail/checkpoint")).json()
            page = await read(browser, "/trail/seals")
        text, _ = open_note(checkpoint["note"].encode(), vkeys)
        told = parse_checkpoint(text)
        assert (told.origin, told.size, told.root.hex()) == (checkpoint["origin"], checkpoint["size"], checkpoint["root"])
        assert [key["vkey"] for key in listed] == vkeys[:1] == checkpoint["vkeys"]
        assert [key["cosigner"] for key in listed] == vkeys[1:] == checkpoint["cosigners"]
        assert checkpoint["note"].splitlines()[-1] in page

    async def test_the_fingerprint_of_each_key_stands_wherever_somebody_may_be_asked_for_it(self, ann: Viewer) -> None:
        await seals.seal(str(ann.school))
        await keys.replace(is_lost=False)
        newest, before = [fingerprint(vkey) for vkey in await seals.verifier_keys()]
        async with stranger() as anybody:
            page = await read(anybody, "/verify/keys")
            listed = (await anybody.get("/api/v1/trail/keys")).json()["keys"]
        assert [key["fingerprint"] for key in listed] == [newest, before]
        assert newest in words_of(page).partition("A key from before")[0]
        assert before in words_of(page).partition("A key from before")[2]
        async with signed_in(ann) as browser:
            for path in ("/trail/seals", "/trail/check"):
                assert newest in words_of(await read(browser, path))

    async def test_a_trail_that_went_back_is_told_to_those_whose_it_is(self, ann: Viewer) -> None:
        trail = str(ann.school)
        await grow(3, trail)
        seal = await seals.seal(trail)
        assert seal is not None
        await forget_from(seal.size - 2, trail)
        async with signed_in(ann) as browser:
            assert "The trail no longer fits a seal" in await read(browser, "/trail/seals")
            assert "The trail is not the one that was sealed" in await read(browser, "/trail/check")
            await recovery.recover_some([trail], await keys.signing(), memory_lost=False)
            after = await read(browser, "/trail/check")
            assert "Complete and unchanged" in after
            assert f"The trail began anew with entry {seal.size - 1}." in after

    async def test_a_school_names_who_receives_seals(self, ann: Viewer) -> None:
        async with signed_in(ann) as browser:
            done = await browser.post("/trail/seals/recipients", data={"email": " Chair@School.example "})
            assert done.status_code == 303
            assert CHAIR in await read(browser, "/trail/seals")
            again = await browser.post("/trail/seals/recipients", data={"email": CHAIR})
            assert (again.status_code, "go to this address already" in again.text) == (409, True)
            wrong = await browser.post("/trail/seals/recipients", data={"email": "chair"})
            assert (wrong.status_code, 'value="chair"' in wrong.text) == (422, True)
            (named,) = await recipients.of(ann)
            assert (await browser.post(f"/trail/seals/recipients/{named.id}/remove")).status_code == 303
        assert await recipients.of(ann) == ()
        assert (await events_of(ann.school))[-2:] == ["seal_recipient.added", "seal_recipient.removed"]

    async def test_the_address_can_be_erased_by_itself(self, ann: Viewer) -> None:
        recipient = await recipients.add(ann, CHAIR)
        async with database.read():
            rows = await Opening.select(Opening.field, Opening.value, Opening.person).where(Opening.value.like(f"%{CHAIR}%"))
        assert [(row["field"], row["person"]) for row in rows] == [("personal.email", recipient)]

    async def test_only_heads_and_business_managers_choose(self, db: object) -> None:
        school = await a_school()
        ann, gus = await a_person(school), await a_person(school, Role.GOVERNOR, "Gus Gray")
        recipient = await recipients.add(ann, CHAIR)
        for attempt in (recipients.add(gus, "x@school.example"), recipients.remove(gus, recipient), recipients.send_now(gus)):
            with pytest.raises(Forbidden):
                await attempt
        async with signed_in(gus) as browser:
            page = await read(browser, "/trail/seals")
        assert CHAIR in page
        assert "Send seals to this e-mail address" not in page

    async def test_nobody_else_removes_or_sees_them(self, ann: Viewer) -> None:
        bob = await a_person(await a_school("Elmwood Primary"), name="Bob Birch")
        recipient = await recipients.add(ann, CHAIR)
        with pytest.raises(NotFound):
            await recipients.remove(bob, recipient)
        async with signed_in(bob) as browser:
            assert CHAIR not in await read(browser, "/trail/seals")

    async def test_there_is_a_limit_to_how_many(self, ann: Viewer) -> None:
        for n in range(recipients.MOST):
            await recipients.add(ann, f"r{n}@school.example")
        with pytest.raises(Conflict, match="10 people at most"):
            await recipients.add(ann, CHAIR)
        with pytest.raises(Invalid):
            await recipients.add(ann, "a\nb@school.example")


class TestLetters:
    async def test_send_now_writes_to_everybody_with_the_seal_of_this_moment(self, ann: Viewer) -> None:
        await recipients.add(ann, CHAIR)
        await recipients.add(ann, "auditor@audit.example")
        async with signed_in(ann) as browser:
            assert (await browser.post("/trail/seals/send")).status_code == 303
        seal = await seals.latest(str(ann.school))
        assert seal is not None
        assert sorted(str(letter["To"]) for letter in letters()) == ["auditor@audit.example", CHAIR]
        for letter in letters():
            (attached,) = letter.iter_attachments()
            assert attached.get_content() == seal.note
            assert "Oakfield Primary" in letter["Subject"]
            (vkey,) = await seals.verifier_keys()
            told = " ".join(words_of_letter(letter).split())
            assert f"the key {vkey} whose fingerprint is {fingerprint(vkey)} " in told
            (cosigner,) = await seals.cosigner_keys()
            assert f"Its fingerprint is {fingerprint(cosigner)} " in told
            typed = words_of_letter(letter).replace("\r", "").partition("On paper the seal is\n")[2].partition("\nYou need")[0]
            text, names = open_note(dedent(typed).encode(), [vkey])
            assert (seal.note.decode().startswith(text), len(names)) == (True, 1), "what is typed from paper is a seal"
        assert await seals.delivered(str(ann.school)) is None
        with pytest.raises(TooMany):
            await recipients.send_now(ann)

    async def test_without_recipients_there_is_nobody_to_send_to(self, ann: Viewer) -> None:
        async with signed_in(ann) as browser:
            answer = await browser.post("/trail/seals/send")
        assert (answer.status_code, "Name somebody first" in answer.text) == (409, True)

    async def test_a_copy_has_left_when_the_mail_server_took_it(self, ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
        await recipients.add(ann, CHAIR)
        await seals.seal(str(ann.school))
        await grow(2, str(ann.school))
        async with server(monkeypatch) as taken:
            await recipients.send_now(ann)
            assert await seals.delivered(str(ann.school)) is None
            await jobs.run_due()
        assert len(taken.messages) == 1
        assert await seals.delivered(str(ann.school)) == await seals.latest(str(ann.school))

    async def test_the_schedule_writes_once_a_week_and_only_of_what_is_new(
        self, ann: Viewer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await recipients.add(ann, CHAIR)
        assert (await jobs.run_due()).written == 1
        await grow(1, str(ann.school))
        assert (await jobs.run_due()).written == 0
        travel(monkeypatch, days=8)
        assert (await jobs.run_due()).written == 1  # of what was sealed since the last letter
        travel(monkeypatch, days=8)
        assert (await jobs.run_due()).written == 0
        await grow(1, str(ann.school))
        assert (await jobs.run_due()).written == 1

    async def test_who_was_removed_receives_no_more(self, ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
        recipient = await recipients.add(ann, CHAIR)
        await jobs.run_due()
        await recipients.remove(ann, recipient)
        travel(monkeypatch, days=8)
        assert (await jobs.run_due()).written == 0

    async def test_letters_of_a_forgotten_address_are_purged(self, ann: Viewer) -> None:
        await recipients.add(ann, CHAIR)
        await jobs.run_due()
        assert mail.purge([CHAIR]) == 1


class TestSchedule:
    async def test_one_run_seals_what_has_grown(self, ann: Viewer) -> None:
        await grow(2, "other")
        first, second = await jobs.run_due(), await jobs.run_due()
        assert (first.sealed >= 2, first.failed, second.sealed) == (True, (), 0)

    async def test_a_part_that_fails_stops_no_other_and_is_logged(self, ann: Viewer, capfd: pytest.CaptureFixture[str]) -> None:
        settings.current().keys.mkdir(mode=0o755)
        settings.current().keys.chmod(0o755)
        done = await jobs.run_due()
        assert done.failed == ("seal",)
        assert "job_failed" in "".join(capfd.readouterr())

    async def test_while_serving_it_runs_until_it_is_cancelled(self, ann: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VOUCH_SEAL_EVERY", "1")
        monkeypatch.setattr(jobs, "FIRST_AFTER_SECONDS", 0)
        settings.current.cache_clear()

        async def is_sealed() -> bool:
            return await seals.latest(str(ann.school)) is not None

        serving = asyncio.create_task(jobs.run_forever())
        await until(is_sealed)
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving

    async def test_the_service_does_it_while_it_serves_and_stops_it_when_it_stops(self, db: settings.Settings) -> None:
        serving = app._application(replace(db, seal_every=1), create_environment(db, SITE), ())
        await database.close()
        async with serving.lifespan():
            assert len(schedules()) == 1
        assert schedules() == []
        async with app._application(replace(db, seal_every=0), create_environment(db, SITE), ()).lifespan():
            assert schedules() == []
        await database.open(db)


def schedules() -> list[str]:
    coroutines = [str(task.get_coro()) for task in asyncio.all_tasks()]
    return [name for name in coroutines if "run_forever" in name]


class TestCommands:
    """The commands open the database by themselves, so they run beside the test's own."""

    @staticmethod
    async def run(*words: str, as_json: bool = True) -> Result:
        await database.close()
        try:
            return await asyncio.to_thread(CliRunner().invoke, cli.vouch, [*words, *(["--json"] if as_json else [])])
        finally:
            await database.open(settings.current())

    @pytest.fixture(autouse=True)
    def own_database(self, db: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VOUCH_DATABASE_URL", db.database_url)
        settings.current.cache_clear()

    async def test_checkpoint_seals_recover_recovers_and_keys_lists(self, tmp_path: Path) -> None:
        await grow(5, "school")
        sealed = json.loads((await self.run("trail", "checkpoint")).stdout)
        assert (sealed["sealed"], sealed["refused"]) == (1, {})
        assert json.loads((await self.run("trail", "checkpoint", "--trail", "school")).stdout)["unchanged"] == 1
        assert json.loads((await self.run("trail", "recover")).stdout) == {"recovered": []}
        await forget_from(3, "school")
        refused = await self.run("trail", "checkpoint")
        assert (refused.exit_code, list(json.loads(refused.stdout)["refused"])) == (1, ["school"])
        (recovered,) = json.loads((await self.run("trail", "recover")).stdout)["recovered"]
        assert (recovered["signed_size"], recovered["restored_size"]) == (5, 3)
        assert (await self.run("trail", "checkpoint")).exit_code == 0
        rotated = json.loads((await self.run("trail", "rotate-key")).stdout)
        listed = json.loads((await self.run("trail", "keys")).stdout)["keys"]
        assert [key["vkey"] for key in listed] == [rotated["vkey"], rotated["replaces"]]
        assert [key["fingerprint"] for key in listed] == [fingerprint(key["vkey"]) for key in listed]
        short, whole = [(await self.run("trail", "keys", *words, as_json=False)).stdout for words in ((), ("--vkeys",))]
        for key in listed:
            assert (key["vkey"] in short, key["fingerprint"] in short, key["cosigner_fingerprint"] in short) == (True, True, True)
            assert (key["cosigner"] in short, key["cosigner"] in whole) == (False, True)
        lost = json.loads((await self.run("trail", "rotate-key", "--lost")).stdout)
        assert ((rotated["until"] is None), lost["until"], lost["replaces"]) == (False, None, rotated["vkey"])
        assert json.loads((await self.run("jobs", "run-due")).stdout)["failed"] == []
        assert (await self.run("trail", "fsck")).exit_code == 0

    async def test_where_the_key_is_not_one_sentence_says_so(self, tmp_path: Path) -> None:
        await grow(1, "school")
        await keys.signing()
        settings.current().keys.rename(tmp_path / "elsewhere")
        for words in (("checkpoint",), ("recover",), ("rotate-key",)):
            answer = await self.run("trail", *words)
            assert isinstance(answer.exception, Conflict)
            assert "does not hold the key" in str(answer.exception)

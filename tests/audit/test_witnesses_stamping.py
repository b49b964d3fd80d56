"""Our seals get time stamps where the operator named a service, and nothing that it does or leaves undone holds up a seal."""

import asyncio
import io
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from structlog.testing import capture_logs

from audit.seals import keys, recipients, seals, stamped
from audit.stamps import tokens
from audit.tables import TimeStampRow
from audit.verifier.verify import verify_pack
from audit.witnesses import sending, stamping
from base import settings
from base.mail import waiting
from base.settings import Settings, SettingsError
from tests.given.builders import a_person, a_school, signed_in
from tests.given.made_packs import opened
from tests.given.sealing import TRAIL, a_pack, fault_of, grow, sealed, triggers_off
from tests.given.time_stamping import YEAR, Service, Wanted, at_an_address, other_root, root, service, signed_by
from tests.given.witnessing import OAK, answering, reply
from vouch import cli, fitness, jobs

pytestmark = pytest.mark.usefixtures("db")

Answer = Callable[[bytes], bytes]


class Named:
    """Names a service in the settings, and the certificates that it is checked with."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.roots, self._patch = folder / "roots.pem", patch
        self.roots.write_bytes(root().pem)

    def __call__(self, url: str) -> None:
        self._patch.setenv("VOUCH_TSA", url)
        self._patch.setenv("VOUCH_TSA_ROOTS", str(self.roots))
        settings.current.cache_clear()

    @asynccontextmanager
    async def asked(self, answer: Answer | Service) -> AsyncIterator[list[bytes]]:
        async with at_an_address(answer.answer if isinstance(answer, Service) else answer) as (url, heads):
            self(url)
            yield heads


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Named:
    monkeypatch.setattr(stamped, "_failed", {})
    return Named(tmp_path, monkeypatch)


async def of_latest(trail: str = TRAIL) -> stamped.Stamped | None:
    latest = await seals.latest(trail)
    assert latest
    return await stamped.of(latest.origin, latest.size, latest.note)


async def verified(folder: Path, pack: bytes, *more: object) -> tuple[int, str]:
    (folder / "pack.zip").write_bytes(pack)
    command = ["trail", "verify", str(folder / "pack.zip"), *map(str, more)]
    done = await asyncio.to_thread(lambda: CliRunner().invoke(cli.vouch, command))
    return done.exit_code, done.stdout


class TestAServiceThatAnswers:
    async def test_each_new_seal_gets_a_time_stamp_once(self, named: Named) -> None:
        async with named.asked(service()) as heads:
            for size in (3, 10):
                await grow(size)
                done = await jobs.run_due()
                assert (done.failed, done.stamped, done.unstamped) == ((), done.sealed, 0)
            assert (await jobs.run_due()).stamped == 0
        assert b"\r\ncontent-type: application/timestamp-query\r\n" in heads[0].lower()
        stamp = await of_latest()
        assert stamp
        assert stamp.by == "Oak Time Stamps"
        assert abs(stamp.at - datetime.now(UTC)) < timedelta(minutes=5)

    async def test_a_pack_carries_it_and_the_command_says_who_gave_it_and_when(self, named: Named, tmp_path: Path) -> None:
        async with named.asked(replace(service(), at=lambda: datetime.now(UTC).replace(second=7))):
            await grow(2)
            pack = await a_pack()  # sealed and stamped for it
        stamp = await of_latest()
        assert stamp
        status, told = await verified(tmp_path, pack, "--tsa", named.roots)
        assert status == 0
        line = f"the seal was time-stamped by Oak Time Stamps at {stamp.at:%Y-%m-%dT%H:%M:07Z}, by that service's clock"
        assert f"  Time stamp: {line}" in told
        assert "not checked here" not in told
        facts = json.loads((await verified(tmp_path, pack, "--tsa", named.roots, "--json"))[1])["facts"]
        assert (facts["time_stamp"]["by"], facts["left_open"]) == ("Oak Time Stamps", [])

    async def test_without_certificates_the_command_says_that_it_was_not_checked(self, named: Named, tmp_path: Path) -> None:
        async with named.asked(service()):
            await grow(2)
            pack = await a_pack()
        status, told = await verified(tmp_path, pack)
        assert status == 0
        assert "  Time stamp: not checked here. With --tsa FILE it is." in told

    async def test_whoever_does_not_trust_the_service_is_not_told_that_it_holds(self, named: Named, tmp_path: Path) -> None:
        (tmp_path / "others.pem").write_bytes(other_root().pem)
        (tmp_path / "none.pem").write_bytes(b"nothing")
        await grow(2)
        bare = await a_pack()
        async with named.asked(service()):
            pack = await a_pack()
        for given, data, status, told in (
            ("others.pem", pack, 1, "FAILS. The time stamp does not hold: its signer's certificate does not lead to one"),
            ("none.pem", pack, 2, "UNREADABLE. What was given with --tsa is no PEM file of certificates."),
            ("missing.pem", pack, 2, "UNREADABLE."),
            ("roots.pem", bare, 1, "FAILS. The time stamp does not hold: the pack has none."),
        ):
            found = await verified(tmp_path, data, "--tsa", tmp_path / given)
            assert (found[0], found[1][: len(told)]) == (status, told)

    async def test_lines_that_witnesses_added_do_not_hurt_it(
        self, named: Named, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seal = await sealed(3)
        async with answering(reply(200, OAK.line(seal.note))) as (url, _), named.asked(service()):
            (tmp_path / "policy.txt").write_text(f"witness oak {OAK.vkey} {url}\nquorum none\n")
            monkeypatch.setenv("VOUCH_WITNESSES", str(tmp_path / "policy.txt"))
            settings.current.cache_clear()
            pack = await a_pack()
        found = await verified(tmp_path, pack, "--tsa", named.roots, "--policy", tmp_path / "policy.txt")
        assert found[0] == 0
        assert "seen by 1 other" in found[1]
        assert "time-stamped by Oak Time Stamps" in found[1]
        assert "it: the time stamp and the witnesses of the seal say only that" in page_one_of(pack)

    async def test_page_one_says_what_another_clock_vouches_for_and_what_not(self, named: Named) -> None:
        await grow(2)
        assert "nobody else vouches for it. To sample it" in page_one_of(await a_pack())
        async with named.asked(service()):
            said = page_one_of(await a_pack())
        only = (
            "the time stamp of the seal says only that all of it was there by a moment of another clock, not when any of it was"
        )
        assert f"nobody else vouches for it: {only} recorded, and only to whoever trusts that clock. To sample it" in said

    async def test_letters_and_pages_tell_of_it(self, named: Named) -> None:
        ann = await a_person(await a_school())
        await recipients.add(ann, "chair@elm.example")
        async with named.asked(service()):
            assert (await jobs.run_due()).written == 1
        (letter,) = [read for name in waiting() if (read := _letter(name))]
        assert "Oak Time Stamps had the seal before it on" in letter.get_body().get_content()
        (token,) = [part.get_content() for part in letter.iter_attachments() if part.get_filename() == "seal.tsr"]
        latest = await seals.latest(str(ann.school))
        assert latest
        assert stamped.is_about(token, latest.note)
        async with signed_in(ann) as browser:
            for path in ("/trail/seals", "/trail/check"):
                assert "by Oak Time Stamps" in (await browser.get(path)).text
            stamp = (await browser.get("/api/v1/trail/checkpoint")).json()["time_stamp"]
        assert (stamp["by"], b64decode(stamp["answer"])) == ("Oak Time Stamps", token)


def page_one_of(pack: bytes) -> str:
    return " ".join(opened(pack)["READ-ME.txt"].decode().split())


def _letter(name: str) -> Any:
    folder = settings.current().data / "mail" / "outbox"
    return message_from_bytes((folder / name).read_bytes(), policy=policy.default)


def told(**wrong: Any) -> Answer:
    return replace(service(), **wrong).answer


WRONG: dict[str, Answer] = {
    "it is about something else": told(imprint=bytes(32)),
    "it is the answer to another request": told(nonce=5),
    "the service refused, with the status 02": told(status=2),
    "its clock and ours are more than an hour apart": told(at=lambda: datetime.now(UTC) - timedelta(hours=2)),
    "its signer's certificate was not in force at the time that it says": signed_by(Wanted(begins=-2 * YEAR, ends=-YEAR)).answer,
    "its signer's certificate does not lead to one that is trusted, in force at the time that it says": signed_by(
        Wanted(), other_root()
    ).answer,
    "it is in another form than time stamps have: an element is missing or of another kind": lambda _: b"<html>hello</html>",
    "the answer is too large": lambda _: b"\x30" * 70_000,
    "the answer is no HTTP: RemoteProtocolError": lambda _: b"",
}


class TestWhateverItAnswers:
    @pytest.mark.parametrize("why", [why for why in WRONG if "HTTP" not in why])
    async def test_what_is_no_time_stamp_of_the_seal_is_not_kept_told_and_asked_for_again(self, why: str, named: Named) -> None:
        ann = await a_person(await a_school())
        trail = str(ann.school)
        with capture_logs() as logged:
            async with named.asked(WRONG[why]):
                done = await jobs.run_due()
        assert (done.failed, done.refused, done.stamped) == ((), 0, 0)
        assert done.sealed == done.unstamped > 0
        assert {one["why"] for one in logged if one["event"] == "a seal got no time stamp"} == {why}
        assert await of_latest(trail) is None
        async with signed_in(ann) as browser:
            for path in ("/trail/seals", "/trail/check"):
                page = (await browser.get(path)).text
                assert why.replace("'", "&#39;") in page
        async with named.asked(service()):
            assert (await jobs.run_due()).stamped == done.sealed
        assert await of_latest(trail)
        assert stamped.failure() is None

    async def test_one_that_is_slow_or_away_holds_up_neither_seals_nor_packs(
        self, named: Named, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sending, "SECONDS", 0.2)
        asked = 0

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal asked
            asked += 1
            await reader.read()
            writer.close()

        for n in range(5):
            await sealed(1, f"trail-{n}")
        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        async with server:
            named(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            done = await stamping.stamp_all()
            assert (done.stamped, done.unstamped, asked) == (0, 5, stamping.FAILURES)
            await grow(1)
            assert verify_pack_holds(await a_pack())
        assert (stamped.failure() or stamped.Failure("", "", datetime.now(UTC))).why == "no answer in time"
        assert (await stamping.stamp_all()).stamped == 0  # nobody listens there any more

    async def test_those_that_waited_longest_come_first(self, named: Named) -> None:
        async with named.asked(service()):
            await sealed(1, "trail-1")
            await stamping.stamp_all()
            await sealed(1, "trail-1")
            await sealed(1, "trail-2")
        assert [seal.trail for seal in await stamped.unstamped(9)] == ["trail-2", "trail-1"]
        assert [seal.trail for seal in await stamped.unstamped(1)] == ["trail-2"]


def verify_pack_holds(data: bytes) -> bool:
    return verify_pack(io.BytesIO(data)).status == "holds"


async def test_where_no_service_is_named_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def connected(*_: Any, **__: Any) -> Any:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(asyncio, "open_connection", connected)
    await grow(3)
    done = await jobs.run_due()
    await a_pack()
    assert (done.failed, done.stamped, done.unstamped) == ((), 0, 0)
    assert done.sealed


async def test_a_time_stamp_that_was_exchanged_for_anothers_is_named_and_leaves_with_no_pack(
    named: Named, tmp_path: Path
) -> None:
    await keys.signing()
    async with named.asked(service()):
        seal = await sealed(3)
        await stamping.stamp_soon(TRAIL)
    assert await fault_of() == ""
    async with triggers_off():
        answer = service().answer(tokens.request(b"another", 1))
        await TimeStampRow.update({TimeStampRow.answer: answer}).where(TimeStampRow.origin == seal.origin)
    assert await fault_of() == "the seal of 3 entries can't be trusted: its time stamp is about something else"
    settings.current.cache_clear()
    assert await of_latest() is None
    assert "Time stamp" not in (await verified(tmp_path, await a_pack()))[1]


@pytest.mark.parametrize(
    ("url", "roots", "why"),
    [
        ("ftp://time.example", "roots.pem", "VOUCH_TSA must"),
        ("https://user:word@time.example", "roots.pem", "VOUCH_TSA must"),
        ("https://time.example", "", "VOUCH_TSA_ROOTS: a file"),
        ("https://time.example", "none.pem", "VOUCH_TSA_ROOTS names a file that can't be read"),
        ("https://time.example", "words.pem", "VOUCH_TSA_ROOTS must name a PEM file"),
    ],
)
def test_a_service_that_cannot_be_asked_or_checked_is_refused(
    url: str, roots: str, why: str, tmp_path: Path, db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "words.pem").write_text("words")
    monkeypatch.setenv("VOUCH_TSA", url)
    monkeypatch.setenv("VOUCH_TSA_ROOTS", str(tmp_path / roots) if roots else "")
    settings.current.cache_clear()
    with pytest.raises(SettingsError, match=why):
        stamping.chosen()


async def test_certificates_that_are_gone_are_told_before_a_start_by_the_job_and_on_the_page(named: Named) -> None:
    ann = await a_person(await a_school())
    named.roots.unlink()
    named("https://time.example/tsr")
    said = f"VOUCH_TSA_ROOTS names a file that can't be read: {named.roots}"
    assert f"{said}." in await fitness.warnings(settings.current())
    done = await jobs.run_due()
    assert (done.failed, done.refused) == (("stamp",), 0)
    assert done.sealed
    async with signed_in(ann) as browser:
        assert said.replace("'", "&#39;") in (await browser.get("/trail/seals")).text

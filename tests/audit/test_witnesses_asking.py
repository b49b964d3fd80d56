"""Our seals are shown to witnesses, what they say is kept beside them, and nothing that a witness does holds up a seal."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

import database
from audit import cosignature
from audit.log import origins
from audit.seals import cosigned, keys, recovery, seals
from audit.tables import Cosignature
from audit.verifier.verify import verify_pack
from audit.witnesses import asking, own_key, sending
from base import settings
from base.settings import SettingsError
from base.viewer import Viewer
from tests.given.browser import served
from tests.given.builders import a_person, a_school, signed_in
from tests.given.sealing import TRAIL, a_pack, forget_from, grow, sealed
from tests.given.witnessing import ASH, ELM, OAK, answering, reply, witness_application
from vouch import fitness, jobs

pytestmark = pytest.mark.usefixtures("db")

Named = Callable[..., None]
SIZE = "text/x.tlog.size"


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Named:
    """Names witnesses: their lines of a policy, and the logs that this installation itself is a witness of."""

    def name(*lines: str, logs: str = "") -> None:
        (tmp_path / "witnesses.txt").write_text("\n".join([*lines, "quorum none", ""]))
        monkeypatch.setenv("VOUCH_WITNESSES", str(tmp_path / "witnesses.txt"))
        if logs:
            (tmp_path / "logs.txt").write_text(logs)
            monkeypatch.setenv("VOUCH_WITNESS_FOR", str(tmp_path / "logs.txt"))
        settings.current.cache_clear()

    return name


async def of_latest() -> list[tuple[str, str]]:
    latest = await seals.latest(TRAIL)
    assert latest
    async with database.read():
        return [(one.witness, one.doubt) for one in await cosigned.of(latest.origin, latest.size)]


class TestARealOne:
    """This installation, asked over the wire as if it were another."""

    async def test_new_seals_are_shown_each_hour_and_go_with_their_lines_into_packs(self, named: Named, tmp_path: Path) -> None:
        key, (vkey, longer) = (await keys.signing())[0].vkey, [one.vkey for one in own_key.load()]
        async with served(witness_application()) as origin:
            both = (f"witness oak {vkey} {origin}/witness", f"witness oak2 {longer} {origin}/witness")
            named(*both, logs=f"127.0.0.1:8000/trail/ {key}")
            for size in (3, 10):
                await grow(size)
                done = await jobs.run_due()
                assert (done.failed, done.seen, done.unseen, done.doubted) == ((), done.sealed, 0, 0)
                assert await of_latest() == [("oak", "")]
            assert (await jobs.run_due()).seen == 0  # nothing has grown
        (tmp_path / "policy.txt").write_text(f"log {key}\nwitness a {vkey}\nwitness b {longer}\ngroup oak all a b\nquorum oak\n")
        (tmp_path / "pack.zip").write_bytes(await a_pack())
        held = verify_pack(tmp_path / "pack.zip", policy=tmp_path / "policy.txt")
        assert held.facts
        assert [one.name for one in held.facts.seen or ()] == ["127.0.0.1:8000/witness"]

    async def test_a_pack_of_what_was_just_sealed_has_been_seen(self, named: Named) -> None:
        key, vkey = (await keys.signing())[0].vkey, own_key.load()[0].vkey
        await grow(2)
        async with served(witness_application()) as origin:
            named(f"witness oak {vkey} {origin}/witness", logs=f"127.0.0.1:8000/trail/ {key}")
            await a_pack()
        assert await of_latest() == [("oak", "")]

    async def test_a_database_put_back_and_signed_anew_is_told_by_the_witness(self, named: Named, tmp_path: Path) -> None:
        """Who holds key, memory and database: the two histories of one origin."""
        key, vkey = (await keys.signing())[0].vkey, own_key.load()[0].vkey
        async with served(witness_application()) as origin:
            named(f"witness oak {vkey} {origin}/witness", logs=f"127.0.0.1:8000/trail/ {key}")
            await sealed(8)
            await asking.show_all()
            await forget_from(5)
            async with database.write():
                await Cosignature.raw(
                    "DROP TRIGGER audit_cosignature_no_delete"
                    if not database.is_postgres()
                    else "ALTER TABLE audit_cosignature DISABLE TRIGGER ALL"
                )
                await Cosignature.raw("DELETE FROM audit_cosignature")
            (settings.current().keys / "memory.sqlite").unlink()
            await grow(1, word="b")
            await sealed(1)  # seven now, and the witness saw eight
            with capture_logs() as logged:
                assert (await asking.show_all()).doubted == 1
            assert await of_latest() == [("oak", "ahead")]
            await sealed(5)
            with capture_logs() as again:
                assert (await asking.show_all()).doubted == 1
            assert await of_latest() == [("oak", "history")]
        told = [one for one in (*logged, *again) if one["log_level"] == "error" and "doubt" in one]
        assert [(one["witness"], one["doubt"], one["seen"]) for one in told] == [("oak", "ahead", 8), ("oak", "history", 8)]

    async def test_a_trail_that_goes_on_after_an_honest_recovery_begins_anew_with_the_witness(self, named: Named) -> None:
        own = await keys.signing()
        vkey = own_key.load()[0].vkey
        async with served(witness_application()) as origin:
            named(f"witness oak {vkey} {origin}/witness", logs=f"127.0.0.1:8000/trail/ {own[0].vkey}")
            await sealed(8)
            await asking.show_all()
            await forget_from(5)
            await recovery.recover_some([TRAIL], own, memory_lost=False)
            await sealed(1)
            shown = await asking.show_all()
        assert (shown.seen, shown.doubted) == (1, 0)
        async with database.read():
            assert len(await origins.of(TRAIL)) == 2


class TestWhateverAWitnessAnswers:
    async def test_a_stale_size_is_answered_with_a_proof_from_there(self, named: Named) -> None:
        await sealed(3)
        seal = await sealed(9)
        async with answering(reply(409, b"3\n", SIZE), reply(200, OAK.line(seal.note))) as (url, sent):
            named(f"witness oak {OAK.vkey} {url}")
            assert (await asking.show_all()).seen == 1
        assert sent[0] == cosignature.add_checkpoint(0, (), seal.note)
        assert sent[1].startswith(b"old 3\n")
        assert sent[1].endswith(b"\n\n" + seal.note)

    async def test_only_lines_by_keys_that_were_named_are_kept(self, named: Named) -> None:
        seal = await sealed(3)
        async with answering(reply(200, ASH.line(seal.note) + OAK.line(seal.note) + ELM.line(seal.note))) as (url, _):
            named(f"witness oak {OAK.vkey} {url}", f"witness oak2 {ELM.vkey} {url}")
            assert (await asking.show_all()).seen == 1
        noted = await cosigned.note_with_lines(seal.note, seal.origin, seal.size)
        assert noted == seal.note + OAK.line(seal.note) + ELM.line(seal.note)

    @pytest.mark.parametrize(
        "answers",
        [
            [b""], [b"nonsense\r\n\r\n"], [reply(500, b"no")], [reply(301, b"")], [reply(404, b"who?")], [reply(200, b"")],
            [reply(200, b"\xff\n")], [reply(200, b"a" * 70_000)], [b"HTTP/1.1 200 X\r\n" + b"a: b\r\n" * 9_000],
            [reply(409, b"", SIZE)], [reply(409, b"-1\n", SIZE)], [reply(409, b"1\n", SIZE), reply(409, b"2\n", SIZE)],
            [b"HTTP/1.1 200 X\r\nContent-Length: 500\r\n\r\nshort"],
        ],
    )  # fmt: skip
    async def test_what_is_no_answer_is_asked_again_next_time_and_harms_nothing(self, answers: list[bytes], named: Named) -> None:
        seal = await sealed(3)
        async with answering(*answers, reply(200, OAK.line(seal.note))) as (url, _):
            named(f"witness oak {OAK.vkey} {url}")
            shown = await asking.show_all()
            assert (shown.seen, shown.unseen, shown.doubted) == (0, 1, 0)
            assert (await asking.show_all()).seen == 1

    async def test_a_false_line_and_one_by_another_key_are_no_cosignature(self, named: Named) -> None:
        other = await sealed(1, "another")
        seal = await sealed(3)
        for said in (OAK.line(other.note), ASH.line(seal.note)):
            async with answering(*[reply(200, said)] * 2) as (url, _):
                named(f"witness oak {OAK.vkey} {url}")
                await asking.show_soon(TRAIL)
        assert await of_latest() == []

    @pytest.mark.parametrize(("status", "media_type"), [(409, "text/plain"), (422, "text/plain")])
    async def test_another_history_is_a_doubt_that_is_shown_to_the_school(
        self, status: int, media_type: str, named: Named
    ) -> None:
        ann = await a_person(await a_school())
        assert await seals.seal(str(ann.school))
        async with answering(*[reply(status, b"no\n", media_type)] * 9) as (url, _):
            named(f"witness Oak_Trust {OAK.vkey} {url}")
            assert (await jobs.run_due()).doubted >= 1
        async with signed_in(ann) as browser:
            page = (await browser.get("/trail/seals")).text
        assert "Oak Trust was shown another history of this trail" in page

    async def test_a_witness_that_is_silent_or_away_holds_nothing_up(self, named: Named, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sending, "SECONDS", 0.2)
        for n in range(9):
            await sealed(1, f"trail-{n}")
        asked = 0

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal asked
            asked += 1
            with suppress(ConnectionError):
                await reader.read()
            writer.close()

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        async with server:
            named(
                f"witness oak {OAK.vkey} http://127.0.0.1:{server.sockets[0].getsockname()[1]}/w",
                f"witness ash {ASH.vkey} http://127.0.0.1:9/w",
            )
            shown = await asking.show_all()
        assert (shown.seen, shown.unseen) == (0, 18)
        assert asked == asking.FAILURES


async def test_without_witnesses_nothing_is_asked_and_the_page_is_silent() -> None:
    ann: Viewer = await a_person(await a_school())
    await seals.seal(str(ann.school))
    assert await asking.show_all() == asking.Shown()
    async with signed_in(ann) as browser:
        assert "Seen by" not in (await browser.get("/trail/seals")).text


async def test_the_page_says_who_has_seen_the_seal_and_the_file_has_their_lines(named: Named) -> None:
    ann = await a_person(await a_school())
    seal = await seals.seal(str(ann.school))
    assert seal
    named(f"witness oak {OAK.vkey} https://vouch.oak.example/witness")
    async with signed_in(ann) as browser:
        assert "nobody else yet" in (await browser.get("/trail/seals")).text
        waiting = (await cosigned.unseen([str(ann.school)], "oak"))[0]
        await cosigned.keep(waiting, "oak", lines=OAK.line(seal.note))
        page = (await browser.get("/trail/seals")).text
        assert "Seen by" in page
        assert "oak, " in page
        assert (await browser.get("/trail/seals/latest.txt")).content == seal.note + OAK.line(seal.note)
        assert (await browser.get("/api/v1/trail/checkpoint")).json()["note"].endswith(OAK.line(seal.note).decode())


@pytest.mark.parametrize(
    "lines",
    [
        (), (f"witness oak {OAK.vkey}",), (f"witness oak {OAK.vkey} http://vouch.oak.example/w",), ("nonsense",),
        (f"witness oak {OAK.vkey} ftp://vouch.oak.example/w",), (f"witness oak {OAK.vkey} https://vouch.oak.example/w?a",),
    ],
)  # fmt: skip
async def test_a_file_of_witnesses_that_can_not_be_used_is_said(lines: tuple[str, ...], named: Named) -> None:
    named(*lines)
    await sealed(1)
    with pytest.raises(SettingsError, match="VOUCH_WITNESSES"):
        asking.chosen()
    assert [one for one in await fitness.warnings(settings.current()) if "VOUCH_WITNESSES" in one]
    done = await jobs.run_due()
    assert (done.failed, done.refused) == (("show",), 0)
    assert await a_pack()

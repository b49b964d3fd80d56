"""This installation as a witness: what its one address answers, what it remembers, and what it never cosigns."""

import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from structlog.testing import capture_logs

from audit import note, vkeys
from audit.cosignature import cosigner_of, seen_by
from audit.merkle import EMPTY_ROOT
from audit.seals import keys
from audit.witnesses import memory, own_key, witness
from audit.witnesses.known_logs import MOST_LINES
from audit.witnesses.rules import Finding, parse_request
from base import settings
from base.settings import SettingsError
from tests.given.builders import stranger, travel
from tests.given.checkout import ROOT
from tests.given.hand_made_packs import OTHER_KEY, SIGNING_KEY
from tests.given.merkle_trees import naive_consistency, naive_root
from tests.given.pack_samples import VKEY
from tests.given.witnessing import asked, witness_application
from vouch import cli

ADDRESS = "/witness/add-checkpoint"
LOG = "vouch.example.org/trail/0011223344556677"
AT = datetime(2026, 11, 4, 10, tzinfo=UTC)


def head(size: int, origin: str = LOG, *, start: int = 0, key: str = SIGNING_KEY) -> bytes:
    """``start``: of another history."""
    return note.sign_note(note.checkpoint_text(origin, size, naive_root(start, start + size)), key)


def grown(old: int, size: int, **more: int) -> bytes:
    return asked(old, naive_consistency(old, 0, size) if 0 < old < size else (), head(size, **more))  # type: ignore[arg-type]


@pytest.fixture
async def _witness(db: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that is a witness of vouch.example.org."""
    await keys.signing()
    (tmp_path / "logs.txt").write_text(f"# Oak\n\nvouch.example.org/trail/ {VKEY}\n")
    monkeypatch.setenv("VOUCH_WITNESS_FOR", str(tmp_path / "logs.txt"))
    monkeypatch.setattr(witness, "REFUSED", witness.RefusalCount())
    settings.current.cache_clear()


@pytest.fixture
async def browser(_witness: None) -> AsyncIterator[httpx.AsyncClient]:
    """Of a stranger."""
    transport = httpx.ASGITransport(app=witness_application())
    async with httpx.AsyncClient(transport=transport, base_url=settings.current().origin) as asking:
        yield asking


class TestTheAddress:
    async def test_each_status_is_that_of_tlog_witness(self, browser: httpx.AsyncClient) -> None:
        sent = [
            (grown(0, 5), 200), (grown(5, 5), 200), (grown(5, 12), 200),
            (b"old 5", 400), (grown(12, 11), 400),
            (asked(12, (), head(13, key=OTHER_KEY)), 403),
            (asked(0, (), head(1, "vouch.ash.example/trail/1")), 404),
            (grown(0, 13), 409), (grown(5, 13), 409), (grown(13, 13), 409),
            (asked(12, (), head(12, start=100)), 409),
            (asked(12, naive_consistency(12, 0, 20), head(20, start=100)), 422), (asked(12, (), head(20)), 422),
            (asked(0, [bytes(32)], head(3, "vouch.example.org/trail/2")), 422),
            (grown(12, 20), 200),
        ]  # fmt: skip
        for body, status in sent:
            answer = await browser.post(ADDRESS, content=body)
            assert answer.status_code == status, (body, answer.text)
            assert "set-cookie" not in answer.headers

    async def test_what_was_seen_is_cosigned_with_the_time_and_the_witnesss_own_keys(self, browser: httpx.AsyncClient) -> None:
        answer = await browser.post(ADDRESS, content=grown(0, 5))
        cosigners = [cosigner_of(key.vkey) for key in own_key.load()]
        seen = seen_by(head(5) + answer.content, cosigners)
        assert [cosigner.type for cosigner in seen] == [b"\x04", b"\x06"]
        for cosigner, at in seen.items():
            assert abs(at - datetime.now(UTC).timestamp()) < 60
            assert cosigner.name == "127.0.0.1:8000/witness"
        cosigner = cosigners[0]
        assert cosigner.data[1:] not in {vkeys.key_parts(key.vkey)[2][1:] for key in await keys.public()}  # type: ignore[index]

    async def test_a_stale_size_is_answered_with_the_one_seen_last(self, browser: httpx.AsyncClient) -> None:
        assert (await browser.post(ADDRESS, content=grown(7, 9))).content == b"0\n"
        await browser.post(ADDRESS, content=grown(0, 12))
        answer = await browser.post(ADDRESS, content=grown(7, 15))
        assert (answer.content, answer.headers["content-type"]) == (b"12\n", "text/x.tlog.size")
        another = await browser.post(ADDRESS, content=asked(12, (), head(12, start=100)))
        assert another.headers["content-type"].startswith("text/plain")

    async def test_extension_lines_are_cosigned_by_ed25519_alone(self, browser: httpx.AsyncClient) -> None:
        text = f"{note.checkpoint_text(LOG, 5, naive_root(0, 5))}extended\n"
        extended = note.sign_note(text, SIGNING_KEY)
        answer = await browser.post(ADDRESS, content=asked(0, (), extended))
        seen = seen_by(extended + answer.content, [cosigner_of(key.vkey) for key in own_key.load()])
        assert [cosigner.type for cosigner in seen] == [b"\x04"]

    async def test_a_log_that_was_always_empty_is_seen_and_goes_on(self, browser: httpx.AsyncClient) -> None:
        wrong = note.sign_note(note.checkpoint_text(LOG, 0, bytes(32)), SIGNING_KEY)
        right = note.sign_note(note.checkpoint_text(LOG, 0, EMPTY_ROOT), SIGNING_KEY)
        for body, status in ((wrong, 409), (right, 200), (right, 200), (head(3), 200)):
            assert (await browser.post(ADDRESS, content=asked(0, (), body))).status_code == status

    async def test_two_histories_are_proof_that_is_kept_and_logged_without_what_was_sent(
        self, browser: httpx.AsyncClient
    ) -> None:
        await browser.post(ADDRESS, content=grown(0, 12))
        with capture_logs() as logged:
            await browser.post(ADDRESS, content=asked(12, (), head(12, start=100)))
            await browser.post(ADDRESS, content=asked(12, (), head(20, start=100)))
        told = [one for one in logged if one["log_level"] == "error"]
        assert [(one["origin"], one["size"], one["seen"]) for one in told] == [(LOG, 12, 12), (LOG, 20, 12)]
        assert "— vouch" not in str(logged)
        kept = memory.contradictions(own_key.folder())
        assert [(one.note, one.seen_note) for one in kept] == [(head(12, start=100), head(12)), (head(20, start=100), head(12))]
        done = CliRunner().invoke(cli.vouch, ["witness", "contradictions"])
        assert (done.exit_code, head(12).decode() in done.stdout, head(20, start=100).decode() in done.stdout) == (1, True, True)
        assert (await browser.post(ADDRESS, content=grown(12, 13))).status_code == 200  # the history that it knows goes on

    async def test_who_is_refused_again_and_again_has_to_wait(
        self, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(witness.FREE_REFUSALS):
            assert (await browser.post(ADDRESS, content=b"old")).status_code == 400
        answer = await browser.post(ADDRESS, content=grown(0, 5))
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
        travel(monkeypatch, minutes=1)
        assert (await browser.post(ADDRESS, content=grown(0, 5))).status_code == 200

    async def test_a_body_that_is_too_large_is_not_read(self, browser: httpx.AsyncClient) -> None:
        assert (await browser.post(ADDRESS, content=b"a" * 200_000)).status_code == 413

    async def test_another_site_and_another_method_get_nowhere(self, browser: httpx.AsyncClient) -> None:
        from_elsewhere = {"origin": "https://evil.example", "cookie": "a=b"}
        assert (await browser.post(ADDRESS, content=grown(0, 5), headers=from_elsewhere)).status_code == 403
        assert (await browser.get(ADDRESS)).status_code == 405


async def test_an_installation_that_is_no_witness_has_no_such_address(db: object) -> None:
    async with stranger() as browser:
        assert (await browser.post(ADDRESS, content=grown(0, 5))).status_code == 404
    assert "no witness" in str(CliRunner().invoke(cli.vouch, ["witness", "key"]).exception)


async def test_a_process_without_the_folder_of_keys_makes_no_second_witness(browser: httpx.AsyncClient, tmp_path: Path) -> None:
    (tmp_path / "keys").rename(tmp_path / "elsewhere")
    assert (await browser.post(ADDRESS, content=grown(0, 5))).status_code == 404
    assert not (tmp_path / "keys").exists()


@pytest.mark.usefixtures("_witness")
@pytest.mark.parametrize("line", ["vouch.example.org/trail/", f"{VKEY}", f"a b {VKEY}", f"a/ {VKEY[:-4]}"])
async def test_a_file_of_logs_that_can_not_be_used_names_its_line(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.txt").write_text(f"vouch.example.org/trail/ {VKEY}\n{line}\n")
    monkeypatch.setenv("VOUCH_WITNESS_FOR", str(tmp_path / "bad.txt"))
    settings.current.cache_clear()
    with pytest.raises(SettingsError, match="VOUCH_WITNESS_FOR: line 2"):
        witness.prepare()


@pytest.mark.usefixtures("_witness")
async def test_no_more_logs_are_read_than_a_person_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in (("many.txt", f"a/ {VKEY}\n" * (MOST_LINES + 1)), ("none.txt", None)):
        if content:
            (tmp_path / name).write_text(content)
        monkeypatch.setenv("VOUCH_WITNESS_FOR", str(tmp_path / name))
        settings.current.cache_clear()
        with pytest.raises(SettingsError, match="VOUCH_WITNESS_FOR"):
            witness.prepare()


@pytest.mark.pure
class TestMemory:
    def test_nothing_is_remembered_where_signing_fails(self, tmp_path: Path) -> None:
        def fails() -> bytes:
            raise OSError("no key")

        with pytest.raises(OSError, match="no key"):
            memory.take(tmp_path, parse_request(grown(0, 5)), AT, signed=fails)
        assert memory.seen(tmp_path) == ()

    def test_a_witness_that_knows_as_many_origins_as_it_can_goes_on_with_those(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(memory, "MOST_ORIGINS", 2)
        found = [
            memory.take(tmp_path, parse_request(asked(0, (), head(1, f"{LOG}{n}"))), AT, signed=lambda: b"x")[0] for n in range(3)
        ]
        assert found == [Finding.SEEN, Finding.SEEN, Finding.FULL]
        again = parse_request(asked(1, naive_consistency(1, 0, 2), head(2, f"{LOG}0")))
        assert memory.take(tmp_path, again, AT, signed=lambda: b"x")[0] is Finding.SEEN
        assert [(one.origin, one.size, one.at) for one in memory.seen(tmp_path)] == [(f"{LOG}0", 2, AT), (f"{LOG}1", 1, AT)]

    def test_so_many_contradictions_are_kept_and_the_first_ones_stay(self, tmp_path: Path) -> None:
        memory.take(tmp_path, parse_request(grown(0, 1)), AT, signed=lambda: b"x")
        for n in range(2, 20):
            memory.take(tmp_path, parse_request(asked(1, (), head(n, start=100))), AT + timedelta(n), signed=lambda: b"x")
        kept = memory.contradictions(tmp_path)
        assert [one.size for one in kept] == [*range(2, 2 + memory.MOST_OF_ONE_ORIGIN)]

    def test_of_many_at_once_one_is_cosigned_and_no_size_ever_falls(self, tmp_path: Path) -> None:
        def take(size: int) -> tuple[Finding, int, bytes]:
            last = memory.seen(tmp_path)
            old = last[0].size if last else 0
            return memory.take(tmp_path, parse_request(grown(old, max(old, size))), AT, signed=lambda: b"x")

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(take, [n % 50 + 1 for n in range(200)]))
        assert {one[0] for one in found} <= {Finding.SEEN, Finding.OTHER_SIZE}
        assert memory.seen(tmp_path)[0].size == 50


RACER = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from audit.witnesses import memory
from audit.witnesses.rules import parse_request
for body in sys.stdin.buffer.read().split(b"\\0"):
    print(memory.take(Path(sys.argv[1]), parse_request(body), datetime.now(timezone.utc), signed=lambda: b"x")[0].name)
"""


@pytest.mark.pure
@pytest.mark.program
def test_two_processes_that_are_shown_two_histories_cosign_one_of_them(tmp_path: Path) -> None:
    """Each goes on from the size that was seen last, as its own history has it: only the first to come is ever believed."""
    histories = (0, 100)
    bodies = [b"\0".join([asked(0, (), head(n, f"{LOG}{n}", start=start)) for n in range(1, 60)]) for start in histories]
    racers = [subprocess.Popen([sys.executable, "-c", RACER, str(tmp_path)], stdin=-1, stdout=-1, cwd=ROOT) for _ in histories]
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda pair: pair[0].communicate(pair[1])[0].split(), zip(racers, bodies, strict=True)))
    for answers in zip(*said, strict=True):
        assert Counter(answers) == {b"SEEN": 1, b"OTHER_SIZE": 1}

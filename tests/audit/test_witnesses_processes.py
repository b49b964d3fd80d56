"""Two witnesses as they are run, and a log beside them: two histories of one trail are found out by whoever compares."""

import asyncio
import io
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import audit
from audit import cosignature, note
from audit.packs import packs
from audit.packs.extent import Scope
from audit.packs.order import Grade, PackOrder
from audit.seals import keys, seals
from audit.verifier.verdict import PackVerdict
from audit.verifier.verify import verify_pack
from audit.vkeys import vkey_of
from audit.witnesses import asking, memory
from audit.witnesses.asking import Shown
from base import settings
from tests.conftest import ENGINE, Template, opened
from tests.given.checkout import VOUCH
from tests.given.command import environment, free_port, told_by
from tests.given.data_folders import a_home_with_entries
from vouch.wiring import SOURCES

pytestmark = [
    pytest.mark.program,
    pytest.mark.skipif(ENGINE != "sqlite", reason="what is seen lies in files beside the keys, whatever the engine is"),
]


@dataclass(frozen=True)
class WitnessAtWork:
    """``line`` is what it has in a policy, ``folder`` where its keys and its memory are."""

    name: str
    line: str
    folder: Path


class Log:
    """An installation of one trail, the operator's own, whose folder can be copied."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.home, self._patch = home, patch

    def key(self) -> str:
        return vkey_of((self.home / "keys/001.key").read_text().split()[1])

    def show(self, *witnesses: WitnessAtWork) -> Shown:
        """Seals, and shows the seal to these."""
        return asyncio.run(self._show(witnesses))

    def audited(self, *witnesses: WitnessAtWork) -> PackVerdict:
        """What an auditor finds whose policy wants all of these to have seen the pack's seal."""
        names = " ".join(one.name for one in witnesses)
        lines = [f"log {self.key()}", *(one.line for one in witnesses), f"group every all {names}", "quorum every"]
        return verify_pack(io.BytesIO(asyncio.run(self._pack())), policy=io.BytesIO("\n".join(lines).encode()))

    async def _show(self, witnesses: tuple[WitnessAtWork, ...]) -> Shown:
        self._settle(witnesses)
        async with opened(f"sqlite:///{self.home / 'vouch.sqlite'}"):
            await keys.signing()
            await seals.seal(audit.OPERATOR)
            return await asking.show_all()

    async def _pack(self) -> bytes:
        async def no_evidence(*_: object, **__: object) -> AsyncIterator[tuple[str, bytes]]:
            for nothing in tuple[tuple[str, bytes], ...]():  # only schools have files and names of streams
                yield nothing

        async def no_titles(trail: str, streams: Iterable[str]) -> dict[str, str]:
            return {}

        self._settle(())
        to = io.BytesIO()
        async with opened(f"sqlite:///{self.home / 'vouch.sqlite'}"):
            order = PackOrder(audit.OPERATOR, "Oakfield", Scope(), Grade.COMPLETE)
            await packs.build(None, order, to=to, sources=replace(SOURCES, evidence=no_evidence, titles=no_titles))
        return to.getvalue()

    def _settle(self, witnesses: tuple[WitnessAtWork, ...]) -> None:
        """This process is this installation now."""
        self._patch.setenv("VOUCH_DATA", str(self.home))
        self._patch.delenv("VOUCH_WITNESSES", raising=False)
        if witnesses:
            (self.home / "witnesses.txt").write_text("\n".join([*(one.line for one in witnesses), "quorum none"]))
            self._patch.setenv("VOUCH_WITNESSES", str(self.home / "witnesses.txt"))
        settings.current.cache_clear()


@contextmanager
def serving(template: Template, folder: Path, logs: str) -> Iterator["subprocess.Popen[str]"]:
    """A witness of these logs, in a process of its own, which may still be on its way up."""
    folder.mkdir()
    shutil.copy(template.url.removeprefix("sqlite:///"), folder / "vouch.sqlite")
    (folder / "logs.txt").write_text(logs)
    (folder / "port").write_text(free_port())
    more = {"VOUCH_PORT": (folder / "port").read_text(), "VOUCH_WITNESS_FOR": str(folder / "logs.txt")}
    env = environment(folder, VOUCH_SEAL_EVERY="0", **more)
    with subprocess.Popen([*VOUCH, "serve", "--json"], env=env, cwd=folder, stdout=-1, stderr=-3, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def at_work(process: "subprocess.Popen[str]", folder: Path) -> WitnessAtWork:
    told_by(process)
    vkey = cosignature.cosigner_key_of((folder / "keys/witness/ed25519.key").read_text().strip())
    line = f"witness {folder.name} {vkey} http://127.0.0.1:{(folder / 'port').read_text()}/witness"
    return WitnessAtWork(folder.name, line, folder / "keys/witness")


def test_two_histories_that_two_witnesses_are_shown_are_found_by_whoever_compares(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator copies the folder, key and memory and all, and lets each copy have a history of its own."""
    (tmp_path / "home").mkdir()
    home = Log(a_home_with_entries(template, tmp_path / "home", 5), monkeypatch)
    home.show()
    with ExitStack() as stack:
        folders = (tmp_path / "oak", tmp_path / "ash")
        started = [stack.enter_context(serving(template, folder, f"127.0.0.1:8000/trail/ {home.key()}")) for folder in folders]
        oak, ash = (at_work(process, folder) for process, folder in zip(started, folders, strict=True))
        assert home.show(oak, ash) == Shown(seen=2)
        assert home.audited(oak, ash).status == "holds"

        other = Log(Path(shutil.copytree(home.home, tmp_path / "other")), monkeypatch)
        for log, witness in ((home, oak), (other, ash)):
            a_home_with_entries(template, log.home, 3)
            assert log.show(witness) == Shown(seen=1)

        # Each pack holds by the true key and one witness. Neither was seen by both, and a policy that asks for both says so.
        assert home.audited(oak).status == other.audited(ash).status == "holds"
        assert home.audited(oak, ash).fault == other.audited(oak, ash).fault == "witnesses"

        # The witnesses compare what they saw: one origin, one size, two roots.
        (first,), (second,) = memory.seen(oak.folder), memory.seen(ash.folder)
        assert (first.origin, first.size) == (second.origin, second.size)
        assert first.root != second.root

        # Once one of them is shown both, it refuses, and keeps two heads that the log signed: proof for anybody.
        assert other.show(oak) == Shown(doubted=1)
        (proof,) = memory.contradictions(oak.folder)
        heads = [note.parse_checkpoint(note.open_note(one, [home.key()])[0]) for one in (proof.note, proof.seen_note)]
        assert heads[0].size == heads[1].size
        assert heads[0].root != heads[1].root

"""How long a pack takes and how much memory, for 10,000 and 100,000 entries: built, checked, and taken as a timeline.

The trail is that of one school, ten suppliers and reviews revised over and over. Every figure is of a process of its own,
whose peak is compared with that of one that only opened the database.
"""

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from enum import StrEnum
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

os.environ["PICCOLO_CONF"] = "piccolo_conf"
sys.path.insert(0, str(Path(__file__).parent.parent))

import audit
import database
from audit.packs import packs, timeline_file
from audit.packs.extent import Scope
from audit.packs.order import Grade, PackOrder
from audit.packs.timeline_file import TimelineFormat
from audit.verifier.verify import verify_pack
from base import settings
from base.viewer import Role, Viewer
from database import migrations
from vouch.wiring import SOURCES

SIZES: Final = (10_000, 100_000)
BATCH: Final = 500
SCHOOL: Final = UUID(int=1)
ANN: Final = Viewer(UUID(int=2), "Ann Archer", SCHOOL, "Oakfield Primary", Role.HEAD)
PRAISE: Final = "Came within the hour, tidied up, and explained what had been wrong with the second boiler. " * 2
WORK: Final = {
    "nothing": "open the database only",
    "complete": "complete pack, all streams",
    "chosen": "complete pack, one stream of ten",
    "extract": "extract, one stream of ten",
    "verify": "verify the complete pack",
    "csv": "timeline as CSV",
    "xlsx": "timeline as Excel",
    "pdf": "timeline as PDF (its last 500)",
}


class Event(StrEnum):
    REVISED = "review.revised"


async def grow(size: int) -> None:
    for start in range(0, size, BATCH):
        async with audit.recording(ANN) as record:
            for n in range(start, min(size, start + BATCH)):
                record(
                    Event.REVISED,
                    stream=f"supplier:{UUID(int=100 + n % 10)}",
                    subject=f"review:{uuid4()}",
                    facts={
                        "old": {"rating": 3, "version": n},
                        "new": {"rating": 4, "version": n + 1},
                        "happened_on": "2026-09-01",
                    },
                    personal={"praise": PRAISE, "praise.old": PRAISE, "criticism": "Dear."},
                )


async def do(what: str, folder: Path) -> None:
    match what:
        case "complete" | "chosen" | "extract":
            scope = Scope() if what == "complete" else Scope((f"supplier:{UUID(int=100)}",))
            grade = Grade.EXTRACT if what == "extract" else Grade.COMPLETE
            order = PackOrder(str(SCHOOL), "Oakfield Primary", scope, grade)
            with (folder / f"{what}.zip").open("w+b") as to:
                await packs.build(ANN, order, to=to, sources=SOURCES)
        case "verify":
            verdict = verify_pack(folder / "complete.zip")
            if verdict.status != "holds":
                raise RuntimeError(verdict.what)
        case "csv" | "xlsx" | "pdf":
            with tempfile.TemporaryFile() as to:
                await timeline_file.download(ANN, TimelineFormat(what), stream=None, to=to, sources=SOURCES)


async def one(what: str, folder: Path, size: int) -> None:
    await database.open(settings.current())
    try:
        if what == "grow":
            await migrations.migrate()
            await grow(size)
        else:
            started, busy = time.perf_counter(), time.process_time()
            await do(what, folder)
            took = (time.perf_counter() - started, time.process_time() - busy)
            print(*took, _peak(resource.RUSAGE_SELF), _peak(resource.RUSAGE_CHILDREN))
    finally:
        await database.close()


def _peak(whose: int) -> float:
    """In MB."""
    return resource.getrusage(whose).ru_maxrss / 1024


def main() -> None:
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _run("grow", folder, size)
            print(
                f"\n| {size:,} entries | seconds | of the processor | peak MB | and typst’s | zip MB |\n|---|---|---|---|---|---|"
            )
            for what, words in WORK.items():
                seconds, busy, peak, typst = map(float, _run(what, folder, size).split())
                zipped = folder / f"{what}.zip"
                megabytes = f"{zipped.stat().st_size / 1e6:.1f}" if zipped.exists() else ""
                print(f"| {words} | {seconds:.1f} | {busy:.1f} | {peak:.0f} | {typst:.0f} | {megabytes} |", flush=True)


def _run(what: str, folder: Path, size: int) -> str:
    env = {**os.environ, "VOUCH_DATA": str(folder), "VOUCH_ORIGIN": "https://vouch.example"}
    command = [sys.executable, __file__, what, str(folder), str(size)]
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - ourselves


if __name__ == "__main__":
    if sys.argv[1:]:
        asyncio.run(one(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
    else:
        main()

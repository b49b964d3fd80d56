"""How long `vouch trail fsck` takes for a trail of 1,000,000 entries, and how much memory.

``./run bench fsck [sqlite|postgres] [ENTRIES]``; both and a million if nothing is said. The trail is one school's, written
through ``audit.recording`` two thousand entries a unit: twenty suppliers of the directory, and a review of each that is revised
over and over; six openings an entry, names included. At the end the reviews' rows are what the last entries say, so that the
comparison with them, which folds every entry, finds no difference. The check is the command in a process of its own.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

os.environ["PICCOLO_CONF"] = "piccolo_conf"
ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

ENGINES: Final = ("sqlite", "postgres")
ENTRIES, BATCH, SUPPLIERS = 1_000_000, 2_000, 20
SAID: Final[tuple[dict[str, Any], ...]] = (
    {"rating": 3, "praise": "Came within the hour, and explained what had been wrong with the second boiler."},
    {"rating": 4, "praise": "Came within the hour, tidied up, and explained what had been wrong with both boilers."},
)
GROW: Final = "grow"
# Linux: the peak of the process itself, which ends with the command's own exit status.
PEAK: Final = """
import os, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    sys.stderr.write("\\n" + next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def main() -> None:
    chosen = [arg for arg in sys.argv[1:] if arg in ENGINES] or list(ENGINES)
    entries = next((int(arg) for arg in sys.argv[1:] if arg.isdigit()), ENTRIES)
    print(f"{entries:,} entries\n\n| | written in | checked in | of the processor | peak |\n|---|---|---|---|---|")
    for engine in chosen:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, _database(engine) as url:
            env = {**os.environ, "VOUCH_DATA": folder, **({"VOUCH_DATABASE_URL": url} if url else {})}
            began = time.perf_counter()
            subprocess.run([sys.executable, __file__, GROW, str(entries)], env=env, check=True)  # noqa: S603 - this very file
            written = time.perf_counter() - began
            clock, processor, peak = checked(env)
            print(f"| {engine} | {written:.0f} s | {clock:.1f} s | {processor:.1f} s | {peak:.0f} MB |", flush=True)


@contextmanager
def _database(engine: str) -> Iterator[str]:
    from tests.given.postgres import DURABLE, server  # noqa: PLC0415 - only where it is asked for

    if engine == "sqlite":
        yield ""
        return
    with server(DURABLE, None) as url:
        yield url


def checked(env: dict[str, str]) -> tuple[float, float, float]:
    """Seconds by the clock, of the processor, and the peak in MB of `vouch trail fsck`, without what a server computes for it."""
    clock, before = time.perf_counter(), os.times()
    command = [sys.executable, "-c", PEAK, str(ROOT / "__main__.py"), "trail", "fsck"]
    ended = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own file
    after = os.times()
    if ended.returncode:
        raise RuntimeError(ended.stdout + ended.stderr)
    taken = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - clock, taken, int(ended.stderr.split()[-1]) / 1024


async def grow(entries: int) -> None:
    """A school with this many entries, besides those that made it, its people and its reviews."""
    import audit  # noqa: PLC0415 - the settings are final only in the process that grows
    import database  # noqa: PLC0415
    from audit.log.subjects import Subject  # noqa: PLC0415
    from base import settings  # noqa: PLC0415
    from database import migrations  # noqa: PLC0415
    from suppliers.events import Event  # noqa: PLC0415
    from suppliers.opinions import reviews  # noqa: PLC0415
    from suppliers.opinions.opinion import Opinion  # noqa: PLC0415
    from suppliers.tables import Review  # noqa: PLC0415
    from tests.given.builders import a_person, a_school  # noqa: PLC0415
    from tests.given.searching import a_supplier  # noqa: PLC0415
    from vouch import wiring  # noqa: F401, PLC0415 - tells the trail whom to ask for names

    await database.open(settings.current())
    await migrations.migrate()
    ann = await a_person(await a_school())
    suppliers = [await a_supplier(ann, f"Boilers number {n} Ltd") for n in range(SUPPLIERS)]
    first = Opinion(interest=None, would_use_again=True, **SAID[1])
    written = [(await reviews.review(ann, one, opinion=first, version=None)).id for one in suppliers]
    for start in range(0, entries, BATCH):
        async with audit.recording(ann) as record:
            for n in range(start, min(entries, start + BATCH)):
                version, which = divmod(n, SUPPLIERS)
                (facts, personal), stream = revised(version + 1), Subject.SUPPLIER.of(suppliers[which])
                record(
                    Event.REVIEW_REVISED, stream=stream, subject=Subject.REVIEW.of(written[which]), facts=facts, personal=personal
                )
    async with database.write():
        for which, review in enumerate(written):
            version = 1 + len(range(which, entries, SUPPLIERS))
            now = {"version": version, **SAID[version % 2]}
            await Review.update({getattr(Review, name): value for name, value in now.items()}).where(Review.id == review)
    await database.close()


def revised(version: int) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts and the texts of the entry after this version of a review."""
    before, now = SAID[version % 2], SAID[(version + 1) % 2]
    ratings = {"old": {"rating": before["rating"], "version": version}, "new": {"rating": now["rating"], "version": version + 1}}
    return ratings, {"praise": now["praise"], "praise.old": before["praise"]}


if __name__ == "__main__":
    if sys.argv[1:2] == [GROW]:
        asyncio.run(grow(int(sys.argv[2])))
    else:
        main()

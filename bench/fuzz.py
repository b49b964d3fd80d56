"""Looks for a pack of which Python's verifier and the browser's say something different: made odd, or made wrong, by seed.

    ./run bench fuzz                  20,000 packs from seed 0
    ./run bench fuzz 5000 70000       5,000 packs from seed 70,000

Prints how many packs got which verdict, and every difference with its seed: ``case(seed)`` of ``tests/given/odd_packs.py`` makes
the pack again. One Chromium page runs the browser's modules. Ends with 1 if there was a difference.
"""

import asyncio
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.given.two_verifiers import differences, some
from tests.given.verifier_in_browser import a_place

PACKS: Final = 20_000
BATCH: Final = 200


async def main(packs: int, first: int) -> int:
    told: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    found: list[str] = []
    began = time.perf_counter()
    async with a_place() as place:
        for start in range(first, first + packs, BATCH):
            lines, verdicts = await differences(place, some(range(start, min(start + BATCH, first + packs))))
            told.update(one["status"] for one in verdicts)
            faults.update(one.get("fault") or "-" for one in verdicts)
            found += lines
            for line in lines:
                print(line, flush=True)
    print(f"{packs:,} packs from seed {first:,} in {time.perf_counter() - began:.0f} s: {dict(told)}")
    print(f"faults: {dict(faults.most_common())}")
    print(f"differences: {len(found):,}")
    return 1 if found else 0


if __name__ == "__main__":
    asked = [int(one) for one in sys.argv[1:]]
    sys.exit(asyncio.run(main(*(asked + [PACKS, 0][len(asked) :]))))

"""Counts the words of a list of supplier names into suppliers/matching/data/words.csv.gz.

    python -m bench.count_words supplier_names.csv.gz

The list is a CSV with a `name` column. Words seen in a single name are left out: a word that is missing counts as rare anyway,
and the table stays small. Words that these names hold too seldom count as often as `known_words.py` says.
"""

import csv
import gzip
import io
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bench.known_words import shares
from suppliers.matching.names import normalise
from suppliers.matching.rarity import TOTAL

OUT = Path(__file__).parent.parent / "suppliers" / "matching" / "data" / "words.csv.gz"


def main(source: str) -> None:
    with gzip.open(source, "rt", encoding="utf-8") as table:
        names = {normalise(row["name"]).loose for row in csv.DictReader(table)}
    kept = counted(names)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("word", "names"), *sorted(kept.items())])
    OUT.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))  # no time stamp: the same list, the same bytes
    print(f"{len(names)} names, {len(kept)} words kept, {OUT.stat().st_size // 1024} kB")


def counted(names: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """Word -> of how many names it is a part, for words of two or more; under `TOTAL` how many names there are."""
    found: Counter[str] = Counter()
    total = 0
    for words in names:
        found.update(set(words))
        total += 1
    kept = {word: count for word, count in found.items() if count > 1}
    for word, share in shares().items():
        if (least := round(share * total)) > kept.get(word, 1):
            kept[word] = least
    return kept | {TOTAL: total}


if __name__ == "__main__":
    main(sys.argv[1])

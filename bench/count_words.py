"""Counts the words of a list of supplier names into suppliers/matching/data/words.csv.gz.

    python -m bench.count_words supplier_names.csv.gz

The list is a CSV with a `name` column. Words seen in a single name are left out: a word that is
missing counts as rare anyway, and the table stays small.
"""

import csv
import gzip
import io
import sys
from collections import Counter
from pathlib import Path

from suppliers.matching.names import normalise
from suppliers.matching.rarity import TOTAL

OUT = Path(__file__).parent.parent / "suppliers" / "matching" / "data" / "words.csv.gz"


def main(source: str) -> None:
    with gzip.open(source, "rt", encoding="utf-8") as table:
        names = {normalise(row["name"]).loose for row in csv.DictReader(table)}
    counts = Counter(word for words in names for word in set(words))
    counts[TOTAL] = len(names)
    kept = sorted((word, count) for word, count in counts.items() if count > 1)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("word", "names"), *kept])
    OUT.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))  # no time stamp: the same list, the same bytes
    print(f"{len(names)} names, {len(kept)} words kept of {len(counts)}, {OUT.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main(sys.argv[1])

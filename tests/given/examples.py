"""How many examples a property test tries: few with every run of the suite, thousands by `./run bench long`."""

import os
from collections.abc import Iterable
from itertools import islice
from typing import Final, TypeVar

IN_THE_SUITE: Final = 30
EXAMPLES: Final = int(os.environ.get("VOUCH_TEST_EXAMPLES", IN_THE_SUITE))
IS_THE_SUITE: Final = EXAMPLES == IN_THE_SUITE
IS_WHOLE: Final = os.environ.get("VOUCH_TEST_ENGINE", "sqlite") == "sqlite"
_ONE_IN: Final = 1 if IS_WHOLE else 3

Case = TypeVar("Case")


def whole_on_sqlite(cases: Iterable[Case], *, start: int = 0) -> list[Case]:
    """The cases of a long walk whose rule Python alone decides: on PostgreSQL, every third of them from ``start`` (0, 1 or 2) on.

    Walks that start differently send between them every case to PostgreSQL.
    """
    return list(islice(cases, start % _ONE_IN, None, _ONE_IN))


def fewer_on_postgres(of_sqlite: int) -> int:
    """The same for a test of chance: how many of its examples."""
    return -(-of_sqlite // _ONE_IN)


def examples(in_the_suite: int) -> int:
    """For a test whose examples are dearer or cheaper than most: how many, in the suite so many."""
    return max(1, in_the_suite * EXAMPLES // IN_THE_SUITE)

"""How many examples a property test tries: few with every run of the suite, thousands by `./run bench long`."""

import os
from collections.abc import Iterable
from itertools import islice
from typing import Final, TypeVar

IN_THE_SUITE: Final = 50
EXAMPLES: Final = int(os.environ.get("VOUCH_TEST_EXAMPLES", IN_THE_SUITE))
IS_THE_SUITE: Final = EXAMPLES == IN_THE_SUITE


Case = TypeVar("Case")


def whole_on_sqlite(cases: Iterable[Case]) -> list[Case]:
    """The cases of a long walk whose rule Python alone decides: on PostgreSQL, every third of them."""
    return list(islice(cases, 0, None, 1 if os.environ.get("VOUCH_TEST_ENGINE", "sqlite") == "sqlite" else 3))


def examples(of_fifty: int) -> int:
    """For a test whose examples are dearer or cheaper than most: how many, when it tries so many where others try 50."""
    return max(1, of_fifty * EXAMPLES // IN_THE_SUITE)

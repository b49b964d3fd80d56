"""How many examples a property test tries: few with every run of the suite, thousands by `./run bench long`."""

import os
from typing import Final

IN_THE_SUITE: Final = 50
EXAMPLES: Final = int(os.environ.get("VOUCH_TEST_EXAMPLES", IN_THE_SUITE))
IS_THE_SUITE: Final = EXAMPLES == IN_THE_SUITE


def examples(of_fifty: int) -> int:
    """For a test whose examples are dearer or cheaper than most: how many, when it tries so many where others try 50."""
    return max(1, of_fifty * EXAMPLES // IN_THE_SUITE)

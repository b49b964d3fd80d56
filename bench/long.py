"""Every property test with thousands of examples instead of the suite's fifty, other ones each time; SQLite unless asked.

    ./run bench long                      2,000 examples each
    ./run bench long 10000 tests/audit    as many as you say, and pytest's arguments

A test whose examples are dear tries fewer, in the proportion that it has in the suite. VOUCH_TEST_ENGINE=postgres chooses the
other engine. What fails is printed with the example that fails, made small; write it down as a case of its own.
"""

import os
import sys
from typing import Final

import pytest

EXAMPLES: Final = "2000"


def main() -> int:
    asked = sys.argv[1:]
    os.environ["VOUCH_TEST_EXAMPLES"] = asked.pop(0) if asked and asked[0].isdecimal() else EXAMPLES
    return pytest.main(["-m", "hypothesis", "--durations=10", *asked])


if __name__ == "__main__":
    sys.exit(main())

"""Where this checkout and the tests' data are, and the command that the checkout is."""

import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DATA: Final = ROOT / "tests" / "data"
VOUCH: Final = [sys.executable, str(ROOT)]  # as `vouch` where it is installed

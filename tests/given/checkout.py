"""Where this checkout and the tests' data are, its floors, and the command that the checkout is."""

import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DATA: Final = ROOT / "tests" / "data"
FLOORS: Final = tuple(sorted(path.parent.name for path in ROOT.glob("*/__init__.py")))  # of the product
VOUCH: Final = [sys.executable, str(ROOT)]  # as `vouch` where it is installed

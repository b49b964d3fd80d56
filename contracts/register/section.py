"""A section of a contract's page. Any room above this one can make one; `contracts/profile/sections.py` lists them in order."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Section:
    """``template`` draws it and is given it as ``section``, with the page's ``viewer`` and ``contract``; its heading is an h2."""

    anchor: str  # its id on the page
    title: str
    template: str
    shown: Any

"""The order for an audit pack, and the pack that was built."""

from dataclasses import dataclass
from enum import StrEnum

from audit.packs.earlier import EarlierCopy
from audit.packs.extent import Extent, Scope
from audit.seals.seals import Seal


class Grade(StrEnum):
    COMPLETE = "complete"
    EXTRACT = "extract"


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What the pack is to hold. ``school`` is a name for people; ``size`` None means up to the latest seal."""

    trail: str
    school: str
    scope: Scope
    grade: Grade
    size: int | None = None
    earlier: EarlierCopy | None = None


@dataclass(frozen=True, slots=True)
class BuiltPack:
    """``entries`` counts the lines of the pack; ``sha256`` is that of the zip, in hex."""

    extent: Extent
    grade: Grade
    root: bytes
    entries: int
    sha256: str
    seal: Seal | None

"""What the records of a school are made of: texts and their limits, a school and a file as they are named, a list as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec

from base.spreadsheets.writing import Cell
from contracts.fields.contract_fields import LONGEST_LINE
from suppliers.matching.names import LONGEST

Name = Annotated[str, msgspec.Meta(max_length=LONGEST)]
Line = Annotated[str, msgspec.Meta(max_length=LONGEST_LINE)]
Code = Annotated[str, msgspec.Meta(max_length=60)]
Urn = Annotated[int, msgspec.Meta(ge=1, le=9_999_999)]  # the register gives out at most seven digits


class FileRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`path` is where it lies in the zip."""

    name: Name
    media_type: Annotated[str, msgspec.Meta(max_length=100)]
    size: int
    path: Annotated[str, msgspec.Meta(max_length=200)]


class School(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_LINE)]
    urn: Urn | None


@dataclass(frozen=True, slots=True)
class Table:
    """A list of a school's own records."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]

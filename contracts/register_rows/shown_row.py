"""A row as a person is shown it, with what is asked of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.register_rows.row_read import AskedOf
from contracts.register_rows.states import RowKind


@dataclass(frozen=True, slots=True)
class ShownRow:
    """``texts`` are what each field's cell says now; ``asked`` what still waits here, ``at_names`` on the pages of names."""

    place: int
    number: int
    sheet: str
    kind: RowKind
    title: str
    said: str
    texts: Mapping[str, str]
    asked: Sequence[AskedOf]
    at_names: Sequence[AskedOf]
    noted: Sequence[str]
    schools: Sequence[str]
    choice: str
    twin: UUID | None
    twin_place: int | None
    contract: UUID | None
    differing: Sequence[str] = ()  # labels of what a change changes
    key: str = ""  # behind the place, where several schools are asked different things of the same row

    @property
    def inputs(self) -> str:
        """With what the names of its inputs begin."""
        return f"r{self.place}{self.key}"

    @property
    def is_asked_about(self) -> bool:
        """Whether the row as a whole is: it may be there already, or twice in the file, or have a number of no contract."""
        return bool(self.said) and self.kind is RowKind.ASK

"""Who is asking: frozen facts made once a request by sharing/sign_in.py and received by everyone."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    BUSINESS_MANAGER = "business_manager"
    HEAD = "head"
    GOVERNOR = "governor"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")

    @property
    def writes(self) -> bool:
        """Governors read; business managers and heads write and share."""
        return self is not Role.GOVERNOR

    @property
    def reads_criticism(self) -> bool:
        return self is not Role.GOVERNOR


@dataclass(frozen=True, slots=True)
class Viewer:
    person: UUID
    name: str
    school: UUID
    school_name: str
    role: Role
    is_operator: bool = False  # runs this installation: metadata only, never another school's opinions
    several_schools: bool = False  # may switch

"""What a year of the demo town is made of: acts, each on its day, and what later ones need to know of earlier ones."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

from base.viewer import Role, Viewer
from demo.opinions import DemoNote, DemoReview


@dataclass(slots=True)
class Town:
    """Schools, firms and contracts go by their keys in the data."""

    schools: dict[str, UUID] = field(default_factory=dict)
    staff: dict[tuple[str, Role], Viewer] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)  # by e-mail
    network: UUID | None = None
    asked: dict[tuple[str, str], UUID] = field(default_factory=dict)  # connections
    used: dict[tuple[str, str], UUID] = field(default_factory=dict)  # school and firm, or what it called its own record
    listed: dict[str, UUID] = field(default_factory=dict)  # firms in the directory
    written: dict[DemoReview | DemoNote, UUID] = field(default_factory=dict)
    contracts: dict[str, UUID] = field(default_factory=dict)
    jobs: dict[str, UUID] = field(default_factory=dict)  # by what happened

    def writer(self, school: str, *, by_head: bool = False) -> Viewer:
        """Its business manager, or its head where there is none."""
        head = self.staff.get((school, Role.HEAD))
        return head if head and by_head else self.staff.get((school, Role.BUSINESS_MANAGER)) or self.staff[school, Role.HEAD]


@dataclass(frozen=True, slots=True)
class Act:
    days_ago: int
    do: Callable[[Town], Awaitable[None]]

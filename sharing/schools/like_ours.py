"""Which schools are like ours: of the same kind, about the same size, and as rural or urban. Pure.

Only what the register says counts, and what it does not say of a school tells it from no other. How near a school is has a
question of its own, so neither region nor local authority is asked here. Why so: ADR 71.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Final

# As many pupils as this, times ours: half as large or twice as large is another purchase.
SMALLEST: Final = 0.5
LARGEST: Final = 2


class SchoolKind(StrEnum):
    """What a school is, by the phase that the register gives it or, where no phase applies, its type."""

    NURSERY = "nursery"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    ALL_THROUGH = "all_through"
    SIXTEEN_PLUS = "sixteen_plus"
    SPECIAL = "special"
    ALTERNATIVE = "alternative"
    INDEPENDENT = "independent"

    @property
    def words(self) -> str:
        """Of several, in a sentence: "primary schools"."""
        return _WORDS[self]

    @property
    def phases(self) -> tuple[str, ...]:
        """As the register writes them."""
        return _PHASES[self]


@dataclass(frozen=True, slots=True)
class SchoolProfile:
    """What is compared; None: the register does not say."""

    kind: SchoolKind | None
    pupils: int | None = None
    is_rural: bool | None = None

    @property
    def pupils_like_ours(self) -> tuple[int, int] | None:
        """The fewest and the most pupils of a school like this one."""
        return (ceil(self.pupils * SMALLEST), self.pupils * LARGEST) if self.pupils else None

    @property
    def words(self) -> str:
        """What the schools like this one are: "primary schools with 105 to 420 pupils, in the country"."""
        if self.kind is None:
            return ""
        size = self.pupils_like_ours
        pupils = f" with {size[0]:,} to {size[1]:,} pupils" if size else ""
        return (
            f"{self.kind.words}{pupils}{'' if self.is_rural is None else ', in the country' if self.is_rural else ', in a town'}"
        )


def is_like(ours: SchoolProfile, other: SchoolProfile) -> bool:
    """Whether ``other`` is a school like ours. No school is like one of which the register does not say what it is."""
    size = ours.pupils_like_ours
    return (
        ours.kind is not None
        and ours.kind is other.kind
        and (size is None or other.pupils is None or size[0] <= other.pupils <= size[1])
        and (ours.is_rural is None or other.is_rural is None or ours.is_rural is other.is_rural)
    )


def kind_of(phase: str) -> SchoolKind | None:
    """None for a phase or type that says nothing of what a school buys, or none at all."""
    return _KINDS.get(phase)


_WORDS: Final = {
    SchoolKind.NURSERY: "nursery schools",
    SchoolKind.PRIMARY: "primary schools",
    SchoolKind.SECONDARY: "secondary schools",
    SchoolKind.ALL_THROUGH: "all-through schools",
    SchoolKind.SIXTEEN_PLUS: "sixth forms and colleges",
    SchoolKind.SPECIAL: "special schools",
    SchoolKind.ALTERNATIVE: "schools of alternative provision",
    SchoolKind.INDEPENDENT: "independent schools",
}
# The register's PhaseOfEducation, and its TypeOfEstablishment of schools to which no phase applies.
_PHASES: Final[dict[SchoolKind, tuple[str, ...]]] = {
    SchoolKind.NURSERY: ("Nursery",),
    SchoolKind.PRIMARY: ("Primary", "Middle deemed primary"),
    SchoolKind.SECONDARY: ("Secondary", "Middle deemed secondary"),
    SchoolKind.ALL_THROUGH: ("All-through",),
    SchoolKind.SIXTEEN_PLUS: ("16 plus", "Further education", "Sixth form centres"),
    SchoolKind.SPECIAL: (
        "Community special school",
        "Foundation special school",
        "Non-maintained special school",
        "Academy special converter",
        "Academy special sponsor led",
        "Free schools special",
        "Other independent special school",
        "Special post 16 institution",
    ),
    SchoolKind.ALTERNATIVE: (
        "Pupil referral unit",
        "Academy alternative provision converter",
        "Academy alternative provision sponsor led",
        "Free schools alternative provision",
    ),
    SchoolKind.INDEPENDENT: ("Other independent school",),
}
_KINDS: Final = {phase: kind for kind, phases in _PHASES.items() for phase in phases}

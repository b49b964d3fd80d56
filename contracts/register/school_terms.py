"""The terms in which a school counts, as its service calendar has them: for notices of a term or half a term."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SchoolTerms:
    """Each window is ``[first, last]`` in ISO dates; ``nation`` is whose bank holidays count."""

    terms: tuple[tuple[str, str], ...] = ()
    half_terms: tuple[tuple[str, str], ...] = ()
    nation: str = "ENG"


async def of_school(school: UUID) -> SchoolTerms:  # noqa: ARG001 - calendars are to come
    """Inside the caller's unit."""
    return SchoolTerms()

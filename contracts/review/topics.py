"""What a record of a meeting can say, topic by topic, and which of it the supplier reads. Pure."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Topic:
    """``name`` is that of the column. ``is_shared``: it stands in the pack for the meeting, which goes to the supplier."""

    name: str
    label: str
    hint: str
    is_shared: bool = True


TOPICS: Final = (
    Topic("agreed", "What was agreed", "Other than the actions below"),
    Topic("went_well", "What went well", "Good service as well as concerns"),
    Topic("complaints", "Complaints and compliments", "How many, and about what; no names"),
    Topic("staffing", "Staffing", "Who is new, who has left, who is missing"),
    Topic("accidents", "Accidents", "And near misses; no names"),
    Topic("invoices", "Invoices queried", "Which, why, and how it ended"),
    Topic("supplier_words", "In the supplier's own words", "What they want to be on record"),
    Topic("changes", "Changes ahead", "At the school or at the supplier"),
    Topic("decided", "What we decided", "Such as to renew, to leave or to ask for quotes", is_shared=False),
    Topic("notes", "Our notes", "For your colleagues and governors", is_shared=False),
)

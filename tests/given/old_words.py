"""The words of the trade, which no page, letter or file about contracts says, and what stands in their place."""

import re
from typing import Final

# How the service did, performance rating, left out, renews by itself unless we say no, goes on only if we ask, formal concern,
# priority 1, nothing happened or not recorded, written down 6 days later, approved by the person who logged it.
OLD: Final = re.compile(
    r"\b(attainments?|attained|assessments?|excluded|exclusions?|tacit(?:ly)?|roll-?over|rolls|rolled|evergreen"
    r"|improvement notices?|P[1-4]|no data(?!-)|late-logged|self-approved|SLAs?|KPIs?|renewal mode|express renewal)\b",
    re.IGNORECASE,
)
# Documents and a category of suppliers that schools call so, and the sentence that regulation 39 asks for.
KEPT: Final = re.compile(r"(risk|impact|exams and) assessments?|contracting authority's assessment", re.IGNORECASE)
CODE: Final = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)  # of a template


def old_words(text: str) -> list[str]:
    """Those that a text says."""
    found: list[str] = OLD.findall(KEPT.sub(" ", text))
    return found

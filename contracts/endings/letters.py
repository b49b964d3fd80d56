"""A letter of notice, filled in from what the register knows. Pure. Nobody sends it but the person who downloads it."""

from dataclasses import dataclass
from datetime import date

from base.words import in_words


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands in it. A text that is not known is ""; the letter then says what to fill in, in square brackets."""

    school: str
    supplier: str
    address: str
    title: str
    reference: str
    starts_on: date | None
    clause: str
    ends_on: date | None
    signed_by: str
    written_on: date


def paragraphs(letter: Letter) -> tuple[str, ...]:
    """From the address to the signature; lines of an address are kept."""
    which = f"{letter.title}" + (f", reference {letter.reference}" if letter.reference else "")
    begun = f", which began on {in_words(letter.starts_on)}" if letter.starts_on else ""
    clause = f" under clause {letter.clause}" if letter.clause else ""
    end = in_words(letter.ends_on) if letter.ends_on else "[the last day]"
    return (
        letter.supplier or "[the supplier's full name, as on the contract]",
        letter.address or "[the address for notices, as in the contract]",
        in_words(letter.written_on),
        f"Notice to end our contract: {which}",
        f"{letter.school} gives you notice{clause} to end this contract{begun}. Its last day is {end}.",
        "If you think that the contract ends on another day, tell us which and by which clause, within ten working days.",
        "Please confirm in writing that you have received this notice, and on which day.",
        f"For {letter.school}",
        letter.signed_by or "[name and office of who signs]",
    )


def plain(letter: Letter) -> str:
    return "\n\n".join(paragraphs(letter)) + "\n"

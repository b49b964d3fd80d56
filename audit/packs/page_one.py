"""What a pack proves and what it doesn't, in five sentences: page 1 of its READ-ME, of its report, of its spreadsheet."""

from typing import Final
from urllib.parse import urlsplit

from base import settings

PROVES: Final = {
    "complete": (
        "If the check says that it holds, this pack proves that its entries are the ones that were recorded, in their order, and "
        "that none about the matters in it is missing."
    ),
    "extract": (
        "If the check says that it holds, this pack proves that its entries are the ones that were recorded, in their order, but "
        "not that none was left out or came after."
    ),
}
DOES_NOT: Final = "It does not prove that what an entry says happened, nor that everything that happened was entered."
SINCE: Final = (
    "It proves so from the day on which the oldest seal or pack that you hold left the building: until then, whoever holds the "
    "database and the key could have written all of it anew."
)
CLOCK: Final = (
    "Every time in it is what the clock of the computer at {host} said, or where that was behind, the time of the entry before, "
    "and nobody else vouches for it{others}."
)
OTHERS: Final = (
    ": {who} only that all of it was there by a moment of another clock, not when any of it was recorded, and only to whoever "
    "trusts that clock"
)
WHO: Final = {  # whether the seal has a time stamp, and whether lines of witnesses
    (True, False): "the time stamp of the seal says",
    (False, True): "the witnesses of the seal say",
    (True, True): "the time stamp and the witnesses of the seal say",
}
SAMPLE: Final = (
    "To sample it, choose some of its entries by chance and ask what each rests on, and the other way round choose some of the "
    "school's own invoices and e-mails and look for the entries that they should have."
)


def sentences(grade: str, *, stamped: bool = False, witnessed: bool = False) -> tuple[str, ...]:
    """What it proves, what not, from when, whose clock, and how to sample. ``grade`` is "complete" or "extract"; ``stamped`` is
    whether the seal has a time stamp of RFC 3161, ``witnessed`` whether it has lines of witnesses.
    """
    host = urlsplit(settings.current().origin).netloc
    who = WHO.get((stamped, witnessed))
    others = OTHERS.format(who=who) if who else ""
    return PROVES[grade], DOES_NOT, SINCE, CLOCK.format(host=host, others=others), SAMPLE

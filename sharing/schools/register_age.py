"""How old the register is that Vouch knows schools from, as its last import told the operator's trail."""

import json
from dataclasses import dataclass
from datetime import date, datetime

import audit
import database
from audit.log.subjects import REGISTER
from audit.tables import Entry, Opening
from base import clock
from base.words import in_words, month_name
from sharing.events import Event


@dataclass(frozen=True, slots=True)
class RegisterAge:
    loaded_at: datetime
    as_of: str | None  # the month that the file tells of, as 2024-06; None where nobody said

    @property
    def in_words(self) -> str:
        """As "of June 2024, loaded on 3 November 2026"."""
        loaded = f"loaded on {in_words(self.loaded_at)}"
        return f"of {month_name(date.fromisoformat(f'{self.as_of}-01'))}, {loaded}" if self.as_of else loaded


async def age() -> RegisterAge | None:
    """Of the last file that changed anything; None before there was one. Opens its own read unit."""
    of_register = (Entry.trail == audit.OPERATOR) & (Entry.stream == REGISTER) & (Entry.type == Event.REGISTER_IMPORTED.value)
    async with database.read():
        last = await Entry.select(Entry.event_id, Entry.at).where(of_register).order_by(Entry.sseq, ascending=False).first()
        if last is None:
            return None
        facts = (Opening.event_id == last["event_id"]) & (Opening.field == "facts")
        told = await Opening.select(Opening.value).where(facts).first()
    return RegisterAge(clock.of_microseconds(last["at"]), json.loads(told["value"]).get("as_of") if told else None)

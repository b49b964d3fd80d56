"""The few tables that may change without an entry in a trail, and the unit of work that may write these and nothing else."""

import re
from typing import Any, Final

from database.saving import NOBODY_ASKED_FOR
from database.units import Unit, UnitKind, UnitMisuse

HOUSEKEEPING_TABLES: Final = frozenset(
    {
        *("sharing_session", "sharing_last_school", "sharing_throttle", "sharing_known_browser"),
        *("sharing_api_key_use", "sharing_security_event"),  # who used what, when: kept a time, and nobody's record
        *(
            "audit_checkpoint",
            "audit_cosignature",
            "audit_time_stamp",
            "audit_origins_note",
            "audit_key",
            "audit_rotation",
            "audit_cosigner",
            "audit_delivery",
        ),  # about the trails themselves: an entry would need another seal
        "audit_sending",  # what was sent, for a day, so that it isn't done twice: claimed by whatever unit does it
        "audit_node",  # made from the entries, at any time again; append-only all the same
        *("suppliers_key", "suppliers_card", "suppliers_index", "suppliers_refile"),  # made from facts, at any time again
        *("suppliers_pair", "suppliers_pair_search"),  # made from those by matching, at any time again
        *("notices_letter", "notices_told", "notices_lease", "notices_refused"),  # what was told, until it is forgotten
        *("notices_looked", "notices_asked"),  # when somebody last looked, and what they saw by name
        *("notices_choice", "notices_feed", "notices_waiting_feed"),  # chosen with an entry, gone with the person
        "contracts_attained",  # made from events, at any time again
        *("suppliers_import", "suppliers_import_row"),  # files on their way in: what is imported of them is recorded
        "suppliers_look",  # when somebody last opened a page: theirs, for a time
        "suppliers_import_remembered",  # what was said of them, so that it isn't asked again
        *("contracts_import", "contracts_import_row", "contracts_import_name"),
    }
)

_WRITES = re.compile(r'^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.IGNORECASE)


class GuardedUnit(Unit):
    """A housekeeping unit: hands out a connection that refuses to write any table not on the list."""

    __slots__ = ("_written",)

    def __init__(self, connection: Any, kind: UnitKind) -> None:
        super().__init__(connection, kind)
        self._written: set[str] = set()

    @property
    def connection(self) -> Any:
        return GuardedConnection(super().connection, self._written)

    @property
    def changes_something(self) -> bool:
        return not self._written <= NOBODY_ASKED_FOR


class GuardedConnection:
    __slots__ = ("_connection", "_written")

    def __init__(self, connection: Any, written: set[str]) -> None:
        self._connection, self._written = connection, written

    async def fetch(self, query: str, *args: Any) -> Any:
        self._note(query)
        return await self._connection.fetch(query, *args)

    async def execute_fetchall(self, query: str, args: Any = ()) -> Any:
        self._note(query)
        return await self._connection.execute_fetchall(query, args)

    def to_fill(self, table: str) -> Any:
        self._note(f"INSERT INTO {table}")
        return self._connection

    def _note(self, query: str) -> None:
        if (table := _written_by(query)) is not None:
            self._written.add(table)


def _written_by(query: str) -> str | None:
    """The table that it writes, None for a SELECT. Raises UnitMisuse for everything else."""
    written = _WRITES.match(query)
    if written is None and not query.lstrip().upper().startswith("SELECT"):
        raise UnitMisuse("housekeeping reads and writes rows, nothing else")
    if written is not None and written.group(1) not in HOUSEKEEPING_TABLES:
        raise UnitMisuse(f"housekeeping may not write {written.group(1)}: go through audit.recording")
    return None if written is None else written.group(1)

"""What holds: a grant at a moment; a network membership, a connection, a block. As conditions of SQL."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from piccolo.query import WhereRaw
from piccolo.querystring import QueryString
from piccolo.table import Table

ALWAYS: Final = QueryString("(1 = 1)")
NEVER: Final = QueryString("(1 = 0)")  # for an empty IN too, which PostgreSQL refuses


def live(grant: str, now: datetime) -> QueryString:
    """The grant is not revoked, and holds: from ``valid_from`` until just before ``expires_at``."""
    return QueryString(
        f"({grant}.revoked_at IS NULL AND {grant}.valid_from <= {{}}"
        f" AND ({grant}.expires_at IS NULL OR {grant}.expires_at > {{}}))",
        now,
        now,
    )


def holding(table: type[Table]) -> WhereRaw:
    """A network membership, connection or block holds: somebody made it, and nobody ended it.

    No clock is asked. Each begins and ends when somebody says so; one that ended must not be there again, and a block not away,
    because the clock was put back.
    """
    return WhereRaw("{}", holds(f'"{table._meta.tablename}"'))  # noqa: SLF001


def holds(row: str) -> QueryString:
    return QueryString(f"({row}.until_at IS NULL)")


def one_of(column: QueryString, ids: Iterable[UUID]) -> QueryString:
    values = tuple(ids)
    return QueryString(f"{{}} IN ({', '.join('{}' for _ in values)})", column, *values) if values else NEVER

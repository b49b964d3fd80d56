"""What holds at a moment: a grant, a network membership, a connection, a block. As conditions of SQL."""

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


def holding(table: type[Table], since: str, now: datetime) -> WhereRaw:
    """A network membership, connection or block holds: from its column ``since`` until just before ``until_at``."""
    return WhereRaw("{}", holds(f'"{table._meta.tablename}"', since, now))  # noqa: SLF001


def holds(row: str, since: str, now: datetime) -> QueryString:
    return QueryString(f"({row}.{since} <= {{}} AND ({row}.until_at IS NULL OR {row}.until_at > {{}}))", now, now)


def one_of(column: QueryString, ids: Iterable[UUID]) -> QueryString:
    values = tuple(ids)
    return QueryString(f"{{}} IN ({', '.join('{}' for _ in values)})", column, *values) if values else NEVER

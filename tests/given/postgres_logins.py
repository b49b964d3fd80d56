"""Databases and logins of a PostgreSQL server for one test, as an administrator and an operator would make them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from tests import conftest

PASSWORD = "a password for one test"


@dataclass(frozen=True, slots=True)
class Place:
    """An empty database with two logins: one that owns it, one that is to serve."""

    url: str  # as the server's superuser
    name: str
    admin: str
    serving: str

    def as_login(self, login: str) -> str:
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{login}:{PASSWORD.replace(' ', '%20')}@{host}"))

    async def order(self, *statements: str, login: str | None = None) -> None:
        connection = await asyncpg.connect(self.as_login(login) if login else self.url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@asynccontextmanager
async def place(template: conftest.Template, *, admin_may: str) -> AsyncIterator[Place]:
    """``admin_may`` is what the first login may do beyond owning the database, such as CREATEROLE."""
    name = f"vouch{uuid4().hex[:12]}"
    made = Place(conftest._renamed(template.server, name), name, f"{name}_admin", f"{name}_serves")
    await conftest._order(template.server, f"CREATE ROLE {made.admin} LOGIN {admin_may} PASSWORD '{PASSWORD}'")
    await conftest._order(template.server, f"CREATE ROLE {made.serving} LOGIN PASSWORD '{PASSWORD}'")
    await conftest._order(template.server, f"CREATE DATABASE {name} OWNER {made.admin}")
    try:
        yield made
    finally:
        connection = await asyncpg.connect(template.server)
        try:
            for row in await connection.fetch("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", name):
                await connection.execute(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)')
            groups_first = "SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1) ORDER BY rolcanlogin"
            for row in await connection.fetch(groups_first, name):
                await connection.execute(f"DROP ROLE {row['rolname']}")
        finally:
            await connection.close()

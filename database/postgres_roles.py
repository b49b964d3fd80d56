"""Who may do what in PostgreSQL: ``<database>_owner`` owns the tables and logs in nowhere, ``<database>_app`` serves.

Whoever owns a table can switch off the triggers that keep it append-only, so the role that answers the web must not.
Everything here runs inside the caller's unit of work. Why two roles, and what is left to an administrator: ADR 0013.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from piccolo.apps.migrations.tables import Migration

import database
from base.settings import SettingsError

LONGEST_NAME: Final = 56  # bytes of a database's name that leave room for a suffix in PostgreSQL's 63
FIRST_WITH_BOUND_CREATEROLE: Final = 160_000  # before 16, CREATEROLE could grant itself any other role


@dataclass(frozen=True, slots=True)
class Rules:
    """What the app role may do beyond SELECT and INSERT, from what the migrations declare."""

    ours: str  # a regular expression: which tables and functions of the schema are Vouch's
    append_only: frozenset[str]  # neither UPDATE nor DELETE
    unchanging: frozenset[str]  # no UPDATE
    kept: frozenset[str]  # no DELETE

    def rights(self, table: str) -> str:
        if table == "migration":
            return "SELECT"
        may_change = table not in self.append_only | self.unchanging
        may_go = table not in self.append_only | self.kept
        return ", ".join(["SELECT", "INSERT", *["UPDATE"] * may_change, *["DELETE"] * may_go])


@dataclass(frozen=True, slots=True)
class RolesOutcome:
    """``sql``: what an administrator has still to run; none when all is in place. ``served``: some login has the app role."""

    owner: str
    app: str
    sql: tuple[str, ...]
    served: bool


async def become_owner(rules: Rules, serve_as: str | None) -> None:
    """Makes the two roles, gives all tables to the owner, and acts as the owner until ``finish``; or leaves all as it was."""
    if serve_as is not None:
        await _require_a_login(serve_as)
    if await _all_or_none(await _foundation(rules)):
        owner, _ = await _names()
        await _run(f"SET LOCAL ROLE {_quoted(owner)}")


async def finish(rules: Rules, serve_as: str | None) -> RolesOutcome:
    """Grants the app role what each table's rules allow, and the app role to ``serve_as``; or returns the SQL that does."""
    await _run("RESET ROLE")
    wanted = [*await _foundation(rules), *await _grants(rules, serve_as)]
    done = await _all_or_none(wanted)
    owner, app = await _names()
    return RolesOutcome(owner, app, () if done else tuple(wanted), done and await _is_served(owner, app))


async def risk(rules: Rules) -> str | None:
    """Why the role in use could alter the trail, as the end of a sentence; None when it can't."""
    (role,) = await _rows("SELECT rolsuper, rolcreaterole, current_setting('server_version_num')::int AS version "
                          "FROM pg_roles WHERE rolname = current_user")  # fmt: skip
    if role["rolsuper"]:
        return "it is a superuser"
    if role["rolcreaterole"] and role["version"] < FIRST_WITH_BOUND_CREATEROLE:
        return "it may grant itself any other role"
    guarded = "', '".join(sorted(rules.append_only | rules.unchanging))
    owned = await _rows(
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "  # noqa: S608 - our own names
        f"AND relname IN ('{guarded}') AND pg_has_role(relowner, 'MEMBER') ORDER BY relname"
    )
    if owned:
        return f"it owns the table {owned[0]['relname']}"
    above = await _rows(
        "SELECT 1 FROM pg_namespace, pg_database WHERE nspname = current_schema() AND datname = current_database() "
        "AND (pg_has_role(nspowner, 'MEMBER') OR pg_has_role(datdba, 'MEMBER'))"
    )
    return "it owns the database" if above else None


async def _foundation(rules: Rules) -> list[str]:
    """What is still missing of: the roles, the right to act as the owner, and the owner's ownership."""
    owner, app = await _names()
    exists = {row["rolname"] for row in await _rows("SELECT rolname FROM pg_roles WHERE rolname IN ({}, {})", owner, app)}
    statements = [f"CREATE ROLE {_quoted(role)} NOLOGIN" for role in (owner, app) if role not in exists]
    (me,) = await _rows("SELECT current_user AS name, current_schema() AS schema, current_database() AS database")
    if owner not in exists or not (await _rows("SELECT pg_has_role({}::name, 'USAGE') AS may", owner))[0]["may"]:
        statements.append(f"GRANT {_quoted(owner)} TO {_quoted(me['name'])}")
    for role, right in ((owner, "CREATE"), (owner, "USAGE"), (app, "USAGE")):
        asked = role if role in exists else "public"
        (found,) = await _rows("SELECT has_schema_privilege({}::name, current_schema()::text, {}::text) AS may", asked, right)
        if not found["may"]:
            statements.append(f"GRANT {right} ON SCHEMA {_quoted(me['schema'])} TO {_quoted(role)}")
    (found,) = await _rows(
        "SELECT has_database_privilege({}::name, current_database(), 'CONNECT') AS may", app if app in exists else "public"
    )
    if not found["may"]:
        statements.append(f"GRANT CONNECT ON DATABASE {_quoted(me['database'])} TO {_quoted(app)}")
    return [*statements, *await _transfers(rules, owner)]


async def _transfers(rules: Rules, owner: str) -> list[str]:
    tables = await _rows(
        "SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
        "AND relkind = 'r' AND relname ~ {} AND pg_get_userbyid(relowner) <> {} ORDER BY 1", rules.ours, owner
    )  # fmt: skip
    functions = await _rows(
        "SELECT oid::regprocedure::text AS name FROM pg_proc WHERE pronamespace = current_schema()::regnamespace "
        "AND proname ~ {} AND pg_get_userbyid(proowner) <> {} ORDER BY 1", rules.ours, owner
    )  # fmt: skip
    return [
        *(f"ALTER TABLE {row['name']} OWNER TO {_quoted(owner)}" for row in tables),
        *(f"ALTER FUNCTION {row['name']} OWNER TO {_quoted(owner)}" for row in functions),
    ]


async def _grants(rules: Rules, serve_as: str | None) -> list[str]:
    owner, app = map(_quoted, await _names())
    tables = await _rows(
        "SELECT relname, oid::regclass::text AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
        "AND relkind = 'r' AND relname ~ {} ORDER BY relname", rules.ours
    )  # fmt: skip
    sequences = await _rows(
        "SELECT s.oid::regclass::text AS name FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') "
        "JOIN pg_class t ON t.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass "
        "WHERE s.relkind = 'S' AND t.relnamespace = current_schema()::regnamespace AND t.relname ~ {} ORDER BY 1", rules.ours
    )  # fmt: skip
    groups: dict[str, list[str]] = {}
    for row in tables:
        groups.setdefault(rules.rights(row["relname"]), []).append(row["name"])
    all_tables = ", ".join(row["name"] for row in tables)
    (schema,) = await _rows("SELECT quote_ident(current_schema()) AS name")
    defaults = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema['name']}"
    return [
        f"REVOKE ALL ON {all_tables} FROM PUBLIC, {app}",
        *(f"GRANT {rights} ON {', '.join(names)} TO {app}" for rights, names in sorted(groups.items())),
        *(f"GRANT SELECT ON SEQUENCE {row['name']} TO {app}" for row in sequences),  # pg_dump reads where each one is
        f"{defaults} GRANT SELECT, INSERT ON TABLES TO {app}",
        f"{defaults} GRANT SELECT ON SEQUENCES TO {app}",
        *(await _serving(serve_as, app, all_tables) if serve_as is not None else ()),
    ]


async def _serving(login: str, app: str, all_tables: str) -> list[str]:
    """The login gets the app role, and loses what it was granted by itself, now and by default."""
    defaults = await _rows(
        "SELECT DISTINCT pg_get_userbyid(defaclrole) AS by, quote_ident(nspname) AS schema, defaclobjtype::text AS kind "
        "FROM pg_default_acl LEFT JOIN pg_namespace n ON n.oid = defaclnamespace, aclexplode(defaclacl) AS a "
        "WHERE pg_get_userbyid(a.grantee) = {} AND defaclobjtype::text IN ('r', 'S')", login
    )  # fmt: skip
    kinds = {"r": "TABLES", "S": "SEQUENCES"}
    return [
        f"GRANT {app} TO {_quoted(login)}",
        f"REVOKE ALL ON {all_tables} FROM {_quoted(login)}",
        *(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {_quoted(row['by'])}{' IN SCHEMA ' + row['schema'] if row['schema'] else ''} "
            f"REVOKE ALL ON {kinds[row['kind']]} FROM {_quoted(login)}"
            for row in defaults
        ),
    ]


async def _require_a_login(name: str) -> None:
    """Raises SettingsError for a role that is missing, or that could alter the trail whatever we grant."""
    found = await _rows(
        "SELECT rolsuper OR rolname = current_user AS rules FROM pg_roles WHERE rolname = {} AND rolcanlogin", name
    )
    if not found:
        raise SettingsError(f"There is no login {name}. Make it first: CREATE ROLE {_quoted(name)} LOGIN PASSWORD '…'")
    owns = await _rows(
        "SELECT 1 FROM pg_roles WHERE rolname = {} AND pg_has_role({}::name, oid, 'USAGE')", (await _names())[0], name
    )
    if found[0]["rules"] or owns:
        raise SettingsError(f"{name} may change the tables, so it must not serve: name another login.")


async def _is_served(owner: str, app: str) -> bool:
    """True when somebody who is not the owner as well can log in as the app role."""
    return bool(
        await _rows(
            "SELECT 1 FROM pg_roles WHERE rolcanlogin AND NOT rolsuper "
            "AND pg_has_role(oid, {}::name, 'USAGE') AND NOT pg_has_role(oid, {}::name, 'USAGE')",
            app,
            owner,
        )
    )


async def _all_or_none(statements: Sequence[str]) -> bool:
    """False, and nothing changed, when this role may not do all of it."""
    await _run("SAVEPOINT roles")
    try:
        for statement in statements:
            await _run(statement)
    except asyncpg.InsufficientPrivilegeError:
        await _run("ROLLBACK TO SAVEPOINT roles")
        return False
    await _run("RELEASE SAVEPOINT roles")
    return True


async def _names() -> tuple[str, str]:
    """The owner role and the app role: named after the database, because roles belong to the whole server."""
    (row,) = await _rows("SELECT current_database() AS name")
    stem = row["name"].encode()[:LONGEST_NAME].decode(errors="ignore")
    return f"{stem}_owner", f"{stem}_app"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


async def _rows(query: str, *values: str) -> list[dict[str, Any]]:
    return list(await Migration.raw(query, *values))


async def _run(statement: str) -> None:
    await database.engine().run_ddl(statement)

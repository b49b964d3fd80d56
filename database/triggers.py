"""Whether the triggers that keep tables append-only are still the ones that the migrations make.

Whoever owns a database can drop one, put an empty one in its place, switch it off, or add one that changes what is written.
Compared are the triggers' own texts on SQLite; on PostgreSQL when each fires, for what, whether always, and what its function
says.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from piccolo.apps.migrations.tables import Migration

import database
from database import migrations

_MADE: Final = re.compile(r"^\s*CREATE TRIGGER (\w+)\s.*?\bON (\w+)", re.DOTALL)
_DROPPED: Final = re.compile(r"^\s*DROP (TRIGGER|TABLE) (\w+)")
_ALWAYS: Final = re.compile(r"^\s*ALTER TABLE \w+ ENABLE ALWAYS TRIGGER (\w+)")
_FUNCTION: Final = re.compile(
    r"^\s*CREATE FUNCTION (\w+)\(\) RETURNS trigger LANGUAGE plpgsql (?:SET (\w+) = (\w+) )?AS\s+\$\$(.*)\$\$\s*$", re.DOTALL
)
_SET: Final = re.compile(r"ALTER FUNCTION (\w+)\(\) SET (\w+) = ([^']+)'")
_PARTS: Final = re.compile(
    r"(BEFORE|AFTER) (\w+) ON (\w+)\s+(?:REFERENCING [\w\s]+ )?FOR EACH (\w+) EXECUTE FUNCTION (\w+)\(\)\s*$"
)

# The bits of pg_trigger's column tgtype: src/include/catalog/pg_trigger.h of PostgreSQL.
_BITS: Final = {"ROW": 1, "STATEMENT": 0, "BEFORE": 2, "AFTER": 0, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_STORED: Final = """SELECT t.tgname::text AS name, c.relname::text AS relation, t.tgtype::int AS bits,
    t.tgenabled::text AS enabled, p.proname::text AS function, p.prosrc AS body,
    replace(array_to_string(p.proconfig, ' '), '=' || quote_ident(current_schema()) || ',', '=%I,') AS set,
    t.tgqual IS NOT NULL AS narrowed
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relname ~ {}"""
# Foreign keys are triggers too, of PostgreSQL's own making; their names hold a number.
_OWN: Final = " AND NOT t.tgisinternal"
_REFERENCES_OFF: Final = " AND t.tgisinternal AND t.tgenabled = 'D'"
_RULES: Final = """SELECT rulename::text AS name, tablename::text AS relation FROM pg_rules
    WHERE schemaname = current_schema() AND tablename ~ {}"""


async def faults() -> tuple[str, ...]:
    """What is otherwise than the migrations make it, a clause for each; none: all is as it should be. Inside a read unit."""
    said = await migrations.statements()
    if not database.is_postgres():
        rows = await Migration.raw("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return _differences(_of_sqlite(said), {row["name"]: _words(row["sql"]) for row in rows})
    ours = migrations.rules().ours
    stored = {row["name"]: _stored(row) for row in await Migration.raw(_STORED + _OWN, ours)}
    off = {row["relation"] for row in await Migration.raw(_STORED + _REFERENCES_OFF, ours)}
    rules = [
        f"there is a rule {row['name']} on {row['relation']}, and Vouch makes none" for row in await Migration.raw(_RULES, ours)
    ]
    unheeded = [f"what {relation} refers to is no longer enforced: its triggers are switched off" for relation in sorted(off)]
    return (*_differences(_of_postgres(said), stored), *unheeded, *rules)


def _differences(made: Mapping[str, str], stored: Mapping[str, str]) -> tuple[str, ...]:
    missing = [f"the trigger {name} is missing" for name in sorted(made.keys() - stored.keys())]
    strange = [f"there is a trigger {name}, and Vouch makes none of that name" for name in sorted(stored.keys() - made.keys())]
    other = [name for name in sorted(made.keys() & stored.keys()) if stored[name] != made[name]]
    changed = [
        f"the trigger {name} is {_OFF if stored[name].startswith(_OFF) else 'not the one that Vouch makes'}" for name in other
    ]
    return (*missing, *changed, *strange)


_OFF: Final = "switched off"


def _of_sqlite(said: Iterable[str]) -> dict[str, str]:
    return _left(said, _words)


def _of_postgres(said: Iterable[str]) -> dict[str, str]:
    """By name, what `_stored` makes of the trigger when it is as it should be."""
    said = tuple(said)
    functions = {found[1]: found.groups()[1:] for one in said if (found := _FUNCTION.match(one))}
    functions |= {found[1]: (found[2], found[3], functions[found[1]][2]) for one in said if (found := _SET.search(one))}
    always = {found[1] for one in said if (found := _ALWAYS.match(one))}

    def described(statement: str) -> str:
        parts, named = _PARTS.search(statement), _MADE.match(statement)
        if parts is None or named is None:
            raise ValueError(f"got {statement!r}, want a trigger with one event and a function")
        when, event, table, each, function = parts.groups()
        bits = _BITS[when] | _BITS[event] | _BITS[each]
        setting, value, body = functions[function]
        means = _meaning(function, f"{setting}={value}" if setting else None, body)
        return _described("A" if named[1] in always else "O", table, bits, means, narrowed=False)

    return _left(said, described)


def _left(said: Iterable[str], described: Callable[[str], str]) -> dict[str, str]:
    """The triggers that are there when all these statements have run."""
    left: dict[str, tuple[str, str]] = {}  # by name its table, and what is compared
    for statement in said:
        if made := _MADE.match(statement):
            left[made[1]] = (made[2], described(statement))
        elif gone := _DROPPED.match(statement):
            kind, which = gone.groups()
            left = {name: one for name, one in left.items() if which != (name if kind == "TRIGGER" else one[0])}
    return {name: one for name, (_, one) in left.items()}


def _stored(row: Mapping[str, object]) -> str:
    if row["enabled"] == "D":
        return _OFF
    bits = row["bits"]
    means = _meaning(row["function"], row["set"], row["body"])
    return _described(row["enabled"], row["relation"], bits, means, narrowed=bool(row["narrowed"]))


def _meaning(function: object, setting: object, body: object) -> str:
    """A setting of a function's own may give its words another meaning: where it looks tables up, for one."""
    return f"{function} {setting} {_words(str(body))}"


def _described(enabled: object, table: object, bits: object, means: str, *, narrowed: bool) -> str:
    return f"{enabled} {table} {bits} {narrowed} {means}"


def _words(statement: str) -> str:
    """With one space wherever there is any."""
    return " ".join(statement.split())

"""A trigger that is not what the migrations make is named, whatever was done to it."""

import pytest

import database
from database import triggers

pytestmark = pytest.mark.usefixtures("db")

NOTHING = "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
KEPT = "audit_origins_note_no_update"
REFUSE = "SELECT RAISE(ABORT, 'audit_origins_note is append-only')"
DEAF = "FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION audit_refuse()"

# What was done on SQLite, and on PostgreSQL; and what is said of it.
TAMPERED = {
    "dropped": (
        ["DROP TRIGGER audit_entry_no_update"],
        ["DROP TRIGGER audit_entry_no_update ON audit_entry"],
        "the trigger audit_entry_no_update is missing",
    ),
    "replaced by an empty one": (
        ["DROP TRIGGER audit_entry_no_delete",
         "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT 1; END"],
        [NOTHING, "DROP TRIGGER audit_entry_no_delete ON audit_entry",
         "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION nothing()"],
        "the trigger audit_entry_no_delete is not the one that Vouch makes",
    ),
    "made deaf": (
        [f"DROP TRIGGER {KEPT}", f"CREATE TRIGGER {KEPT} BEFORE UPDATE ON audit_origins_note WHEN 0 BEGIN {REFUSE}; END"],
        [f"DROP TRIGGER {KEPT} ON audit_origins_note", f"CREATE TRIGGER {KEPT} BEFORE UPDATE ON audit_origins_note {DEAF}",
         f"ALTER TABLE audit_origins_note ENABLE ALWAYS TRIGGER {KEPT}"],
        f"the trigger {KEPT} is not the one that Vouch makes",
    ),
    "one more": (
        ["CREATE TRIGGER quietly AFTER INSERT ON suppliers_review BEGIN UPDATE suppliers_review SET rating = 5; END"],
        [NOTHING, "CREATE TRIGGER quietly BEFORE INSERT ON suppliers_review FOR EACH ROW EXECUTE FUNCTION nothing()"],
        "there is a trigger quietly, and Vouch makes none of that name",
    ),
}  # fmt: skip
ON_POSTGRES = {
    "emptied function": (NOTHING.replace("FUNCTION nothing", "OR REPLACE FUNCTION audit_refuse"),
                         "the trigger audit_entry_no_delete is not the one that Vouch makes"),
    "switched off": ("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_next", "the trigger audit_entry_next is switched off"),
    "looking elsewhere": ("ALTER FUNCTION audit_refuse() SET search_path = elsewhere",
                          "the trigger audit_entry_no_delete is not the one that Vouch makes"),
    "heeded less": ("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_next", "the trigger audit_entry_next is not the one"),
    "references off": ("ALTER TABLE suppliers_use DISABLE TRIGGER ALL", "what suppliers_use refers to is no longer enforced"),
    "a rule": ("CREATE RULE deaf AS ON DELETE TO suppliers_use DO INSTEAD NOTHING", "there is a rule deaf on suppliers_use"),
}  # fmt: skip


class _Undone(Exception):
    """PostgreSQL's database is the next test's too."""


async def said_after(*statements: str) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    with pytest.raises(_Undone):
        async with database.write():
            for statement in statements:
                await database.engine().run_ddl(statement)
            found = await triggers.faults()
            raise _Undone
    return found


async def test_nothing_is_said_of_what_the_migrations_made() -> None:
    async with database.read():
        assert await triggers.faults() == ()


@pytest.mark.parametrize("done", TAMPERED)
async def test_a_trigger_that_is_not_what_the_migrations_make_is_named(done: str) -> None:
    sqlite, postgres, said = TAMPERED[done]
    assert await said_after(*(postgres if database.is_postgres() else sqlite)) == (said,)


@pytest.mark.postgres
@pytest.mark.parametrize("done", ON_POSTGRES)
async def test_what_only_postgresql_allows_is_named(done: str) -> None:
    statement, said = ON_POSTGRES[done]
    assert any(fault.startswith(said) for fault in await said_after(statement))

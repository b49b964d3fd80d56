"""What an API key may be used for and when it was used, the browser of a session in words, and the security log."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0010"
VERSION = "1.38.0"
DESCRIPTION = "scopes of keys, security log"

# A key from before goes on reading and writing, for 90 days at most. It belongs to the membership that its person had when it
# was made, if that one lives.
KEYS = (
    "ALTER TABLE sharing_api_key ADD COLUMN {text:scopes:40} DEFAULT 'read write'",
    "ALTER TABLE sharing_api_key ADD COLUMN membership UUID",
    "ALTER TABLE sharing_api_key ADD COLUMN predates_scopes BOOLEAN NOT NULL DEFAULT FALSE",
    "UPDATE sharing_api_key SET predates_scopes = TRUE",
    """UPDATE sharing_api_key SET membership = (
        SELECT m.id FROM sharing_membership m
        WHERE m.person = sharing_api_key.person AND m.school = sharing_api_key.school
            AND m.valid_until IS NULL AND m.valid_from <= sharing_api_key.made_at)""",
    "CREATE INDEX sharing_api_key_school ON sharing_api_key (school)",
    "CREATE TABLE sharing_api_key_use (key UUID PRIMARY KEY NOT NULL, last_used_at TIMESTAMPTZ NOT NULL)",
)

SESSIONS = ("ALTER TABLE sharing_session ADD COLUMN {text:browser:60} DEFAULT ''",)

SECURITY_LOG = (
    """CREATE TABLE sharing_security_event (
        id UUID PRIMARY KEY NOT NULL, hour TIMESTAMPTZ NOT NULL, {text:kind:40},
        {text:account:20}, {text:api_key:20}, {text:network:20}, {text:place:200},
        times BIGINT NOT NULL, first_at TIMESTAMPTZ NOT NULL, last_at TIMESTAMPTZ NOT NULL)""",
    """CREATE UNIQUE INDEX sharing_what_is_alike_in_an_hour_is_one_row
        ON sharing_security_event (hour, kind, account, api_key, network, place)""",
    "CREATE INDEX sharing_security_event_last ON sharing_security_event (last_at)",
    *(
        f"CREATE INDEX sharing_security_event_{column} ON sharing_security_event ({column}, last_at)"
        for column in ("account", "api_key", "network")
    ),
)

# As the code stores a moment: SQLite keeps text, with six digits of a second and the offset.
_END_SQLITE = """UPDATE sharing_api_key SET expires_at =
    MIN(expires_at, strftime('%Y-%m-%d %H:%M:%f', 'now', '+90 days') || '000+00:00')"""
_END_POSTGRES = "UPDATE sharing_api_key SET expires_at = LEAST(expires_at, CURRENT_TIMESTAMP + INTERVAL '90 days')"


async def forwards() -> MigrationManager:
    return ddl(ID, both=(*KEYS, *SESSIONS, *SECURITY_LOG), sqlite=(_END_SQLITE,), postgres=(_END_POSTGRES,))

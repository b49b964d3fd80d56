"""Letters with links, and addresses that several people may claim until one of them proves it.

An address was one account's, whoever had typed it first. From now on it is unique among those who proved it by a mailed
link, and nobody else keeps anybody from it; an account that lost its address has none, which is "". Everybody from before
has proved nothing yet, and signs in as ever.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

import database
from database.migrations import ddl, make_anew

ID = "sharing_0009"
VERSION = "1.38.0"
DESCRIPTION = "claimed and proved addresses"

PURPOSES: Final = "purpose IN ('first', 'invitation', 'password'"
ALL_PURPOSES: Final = f"{PURPOSES}, 'address'"

BOTH: Final = (
    "CREATE INDEX sharing_person_email ON sharing_person (email)",
    """CREATE UNIQUE INDEX sharing_one_account_proved_the_address ON sharing_person (email)
        WHERE address_proved_at IS NOT NULL AND address_proved_by IS NULL""",
    "ALTER TABLE sharing_one_time_link ADD COLUMN mailed_hash {bytes}",
    "CREATE UNIQUE INDEX sharing_one_time_link_mailed ON sharing_one_time_link (mailed_hash)",
)
POSTGRES: Final = (
    "ALTER TABLE sharing_person DROP CONSTRAINT sharing_person_email_key",
    "ALTER TABLE sharing_one_time_link DROP CONSTRAINT sharing_one_time_link_purpose_check",
    f"ALTER TABLE sharing_one_time_link ADD CONSTRAINT sharing_one_time_link_purpose_check CHECK ({ALL_PURPOSES}))",
)


async def forwards() -> MigrationManager:
    manager = ddl(ID, both=BOTH, postgres=POSTGRES)
    if not database.is_postgres():
        manager.add_raw(_make_anew)
    return manager


async def _make_anew() -> None:
    await make_anew("sharing_person", {"char(0)) = 0) UNIQUE": "char(0)) = 0)"})
    await make_anew("sharing_one_time_link", {PURPOSES: ALL_PURPOSES})

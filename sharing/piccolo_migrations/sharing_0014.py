"""Trusts from a file of their own: a trust's company number, and the day on which a school joined it, as the register says.

``joined_at`` stays when Vouch learnt it: who was told that a share is for the schools of today was not told of a school that the
register names later, however long it has belonged.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0014"
VERSION = "1.38.0"
DESCRIPTION = "trusts and their schools"

BOTH = (
    "ALTER TABLE sharing_school ADD COLUMN {text:company_number:8:null}",
    """CREATE UNIQUE INDEX sharing_a_company_is_one_trust
        ON sharing_school (company_number) WHERE company_number IS NOT NULL""",
    "ALTER TABLE sharing_network_member ADD COLUMN joined_on DATE",
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)

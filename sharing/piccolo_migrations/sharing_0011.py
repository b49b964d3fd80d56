"""What ended stays ended, and a network's invitation that was declined looks like one without an answer.

``shares_again``: when a connection or membership began anew, its school chose to share again what it shared before. Nobody
was asked until now, so it is false for those that began anew already: what revived by itself is seen no more.

A declined invitation keeps ``answered_at`` null, as whoever invited knows it. The last one of each school and network that
was declined before becomes so, unless the school was asked again since or is in the network.

The person whom a head named to confirm criticism for a time. The plain indexes are for reads that ask of a school what holds
now: they name an end that may lie ahead, so that no index of live rows answers them.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "sharing_0011"
VERSION = "1.38.0"
DESCRIPTION = "what ended stays ended"

BOTH = (
    *(
        f"ALTER TABLE sharing_{table} ADD COLUMN shares_again BOOLEAN NOT NULL DEFAULT FALSE"
        for table in ("connection", "connection_request", "network_member")
    ),
    "ALTER TABLE sharing_network_invitation ADD COLUMN declined_at TIMESTAMPTZ",
    """UPDATE sharing_network_invitation SET declined_at = answered_at, answered_at = NULL
        WHERE answered_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM sharing_network_member m WHERE m.network = sharing_network_invitation.network
            AND m.school = sharing_network_invitation.school
            AND (m.until_at IS NULL OR m.joined_at >= sharing_network_invitation.answered_at))
        AND NOT EXISTS (SELECT 1 FROM sharing_network_invitation o WHERE o.network = sharing_network_invitation.network
            AND o.school = sharing_network_invitation.school AND o.id <> sharing_network_invitation.id
            AND (o.answered_at IS NULL OR o.asked_at > sharing_network_invitation.asked_at
                OR (o.asked_at = sharing_network_invitation.asked_at AND o.id > sharing_network_invitation.id)))""",
    "CREATE INDEX sharing_network_member_school ON sharing_network_member (school, network)",
    "CREATE INDEX sharing_connection_peer ON sharing_connection (peer, school)",
    "CREATE INDEX sharing_connection_school ON sharing_connection (school)",
    "CREATE INDEX sharing_block_peer ON sharing_block (peer, school)",
    """CREATE TABLE sharing_confirmer (
        id UUID PRIMARY KEY NOT NULL,
        school UUID NOT NULL REFERENCES sharing_school(id), person UUID NOT NULL REFERENCES sharing_person(id),
        named_by UUID NOT NULL REFERENCES sharing_person(id), named_at TIMESTAMPTZ NOT NULL, until_at TIMESTAMPTZ NOT NULL,
        CONSTRAINT nobody_names_themselves CHECK (named_by <> person))""",
    "CREATE INDEX sharing_confirmer_school ON sharing_confirmer (school)",
)


KEPT = ("sharing_confirmer",)


async def forwards() -> MigrationManager:
    return ddl(ID, both=BOTH)

"""What no other room reads: when keys were used, and the security log."""

from piccolo.columns import UUID, BigInt, Text, Timestamptz
from piccolo.table import Table


class ApiKeyUse(Table, tablename="sharing_api_key_use"):
    """When a key was last used, to the hour. Beside the key, so that housekeeping writes this and never a key."""

    key = UUID(primary_key=True, default=None, null=False)
    last_used_at = Timestamptz(default=None, null=False)


class SecurityEvent(Table, tablename="sharing_security_event"):
    """One row for all that is alike within an hour. Who and where are keyed digests, or empty where nobody knows."""

    id = UUID(primary_key=True)
    hour = Timestamptz(default=None, null=False)  # its beginning
    kind = Text(default=None, null=False)
    account = Text(default="", null=False)
    api_key = Text(default="", null=False)
    network = Text(default="", null=False)
    place = Text(default="", null=False)  # of a refusal: the method and the route's template
    times = BigInt(default=None, null=False)
    first_at = Timestamptz(default=None, null=False)
    last_at = Timestamptz(default=None, null=False)

"""What only this room reads: who agreed to a new password."""

from piccolo.columns import UUID, Timestamptz
from piccolo.table import Table


class ResetAgreement(Table, tablename="sharing_reset_agreement"):
    """A head of one of somebody's schools agreed to a new password; used together with that of another. Never deleted."""

    id = UUID(primary_key=True)
    person = UUID(default=None, null=False)
    school = UUID(default=None, null=False)
    agreed_by = UUID(default=None, null=False)
    agreed_at = Timestamptz(default=None, null=False)
    used_at = Timestamptz(default=None, null=True)


TABLES = (ResetAgreement,)

"""The rules of buying that a school or trust keeps by, as versions."""

from piccolo.columns import UUID, BigInt, Text, Timestamptz
from piccolo.table import Table


class BuyingRules(Table, tablename="contracts_buying_rules"):
    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    version = BigInt(default=None, null=False)  # from 1; the last one counts
    data = Text(default=None, null=False)  # JSON of scheme.py
    made_by = UUID(default=None, null=False)
    made_at = Timestamptz(default=None, null=False)


TABLES = (BuyingRules,)

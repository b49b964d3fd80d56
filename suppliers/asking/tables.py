"""The tables of this room."""

from piccolo.columns import UUID, BigInt, Text, Timestamptz
from piccolo.table import Table


class Enquiry(Table, tablename="suppliers_enquiry"):
    """What a school asks others, about a supplier of the directory or about a need. Nobody changes one."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    category = Text(default=None, null=True)  # the need, a slug of taxonomy.csv; null: it is about a supplier
    supplier = UUID(default=None, null=True)
    words = Text(default=None, null=False)
    schools = BigInt(default=None, null=False)  # how many others it was put to
    author = UUID(default=None, null=False)
    revised_by = UUID(default=None, null=True)  # the predicate asks who changed a row: nobody did
    audience = UUID(default=None, null=False)
    asked_at = Timestamptz(default=None, null=False)
    closes_at = Timestamptz(default=None, null=False)
    withdrawn_at = Timestamptz(default=None, null=True)  # closed by its school before that
    hidden_at = Timestamptz(default=None, null=True)  # as a review's
    hidden_by = UUID(default=None, null=True)


class EnquiryAnswer(Table, tablename="suppliers_enquiry_answer"):
    """What a school answers to another's enquiry, one of each school. Private to the two; of words there are none."""

    id = UUID(primary_key=True)
    enquiry = UUID(default=None, null=False)
    school = UUID(default=None, null=False)  # that answers
    answers_with = Text(default=None, null=False)  # vouch | review | supplier | nothing
    supplier = UUID(default=None, null=True)  # null: nothing
    author = UUID(default=None, null=False)
    answered_at = Timestamptz(default=None, null=False)

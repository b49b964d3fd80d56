"""What schools propose to change of directory entries, and what curators changed."""

from piccolo.columns import UUID, Text, Timestamptz
from piccolo.table import Table


class Correction(Table, tablename="suppliers_correction"):
    """What a school proposes to change of an entry; curators read it without the school's name."""

    id = UUID(primary_key=True)
    school = UUID(default=None, null=False)
    supplier = UUID(default=None, null=False)  # it may be removed from the directory since
    before = Text(default=None, null=False)  # JSON of the entry's facts when it was proposed: suppliers/record/facts.py
    proposed = Text(default=None, null=False)  # the same as they should be
    why = Text(default=None, null=False)
    state = Text(default=None, null=False)  # waiting | taken | refused | withdrawn
    answer = Text(default=None, null=False)  # what the curator said to a refusal
    made_at = Timestamptz(default=None, null=False)
    made_by = UUID(default=None, null=False)
    answered_at = Timestamptz(default=None, null=True)
    answered_by = UUID(default=None, null=True)


class DirectoryEdit(Table, tablename="suppliers_directory_edit"):
    """One change of an entry by a curator, with what undoing it needs."""

    id = UUID(primary_key=True)
    supplier = UUID(default=None, null=False)  # of an entry that was removed, the id that it had
    before = Text(default=None, null=False)  # JSON of the facts
    after = Text(default=None, null=True)  # null: the entry was removed
    listed_at = Timestamptz(default=None, null=False)  # since when the entry is in the directory
    correction = UUID(default=None, null=True)
    made_at = Timestamptz(default=None, null=False)
    made_by = UUID(default=None, null=False)
    undone_at = Timestamptz(default=None, null=True)
    undone_by = UUID(default=None, null=True)

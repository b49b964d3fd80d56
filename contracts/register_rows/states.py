"""What an import of a register is while it waits between two pages: its state, and what a row is. Pure."""

from enum import StrEnum


class ImportState(StrEnum):
    READING = "reading"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    STOPPED = "stopped"
    DONE = "done"
    REFUSED = "refused"

    @property
    def is_work(self) -> bool:
        return self in (ImportState.READING, ImportState.CHECKING, ImportState.IMPORTING)

    @property
    def takes_answers(self) -> bool:
        return self in (ImportState.CHECKED, ImportState.STOPPED)


class RowKind(StrEnum):
    READ = "read"  # nobody has looked at it yet
    ASK = "ask"
    NEW = "new"
    CHANGE = "change"  # of a contract that is in the register
    SAME = "same"  # as the register has it
    LEFT_OUT = "left_out"  # by a person, or as none of our schools'
    SKIPPED = "skipped"  # no contract
    ADDED = "added"
    CHANGED = "changed"


READY = (RowKind.NEW, RowKind.CHANGE)
OPEN = (RowKind.READ, RowKind.ASK, *READY, RowKind.SAME, RowKind.LEFT_OUT)  # what a person may still say something about


class RowChoice(StrEnum):
    """What a person said of a row as a whole."""

    ADD = "add"
    CHANGE = "change"
    LEAVE_OUT = "leave_out"


class NameKind(StrEnum):
    SUPPLIER = "supplier"
    SCHOOL = "school"


class NameChoice(StrEnum):
    """What a name of the file may stand for, besides a record by its id. Empty: nobody has said."""

    NAME_ALONE = "name_alone"  # of a supplier: it stands on the contract, and is no record
    OURSELVES = "ourselves"
    ALL_SCHOOLS = "all_schools"  # of the trust
    NOT_OURS = "not_ours"

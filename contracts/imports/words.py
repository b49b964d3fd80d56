"""What the lists of an import are called, and what each means. Pure."""

from typing import Final

from contracts.register_rows.states import NameKind, RowKind

# What each list of rows is called, and what that means.
LISTS: Final = {
    RowKind.ASK: ("Questions", "Vouch is not certain of something in these rows. They wait until you answer."),
    RowKind.NEW: ("Ready to add", "Contracts that are new to your register."),
    RowKind.CHANGE: ("Ready to change", "Contracts of your register about which the file says something else."),
    RowKind.SAME: ("As they are", "Your register says the same. Nothing is changed."),
    RowKind.LEFT_OUT: ("Left out", "By you, or because they are for another school."),
    RowKind.SKIPPED: ("No contracts", "Titles, headings, totals, remarks and empty rows."),
    RowKind.ADDED: ("Added", "In your register now."),
    RowKind.CHANGED: ("Changed", "In your register, as the file says."),
}
NAMES: Final = {
    NameKind.SUPPLIER: ("Suppliers", "They may be suppliers that are here already. Say which: nothing is joined without you."),
    NameKind.SCHOOL: ("Schools", "Say which of your schools each name is."),
}

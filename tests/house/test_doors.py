"""The two doors of the house, read from its source: who writes, and who reads the rows that schools share.

Who may import whom is `.importlinter`'s to say. Each rule here is a function from one module's source to its faults, tried on
planted faults below before it judges the house. Rules name rooms: a new file in a room is under its room's rule at once.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final

import pytest

from tests.given.checkout import FLOORS, ROOT
from tests.given.source_text import imported, nodes

pytestmark = pytest.mark.pure

SLICES: Final = (
    "audit",
    "sharing",
    "suppliers",
    "contracts",
    "privacy",
    "disclosure",
    "notices",
)  # whose pages translate and whose verbs decide

# How the modules of a room may read the rows that schools share: a room that is not here may not know these tables.
PREDICATE, OWN, NO_WORDS = "asks the predicate", "reads its own school's only", "moves rows and reads nothing that they say"
READS_SHARED_ROWS: Final = {
    "suppliers.opinions": {PREDICATE, OWN},
    "suppliers.helped": {PREDICATE},
    "suppliers.asking": {PREDICATE, OWN},
    "suppliers.hiding": {OWN},
    "suppliers.ours": {PREDICATE, OWN},
    "suppliers.search": {PREDICATE},
    "suppliers.shares": {PREDICATE, OWN},  # the predicate as another school, of our own rows
    "suppliers.merging": {OWN},
    "suppliers.record": {NO_WORDS},  # moves every school's rows where a merge puts them
    "privacy": {OWN},
    "disclosure": {OWN},
    "contracts.access": {PREDICATE, OWN},
    "contracts.lists": {PREDICATE, OWN},
    "contracts.register": {PREDICATE, OWN},
    "contracts.changes": {OWN},
    "contracts.endings": {OWN},
    "contracts.texts": {OWN},
    "contracts.register_rows": {OWN},
    "contracts.shares": {PREDICATE, OWN},
    "contracts.documents": {PREDICATE, OWN},
    "contracts.backing": {PREDICATE, OWN},
}
SHARED_TABLES: Final = {
    "Review": "suppliers_review", "OpenWord": "suppliers_open_word", "RankedWord": "suppliers_ranked_word",
    "JudgedWord": "suppliers_judged_word",
    "WordCount": "suppliers_word_count",
    "Note": "suppliers_note", "Attachment": "suppliers_attachment",
    "Enquiry": "suppliers_enquiry",
    "Contract": "contracts_contract", "Document": "contracts_document",
}  # fmt: skip
KEEP_THEM: Final = ("suppliers.tables", "suppliers.asking.tables", "contracts.tables", "contracts.documents.tables")
NAMES_THE_TABLES: Final = (
    *KEEP_THEM,
    "suppliers.piccolo_app",
    "suppliers.open_words",
    "suppliers.ranked_words",
    "suppliers.judged_words",
    "suppliers.word_counts",
)  # the last four are the text of triggers
ASKS: Final = {*(("visibility", one) for one in ("visible", "opens", "reaching", "of_own")), ("access", "readable")}
HEARS: Final = ("open_words", "heard")  # the condition on what every school may hear, which is in rows of its own
OPEN_ROWS: Final = {"OpenWord", "suppliers_open_word"}
# Of contracts both are in contracts/access/access.py: a register is what is ours and in sight, and what covers the school.
OUR_CONTRACTS: Final = {("access", "ours"), ("access", "parts_of_register")}
ASKS_FOR_OWN: Final = {("visibility", "in_sight"), *OUR_CONTRACTS}
WORDS: Final = {
    "rating", "would_use_again", "interest", "praise", "criticism", "body", "about", "audience", "author", "all_columns",
}  # fmt: skip

OPENS_WRITE: Final = ("audit.log.recording", "database.migrations")
OPENS_HOUSEKEEPING: Final = (
    "database",  # its leased work, on rows of the rooms below
    *(
        "audit.log",
        "audit.seals",
        "sharing.sign_in",
        "suppliers.index",
        "suppliers.merging",
        "suppliers.imports",
        "suppliers.profile",
        "contracts.imports",
    ),
    "contracts.attainment",
    "notices",
    "notices.desk",
)
# Rooms with functions that write as part of a unit of work which their callers opened.
PARTS_OF_A_UNIT: Final = (
    "database", "audit.log", "sharing.schools", "sharing.sign_in", "sharing.access", "sharing.two_people",
    "sharing.accounts",
    "suppliers.record", "suppliers.index", "suppliers.opinions", "contracts.register", "contracts.texts",
    "contracts.service_events", "contracts.attainment", "contracts.review", "contracts.reminders", "contracts.changes", "privacy",
)  # fmt: skip
READ_METHODS: Final = {"select", "objects", "count", "exists", "raw"}
WRITE_METHODS: Final = {"insert", "update", "delete"}


def room(module: str) -> str:
    """suppliers.opinions of suppliers.opinions.notes; privacy of privacy.plan, a floor without rooms."""
    parts = module.split(".")
    return ".".join(parts[:2]) if len(parts) > 2 else parts[0]


def calls(source: str) -> Iterator[tuple[str, str]]:
    """(owner, name) of every call of the form owner.name(…); owner is "" where it isn't a plain name."""
    for node in nodes(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.value.id if isinstance(node.func.value, ast.Name) else "", node.func.attr


def imports_relatively(module: str, source: str) -> list[str]:
    return [f"{module} imports relatively" for node in nodes(source) if isinstance(node, ast.ImportFrom) and node.level]


def is_handler(module: str) -> bool:
    last = module.rpartition(".")[2]
    return module.partition(".")[0] in SLICES and (
        last in ("pages", "api", "commands") or last.endswith(("_pages", "_api", "_commands"))
    )


def verb_imports_handler(module: str, source: str) -> list[str]:
    """Inside a slice: pages, api, commands → verbs → tables."""
    if is_handler(module) or module.partition(".")[0] not in SLICES:
        return []
    return [f"{module} imports {other}" for other in imported(source) if is_handler(other)]


def page_reaches_past_the_verbs(module: str, source: str) -> list[str]:
    """Pages and API translate; they open no unit of work, read no table and record nothing."""
    if not is_handler(module) or module.endswith("commands"):
        return []
    tables = [other for other in imported(source) if other.endswith(".tables") or other in ("database", "audit.log.recording")]
    records = [f"{owner}.{name}" for owner, name in calls(source) if (owner, name) == ("audit", "recording")]
    return [f"{module} reaches for {what}" for what in tables + records]


def opens_the_wrong_unit(module: str, source: str) -> list[str]:
    """database.write is for audit.recording and migrations; housekeeping for the rooms named above."""
    may = {"write": module in OPENS_WRITE, "housekeeping": room(module) in OPENS_HOUSEKEEPING}
    used = [name for owner, name in calls(source) if owner == "database" and not may.get(name, True)]
    smuggled = [other for other in imported(source) if other in ("database.write", "database.housekeeping", "database._unit")]
    return [f"{module} opens {what}" for what in used + smuggled]


def reads_shared_rows_freely(module: str, source: str) -> list[str]:
    """Only named rooms know the shared tables; each module asks the predicate, or says that it reads the own school's rows."""
    named = {alias.name for node in nodes(source) if isinstance(node, ast.ImportFrom)
             and node.module in KEEP_THEM for alias in node.names} & set(SHARED_TABLES)  # fmt: skip
    strings = [node.value for node in nodes(source) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    raw = [table for table in SHARED_TABLES.values() if any(table in string for string in strings)]
    if module in NAMES_THE_TABLES or not named | set(raw):
        return []
    how = READS_SHARED_ROWS.get(room(module))
    if how is None:
        return [f"{module} reads {what}" for what in (*sorted(named), *raw)]
    asks = ASKS | ({HEARS} if {*named, *raw} <= OPEN_ROWS else set())
    if PREDICATE in how and asks & set(calls(source)):
        return []
    if NO_WORDS in how:
        return [f"{module} reads {n.attr}" for n in nodes(source) if isinstance(n, ast.Attribute) and n.attr in WORDS]
    if OWN not in how:
        return [f"{module} never asks visibility.visible"]
    reads = any(owner in SHARED_TABLES and name in READ_METHODS for owner, name in calls(source))
    owns = ".school == viewer.school" in source or ".school == school" in source or bool(OUR_CONTRACTS & set(calls(source)))
    return [f"{module} reads without its own school"] if reads and not owns else []


# What reads or moves rows that are hidden, knowingly: those who decide about erasing, who hides, and who shows nothing of them.
KNOWS_WHAT_IS_HIDDEN: Final = {
    *(
        "privacy.finds",
        "privacy.blanking",
        "suppliers.hiding.hiding",
        "suppliers.asking.hidden",
        "suppliers.ours.several",
        "suppliers.ours.taking_in",
        "contracts.texts.texts",
    ),
    *("suppliers.merging.merges", "suppliers.record.merge_effects", "suppliers.shares.publishing"),
}


def forgets_what_is_hidden(module: str, source: str) -> list[str]:
    """Whoever reads rows that can be hidden leaves these out: by the predicate, or by what it has for the own school's rows."""
    named = {alias.name for node in nodes(source) if isinstance(node, ast.ImportFrom)
             and node.module in KEEP_THEM for alias in node.names} & set(SHARED_TABLES)  # fmt: skip
    reads = {owner for owner, name in calls(source) if owner in named and name in READ_METHODS}
    if module in NAMES_THE_TABLES or module in KNOWS_WHAT_IS_HIDDEN or not reads:
        return []
    asks = (ASKS | ASKS_FOR_OWN) & set(calls(source))
    itself = {f"{table}.hidden_at.is_null()" for table in reads}
    return [] if asks or all(part in source for part in itself) else [f"{module} reads what may be hidden"]


def writes_without_recording(module: str, source: str) -> list[str]:
    """A module that writes rows opens audit.recording or housekeeping, takes ``record``, or its room is part of a unit."""
    tables = {alias.asname or alias.name for node in nodes(source) if isinstance(node, ast.ImportFrom)
              and (node.module or "").endswith("tables") for alias in node.names}  # fmt: skip
    made = list(calls(source))
    writes = [f"{owner}.{name}" for owner, name in made if owner in tables and name in WRITE_METHODS]
    writes += [
        f"{owner}.{name}"
        for owner, name in made
        if name == "save" or (owner, name) in {("database", "insert_rows"), ("database", "write_together")}
    ]
    takes = any(
        argument.arg == "record"
        for node in nodes(source)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for argument in (*node.args.args, *node.args.kwonlyargs)
    )
    opens = {("audit", "recording"), ("database", "housekeeping")} & set(made)
    return [] if takes or opens or room(module) in PARTS_OF_A_UNIT else [f"{module} calls {what}" for what in writes]


RULES: Final[tuple[Callable[[str, str], list[str]], ...]] = (
    imports_relatively,
    verb_imports_handler,
    page_reaches_past_the_verbs,
    opens_the_wrong_unit,
    reads_shared_rows_freely,
    forgets_what_is_hidden,
    writes_without_recording,
)

ON_TABLES: Final = "from suppliers.tables import Note, Review, Use\n"
PLANTED: Final = (
    (imports_relatively, "sharing.access.visibility", "from . import tables"),
    (verb_imports_handler, "suppliers.opinions.reviews", "from suppliers.shares.pages import anything"),
    (verb_imports_handler, "sharing.people.people", "from sharing.networks import api"),
    (verb_imports_handler, "audit.packs.packs", "from audit.reading import as_of_pages"),
    (page_reaches_past_the_verbs, "suppliers.opinions.pages", "from suppliers.tables import Review"),
    (page_reaches_past_the_verbs, "sharing.networks.api", "import database"),
    (page_reaches_past_the_verbs, "privacy.pages", "import audit\nasync def f(v):\n    async with audit.recording(v): pass"),
    (opens_the_wrong_unit, "suppliers.opinions.notes", "import database\nasync def f():\n    async with database.write(): pass"),
    (opens_the_wrong_unit, "audit.log.proofs", "import database\nx = database.write()"),
    (opens_the_wrong_unit, "sharing.people.people", "from database import write"),
    (opens_the_wrong_unit, "sharing.people.people", "import database\nx = database.housekeeping()"),
    (reads_shared_rows_freely, "suppliers.lists.columns", "from suppliers.tables import Review"),
    (reads_shared_rows_freely, "suppliers.search.search", "from suppliers.tables import Review"),
    (reads_shared_rows_freely, "suppliers.search.search", "q = 'SELECT school FROM suppliers_open_word'"),
    (
        reads_shared_rows_freely,
        "suppliers.search.search",
        "q = ('FROM suppliers_open_word, suppliers_review', open_words.heard(1))",
    ),
    (reads_shared_rows_freely, "backups.making", "q = 'SELECT * FROM suppliers_note'"),
    (reads_shared_rows_freely, "suppliers.opinions.readable", f"{ON_TABLES}q = Note.select()"),
    (reads_shared_rows_freely, "privacy.finds", f"{ON_TABLES}q = Note.select()"),
    (reads_shared_rows_freely, "suppliers.record.merge_effects", f"{ON_TABLES}q = Note.select(Note.id, Note.body)"),
    (forgets_what_is_hidden, "suppliers.opinions.notes", f"{ON_TABLES}q = Note.select().where(Note.school == viewer.school)"),
    (forgets_what_is_hidden, "privacy.subject_access", f"{ON_TABLES}q = Note.select().where(Review.hidden_at.is_null())"),
    (writes_without_recording, "suppliers.search.search", f"{ON_TABLES}q = Use.insert(Use())"),
    (writes_without_recording, "sharing.networks.networks", "async def f(row): await row.save()"),
    (writes_without_recording, "suppliers.lists.rows", "import database\nasync def f(): await database.insert_rows(1, 2, 3)"),
)

SOUND: Final = (
    ("vouch.cli", "from backups import making"),
    ("suppliers.opinions.reviews", "from sharing.access import visibility\nimport audit\nimport database"),
    ("suppliers.search.visible_opinions", f"{ON_TABLES}q = Review.select().where(visibility.visible(1, 2))"),
    (
        "suppliers.opinions.notes",
        f"{ON_TABLES}q = Note.select().where((Note.school == viewer.school) & visibility.in_sight(Note))",
    ),
    ("suppliers.opinions.notes", f"{ON_TABLES}async def f(record): await Note.update({{}})"),
    ("suppliers.opinions.pages", "from suppliers.opinions import reviews\nseen = {}\nseen.update({})"),
    ("suppliers.piccolo_app", "from suppliers.tables import Review"),
)


@cache
def house() -> list[tuple[str, str]]:
    """(dotted name, source) of every module that runs in the service."""
    files = (file.relative_to(ROOT) for floor in FLOORS for file in (ROOT / floor).rglob("*.py"))
    chosen = (file for file in files if "piccolo_migrations" not in file.parts and file.name != "vouch_verify.py")
    return [(".".join(file.with_suffix("").parts).removesuffix(".__init__"), (ROOT / file).read_text()) for file in chosen]


@pytest.mark.parametrize(("rule", "module", "source"), PLANTED)
def test_each_rule_finds_a_planted_fault(rule: Callable[[str, str], list[str]], module: str, source: str) -> None:
    assert rule(module, source)


@pytest.mark.parametrize(("module", "source"), SOUND)
def test_no_rule_minds_what_is_sound(module: str, source: str) -> None:
    assert [fault for rule in RULES for fault in rule(module, source)] == []


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_the_rule(rule: Callable[[str, str], list[str]]) -> None:
    assert [fault for module, source in house() for fault in rule(module, source)] == []


def test_every_room_and_module_that_a_rule_names_exists() -> None:
    """What is renamed must not drop out of a list unnoticed."""
    named = {*READS_SHARED_ROWS, *KNOWS_WHAT_IS_HIDDEN, *OPENS_WRITE, *OPENS_HOUSEKEEPING, *PARTS_OF_A_UNIT, *NAMES_THE_TABLES}
    assert named <= {module for module, _ in house()}


def names_shared_tables(source: str) -> bool:
    return any(f"{tables}.{table}" in imported(source) for tables in KEEP_THEM for table in SHARED_TABLES)


def opens_housekeeping(source: str) -> bool:
    return ("database", "housekeeping") in calls(source)


def writes(source: str) -> bool:
    return any(method in WRITE_METHODS or method == "insert_rows" for _, method in calls(source))


@pytest.mark.parametrize(
    ("rooms", "does"),
    [(READS_SHARED_ROWS, names_shared_tables), (OPENS_HOUSEKEEPING, opens_housekeeping), (PARTS_OF_A_UNIT, writes)],
)
def test_no_room_has_a_licence_that_it_does_not_need(rooms: Iterable[str], does: Callable[[str], bool]) -> None:
    """A room that stopped writing, or reading shared rows, leaves the list, so that the list stays a true picture."""
    assert {*rooms} <= {room(module) for module, source in house() if does(source)}

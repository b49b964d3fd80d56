"""The shape of the house, read from its source: who imports whom, and the doors to writing and to shared rows.

Each rule is a function from one module's source to its faults, tried on planted faults below before it judges the house.
"""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

pytestmark = pytest.mark.pure

ROOT: Final = Path(__file__).parents[1]
SLICES: Final = ("audit", "sharing", "suppliers", "privacy")
TOP: Final = len(SLICES) + 1  # app, cli and these packages: they see everything
TOP_PACKAGES: Final = ("backups", "demo")
GROUND: Final = ("web", "database", "base")  # seen by everything, see no slice

PURE: Final = (
    "audit.errors",
    "audit.canonical",
    "audit.merkle",
    "audit.ranges",
    "audit.entry",
    "audit.ed25519",
    "audit.note",
    "audit.verifier.archive",
    "audit.verifier.manifest",
    "audit.sheet",
    "audit.verifier.verdict",
    "audit.verifier.verify",
    "audit.verifier.beside",
    "audit.verifier.entries",
    "audit.verifier.heads",
    "audit.verifier.lines",
    "audit.verifier.main",
    "suppliers.matching.matching",
    "suppliers.matching.public_bodies",
    "suppliers.matching.overrides",
    "suppliers.matching.features",
    "suppliers.matching.identifiers",
    "suppliers.matching.keys",
    "suppliers.matching.word_pairs",
    "suppliers.matching.names",
    "suppliers.matching.noise",
    "suppliers.matching.rarity",
    "suppliers.record.merge_forest",
    "suppliers.matching.pairs",
    "suppliers.matching.clusters",
    "suppliers.matching.dedupe",
    "suppliers.matching.distinct",
    "suppliers.matching.cards",
    "suppliers.service.dates",
    "suppliers.service.calendar",
    "suppliers.service.clock",
    "sharing.access.fields",
    "sharing.schools.grid",
    "sharing.schools.places",
)
KEEPS_OUT_OF_PURE: Final = (
    "piccolo", "litestar", "asyncpg", "aiosqlite", "structlog", "web", "database", "base",
)  # fmt: skip

# The rows that schools share. Whoever reads other schools' asks the predicate; whoever reads only the own school's says so.
SHARED_TABLES: Final = {"Review": "suppliers_review", "Note": "suppliers_note", "Attachment": "suppliers_attachment"}
READS_BY_THE_PREDICATE: Final = {
    "suppliers.opinions.readable",
    "suppliers.search.visible_opinions",
    "suppliers.opinions.averages",
    "suppliers.opinions.attachments",
}
READS_ITS_OWN_ONLY: Final = {
    "suppliers.opinions.reviews",
    "suppliers.opinions.notes",
    "suppliers.shares.shares",
    "suppliers.directory.our_list",
    "suppliers.opinions.evidence",
    "privacy.finds",
    "privacy.blanking",
    "privacy.subject_access",
    "suppliers.shares.publishing",
    "suppliers.merging.merges",
    "suppliers.merging.compare",
    "suppliers.opinions.superseded",
}
# Moves every school's rows where a merge puts them, and so reads whose they are and when they were written, nothing they say.
READS_NO_WORDS: Final = {"suppliers.record.merge_effects"}
WORDS: Final = {
    "rating",
    "would_use_again",
    "interest",
    "praise",
    "criticism",
    "body",
    "about",
    "audience",
    "author",
    "all_columns",
}

# Written to as part of a unit of work that their callers open.
PARTS_OF_A_UNIT: Final = {
    "audit.log.recording",
    "audit.log.origins",
    "database.migrations",
    "sharing.access.audiences",
    "sharing.schools.register_networks",
    "sharing.sign_in.one_time_links",
    "suppliers.index.filing",
    "suppliers.record.facts",
    "suppliers.record.merge_effects",
    "suppliers.opinions.attachments",
    "sharing.people.account_erasure",
    "privacy.blanking",
}
HOUSEKEEPERS: Final = {
    "suppliers.index.rebuilding",
    "suppliers.merging.directory_sweep",
    "suppliers.imports.imports",
    "suppliers.imports.rows",
    "suppliers.imports.background",
    "suppliers.imports.checking",
    "suppliers.imports.adding",
    "sharing.sign_in.sessions",
    "sharing.sign_in.throttle",
    "audit.seals.seals",
    "audit.seals.sealing",
    "audit.seals.keys",
}
READ_METHODS: Final = {"select", "objects", "count", "exists", "raw"}
WRITE_METHODS: Final = {"insert", "update", "delete"}


@cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source)))


def rank(module: str) -> int:
    first = module.partition(".")[0]
    if first in GROUND:
        return 0
    return SLICES.index(first) + 1 if first in SLICES else TOP


def is_ours(module: str) -> bool:
    first = module.partition(".")[0]
    return first in (*SLICES, *GROUND, *TOP_PACKAGES) or (ROOT / f"{first}.py").exists()


def imported(source: str) -> list[str]:
    """Every module that the source names in an import, wherever it stands; ``from a import b`` gives a and a.b."""
    found: list[str] = []
    for node in nodes(source):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module or ".", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def calls(source: str) -> Iterator[tuple[str, str]]:
    """(owner, name) of every call of the form owner.name(…); owner is "" where it isn't a plain name."""
    for node in nodes(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.value.id if isinstance(node.func.value, ast.Name) else "", node.func.attr


def imports_leftwards(module: str, source: str) -> list[str]:
    """app, cli, demo → suppliers → sharing → audit; everything → web, database, settings, which see no slice."""
    return [f"{module} imports {other}" for other in imported(source) if is_ours(other) and rank(other) > rank(module)]


def imports_relatively(module: str, source: str) -> list[str]:
    return [f"{module} imports relatively" for node in nodes(source) if isinstance(node, ast.ImportFrom) and node.level]


def is_handler(module: str) -> bool:
    last = module.rpartition(".")[2]
    return rank(module) in range(1, TOP) and (
        last in ("pages", "api", "commands") or last.endswith(("_pages", "_api", "_commands"))
    )


def verb_imports_handler(module: str, source: str) -> list[str]:
    """Inside a slice: pages, api, commands → verbs → tables."""
    if is_handler(module) or rank(module) in (0, TOP):
        return []
    return [f"{module} imports {other}" for other in imported(source) if is_handler(other)]


def page_reaches_past_the_verbs(module: str, source: str) -> list[str]:
    """Pages and API translate; they open no unit of work, read no table and record nothing."""
    if not is_handler(module) or module.endswith("commands"):
        return []
    tables = [other for other in imported(source) if other.endswith(".tables") or other in ("database", "audit.log.recording")]
    records = [f"{owner}.{name}" for owner, name in calls(source) if (owner, name) == ("audit", "recording")]
    return [f"{module} reaches for {what}" for what in tables + records]


def is_not_pure(module: str, source: str) -> list[str]:
    if module not in PURE:
        return []
    others = [
        other
        for other in imported(source)
        if other.partition(".")[0] in KEEPS_OUT_OF_PURE or (other.partition(".")[0] in SLICES and not _is_pure(other))
    ]
    return [f"{module} imports {other}" for other in others]


def _is_pure(other: str) -> bool:
    return other in (*PURE, *SLICES) or other.rpartition(".")[0] in PURE


def opens_the_wrong_unit(module: str, source: str) -> list[str]:
    """database.write is for audit.recording and migrations; housekeeping for the modules named above."""
    allowed = {"write": {"audit.log.recording", "database.migrations"}, "housekeeping": HOUSEKEEPERS}
    used = [name for owner, name in calls(source) if owner == "database" and name in allowed and module not in allowed[name]]
    smuggled = [other for other in imported(source) if other in ("database.write", "database.housekeeping", "database._unit")]
    return [f"{module} opens {what}" for what in used + smuggled]


def reads_shared_rows_freely(module: str, source: str) -> list[str]:
    """Only named modules know the shared tables; each asks the predicate, or says that it reads the own school's rows."""
    named = {alias.name for node in nodes(source) if isinstance(node, ast.ImportFrom)
             and node.module == "suppliers.tables" for alias in node.names} & set(SHARED_TABLES)  # fmt: skip
    strings = [node.value for node in nodes(source) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    raw = [table for table in SHARED_TABLES.values() if any(table in string for string in strings)]
    if module == "suppliers.tables" or not named | set(raw):
        return []
    if module in READS_BY_THE_PREDICATE:
        asks = any((owner, name) in {("visibility", "visible"), ("visibility", "opens")} for owner, name in calls(source))
        return [] if asks else [f"{module} never asks visibility.visible"]
    if module in READS_NO_WORDS:
        return [f"{module} reads {n.attr}" for n in nodes(source) if isinstance(n, ast.Attribute) and n.attr in WORDS]
    if module in READS_ITS_OWN_ONLY:
        reads = any(owner in SHARED_TABLES and name in READ_METHODS for owner, name in calls(source))
        owns = ".school == viewer.school" in source or ".school == school" in source
        return [f"{module} reads without its own school"] if reads and not owns else []
    return [f"{module} reads {what}" for what in (*sorted(named), *raw)]


def writes_without_recording(module: str, source: str) -> list[str]:
    """A module that writes rows opens audit.recording or housekeeping, takes ``record``, or is named as part of a unit."""
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
    return [] if takes or opens or module in PARTS_OF_A_UNIT else [f"{module} calls {what}" for what in writes]


RULES: Final[tuple[Callable[[str, str], list[str]], ...]] = (
    imports_leftwards,
    imports_relatively,
    verb_imports_handler,
    page_reaches_past_the_verbs,
    is_not_pure,
    opens_the_wrong_unit,
    reads_shared_rows_freely,
    writes_without_recording,
)

PLANTED: Final = (
    (imports_leftwards, "audit.log.recording", "import sharing.tables"),
    (imports_leftwards, "sharing.access.visibility", "def f():\n    from suppliers import reviews"),
    (imports_leftwards, "web.pages.forms", "from sharing.fields import Fields"),
    (imports_leftwards, "database", "from audit import log"),
    (imports_leftwards, "suppliers.opinions.reviews", "import app"),
    (imports_leftwards, "vouch.jobs", "from backups import making"),
    (imports_relatively, "sharing.access.visibility", "from . import tables"),
    (verb_imports_handler, "suppliers.opinions.reviews", "from suppliers.share_pages import anything"),
    (verb_imports_handler, "sharing.people.people", "from sharing import api"),
    (page_reaches_past_the_verbs, "suppliers.opinions.pages", "from suppliers.tables import Review"),
    (page_reaches_past_the_verbs, "sharing.networks.api", "import database"),
    (
        page_reaches_past_the_verbs,
        "sharing.networks.api",
        "import audit\nasync def f(v):\n    async with audit.recording(v): pass",
    ),
    (is_not_pure, "audit.merkle", "from piccolo.table import Table"),
    (is_not_pure, "suppliers.matching.matching", "from base import clock"),
    (is_not_pure, "suppliers.matching.names", "from suppliers.tables import Supplier"),
    (
        opens_the_wrong_unit,
        "suppliers.opinions.reviews",
        "import database\nasync def f():\n    async with database.write(): pass",
    ),
    (opens_the_wrong_unit, "sharing.people.people", "from database import write"),
    (opens_the_wrong_unit, "sharing.people.people", "import database\nx = database.housekeeping()"),
    (reads_shared_rows_freely, "suppliers.search.search", "from suppliers.tables import Review"),
    (reads_shared_rows_freely, "suppliers.search.search", "q = 'SELECT * FROM suppliers_note'"),
    (reads_shared_rows_freely, "suppliers.opinions.readable", "from suppliers.tables import Note\nq = Note.select()"),
    (reads_shared_rows_freely, "suppliers.opinions.notes", "from suppliers.tables import Note\nq = Note.select()"),
    (
        reads_shared_rows_freely,
        "suppliers.record.merge_effects",
        "from suppliers.tables import Note\nq = Note.select(Note.id, Note.body)",
    ),
    (writes_without_recording, "suppliers.search.search", "from suppliers.tables import Use\nq = Use.insert(Use())"),
    (writes_without_recording, "sharing.schools.schools", "async def f(row): await row.save()"),
    (writes_without_recording, "sharing.schools.schools", "import database\nasync def f(): await database.insert_rows(1, 2, 3)"),
)

SOUND: Final = (
    ("cli", "from backups import commands"),
    ("suppliers.opinions.reviews", "from sharing import access\nimport audit\nfrom base import clock\nimport database"),
    ("audit.merkle", "from hashlib import sha256\nfrom audit.errors import VerificationError"),
    ("app", "import suppliers.search_pages\nfrom sharing import sign_in"),
    (
        "suppliers.search.visible_opinions",
        "from suppliers.tables import Review\nq = Review.select().where(visibility.visible(1, 2))",
    ),
    ("suppliers.opinions.notes", "from suppliers.tables import Note\nq = Note.select().where(Note.school == viewer.school)"),
    ("suppliers.opinions.notes", "from suppliers.tables import Note\nasync def f(record): await Note.update({})"),
    ("suppliers.opinions.pages", "from suppliers import reviews\nseen = {}\nseen.update({})"),
)


@cache
def house() -> list[tuple[str, str]]:
    """(dotted name, source) of every module that runs in the service."""
    files = [*ROOT.glob("*.py"), *(file for part in (*GROUND, *SLICES, *TOP_PACKAGES) for file in (ROOT / part).rglob("*.py"))]
    chosen = (file.relative_to(ROOT) for file in files if "piccolo_migrations" not in file.parts)
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


def test_every_module_that_a_rule_names_exists() -> None:
    """A renamed module must not drop out of a list unnoticed; those of later steps may be missing."""
    later: set[str] = set()
    named = {*PURE, *READS_BY_THE_PREDICATE, *READS_ITS_OWN_ONLY, *READS_NO_WORDS, *PARTS_OF_A_UNIT, *HOUSEKEEPERS}
    assert named - later <= {module for module, _ in house()}

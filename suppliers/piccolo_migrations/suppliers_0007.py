"""When, and by whom, each field group of an opinion last changed; and interests as people's own, apart from the reviews.

A review's written_at and author become those of its first version, the latest's move to revised_at and revised_by, and each
group gets the version that last changed it, from the versions that are kept. Of notes no version is kept: they count as
unchanged since they were first written, which tells least.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from database.migrations import ddl

ID = "suppliers_0007"
VERSION = "1.38.0"
DESCRIPTION = "changes of each field group, interests of people"

KEPT = ("suppliers_interest",)  # withdrawn, never deleted

_GROUPS: Final = {"review": ("rating", "interest", "praise", "criticism", "dates"), "note": ("text", "dates", "files")}
_COLUMNS: Final = tuple(
    f"ALTER TABLE suppliers_{table} ADD COLUMN {group}_{column}"
    for table, groups in _GROUPS.items()
    for group in ("revised", *groups)
    for column in ("at TIMESTAMPTZ", "by UUID REFERENCES sharing_person(id)")
)
_INTEREST: Final = (
    """CREATE TABLE suppliers_interest (
        id UUID PRIMARY KEY NOT NULL, person UUID NOT NULL REFERENCES sharing_person(id),
        school UUID NOT NULL REFERENCES sharing_school(id), supplier UUID NOT NULL REFERENCES suppliers_supplier(id),
        declared_at TIMESTAMPTZ NOT NULL, withdrawn_at TIMESTAMPTZ)""",
    "CREATE INDEX suppliers_interest_person ON suppliers_interest (person) WHERE withdrawn_at IS NULL",
)

_SAID: Final = "rating, would_use_again, interest, praise, criticism, used_from, used_until, author, written_at"
# What the groups of a version are, as text; nothing that differs at all is a vouch that was renewed.
_AS_TEXT: Final = {
    "rating": "COALESCE(CAST(rating AS TEXT), '') || '/' || COALESCE(CAST(would_use_again AS TEXT), '')",
    "interest": "COALESCE(interest, '')",
    "praise": "praise",
    "criticism": "criticism",
    "dates": "COALESCE(CAST(used_from AS TEXT), '') || '/' || COALESCE(CAST(used_until AS TEXT), '')",
}
_ALL: Final = " || '|' || ".join(_AS_TEXT.values())


def _differs(text: str) -> str:
    return f"LAG({text}) OVER w <> {text}"


_VERSIONS: Final = (
    f"""CREATE TABLE suppliers_version AS
        SELECT review, school, supplier, version, author, written_at, interest, LAG(version) OVER w IS NULL AS is_first,
            {_differs(_AS_TEXT["rating"])} OR LAG({_ALL}) OVER w = {_ALL} AS rating_changed,
            {", ".join(f"{_differs(_AS_TEXT[group])} AS {group}_changed" for group in _GROUPS["review"][1:])}
        FROM (
            SELECT r.id AS review, r.school, COALESCE(r.written_for, r.supplier) AS supplier, r.version,
                {", ".join(f"r.{name}" for name in _SAID.split(", "))}
            FROM suppliers_review r
            WHERE r.interest IS NOT NULL OR r.id IN (SELECT review FROM suppliers_past_review)
            UNION ALL
            SELECT p.review, r.school, COALESCE(r.written_for, r.supplier), p.version,
                {", ".join(f"p.{name}" for name in _SAID.split(", "))}
            FROM suppliers_past_review p JOIN suppliers_review r ON r.id = p.review
        ) AS versions WINDOW w AS (PARTITION BY review ORDER BY version)""",  # noqa: S608 - our own text
    "CREATE INDEX suppliers_version_review ON suppliers_version (review, version)",
)
_REVISED: Final = "id IN (SELECT review FROM suppliers_past_review)"
_REVIEWS: Final = (
    f"UPDATE suppliers_review SET revised_at = written_at, revised_by = author WHERE {_REVISED}",  # noqa: S608 - our own text
    *(
        f"""UPDATE suppliers_review SET ({group}_at, {group}_by) = (
            SELECT v.written_at, v.author FROM suppliers_version v
            WHERE v.review = suppliers_review.id AND v.{group}_changed ORDER BY v.version DESC LIMIT 1) WHERE {_REVISED}"""  # noqa: S608 - our own text
        for group in _GROUPS["review"]
    ),
    f"""UPDATE suppliers_review SET (written_at, author) = (
        SELECT v.written_at, v.author FROM suppliers_version v
        WHERE v.review = suppliers_review.id ORDER BY v.version LIMIT 1) WHERE {_REVISED}""",  # noqa: S608 - our own text
)
_DECLARED: Final = """INSERT INTO suppliers_interest (id, person, school, supplier, declared_at, withdrawn_at)
    SELECT {new_id}, v.author, v.school, v.supplier, v.written_at,
        (SELECT MIN(l.written_at) FROM suppliers_version l WHERE l.review = v.review AND l.author = v.author
            AND l.version > v.version AND l.interest IS NULL)
    FROM suppliers_version v WHERE v.interest IS NOT NULL AND (v.is_first OR v.interest_changed)"""
_NOTES: Final = """UPDATE suppliers_note SET revised_at = written_at, revised_by = author,
        written_at = coalesce({first}, written_at) WHERE version > 1"""
_FIRST: Final = """(SELECT min(e.at) FROM audit_entry e WHERE e.trail = CAST(suppliers_note.school AS TEXT)
    AND e.type = 'note.written' AND e.subject = 'note:' || CAST(suppliers_note.id AS TEXT))"""
_LAPSES: Final = """UPDATE suppliers_review SET lapses_at = {a_year_later}
    WHERE lapses_at IS NULL AND rating IS NULL AND would_use_again"""
_GONE: Final = "DROP TABLE suppliers_version"

_SQLITE_ID: Final = """lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4'
    || substr(lower(hex(randomblob(2))), 2) || '-8' || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))"""
SQLITE: Final = (
    _DECLARED.format(new_id=_SQLITE_ID),
    _NOTES.format(first=f"strftime('%Y-%m-%d %H:%M:%f+00:00', {_FIRST} / 1000000.0, 'unixepoch')"),
    _LAPSES.format(a_year_later="strftime('%Y-%m-%d %H:%M:%f+00:00', coalesce(rating_at, written_at), '+365 days')"),
    _GONE,
)
POSTGRES: Final = (
    _DECLARED.format(new_id="gen_random_uuid()"),
    _NOTES.format(first=f"to_timestamp({_FIRST} / 1000000.0)"),
    _LAPSES.format(a_year_later="coalesce(rating_at, written_at) + interval '365 days'"),
    _GONE,
)


async def forwards() -> MigrationManager:
    return ddl(ID, both=(*_COLUMNS, *_INTEREST, *_VERSIONS, *_REVIEWS), sqlite=SQLITE, postgres=POSTGRES)

"""What slices learn of each other, and `web` of them all: words and files for the trail, what is kept only for a time, the site.

Each is one value, filled here and nowhere else.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

import audit.events
import contracts.events
import database
import disclosure.events
import notices.events
import sharing.events
import suppliers.events
from audit.checking import compared
from audit.log import sendings
from audit.log.streams import Merging
from audit.log.subjects import Subject
from audit.packs.takeaway import Attached, Evidence, Sources
from audit.reading.filters import Kinds
from audit.verifier import published
from base.due import DateSource, DueSource
from base.viewer import Role, Viewer
from base.waiting import NewsSource, Waits
from contracts.attainment import warning
from contracts.backing import backing
from contracts.calendars import ending
from contracts.calendars.calendars import Moved
from contracts.documents import documents
from contracts.imports import imports as register_imports
from contracts.imports import notices as register_notices
from contracts.imports import waiting as register_waiting
from contracts.lists import by_supplier, telling
from contracts.reminders import as_told as contract_decisions
from contracts.reminders import due as contracts_due
from contracts.reminders import feed
from contracts.reminders import home as decisions_ahead
from contracts.service_events import open_calls, photos
from contracts.shares import as_told as contracts_told
from contracts.shares import news as contracts_news
from contracts.shares import parts as contract_parts
from contracts.shares import would_see
from disclosure import waiting as records_waiting
from notices import feeds, forgetting, home
from notices.desk import news, waiting_feed
from notices.desk import waiting_due as letters_of_what_waits
from notices.desk.waiting_feed import Counted
from privacy import waiting_due
from sharing.auditors import as_told as auditors_told
from sharing.members import members
from sharing.networks import waiting as school_waiting
from sharing.operator import coming_heads
from sharing.operator import notices as people_notices
from sharing.operator import waiting as outside_waiting
from sharing.people import as_told as people_told
from sharing.schools import owners
from sharing.sign_in import security_log, sessions, with_password
from suppliers import judged_words, open_words, ranked_words, whole_categories, word_counts
from suppliers.asking import as_told as enquiries_told
from suppliers.asking import waiting as enquiries_waiting
from suppliers.asking import would_see as enquiries_seen
from suppliers.corrections import waiting as corrections_waiting
from suppliers.directory import stream_titles
from suppliers.helped import as_told as helped_told
from suppliers.imports import imports
from suppliers.imports import remembered as import_answers
from suppliers.imports import waiting as imports_waiting
from suppliers.merging import as_told as suppliers_told
from suppliers.merging import history
from suppliers.merging import waiting as directory_waiting
from suppliers.opinions import as_told as opinions_told
from suppliers.opinions import averages, confirming, confirming_due, evidence
from suppliers.ours import lapsing, still_true
from suppliers.profile import looks
from suppliers.record import interests
from suppliers.shares import moves
from suppliers.shares import news as words_news
from suppliers.shares.consent import Source
from vouch import kinds
from vouch import naming as _naming  # noqa: F401 - tells the trail of whom it writes
from vouch.trail_words import WORDS
from web.pages.beside import Beside
from web.pages.notices import Notice, Telling
from web.pages.site import Section, Site

ROOT: Final = Path(__file__).parents[1]

# What each event is called on screen.
SENTENCES: Final[Mapping[str, str]] = {
    **audit.events.SENTENCES,
    **notices.events.SENTENCES,
    **sharing.events.SENTENCES,
    **suppliers.events.SENTENCES,
    **contracts.events.SENTENCES,
    **disclosure.events.SENTENCES,
}

KINDS: Final[Kinds] = kinds.of_events(tuple(map(str, SENTENCES)))  # by which the trail can be looked through


async def titles_of_trail(trail: str, streams: Iterable[str]) -> Mapping[str, str]:
    """What each slice calls its own things, as streams and subjects name them; the schools that entries speak of too."""
    asked = tuple(streams)
    schools = [str(school) for name in asked if (school := Subject.SCHOOL.id_in(name))]
    async with database.read():
        known_schools = await owners.of_trails(schools) if schools else {}
    named = {f"{Subject.SCHOOL}:{school}": one.name for school, one in known_schools.items()}
    return {**named, **await stream_titles.of_trail(trail, asked), **await telling.titles_of_streams(trail, asked)}


async def titles_of_streams(viewer: Viewer, streams: Iterable[str]) -> Mapping[str, str]:
    """As far as the viewer's school can see what they are about."""
    return await titles_of_trail(str(viewer.school), streams)


async def colleagues(viewer: Viewer) -> Mapping[UUID, str]:
    """The names of the people of the viewer's school; for an auditor nobody's."""
    if viewer.role is Role.AUDITOR:
        return {}
    async with database.read():
        return {one.id: one.name for one in await members.members(viewer.school)}


EVIDENCE: Final[tuple[Evidence, ...]] = (
    evidence.of_trail,
    documents.of_trail,
    photos.of_trail,
)


async def evidence_of_trail(
    trail: str, attached: Attached, *, unread: tuple[str, ...], criticism_kept_back: Collection[str]
) -> AsyncIterator[tuple[str, bytes]]:
    """Each file once, whichever slice keeps it: one may be a note's and a contract's."""
    left = dict(attached)
    for slice_s in EVIDENCE:
        async for digest, content in slice_s(trail, dict(left), unread=unread, criticism_kept_back=criticism_kept_back):
            left.pop(digest)
            yield digest, content


SOURCES: Final = Sources(
    evidence=evidence_of_trail,
    titles=titles_of_trail,
    still_there=sessions.require_still_there,
    criticism_kept_back=interests.streams_of,
    sentences=SENTENCES,
    words=WORDS,
)
MERGING: Final = Merging(merged_with=stream_titles.merged_with, to_undo=history.to_undo)

# What ends with the password of whoever made it.
with_password.tell(feeds.end_with_password, waiting_feed.end_with_password)

# What checks hold against the trail: today's rows, by kind, and what no row may be beyond.
compared.tell(
    kinds=(
        *(
            opinions_told.REVIEWS,
            opinions_told.NOTES,
            opinions_told.FILES,
            helped_told.HELPED,
            enquiries_told.ENQUIRIES,
            enquiries_told.ANSWERS,
            suppliers_told.USES,
            suppliers_told.DECISIONS,
        ),
        *(people_told.ROLES, auditors_told.GRANTS),
        *(contracts_told.SHARES, contracts_told.DOCUMENTS, contracts_told.PHOTOS, contract_decisions.DECISIONS),
    ),
    limits=(auditors_told.beyond_limits,),
    derived=(whole_categories.faults, open_words.faults, ranked_words.faults, judged_words.faults, word_counts.faults),
)

# What becomes visible by a connection or a network beside reviews and notes.
WOULD_SEE: Final[tuple[Source, ...]] = (would_see.contracts, enquiries_seen.enquiries)


async def _moves(viewer: Viewer) -> tuple[Notice, ...]:
    return await moves.notices(viewer, WOULD_SEE)


TELLING: Final[Telling] = (
    people_notices.of,
    confirming.notices,
    decisions_ahead.notices,
    telling.notices,
    warning.notices,
    _moves,
    ending.notices,
    home.of,
    register_notices.of,
)  # what the home page says by itself, the most urgent first

# Who can tell how many open calls another version of a calendar would move.
MOVED_BY_CALENDAR: Final[tuple[Moved, ...]] = (open_calls.moved_by,)

# What a supplier's page, its reviews, and the page of what is shared, show of other slices.
BESIDE: Final = Beside(
    on_suppliers_page=(contract_parts.on_suppliers_page,),
    shared_by_us=(contract_parts.shared_by_us,),
    at_a_meeting=(contract_parts.at_a_meeting,),
    seen_by_school=(contract_parts.seen_by_school,),
    under_reviews=(backing.of_reviews,),
    in_results=(averages.rated,),
    ahead=(by_supplier.ahead,),
    dated=(contract_parts.dated_with,),
)

# What other schools said, as each slice reads it for a viewer.
NEWS: Final[tuple[NewsSource, ...]] = (words_news.NEWS, contracts_news.NEWS)

# What waits for somebody, the most pressing first: on the home page, beside the menu, in letters and in a feed.
WAITS: Final[tuple[Waits, ...]] = (
    *school_waiting.WAITS,
    *enquiries_waiting.WAITS,
    *waiting_due.WAITS,
    *confirming_due.WAITS,
    *lapsing.WAITS,
    *still_true.WAITS,
    *imports_waiting.WAITS,
    *register_waiting.WAITS,
    *outside_waiting.WAITS,
    *records_waiting.WAITS,
    *corrections_waiting.WAITS,
    *directory_waiting.WAITS,
    news.waits(NEWS),
)

# What home pages tell one by one, as a number for the feed.
COUNTED: Final[tuple[Counted, ...]] = (decisions_ahead.counted,)

# What letters tell people of: each slice says what is due.
DUE: Final[tuple[DueSource, ...]] = (
    *(coming_heads.due, confirming_due.due, waiting_due.due, contracts_due.due),
    letters_of_what_waits.source(WAITS),
)
DATES: Final[DateSource] = feed.dates  # what stands in somebody's calendar feed

# What is kept for a time only: each forgets what is due and says how many it forgot.
FORGETTING: Final[tuple[Callable[[], Awaitable[int]], ...]] = (
    imports.files.forget_old,
    import_answers.forget_old,
    register_imports.files.forget_old,
    security_log.forget_old,
    forgetting.forget_old,
    looks.forget_old,
    sendings.forget_old,
)

BESIDE_THE_TRAIL: Final = ("/auditors", "/erasures", "/foi", "/verify")
MENU: Final = (
    Section("/", "Home"),
    Section("/search", "Search"),
    Section("/suppliers", "Our suppliers", also=("/our-records",)),
    Section("/contracts", "Contracts"),
    Section("/shared", "Shared by us", also=("/contracts/shared",)),
    Section("/connections", "Connections", also=("/enquiries", "/coverage")),
    Section("/trail", "Our trail", also=BESIDE_THE_TRAIL),
    Section("/people", "People"),
)
OPERATORS_PEOPLE: Final = (
    *("/people/invite-school", "/people/new-heads", "/people/heads", "/people/two", "/people/break-glass"),
    "/people/published-address",
)
OPERATORS_PAGES: Final = ("/directory", "/erasures/outside", "/security-log", *OPERATORS_PEOPLE)
OPERATORS_MENU: Final = (Section("/running", "Running Vouch", also=OPERATORS_PAGES),)
AUDITORS_MENU: Final = (Section("/trail", "Audit trail", also=BESIDE_THE_TRAIL),)
SITE_STAFFS_MENU: Final = (
    Section("/logged", "Home"),
    Section("/log", "Log something"),
    Section("/suppliers/numbers", "Search suppliers", also=("/suppliers",)),
)
SITE: Final = Site(
    templates=tuple(
        ROOT / part / "templates" for part in ("sharing", "suppliers", "contracts", "audit", "privacy", "notices", "disclosure")
    ),
    scripts=published.SCRIPTS,
    menus=dict.fromkeys(Role, MENU) | {Role.AUDITOR: AUDITORS_MENU, Role.SITE_STAFF: SITE_STAFFS_MENU},
    operators=OPERATORS_MENU,
    footer=(
        ("/about/ranking", "How ranking works"),
        ("/about/reviews", "How reviews are treated"),
        ("/verify", "Check an audit pack"),
        ("/about/privacy", "Privacy"),
    ),
    account="/account",
    switch_school="/switch",
    sign_in="/sign-in",
    sign_in_page="sign_in/sign_in.html",
    sign_out="/sign-out",
    takes_files=frozenset({"notes", "import", "imports", "terms", "job-list", "log", "photos", "documents"}),
    api_example="/api/v1/recommendations?need=cleaning",
)

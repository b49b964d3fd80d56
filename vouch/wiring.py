"""What slices learn of each other, and `web` of them all: words and files for the trail, what is kept only for a time, the site.

Each is one value, filled here and nowhere else.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import audit.events
import contracts.events
import notices.events
import sharing.events
import suppliers.events
from audit.log import known
from audit.log.streams import Merging
from audit.packs.takeaway import Evidence, Sources
from audit.verifier import published
from base.due import DateSource, DueSource
from base.viewer import Role, Viewer
from contracts.attainment import warning
from contracts.backing import backing
from contracts.calendars import ending
from contracts.calendars.calendars import Moved
from contracts.documents import evidence as document_evidence
from contracts.imports import imports as register_imports
from contracts.imports import notices as register_notices
from contracts.lists import telling
from contracts.reminders import due as contracts_due
from contracts.reminders import feed
from contracts.reminders import home as decisions_ahead
from contracts.service_events import open_calls, photo_evidence
from contracts.shares import parts as contract_parts
from contracts.shares import would_see
from notices import forgetting, home
from privacy import waiting_due
from sharing.operator import coming_heads
from sharing.operator import notices as people_notices
from sharing.schools import owners
from sharing.sign_in import security_log, sessions
from suppliers.directory import stream_titles
from suppliers.imports import imports
from suppliers.merging import history
from suppliers.opinions import confirming, confirming_due, evidence
from suppliers.record import called, interests
from suppliers.shares import moves
from suppliers.shares.consent import Source
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
}


async def titles_of_trail(trail: str, streams: Iterable[str]) -> Mapping[str, str]:
    """What each slice calls the streams of a school's trail that are about something of its own."""
    asked = tuple(streams)
    return {**await stream_titles.of_trail(trail, asked), **await telling.titles_of_streams(trail, asked)}


EVIDENCE: Final[tuple[Evidence, ...]] = (evidence.of_trail, document_evidence.of_trail, photo_evidence.of_trail)


async def evidence_of_trail(
    trail: str, digests: Collection[str], *, unread: tuple[str, ...], criticism_kept_back: Collection[str]
) -> AsyncIterator[tuple[str, bytes]]:
    """Each file once, whichever slice keeps it: one may be a note's and a contract's."""
    left = set(digests)
    for slice_s in EVIDENCE:
        async for digest, content in slice_s(trail, sorted(left), unread=unread, criticism_kept_back=criticism_kept_back):
            left.discard(digest)
            yield digest, content


SOURCES: Final = Sources(
    evidence=evidence_of_trail,
    titles=titles_of_trail,
    still_there=sessions.require_still_there,
    criticism_kept_back=interests.streams_of,
    sentences=SENTENCES,
)
MERGING: Final = Merging(merged_with=stream_titles.merged_with, to_undo=history.to_undo)

# What the trail commits of other slices: whose it is, and the names of suppliers.
known.tell(owners=owners.of_trails, suppliers=called.called)

# What becomes visible by a connection or a network beside reviews and notes.
WOULD_SEE: Final[tuple[Source, ...]] = (would_see.contracts,)


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
    under_reviews=(backing.of_reviews,),
)

# What letters tell people of: each slice says what is due.
DUE: Final[tuple[DueSource, ...]] = (coming_heads.due, confirming_due.due, waiting_due.due, contracts_due.due)
DATES: Final[DateSource] = feed.dates  # what stands in somebody's calendar feed

# What is kept for a time only: each forgets what is due and says how many it forgot.
FORGETTING: Final[tuple[Callable[[], Awaitable[int]], ...]] = (
    imports.files.forget_old,
    register_imports.files.forget_old,
    security_log.forget_old,
    forgetting.forget_old,
)

BESIDE_THE_TRAIL: Final = ("/auditors", "/erasures", "/verify")
MENU: Final = (
    Section("/", "Home"),
    Section("/search", "Search"),
    Section("/suppliers", "Our suppliers"),
    Section("/contracts", "Contracts"),
    Section("/shared", "Shared by us"),
    Section("/connections", "Connections"),
    Section("/trail", "Our trail", also=BESIDE_THE_TRAIL),
    Section("/people", "People"),
)
AUDITORS_MENU: Final = (Section("/trail", "Audit trail", also=BESIDE_THE_TRAIL),)
SITE_STAFFS_MENU: Final = (
    Section("/logged", "Home"),
    Section("/log", "Log something"),
    Section("/suppliers/numbers", "Search suppliers", also=("/suppliers",)),
)
SITE: Final = Site(
    templates=tuple(ROOT / part / "templates" for part in ("sharing", "suppliers", "contracts", "audit", "privacy", "notices")),
    scripts=published.SCRIPTS,
    menus=dict.fromkeys(Role, MENU) | {Role.AUDITOR: AUDITORS_MENU, Role.SITE_STAFF: SITE_STAFFS_MENU},
    footer=(("/about/ranking", "How ranking works"), ("/verify", "Check an audit pack"), ("/about/privacy", "Privacy")),
    account="/account",
    switch_school="/switch",
    sign_in="/sign-in",
    sign_out="/sign-out",
    takes_files=frozenset({"notes", "import", "imports", "terms", "job-list", "log", "photos"}),
    takes_large_files=frozenset({"documents"}),
    api_example="/api/v1/recommendations?need=cleaning",
)

"""Who is asking: frozen facts made once a request by sharing/sign_in/sign_in.py and received by everyone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from base.refusals import Forbidden

ABOUT_THE_TRAIL: Final = "trail"  # the stream of key rotations and recoveries, which no reader of the trail may miss

ONLY_WRITERS: Final = "Only a business manager or head can do this. Ask one of them."

ONLY_KEEPERS: Final = "Only a business manager, a head or a trust lead can do this. Ask one of them."

ONLY_LOGGERS: Final = "Governors and auditors read here. Ask a business manager, a head or your site staff to log this."

ONLY_NOTE_WRITERS: Final = "Only a business manager, a head or site staff can write a note. Ask one of them."

ONLY_FOR_A_DAY: Final = (
    "Whoever runs this installation opened the school to you for a day, so you open nothing of it to anybody else. "
    "A head of the school can keep you, under People."
)
NOT_FOR_A_DAY: Final = (
    "Whoever runs this installation opened the school to you for a day, so you take away nothing that guards its records. "
    "A head of the school can keep you, under People."
)


class Role(StrEnum):
    BUSINESS_MANAGER = "business_manager"
    HEAD = "head"
    TRUST_LEAD = "trust_lead"  # at a trust's central team: the trust's contracts, and those of its academies to read
    GOVERNOR = "governor"
    SITE_STAFF = "site_staff"  # a caretaker or site manager: logs service, and reads what they logged themselves
    AUDITOR = "auditor"  # reads the streams of one grant until it ends; not a member of the school

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")

    @property
    def writes(self) -> bool:
        """Business managers and heads write and share for the school; nobody else does."""
        return self in (Role.BUSINESS_MANAGER, Role.HEAD)

    @property
    def writes_notes(self) -> bool:
        return self.writes or self is Role.SITE_STAFF

    @property
    def keeps_contracts(self) -> bool:
        return self.writes or self is Role.TRUST_LEAD

    @property
    def logs_service(self) -> bool:
        """What happened under a contract: a call-out, a visit, a fault."""
        return self.keeps_contracts or self is Role.SITE_STAFF

    @property
    def reads_prices(self) -> bool:
        return self.keeps_contracts or self is Role.GOVERNOR

    @property
    def reads_criticism(self) -> bool:
        return self not in (Role.GOVERNOR, Role.TRUST_LEAD, Role.SITE_STAFF)

    @property
    def reads_private(self) -> bool:
        """Colleagues' notes that nobody shared."""
        return self not in (Role.TRUST_LEAD, Role.SITE_STAFF)

    @property
    def reads_trail(self) -> bool:
        """The school's audit trail, an auditor as much of it as was granted."""
        return self is not Role.SITE_STAFF

    @property
    def is_reminded(self) -> bool:
        """Gets letters of what is due, and may have a calendar feed."""
        return self not in (Role.SITE_STAFF, Role.AUDITOR)

    @property
    def holds_keys(self) -> bool:
        """May have API keys, which act for them."""
        return self not in (Role.SITE_STAFF, Role.AUDITOR)


class KeyScope(StrEnum):
    """What an API key may be used for, on top of what its person may do. A route that needs none of these takes no key.

    Stored with each key and told to programs: never change a value.
    """

    READ = "read"  # what the person sees, but for the audit trail
    WRITE = "write"  # suppliers, reviews, notes, imports
    SHARE = "share"  # who sees a review or note; criticism goes to one school at most
    TRAIL = "trail"  # the own school's audit trail, and packs of it


OUTSIDE: Final = UUID(int=0)  # the person of whoever runs the installation and acts for a school at the command line: nobody


@dataclass(frozen=True, slots=True)
class Viewer:
    person: UUID
    name: str
    school: UUID
    school_name: str
    role: Role
    is_operator: bool = False  # runs this installation: metadata only, never another school's opinions
    several_schools: bool = False  # may switch
    until: datetime | None = None  # when an auditor's grant ends, or what the operator opened for a day
    streams: frozenset[str] | None = None  # an auditor's, where the grant names some; None: the whole trail
    by_key: bool = False  # a program asks, with an API key of this person's
    shares: bool = True  # False: a program whose key may not choose who sees a review or note
    opens_private: bool = True  # a trust's auditor reads private notes and criticism only where the grant says why

    @property
    def is_for_a_day(self) -> bool:
        """Let in, or reset, by whoever runs the installation, and not kept by a head of the school."""
        return self.until is not None and self.role is not Role.AUDITOR

    @property
    def reads_private(self) -> bool:
        return self.role.reads_private and self.opens_private

    @property
    def reads_criticism(self) -> bool:
        return self.role.reads_criticism and self.opens_private

    def reads(self, stream: str) -> bool:
        """Whether entries of this stream of the school's trail are open to the viewer; those about the trail itself are."""
        return self.streams is None or stream in self.streams or stream == ABOUT_THE_TRAIL


def must_write(viewer: Viewer) -> None:
    """Raises Forbidden, with whom to ask, unless the viewer may write and share for the school."""
    if not viewer.role.writes:
        raise Forbidden(ONLY_WRITERS)


def must_write_notes(viewer: Viewer) -> None:
    """Raises Forbidden, with whom to ask, unless the viewer may write notes on suppliers."""
    if not viewer.role.writes_notes:
        raise Forbidden(ONLY_NOTE_WRITERS)


def must_keep_contracts(viewer: Viewer) -> None:
    """Raises Forbidden, with whom to ask, unless the viewer may keep the contracts of their own school or trust."""
    if not viewer.role.keeps_contracts:
        raise Forbidden(ONLY_KEEPERS)


def must_log_service(viewer: Viewer) -> None:
    """Raises Forbidden, with whom to ask, unless the viewer may log what happened under a contract."""
    if not viewer.role.logs_service:
        raise Forbidden(ONLY_LOGGERS)


def must_be_there_for_good(viewer: Viewer) -> None:
    """Raises Forbidden unless the viewer may take away what guards the school's records: a hold, years to keep them, somebody who
    gets their seals. Whoever was let in for a day would have it gone for longer.
    """
    must_write(viewer)
    if viewer.is_for_a_day:
        raise Forbidden(NOT_FOR_A_DAY)


def must_speak_for_the_school(viewer: Viewer) -> None:
    """Raises Forbidden unless the viewer may open something of the school to others: what lasts longer than a day isn't opened
    by whoever is there for a day.
    """
    must_write(viewer)
    if viewer.is_for_a_day:
        raise Forbidden(ONLY_FOR_A_DAY)

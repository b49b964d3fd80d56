"""The JSON of a school's own records, version 5: what goes out, and is taken in again. docs/reference/own-records.md tells it.

Ids are those of the installation that it comes from: they tie its parts together, and others take their place where it is taken
in. No person is named but where somebody wrote a name into a text. A file of an earlier version has less in it, and is read too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from base.refusals import Invalid
from contracts.calendars.calendars import MOST_VERSIONS
from contracts.clock.school_calendar import SchoolCalendar
from contracts.fields.dates_asked import Extension
from contracts.fields.said import MOST_EXTENSIONS
from contracts.promises.metric import Rules
from disclosure import wrong_record
from disclosure.beside import records as kept
from disclosure.record_parts import Code, FileRecord, Line, Name, School
from suppliers.opinions.attachments import Attached
from suppliers.opinions.opinion import COLUMNS, Opinion
from suppliers.ours.own_records import MOST

FORMAT: Final = "vouch-own-records"
VERSION: Final = 5
READ: Final = (1, 2, 3, 4, 5)  # versions
MOST_ASKED: Final = 1_000_000  # schools: more than there are
FILES: Final = "files/"  # where files lie in a zip
NOT_OURS: Final = "Choose the JSON or the zip that another installation of Vouch gave you under “Take everything with you”."


class SupplierRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`in_use_since` null: not used now. `listed`: in the directory of the installation that it comes from."""

    id: UUID
    name: Name
    aliases: Annotated[tuple[Name, ...], msgspec.Meta(max_length=200)]
    identifiers: Annotated[dict[Code, tuple[Name, ...]], msgspec.Meta(max_length=20)]
    categories: Annotated[tuple[Code, ...], msgspec.Meta(max_length=200)]
    listed: bool
    in_use_since: datetime | None


class ReviewRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: UUID
    supplier: UUID
    written_at: datetime
    said: Opinion


class NoteRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: UUID
    supplier: UUID
    about: Code
    body: str
    happened_on: date
    written_at: datetime
    files: Annotated[tuple[FileRecord, ...], msgspec.Meta(max_length=100)]


class ReaderRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom, in words that another installation can look up: a school by its URN, a network by its kind, code and name.

    `kind` is of a grant. Of a person nothing more is said: whom it was for is in the sentence.
    """

    kind: Code
    school: School | None = None
    network_kind: Code | None = None
    network_code: Line | None = None
    network_name: Line | None = None
    miles: int | None = None
    fields: Annotated[tuple[Code, ...], msgspec.Meta(max_length=20)]
    until: datetime | None = None
    members_then: bool = False  # of a network: only the schools that were in it


class ShareRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`what` is review, note or contract; `grant` as the trail tells it. It opens nothing elsewhere: a head confirms it there."""

    what: Code
    id: UUID
    sentence: str
    grant: dict[str, Any]
    to: ReaderRecord | None = None


class ContractRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`values` has what is known, by the names of the API; days are ISO dates."""

    id: UUID
    supplier: UUID | None
    values: Annotated[dict[Code, Any], msgspec.Meta(max_length=200)]
    extensions: Annotated[tuple[Extension, ...], msgspec.Meta(max_length=MOST_EXTENSIONS)]
    is_draft: bool
    notice_given_on: date | None
    ceased_on: date | None
    covers: Annotated[tuple[School, ...], msgspec.Meta(max_length=500)] = ()


class DocumentRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`answers` is the promised document that it is; "" none of them, null as its kind says."""

    id: UUID
    contract: UUID
    kind: Code
    begins_on: date | None
    expires_on: date | None
    answers: Line | None
    added_at: datetime
    file: FileRecord


class PromiseRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A version of a promise; all of one promise have its `id`, and each holds until the day before the next one."""

    id: UUID
    contract: UUID
    kind: Code
    name: Line
    clause: Line
    terms: dict[str, Any]
    rules: Rules
    period: Code
    from_day: date
    until_day: date | None


class CalendarRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A version that the school saved itself, in the order of saving."""

    from_day: date
    calendar: SchoolCalendar


class StampRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Code
    at: datetime
    priority: Code | None
    reason: Code | None
    claimed_by: Code
    note: str
    is_counted: bool = True  # not what the supplier claims and we have not agreed to


class SaidRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it was discussed (`state`, with the supplier's words in `theirs`), or the `outcome` that both sides agreed.

    The other one is null. Of an outcome `ours` and `theirs` say who agreed.
    """

    state: Code | None
    outcome: Code | None
    promise_id: UUID | None
    clause: Line
    on_day: date
    reason: str
    ours: str
    theirs: str


class HappenedRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`promise` is the name of what it counts for, where it was said, and `promise_id` which one. `at` is the school where it
    happened, where that is another one.
    """

    id: UUID
    contract: UUID
    kind: Code
    promise: Line | None
    on_day: date
    happened_at: datetime | None
    told_at: datetime | None
    told_how: Code | None
    job_number: str
    priority: Code | None
    said: dict[str, Any]
    claimed_by: Code
    what: str
    notes: str
    stamps: Annotated[tuple[StampRecord, ...], msgspec.Meta(max_length=1_000)]
    promise_id: UUID | None = None
    outcomes: Annotated[tuple[SaidRecord, ...], msgspec.Meta(max_length=1_000)] = ()
    files: Annotated[tuple[FileRecord, ...], msgspec.Meta(max_length=100)] = ()
    at: School | None = None


class EnquiryRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the school asked, about a need or a supplier; `schools` is how many others it was put to.

    `to` is that circle, and opens nothing. `closed_at` is null where the school did not close it before `closes_at`.
    """

    category: Code | None
    supplier: UUID | None
    words: str
    schools: Annotated[int, msgspec.Meta(ge=1, le=MOST_ASKED)]
    to: ReaderRecord
    asked_at: datetime
    closes_at: datetime
    closed_at: datetime | None


class AnswerRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the school answered another; `supplier` by its name, null where it can't help. It isn't taken in."""

    asked_by: School
    answers_with: Code
    supplier: Name | None
    answered_at: datetime


class Records(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`kept_back` is how many reviews and notes lack criticism, or are not here, since whoever took the copy doesn't read it."""

    format: str
    version: int
    made_at: datetime
    school: School
    kept_back: int
    suppliers: Annotated[tuple[SupplierRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    reviews: Annotated[tuple[ReviewRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    notes: Annotated[tuple[NoteRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    shares: tuple[ShareRecord, ...] = ()
    contracts: Annotated[tuple[ContractRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    documents: Annotated[tuple[DocumentRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    promises: Annotated[tuple[PromiseRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    calendars: Annotated[tuple[CalendarRecord, ...], msgspec.Meta(max_length=MOST_VERSIONS)] = ()
    happened: Annotated[tuple[HappenedRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    meetings: Annotated[tuple[kept.MeetingRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    decisions: Annotated[tuple[kept.DecisionRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    variations: Annotated[tuple[kept.VariationRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    concerns: Annotated[tuple[kept.ConcernRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    credits: Annotated[tuple[kept.CreditRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    ratings: Annotated[tuple[kept.RatingRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    questions: Annotated[tuple[kept.QuestionRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    links: Annotated[tuple[kept.LinkRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    notices: Annotated[tuple[kept.NoticeRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    deciding: Annotated[tuple[kept.DecidingRecord, ...], msgspec.Meta(max_length=1)] = ()
    buying_rules: Annotated[tuple[kept.BuyingRulesRecord, ...], msgspec.Meta(max_length=1)] = ()
    enquiries: Annotated[tuple[EnquiryRecord, ...], msgspec.Meta(max_length=MOST)] = ()
    answers: Annotated[tuple[AnswerRecord, ...], msgspec.Meta(max_length=MOST)] = ()


def written(records: Records) -> bytes:
    return msgspec.json.format(msgspec.json.encode(records), indent=1)


def read(content: bytes) -> Records:
    """Raises Invalid, in words, for what is no such file, or of a later version."""
    try:
        found = msgspec.json.decode(content, type=Records)
        _no_more_than_known(msgspec.json.decode(content))
    except msgspec.ValidationError as error:
        sentence = wrong_record.in_file(content, FORMAT, str(error)) or NOT_OURS
        raise Invalid(sentence, file=sentence) from error
    except (msgspec.MsgspecError, RecursionError) as error:  # no JSON at all
        raise Invalid(NOT_OURS, file=NOT_OURS) from error
    if found.format != FORMAT or found.version not in READ:
        raise Invalid(NOT_OURS, file=NOT_OURS)
    return found


def _no_more_than_known(raw: Mapping[str, Any]) -> None:
    """Raises ValidationError for a field of a review, an extension or a promise's rules that there is not: of these alone msgspec
    takes any.
    """
    options, rules = {field.name for field in fields(Extension)}, {field.name for field in fields(Rules)}
    said = [("reviews", n, one["said"], set(COLUMNS)) for n, one in enumerate(raw.get("reviews", ()))]
    said += [("contracts", n, each, options) for n, one in enumerate(raw.get("contracts", ())) for each in one["extensions"]]
    said += [("promises", n, one["rules"], rules) for n, one in enumerate(raw.get("promises", ()))]
    for part, n, given, known in said:
        if unknown := sorted(set(given) - known):
            raise msgspec.ValidationError(f"Object contains unknown field `{unknown[0]}` - at `$.{part}[{n}]`")


def identifiers_of(pairs: tuple[tuple[str, str], ...]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for scheme, value in pairs:
        found[scheme] = (*found.get(scheme, ()), value)
    return found


def files_of(attached: Sequence[Attached]) -> tuple[FileRecord, ...]:
    return tuple(
        FileRecord(name=file.name, media_type=file.media_type, size=file.size, path=f"{FILES}{file.id}") for file in attached
    )


def file_in(record: FileRecord) -> UUID:
    """The id of the file that lies at the path of ``record``."""
    return UUID(record.path.removeprefix(FILES))

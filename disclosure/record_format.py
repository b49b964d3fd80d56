"""The JSON of a school's own records, version 1: what goes out, and is taken in again. docs/reference/own-records.md tells it.

Ids are those of the installation that it comes from: they tie its parts together, and others take their place where it is taken
in. No person is named but where somebody wrote a name into a text.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from base.refusals import Invalid
from contracts.fields.contract_fields import BY_NAME, LONGEST_LINE, Kind
from contracts.fields.dates_asked import Extension
from contracts.fields.said import MOST_EXTENSIONS, Said
from contracts.fields.values import plain
from suppliers.matching.names import LONGEST
from suppliers.opinions.opinion import COLUMNS, Opinion
from suppliers.ours.own_records import MOST

FORMAT: Final = "vouch-own-records"
VERSION: Final = 1
NOT_OURS: Final = "Choose the JSON or the zip that another installation of Vouch gave you under “Take everything with you”."

Name = Annotated[str, msgspec.Meta(max_length=LONGEST)]
Line = Annotated[str, msgspec.Meta(max_length=LONGEST_LINE)]
Code = Annotated[str, msgspec.Meta(max_length=60)]


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


class FileRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`path` is where it lies in the zip."""

    name: Name
    media_type: Annotated[str, msgspec.Meta(max_length=100)]
    size: int
    path: Annotated[str, msgspec.Meta(max_length=200)]


class NoteRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: UUID
    supplier: UUID
    about: Code
    body: str
    happened_on: date
    written_at: datetime
    files: Annotated[tuple[FileRecord, ...], msgspec.Meta(max_length=100)]


class ShareRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`what` is review, note or contract; `grant` as the trail tells it. To read: shares are not taken in."""

    what: Code
    id: UUID
    sentence: str
    grant: dict[str, Any]


class ContractRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`values` has what is known, by the names of the API; days are ISO dates."""

    id: UUID
    supplier: UUID | None
    values: Annotated[dict[Code, Any], msgspec.Meta(max_length=200)]
    extensions: Annotated[tuple[Extension, ...], msgspec.Meta(max_length=MOST_EXTENSIONS)]
    is_draft: bool
    notice_given_on: date | None
    ceased_on: date | None


class StampRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Code
    at: datetime
    priority: Code | None
    reason: Code | None
    claimed_by: Code
    note: str


class HappenedRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`promise` is the name of what it counts for, where it was said. Such are to read: only a job without one is taken in."""

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


class School(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Line
    urn: int | None


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
    happened: Annotated[tuple[HappenedRecord, ...], msgspec.Meta(max_length=MOST)] = ()


def written(records: Records) -> bytes:
    return msgspec.json.format(msgspec.json.encode(records), indent=1)


def read(content: bytes) -> Records:
    """Raises Invalid, in words, for what is no such file, or of a later version."""
    try:
        found = msgspec.json.decode(content, type=Records)
        _no_more_than_known(msgspec.json.decode(content))
    except msgspec.MsgspecError as error:
        raise Invalid(NOT_OURS, file=f"{NOT_OURS} This one is not as it should be: {error}.") from error
    if (found.format, found.version) != (FORMAT, VERSION):
        raise Invalid(NOT_OURS, file=NOT_OURS)
    return found


def _no_more_than_known(raw: Mapping[str, Any]) -> None:
    """Raises ValidationError for a field of a review or extension that there is not: of these alone msgspec takes any."""
    said = (set(one["said"]) - set(COLUMNS) for one in raw.get("reviews", ()))
    options = {field.name for field in fields(Extension)}
    extended = (set(option) - options for one in raw.get("contracts", ()) for option in one["extensions"])
    unknown = sorted(set().union(*said, *extended))
    if unknown:
        raise msgspec.ValidationError(f"Object contains unknown field `{unknown[0]}`")


def contract_of(which: UUID, said: Said) -> ContractRecord:
    return ContractRecord(
        id=which,
        supplier=said.supplier,
        values={name: plain(value) for name, value in said.values.items() if value is not None},
        extensions=tuple(said.extensions),
        is_draft=said.is_draft,
        notice_given_on=said.notice_given_on,
        ceased_on=said.ceased_on,
    )


def said_of(record: ContractRecord, supplier: UUID | None) -> Said:
    """Raises Invalid for a field that there is not, and a day that is none; the rest is for ``said.checked``."""
    values: dict[str, Any] = {}
    for name, value in record.values.items():
        if name not in BY_NAME:
            raise Invalid(f"There is no “{name}” of a contract.")
        values[name] = _day(value) if BY_NAME[name].kind is Kind.DAY else value
    return Said(
        values,
        supplier=supplier,
        extensions=record.extensions,
        is_draft=record.is_draft,
        notice_given_on=record.notice_given_on,
        ceased_on=record.ceased_on,
    )


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise Invalid(f"“{value}” is no day.") from error


def identifiers_of(pairs: tuple[tuple[str, str], ...]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for scheme, value in pairs:
        found[scheme] = (*found.get(scheme, ()), value)
    return found

"""How an import of suppliers reads as JSON, and what a program sends to it."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec

from base.spreadsheets.cells import MOST_COLUMNS
from suppliers.imports import rows as import_rows
from suppliers.imports.imports import ImportView
from suppliers.lists.column_titles import SupplierField

MOST_ANSWERS: Final = 500  # of one request
LONGEST_CHOICE: Final = 60


class ColumnOut(msgspec.Struct, frozen=True, kw_only=True):
    """``holds`` is what the column is taken for, null where it is left out; ``fits`` of ``filled`` sampled cells can be used."""

    letters: str
    heading: str
    samples: tuple[str, ...]
    holds: SupplierField | None
    filled: int
    fits: int


class ImportOut(msgspec.Struct, frozen=True, kw_only=True):
    """``state`` is reading, mapping, checking, checked, importing, done, stopped or refused; ``sentence`` says why of the
    last two. ``rows`` counts by list; ``ready`` suppliers would be imported now.
    """

    id: UUID
    state: str
    sentence: str
    done: int
    total: int
    sheets: tuple[str, ...]
    sheet: int | None
    headings_row: int | None
    columns: tuple[ColumnOut, ...]
    rows: dict[str, int]
    waiting: int
    ready: int
    sha256: str
    made_at: datetime
    ends_at: datetime


class SheetIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``headings_row`` is as the spreadsheet numbers it; 0 for none."""

    sheet: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    headings_row: Annotated[int, msgspec.Meta(ge=0, le=1_048_576)]


class ColumnsIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each column holds, in their order; null leaves one out. Exactly one is "name"."""

    holds: Annotated[tuple[SupplierField | None, ...], msgspec.Meta(min_length=1, max_length=MOST_COLUMNS)]


class OptionOut(msgspec.Struct, frozen=True, kw_only=True):
    choice: str
    name: str
    why: str
    own: bool


class RowOut(msgspec.Struct, frozen=True, kw_only=True):
    """``left_out`` are sentences about what can't be right and is not imported; ``choice`` is "" while it waits."""

    row: int
    name: str
    said: str
    left_out: tuple[str, ...]
    options: tuple[OptionOut, ...]
    choice: str
    same_as_row: int | None
    supplier: UUID | None


class RowsOut(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[RowOut, ...]
    next_after: int | None


class RowAnswerIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``choice`` is one of the row's options, "new", "skip", or "" to take an answer back."""

    row: Annotated[int, msgspec.Meta(ge=1, le=1_048_576)]
    choice: Annotated[str, msgspec.Meta(max_length=LONGEST_CHOICE)]


class RowAnswersIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``all_waiting`` answers every question that has no answer after ``answers``."""

    answers: Annotated[tuple[RowAnswerIn, ...], msgspec.Meta(max_length=MOST_ANSWERS)] = ()
    all_waiting: Literal["likeliest", "new", "skip"] | None = None


class StartIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    all_or_nothing: bool


def told(found: ImportView) -> ImportOut:
    seen = found.seen
    return ImportOut(
        id=found.id,
        state=found.state.value,
        sentence=found.sentence,
        done=found.done,
        total=found.total,
        sheets=tuple(sheet.name for sheet in seen.sheets) if seen else (),
        sheet=seen.sheet if seen else None,
        headings_row=seen.header if seen else None,
        columns=tuple(
            ColumnOut(
                letters=column.letters,
                heading=column.title,
                samples=column.samples,
                holds=column.field,
                filled=column.filled,
                fits=column.fits,
            )
            for column in (seen.columns if seen else ())
        ),
        rows={kind.value: number for kind, number in found.counts.items()},
        waiting=found.waiting,
        ready=found.to_import,
        sha256=found.digest,
        made_at=found.made_at,
        ends_at=found.ends_at,
    )


def told_row(row: import_rows.ShownRow) -> RowOut:
    return RowOut(
        row=row.number,
        name=row.name,
        said=row.said,
        left_out=row.flaws,
        options=tuple(OptionOut(choice=one.choice, name=one.name, why=one.why, own=one.is_own) for one in row.options),
        choice=row.choice,
        same_as_row=row.lead,
        supplier=row.supplier,
    )

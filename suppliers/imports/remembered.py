"""What a school said of a list, or of a register of contracts, so that it isn't asked the same of the next one.

Kept by digests, not by names: a list may hold people. It is no record of the school; what an erasure touches forgets all of it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

import database
from base import clock
from suppliers.imports.states import RowChoice, RowKind
from suppliers.imports.tables import Remembered
from suppliers.lists.column_titles import SupplierField
from suppliers.lists.columns import Column
from suppliers.lists.supplier_row import NO_CATEGORY, SupplierRow
from suppliers.record import taxonomy
from suppliers.record.facts import MOST_CATEGORIES

AS_LAST_TIME: Final = "as last time"  # what such a row begins to say
KEPT_FOR: Final = timedelta(days=400)  # a list that comes once a year is still known
MOST: Final = 20_000  # of one school: the oldest go
NEWS_TOLD_BY: Final = 32  # hexadecimal digits: of what changes from month to month no two are the same
SUPPLIES: Final = "supplies:"  # what the answer about a word for categories begins with; the slugs follow, or none
TOLD_IN: Final = 200  # headings of one list: a wider one is asked about each time


Said = Mapping[bytes, str]  # answers by key


def of_name(exact: str) -> bytes:
    """The key of a row, by the exact name of its supplier: a digest."""
    return sha256(f"row\n{exact}".encode()).digest()


def of_word(word: str) -> bytes:
    """The key of a word for categories, in any capitals: a digest."""
    return sha256(f"category\n{' '.join(word.casefold().split())}".encode()).digest()


def unknown_word(flaw: str) -> str:
    """The word that was not understood, of the sentence that says so; "" of another sentence."""
    before, after = NO_CATEGORY.split("{}")
    return flaw[len(before) : -len(after)] if flaw.startswith(before) and flaw.endswith(after) else ""


def with_words(read: SupplierRow, said: Said) -> SupplierRow:
    """The row with the categories that the school says its words mean; what it said nothing of is still left out."""
    answers = {flaw: said[key] for flaw in read.left_out if (key := of_word(unknown_word(flaw))) in said}
    if not answers:
        return read
    meant = [slug for one in answers.values() for slug in one.removeprefix(SUPPLIES).split() if slug in taxonomy.by_slug()]
    categories = tuple(dict.fromkeys((*read.facts.categories, *meant)))[:MOST_CATEGORIES]
    left_out = tuple(flaw for flaw in read.left_out if flaw not in answers)
    return replace(read, facts=replace(read.facts, categories=categories), left_out=left_out)


def left_as_it_is(news: str) -> str:
    """The answer that this news of an own record, and no other, is left out."""
    return f"{RowChoice.SKIP.value}:{sha256(news.encode()).hexdigest()[:NEWS_TOLD_BY]}"


def of_headings(columns: Sequence[Column]) -> bytes | None:
    """The key of a list: its headings in any order. None where they don't tell its columns apart."""
    titles = [_title(column) for column in columns if column.title]
    if not titles or len(titles) > TOLD_IN or len(set(titles)) < len(titles):
        return None
    return sha256("\n".join(["columns", *sorted(titles)]).encode()).digest()


async def keep_columns(school: UUID, columns: Sequence[Column], fields: Sequence[SupplierField | None]) -> None:
    """Inside a unit of housekeeping."""
    if key := of_headings(columns):
        told = {_title(column): field or "" for column, field in zip(columns, fields, strict=False) if column.title}
        await keep(school, {key: json.dumps(told, ensure_ascii=False)})


async def columns_as_last_time(school: UUID, columns: Sequence[Column]) -> tuple[SupplierField | None, ...] | None:
    """What the columns of a list with these headings held; None where nobody said. Opens its own unit."""
    key = of_headings(columns)
    if key is None:
        return None
    async with database.read():
        said = (await answers(school, [key])).get(key)
    if said is None:
        return None
    known: Mapping[str, str] = json.loads(said)
    return tuple(_field(known.get(_title(column), "")) if column.title else column.field for column in columns)


async def keep(school: UUID, said: Said) -> None:
    """Keeps answers in the place of earlier ones; "" only forgets them. Inside a unit of housekeeping."""
    await Remembered.delete().where((Remembered.school == school) & database.among(Remembered.key, said))
    now = clock.now()
    rows = [(uuid4(), school, key, answer, now) for key, answer in said.items() if answer]
    await database.insert_rows(Remembered, _COLUMNS, rows)
    if rows and await Remembered.count().where(Remembered.school == school) > MOST:
        mine = Remembered.select(Remembered.id).where(Remembered.school == school)
        old = await mine.order_by(Remembered.at, ascending=False).limit(MOST).offset(MOST).output(as_list=True)
        await Remembered.delete().where(database.among(Remembered.id, old))


async def answers(school: UUID, keys: Iterable[bytes]) -> Said:
    """Inside a unit."""
    rows = await Remembered.select(Remembered.key, Remembered.answer).where(
        (Remembered.school == school) & database.among(Remembered.key, keys)
    )
    return {bytes(row["key"]): row["answer"] for row in rows}


async def words(school: UUID) -> Said:
    """What the school said of words for categories. Inside a unit."""
    rows = await Remembered.select(Remembered.key, Remembered.answer).where(_of_words(school))
    return {bytes(row["key"]): row["answer"] for row in rows}


async def forget_words(school: UUID) -> None:
    """Inside a unit of housekeeping."""
    await Remembered.delete().where(_of_words(school))


async def forget_all_of(school: UUID) -> None:
    """Inside an erasure's unit."""
    await Remembered.delete().where(Remembered.school == school)


async def forget_old() -> int:
    """A job: forgets what nobody said again in time; returns how much."""
    async with database.housekeeping():
        old = Remembered.at < clock.now() - KEPT_FOR
        return len(await Remembered.delete().where(old).returning(Remembered.id))


def of_answer(row: Mapping[str, Any], exact: str, choice: str) -> tuple[bytes, str]:
    """The key of a row that was answered, and what to keep of it: that it is another row's says nothing of the next list."""
    if row["kind"] == RowKind.MORE:
        news = json.loads(row["options"])[0]["why"]
        return of_name(exact), left_as_it_is(news) if choice == RowChoice.SKIP else ""
    return of_name(exact), "" if choice.startswith("row:") else choice


def _of_words(school: UUID) -> Any:
    return (Remembered.school == school) & Remembered.answer.like(f"{SUPPLIES}%")


def _title(column: Column) -> str:
    return " ".join(column.title.casefold().split())


def _field(kept: str) -> SupplierField | None:
    """None for one that there is no more."""
    return SupplierField(kept) if kept in set(SupplierField) else None


_COLUMNS: Final = (Remembered.id, Remembered.school, Remembered.key, Remembered.answer, Remembered.at)

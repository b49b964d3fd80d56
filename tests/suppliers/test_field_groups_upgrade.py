"""A database from before field groups remembered their changes is told as much of them as its kept versions say, and no more."""

# ruff: noqa: S608 - rows are written by hand, as the old version left them, of our own values

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from piccolo.table import Table

import database
from database import migrations
from suppliers.tables import Interest, Note, PastReview, Review
from tests.conftest import ENGINE, Template, _order, _renamed, opened

SCHOOL, ANN, HAL = (UUID(f"{n}0000000-0000-4000-8000-000000000000") for n in (1, 2, 3))
FIRST = datetime(2026, 1, 5, 9, 30, 0, 250_000, tzinfo=UTC)
SECOND, THIRD = FIRST + timedelta(days=10), FIRST + timedelta(days=20)
YES = "TRUE" if ENGINE == "postgres" else "1"
NO = "FALSE" if ENGINE == "postgres" else "0"


@pytest.fixture
async def before(template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """An open database that every migration has run in but the one in question, with a school and two people."""
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    if ENGINE == "postgres":
        name = f"old_{uuid4().hex}"
        await _order(template.server, f'CREATE DATABASE "{name}"')
        url = _renamed(template.server, name)
    known = migrations._known()
    async with opened(url):
        monkeypatch.setattr(migrations, "_known", lambda: [one for one in known if one[1] < "suppliers_0007"])
        await migrations.migrate()
        monkeypatch.setattr(migrations, "_known", lambda: known)
        async with database.write():
            await run(
                f"""INSERT INTO sharing_school (id, kind, name, search_name, phase, status, local_authority, town, postcode,
                    registered_at) VALUES ('{SCHOOL}', 'school', 'Oak', 'oak', '', 'open', '', '', '', '{FIRST}')"""
            )
            for person in (ANN, HAL):
                await run(
                    f"""INSERT INTO sharing_person (id, email, name, password_hash, is_operator, made_at)
                        VALUES ('{person}', '{person}@b.example', 'A', 'x', {NO}, '{FIRST}')"""
                )
        yield


async def run(sql: str) -> None:
    await Review.raw(sql)


Said = tuple[datetime, UUID, str]


async def a_review(*versions: Said) -> UUID:
    """A review of a supplier of its own; each version with when, by whom, and the values that differ from an empty one."""
    review, supplier = uuid4(), uuid4()
    await run(
        f"""INSERT INTO suppliers_supplier (id, owner, name, exact_name, made_at)
            VALUES ('{supplier}', '{SCHOOL}', 'S', '{supplier}', '{FIRST}')"""
    )
    columns = "rating, would_use_again, interest, praise, criticism, author, version, written_at"
    rows = [f"{said}, '{by}', {n}, '{at}'" for n, (at, by, said) in enumerate(versions, start=1)]
    ids = f"'{review}', '{SCHOOL}', '{supplier}'"
    await run(f"INSERT INTO suppliers_review (id, school, supplier, {columns}) VALUES ({ids}, {rows[-1]})")
    for row in rows[:-1]:
        await run(f"INSERT INTO suppliers_past_review (id, review, {columns}) VALUES ('{uuid4()}', '{review}', {row})")
    return review


async def found(table: type[Table], row_id: UUID) -> dict[str, object]:
    async with database.read():
        (row,) = await table.select().where(table._meta.primary_key == row_id)
    return dict(row)


@pytest.mark.usefixtures("before")
async def test_each_group_gets_the_version_that_last_changed_it() -> None:
    async with database.write():
        review = await a_review(
            (FIRST, ANN, "4, NULL, NULL, 'On time.', ''"),
            (SECOND, HAL, "4, NULL, NULL, 'On time.', 'Dear.'"),
            (THIRD, ANN, "4, NULL, 'My uncle.', 'Tidy.', 'Dear.'"),
        )
    assert "suppliers_0007" in await migrations.migrate()
    row = await found(Review, review)
    assert (row["written_at"], row["author"], row["revised_at"], row["revised_by"]) == (FIRST, ANN, THIRD, ANN)
    changes = {
        group: (row[f"{group}_at"], row[f"{group}_by"]) for group in ("rating", "interest", "praise", "criticism", "dates")
    }
    unchanged = (None, None)
    assert changes == {
        "rating": unchanged, "interest": (THIRD, ANN), "praise": (THIRD, ANN), "criticism": (SECOND, HAL), "dates": unchanged,
    }  # fmt: skip
    async with database.read():
        (interest,) = await Interest.select()
        assert await PastReview.count() == 2
    assert (interest["person"], interest["declared_at"], interest["withdrawn_at"]) == (ANN, THIRD, None)
    assert interest["supplier"] == row["supplier"]


@pytest.mark.usefixtures("before")
async def test_a_vouch_renewed_counts_from_then_and_one_beside_a_text_lapses_too() -> None:
    vouch, with_text = f"NULL, {YES}, NULL, '', ''", f"NULL, {YES}, NULL, 'Tidy.', ''"
    async with database.write():
        renewed = await a_review((FIRST, ANN, vouch), (SECOND, HAL, vouch))
        beside_a_text = await a_review((FIRST, ANN, with_text))
    await migrations.migrate()
    row = await found(Review, renewed)
    assert (row["written_at"], row["rating_at"], row["rating_by"], row["praise_at"]) == (FIRST, SECOND, HAL, None)
    lapses_at = (await found(Review, beside_a_text))["lapses_at"]
    assert isinstance(lapses_at, datetime)
    assert abs(lapses_at - FIRST - timedelta(days=365)) < timedelta(milliseconds=1)


@pytest.mark.usefixtures("before")
async def test_an_interest_is_withdrawn_where_its_own_person_later_said_that_there_is_none() -> None:
    with_one, without = "5, NULL, 'My uncle.', '', ''", "5, NULL, NULL, '', ''"
    async with database.write():
        by_ann = await a_review((FIRST, ANN, with_one), (SECOND, ANN, without))
        by_hal = await a_review((FIRST, ANN, with_one), (SECOND, HAL, without))
    await migrations.migrate()
    ended = {(await found(Review, review))["supplier"]: at for review, at in ((by_ann, SECOND), (by_hal, None))}
    async with database.read():
        assert {row["supplier"]: row["withdrawn_at"] for row in await Interest.select()} == ended


@pytest.mark.usefixtures("before")
async def test_a_note_of_which_no_version_is_kept_counts_as_unchanged() -> None:
    note = uuid4()
    async with database.write():
        review = await a_review((FIRST, ANN, "5, NULL, NULL, '', ''"))
        await run(
            f"""INSERT INTO suppliers_note (id, school, supplier, about, body, happened_on, author, version, written_at)
                SELECT '{note}', school, supplier, 'good', 'Tidy.', '2026-01-05', author, 2, '{SECOND}'
                FROM suppliers_review WHERE id = '{review}'"""
        )
    await migrations.migrate()
    row = await found(Note, note)
    assert (row["revised_at"], row["text_at"], row["dates_at"], row["files_at"]) == (SECOND, None, None, None)

"""An older database after the upgrade: what had revived is closed, confirmed words stay so, a refusal looks unanswered."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from piccolo.table import Table

import database
from database import migrations
from sharing.tables import Audience, AudienceGrant, Network, NetworkInvitation, NetworkMember, Person, School
from suppliers.tables import ConfirmedCriticism, Review, Supplier
from tests.conftest import opened

pytestmark = pytest.mark.pure

ASH, ELM, BOB, NETWORK, AUDIENCE, GRANT, SUPPLIER, REVIEW, ASKED = (
    UUID(f"{n}0000000-0000-4000-8000-000000000000") for n in range(1, 10)
)
THEN = datetime(2026, 1, 1, 9, tzinfo=UTC)


async def test_what_stood_before_is_carried_over(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    known = migrations._known()
    added = {"sharing_0011", "suppliers_0008"}
    async with opened(f"sqlite:///{tmp_path}/old.sqlite"):
        monkeypatch.setattr(migrations, "_known", lambda: [one for one in known if one[1] not in added])
        await migrations.migrate()
        async with database.write():
            await _old_rows()
        monkeypatch.setattr(migrations, "_known", lambda: known)
        assert added <= set(await migrations.migrate())
        async with database.read():
            (confirmed,) = await ConfirmedCriticism.select()
            (asked,) = await NetworkInvitation.select()
            members = await NetworkMember.select()
    assert (confirmed["id"], confirmed["text"], confirmed["confirmed_by"]) == (REVIEW, "Dear.", BOB)
    assert (asked["answered_at"], asked["declined_at"]) == (None, THEN)
    assert [member["shares_again"] for member in members] == [False]


async def _old_rows() -> None:
    at = THEN.isoformat(sep=" ")
    for one in (ASH, ELM):
        blank = dict.fromkeys(("phase", "local_authority", "town", "postcode"), "")
        named = {"kind": "school", "name": "A", "search_name": "a", "status": "open"}
        await _insert(School, id=one, registered_at=at, **named, **blank)
    await _insert(Person, id=BOB, email="b@b.example", name="Bob", password_hash="x", is_operator=0, made_at=at)
    await _insert(Network, id=NETWORK, kind="cluster", name="C", source="school")
    await _insert(NetworkMember, id=ASH, network=NETWORK, school=ASH, joined_at=at)
    await _insert(NetworkInvitation, id=ASKED, network=NETWORK, school=ELM, invited_by=ASH, asked_at=at, answered_at=at)
    await _insert(Audience, id=AUDIENCE, owner=ASH, digest="0" * 64, made_at=at)
    confirmed = {"kind": "everyone", "fields": 4, "valid_from": at, "head_confirmed_by": BOB}
    await _insert(AudienceGrant, id=GRANT, audience=AUDIENCE, owner=ASH, **confirmed)
    await _insert(Supplier, id=SUPPLIER, name="B", exact_name="b", made_at=at)
    said = {"praise": "", "criticism": "Dear.", "version": 1, "rating": 3, "written_at": at}
    await _insert(Review, id=REVIEW, school=ASH, supplier=SUPPLIER, author=BOB, audience=AUDIENCE, **said)


async def _insert(table: type[Table], **values: object) -> None:
    """By SQL, because the classes know the new columns."""
    columns, marks = ", ".join(values), ", ".join("{}" for _ in values)
    statement = f"INSERT INTO {table._meta.tablename} ({columns}) VALUES ({marks})"  # noqa: S608 - our own names
    await table.raw(statement, *(str(value) if isinstance(value, UUID) else value for value in values.values()))

"""What commands stand on: a database that is ready, or whose operator is told; answers; progress."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import database
from base.settings import SettingsError
from database import migrations
from tests import conftest
from web import terminal


@pytest.fixture
async def empty(template: conftest.Template, tmp_path: Path) -> AsyncIterator[None]:
    """An open database that no migration has seen."""
    if conftest.ENGINE == "sqlite":
        async with conftest.opened(f"sqlite:///{tmp_path / 'empty.sqlite'}"):
            yield
        return
    name = f"empty_{uuid4().hex}"
    await conftest._order(template.server, f'CREATE DATABASE "{name}"')
    async with conftest.opened(conftest._renamed(template.server, name)):
        yield
    await conftest._order(template.server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.usefixtures("empty")
async def test_an_embedded_database_is_made_ready_and_a_shared_one_is_left_to_its_operator() -> None:
    if database.is_postgres():
        with pytest.raises(SettingsError, match="Run: vouch migrate"):
            await terminal.make_ready()
        await migrations.migrate()
    else:
        assert "audit_0001" in await terminal.make_ready()
    assert await migrations.is_current()
    assert await terminal.make_ready() == ()


@pytest.mark.pure
def test_an_answer_is_a_sentence_or_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"id": UUID(int=7), "at": datetime(2026, 11, 22, tzinfo=UTC), "name": "Zoë's"}
    terminal.answer(facts, "Done.", as_json=False)
    terminal.answer(facts, "Done.", as_json=True)
    words, line = capsys.readouterr().out.splitlines()
    assert words == "Done."
    assert json.loads(line) == {"id": str(UUID(int=7)), "at": "2026-11-22T00:00:00+00:00", "name": "Zoë's"}


@pytest.mark.pure
def test_progress_passes_everything_on_and_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(terminal.with_progress(iter("abc"), doing="Reading", count=3)) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")

"""What every command stands on: an open, ready database around its work, and one answer in words or in JSON."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from typing import Any, TypeVar

import click

import database
from base import settings
from base.settings import SettingsError
from database import migrations, saving

T = TypeVar("T")

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What ``work()`` returns, with the database open and ready for it. Raises SettingsError where that can't be."""

    async def in_database() -> T:
        async with opened():
            await make_ready()
            with saving.noted():
                return await work()

    return finish(in_database())


def finish(work: Coroutine[Any, Any, T]) -> T:
    """What ``work`` returns. Logs go to standard error meanwhile, because standard output is the answer: as the service writes
    them, for cron posts and keeps what it gets, and to a person as to read.
    """
    from web.http import logs  # noqa: PLC0415 - what needs no database logs nothing

    try:
        logs.configure("console" if sys.stderr.isatty() else settings.current().log_format, to=sys.stderr)
    except SettingsError:
        work.close()  # or Python says, too, that nobody waited for it
        raise
    return asyncio.run(work)


def answer(facts: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    """Prints ``sentence``, or ``facts`` as one line of JSON; dates, ids and paths as text."""
    click.echo(json.dumps(facts, default=_as_text, ensure_ascii=False) if as_json else sentence)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def with_progress(items: Iterable[T], *, doing: str, count: int | None = None) -> Iterator[T]:
    """Yields the items; a person at a terminal sees a progress bar on stderr."""
    from rich.console import Console  # noqa: PLC0415 - slow to import, and few commands need it
    from rich.progress import track  # noqa: PLC0415

    console = Console(stderr=True)
    yield from track(items, description=doing, total=count, console=console, disable=not console.is_terminal)


@contextmanager
def progress(doing: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yields what to call with each further number of things done; a person at a terminal sees a bar on stderr."""
    from rich.console import Console  # noqa: PLC0415 - slow to import, and few commands need it
    from rich.progress import Progress  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda done: bar.advance(task, done)


@asynccontextmanager
async def opened() -> AsyncIterator[None]:
    await database.open(settings.current())
    try:
        yield
    finally:
        await database.close()


async def make_ready() -> tuple[str, ...]:
    """Migrates the embedded database and returns what ran. A PostgreSQL one must be ready: processes share it,
    so its operator chooses the moment.
    """
    if settings.current().is_sqlite:
        return await migrations.migrate()
    if not await migrations.is_current():
        raise SettingsError("The database is not ready for this version of Vouch. Run: vouch migrate")
    return ()

"""A data folder such as a command finds it: a migrated database with entries in it, and no service running."""

import asyncio
import shutil
from enum import StrEnum
from pathlib import Path

import audit
from tests.conftest import Template, opened


class _Event(StrEnum):
    HAPPENED = "test.happened"


def a_home_with_entries(template: Template, folder: Path, count: int) -> Path:
    """Adds ``count`` entries to the operator's trail of the SQLite database in ``folder``, made when it is not there."""
    file = folder / "vouch.sqlite"
    if not file.exists():
        shutil.copy(template.url.removeprefix("sqlite:///"), file)
    asyncio.run(_record(f"sqlite:///{file}", count))
    return folder


async def _record(url: str, count: int) -> None:
    async with opened(url):
        for _ in range(count):
            async with audit.recording(None) as record:
                record(_Event.HAPPENED, stream="test", subject="test")

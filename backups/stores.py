"""What backing up and restoring need of a database engine; `backups.sqlite` and `backups.postgres` are the two there are."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from backups import postgres, sqlite
from backups.snapshot import Remains, Snapshot
from base.settings import Settings


class Store(Protocol):
    @property
    def ENGINE(self) -> str: ...  # noqa: N802 - a module's constant
    @property
    def FILE(self) -> str: ...  # noqa: N802
    async def dump(self, chosen: Settings, to: Path) -> Snapshot: ...
    def alone(self, chosen: Settings) -> AbstractAsyncContextManager[None]: ...
    async def remains(self, chosen: Settings) -> Remains | None: ...
    async def load(self, chosen: Settings, dump: Path, suffix: str) -> Settings: ...
    async def take_over(self, chosen: Settings, staged: Settings, kept: str | None) -> str | None: ...
    async def discard(self, staged: Settings) -> None: ...


def of(chosen: Settings) -> Store:
    return sqlite if chosen.is_sqlite else postgres

"""A town that has some of everything, for what holds everywhere."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Template
from tests.given.town import Town, town_of


@pytest.fixture
async def town(template: Template, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_of(template, tmp_path) as town:
        yield town

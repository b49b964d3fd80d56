"""A school with somebody to forget."""

import pytest

from base.settings import Settings
from tests.given.erasing import World, a_world


@pytest.fixture
async def world(db: Settings) -> World:
    return await a_world()

"""What several rooms of contracts start from."""

from uuid import UUID

import pytest

from base.viewer import Viewer
from tests.given.served import a_contract, a_fix_time


@pytest.fixture
async def boilers(ann: Viewer) -> UUID:
    """A contract of Ann's school that promises by when a fault is put right."""
    contract = await a_contract(ann)
    await a_fix_time(ann, contract)
    return contract

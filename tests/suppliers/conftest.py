"""What several rooms of suppliers start from."""

from uuid import UUID

import pytest

from base.viewer import Viewer
from suppliers.directory import directory


@pytest.fixture
async def boilers(ann: Viewer) -> UUID:
    """A supplier that Ann added, as a record of her school's own."""
    return (await directory.add(ann, name="Ashby Boilers")).id

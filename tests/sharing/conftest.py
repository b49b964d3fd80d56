"""Who runs an installation, and a school beside hers."""

import pytest

from base.settings import Settings
from base.viewer import Role, Viewer
from sharing.tables import School
from tests.given.builders import a_person, a_school


@pytest.fixture
async def olive(db: Settings) -> Viewer:
    """The operator, who is the head of a school as well."""
    return await a_person(await a_school("Fern Primary"), Role.HEAD, "Olive Osgood", operator=True)


@pytest.fixture
async def elm(olive: Viewer) -> School:
    return await a_school("Elm Primary")


@pytest.fixture
async def eve(elm: School) -> Viewer:
    """The head of Elm Primary."""
    return await a_person(elm, Role.HEAD, "Eve Elm")

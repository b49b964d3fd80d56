"""For whom a grant is, is put together once for each viewer."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from base.viewer import Role
from database.composing import compiled
from sharing.access.granted_to import is_for
from sharing.access.principals import Principals

pytestmark = pytest.mark.pure

OAKFIELD, ELMWOOD = UUID(int=1), UUID(int=2)


def at(school: UUID) -> Principals:
    return Principals(school, None, None, Role.HEAD, datetime(2026, 11, 3, tzinfo=UTC), True, None, {}, {}, ())


def test_what_was_composed_for_one_viewer_is_not_asked_for_another_made_of_them() -> None:
    ours = at(OAKFIELD)
    assert is_for(ours) is is_for(ours)
    theirs = replace(ours, school=ELMWOOD)
    assert compiled(is_for(theirs), "sqlite") == compiled(is_for(at(ELMWOOD)), "sqlite") != compiled(is_for(ours), "sqlite")

"""Why a supplier ranks where it does, in words."""

from datetime import UTC, datetime
from typing import Final

import pytest

from suppliers.search.reasons import reasons
from suppliers.search.visible_opinions import Spoken, Stance

pytestmark = pytest.mark.pure

NOW: Final = datetime(2026, 12, 1, tzinfo=UTC)


def test_thousands_of_schools_are_counted_as_people_write_them() -> None:
    vouching, like = reasons(Spoken(many={Stance.VOUCHES: 12_345}, like_ours=1_204), NOW)
    assert vouching.startswith("12,345 schools vouch for them")
    assert like == "1,204 of them are schools like yours"

"""A database that nobody tampered with is never blamed: whatever people did, today's rows are what the trail tells."""

from pathlib import Path

import pytest

from audit.checking import compared
from tests.conftest import Template
from tests.given.busy_town import everybody_else_is_busy, oakfield_hides_private_words
from tests.given.every_check import findings
from tests.given.town import town_of


@pytest.mark.parametrize("busy", [False, True])
async def test_nothing_is_named_in_a_town_where_everybody_did_everything(
    template: Template, tmp_path: Path, *, busy: bool
) -> None:
    async with town_of(template, tmp_path) as town:
        if busy:
            await everybody_else_is_busy(town)
            await oakfield_hides_private_words(town)
        assert await findings() == ()


def test_each_kind_of_record_is_told_of_once() -> None:
    names = [kind.name for kind in compared.kinds()]
    assert len(names) == len(set(names)) >= 11

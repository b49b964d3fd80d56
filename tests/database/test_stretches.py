"""Derived rows are compared with their source a stretch at a time, and every id is in one."""

import pytest

from database import stretches


@pytest.mark.pure
@pytest.mark.parametrize("many", [1, 2, 7, 300])
def test_every_id_is_in_one_stretch(many: int) -> None:
    parts = [within("id") for within in stretches._stretches(many)]
    assert len(parts) == many
    for one in (
        "00000000-0000-0000-0000-000000000000",
        "7fffffff-ffff-4fff-bfff-ffffffffffff",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ):
        assert sum(_holds(part, one) for part in parts) == 1
    ends = [part.rpartition("< ")[2] for part in parts[:-1]]
    assert ends == [part.partition(" AND ")[0].rpartition(">= ")[2] for part in parts[1:]]


def _holds(part: str, one: str) -> bool:
    low, _, high = part.removeprefix("id >= ").partition(" AND id < ")
    return low.strip("'") <= one and (not high or one < high.strip("'"))

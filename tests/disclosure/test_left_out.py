"""Whatever a school owns is in the copy of its records, or left out for a reason that its governors read."""

from collections import Counter

import pytest

from disclosure import left_out
from disclosure.record_format import Records
from disclosure.sheets import Part
from tests.given.checkout import ROOT
from tests.given.every_table import every_table

pytestmark = pytest.mark.pure


def test_every_table_is_in_the_copy_or_left_out_for_a_reason() -> None:
    named = [name for its in (*left_out.IN_THE_COPY.values(), *left_out.LEFT_OUT.values(), left_out.WORKED_OUT) for name in its]
    assert Counter(named) == Counter(one._meta.tablename for one in every_table())
    assert set(left_out.IN_THE_COPY) == set(Part) <= set(Records.__struct_fields__)


def test_the_reference_gives_every_reason() -> None:
    said = " ".join((ROOT / "docs" / "reference" / "own-records.md").read_text().split())
    assert [reason for reason in left_out.reasons() if reason not in said] == []

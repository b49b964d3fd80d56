"""The conformance vectors are the table of tamperings as it is today, and small enough to be copied into another project."""

import json

import pytest

from audit.verifier import verdict
from audit.verifier.manifest import VERSIONS
from tests.given.hand_made_packs import unzipped
from tests.given.vectors import kept, listed, made
from tests.given.written_from_code import HOW

pytestmark = pytest.mark.pure

MOST_IN_ALL = 3_000_000  # bytes


def test_the_vectors_are_what_the_table_and_the_verifier_give() -> None:
    there, due = kept(), made()
    assert there.keys() == due.keys(), f"the vectors are out of date. Run: {HOW}"
    assert [name for name in due if there[name] != due[name]] == [], f"the vectors are out of date. Run: {HOW}"
    assert sum(map(len, there.values())) <= MOST_IN_ALL


def test_the_vectors_have_every_format_and_every_fault_of_a_verifier() -> None:
    told = listed()
    assert len({row["name"] for row in told}) == len(told)
    assert {row["verdict"]["fault"] for row in told} == {None, *verdict.FAULTS}
    holding = [made()[row["pack"]] for row in told if row["verdict"]["status"] == "holds"]
    assert {json.loads(unzipped(pack)["manifest.json"])["format"] for pack in holding} == set(VERSIONS)

"""The documents are enough: a verifier that was written from them gives every verdict of the vectors."""

import pytest

from tests.given.vectors import FOLDER, listed
from tests.third_verifier.checking import verdict

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("row", listed(), ids=lambda row: row["name"])
def test_the_third_verifier_says_what_the_vectors_say(row: dict[str, object]) -> None:
    pack, since = ((FOLDER / str(row[part])).read_bytes() if row[part] else None for part in ("pack", "since"))
    assert pack is not None
    found = verdict(pack, row["keys"], since)  # type: ignore[arg-type]  # a list of texts
    want = row["verdict"]
    assert isinstance(want, dict)
    known = found["facts"] and {name: value for name, value in want["facts"].items() if name in found["facts"]}
    assert found == {
        **{part: want[part] for part in ("status", "fault", "idx", "warnings")},
        "facts": known if found["facts"] else want["facts"],
    }

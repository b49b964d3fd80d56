"""What a verdict says of what it does not prove: what nobody looked at, and what proves less than it seems to, or nothing."""

import io

import pytest

from audit.verifier import verdict
from audit.verifier.verify import verify_pack
from audit.verifier.words import NO_EARLIER, NO_ENTRY, NO_TRAIL, in_words
from tests.given.hand_made_packs import Trail, Wish, pack
from tests.given.pack_samples import BOILERS, COOKS, VKEY, samples
from tests.given.tampering import tamperings

pytestmark = pytest.mark.pure


def found_in(data: bytes, *, since: bytes | None = None) -> verdict.PackVerdict:
    found = verify_pack(io.BytesIO(data), since=None if since is None else io.BytesIO(since))
    assert found.status == "holds"
    return found


def of_row(name: str) -> verdict.PackVerdict:
    row = next(row for row in tamperings() if row.name == name)
    return found_in(row.change(samples()[row.sample]), since=row.since)


@pytest.mark.parametrize(
    ("row", "left", "told"),
    [
        ("a time stamp that nobody looks at", "timestamp", "Time stamp: not checked here."),
        ("a stranger's line of 72 bytes", "witnesses", "Witnesses: not checked here. With --policy FILE they are."),
        ("a stranger's line of 2,428 bytes", "witnesses", "Witnesses: not checked here. With --policy FILE they are."),
        ("an earlier seal by a key that is not known", "earlier-seal", "Seal of the earlier one: not checked, as it has none by"),
    ],
)
def test_what_nobody_looked_at_is_said(row: str, left: str, told: str) -> None:
    found = of_row(row)
    assert found.facts
    assert found.facts.left_open == (left,)
    assert told in in_words(found)


@pytest.mark.parametrize(
    "row", ["a stranger's line of 73 bytes", "an earlier seal", "an earlier pack", "the lines change places"]
)
def test_nothing_is_said_to_be_left_where_nothing_is(row: str) -> None:
    found = of_row(row)
    assert found.facts
    assert found.facts.left_open == ()
    assert "not checked here" not in in_words(found)


def test_an_earlier_pack_without_a_seal_is_told_from_one_with_a_seal() -> None:
    found = found_in(samples()["complete"], since=samples()["complete, not sealed"])
    assert found.facts
    assert found.facts.left_open == ("earlier-seal",)


def test_witnesses_that_a_policy_names_are_checked() -> None:
    row = next(row for row in tamperings() if row.name == "a stranger's line of 72 bytes")
    policy = io.BytesIO(f"log {VKEY}\nquorum none\n".encode())
    found = verify_pack(io.BytesIO(row.change(samples()[row.sample])), policy=policy)
    assert found.facts
    assert found.facts.left_open == ()


def test_a_pack_of_the_third_format_that_leaves_out_the_stream_trail_is_worth_a_question() -> None:
    trail = Trail()
    trail.add(BOILERS, "vouch.given")
    trail.add(COOKS, "vouch.given")

    def warnings(wish: Wish) -> tuple[str, ...]:
        return found_in(pack(trail, wish)).warnings

    assert warnings(Wish(format=3, grade="extract", streams=(BOILERS,))) == (NO_TRAIL,)
    assert warnings(Wish(format=3, streams=(BOILERS,))) == (NO_TRAIL,)
    assert warnings(Wish(format=3)) == ()  # every stream is shown
    assert warnings(Wish(format=2, grade="extract", streams=(BOILERS,))) == ()


def test_what_proves_nothing_says_so() -> None:
    nothing, something = samples()["complete, of nothing"], samples()["complete"]
    assert found_in(nothing).warnings == (NO_ENTRY,)
    assert found_in(nothing, since=nothing).warnings == (NO_ENTRY, NO_EARLIER)
    assert found_in(something, since=nothing).warnings == (NO_EARLIER,)
    assert f"  WARNING. {NO_EARLIER}" in in_words(found_in(something, since=nothing))

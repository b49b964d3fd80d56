"""What a witness answers: the request word for word as C2SP tlog-witness has it, and its rules beside a naive reading of them."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import note
from audit.merkle import EMPTY_ROOT
from audit.note import Checkpoint
from audit.witnesses.known_logs import KnownLog, keys_of
from audit.witnesses.rules import LARGEST_REQUEST, Finding, Malformed, Request, is_signed, judge, parse_request
from tests.given.hand_made_packs import OTHER_KEY, SIGNING_KEY
from tests.given.merkle_trees import LEAVES, naive_consistency, naive_root
from tests.given.pack_samples import OTHER_VKEY, VKEY
from tests.given.witnessing import asked

pytestmark = pytest.mark.pure

LOG = "vouch.example.org/trail/0011223344556677"
# The request that tlog-witness gives as an example.
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
""".encode()


def head(size: int, root: bytes | None = None, key: str = SIGNING_KEY) -> bytes:
    return note.sign_note(note.checkpoint_text(LOG, size, naive_root(0, size) if root is None else root), key)


def test_the_published_example_is_read() -> None:
    request = parse_request(EXAMPLE)
    assert (request.old, len(request.proof)) == (20_852_014, 4)
    assert (request.head.origin, request.head.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert request.note == EXAMPLE.partition(b"\n\n")[2]


HASH = b64encode(bytes(32)).decode()
BODIES = {
    "nothing": b"",
    "no empty line": b"old 0\n" + head(1).partition(b"\n\n")[0],
    "no old size": head(1),
    "an empty line first": b"\n\n" + head(1),
    "a leading nought": b"old 01\n\n" + head(1),
    "a sign": b"old +1\n\n" + head(1),
    "two spaces": b"old  1\n\n" + head(1),
    "a carriage return": b"old 1\r\n\r\n" + head(1),
    "a capital": b"Old 1\n\n" + head(1),
    "a size beyond any tree": b"old 9223372036854775808\n\n" + head(1),
    "no number": b"old \xc2\xb2\n\n" + head(1),
    "a short hash": f"old 1\n{b64encode(bytes(31)).decode()}\n\n".encode() + head(2),
    "a long hash": f"old 1\n{b64encode(bytes(33)).decode()}\n\n".encode() + head(2),
    "a hash in two ways": f"old 1\n{HASH[:-2]}B=\n\n".encode() + head(2),
    "a hash without its end": f"old 1\n{HASH[:-1]}\n\n".encode() + head(2),
    "a space behind a hash": f"old 1\n{HASH} \n\n".encode() + head(2),
    "64 hashes": asked(1, [bytes(32)] * 64, head(2)),
    "a note that is no checkpoint": asked(0, [], note.sign_note("hello\n", SIGNING_KEY)),
    "no signature": asked(0, [], b"a\n1\n" + HASH.encode() + b"\n"),
    "no last newline": asked(0, [], head(1)[:-1]),
    "a long origin": asked(0, [], note.sign_note(note.checkpoint_text("a" * 256, 1, bytes(32)), SIGNING_KEY)),
    "too much": asked(0, [], head(1)) + b"a" * LARGEST_REQUEST,
}


@pytest.mark.parametrize("name", BODIES)
def test_a_request_of_another_form_is_malformed(name: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_request(BODIES[name])
    assert str(caught.value)


def test_63_hashes_and_sixteen_large_signatures_are_taken() -> None:
    large = "".join(f"— w{n}.example {b64encode(bytes(4 + 5_000)).decode()}\n" for n in range(16)).encode()
    assert len(parse_request(asked(1, [bytes(32)] * 63, head(2) + large)).proof) == 63


@given(st.binary(max_size=400), st.integers(0, len(EXAMPLE)), st.integers(0, 80))
def test_whatever_is_sent_nothing_but_malformed_is_raised(noise: bytes, at: int, cut: int) -> None:
    for body in (noise, EXAMPLE[:at] + noise + EXAMPLE[at + cut :], b"old 0\n\n" + noise):
        try:
            request = parse_request(body)
        except Malformed:
            continue
        assert asked(request.old, request.proof, request.note) == body  # nothing is read in two ways


def test_a_head_counts_that_a_key_of_its_log_signed_and_no_other() -> None:
    request = parse_request(asked(0, [], note.cosign(head(1), OTHER_KEY)))
    assert is_signed(request, [VKEY])
    assert is_signed(request, [OTHER_VKEY])
    assert not is_signed(parse_request(asked(0, [], head(1))), [OTHER_VKEY])
    false = head(2).partition(b"\n\n")[2]
    assert not is_signed(parse_request(asked(0, [], head(1) + false)), [VKEY])  # true beside false: the note is malformed
    assert not is_signed(request, [])


def test_a_log_is_known_by_what_its_origins_begin_with_or_by_its_one_origin() -> None:
    logs = [KnownLog("oak.example/trail/", "k1"), KnownLog("oak.example/trail/7", "k2"), KnownLog("ash.example", "k3")]
    assert keys_of(logs, "oak.example/trail/7") == ("k1", "k2")
    assert keys_of(logs, "oak.example/trail/77") == ("k1",)
    assert keys_of(logs, "ash.example") == ("k3",)
    for stranger in ("ash.example/trail/1", "ash.example.evil.example/trail/1", "oak.example/trail", "", "xoak.example/trail/7"):
        assert keys_of(logs, stranger) == ()


# Two histories of one log, which part after 20 leaves: in the other one, leaf 20 is another.
OTHER = {n: naive_root(0, n) if n <= 20 else naive_root(100, 100 + n) for n in range(41)}


def naive(request: Request, last: Checkpoint | None) -> Finding:
    """The sentences of tlog-witness, one after the other."""
    known = last.size if last else 0
    if request.old > request.head.size:
        return Finding.OLD_TOO_LARGE
    if request.old != known:
        return Finding.OTHER_SIZE
    if request.old == request.head.size and request.head.root != (last.root if last else EMPTY_ROOT):
        return Finding.OTHER_ROOT
    if request.old in (0, request.head.size):
        return Finding.NO_PROOF if request.proof else Finding.SEEN
    proven = last is not None and last.root == naive_root(0, known) and request.head.root == naive_root(0, request.head.size)
    same = list(request.proof) == list(naive_consistency(known, 0, request.head.size))
    return Finding.SEEN if proven and same else Finding.NO_PROOF


@given(
    size=st.integers(0, 40), old=st.integers(0, 41), last=st.none() | st.integers(0, 40), is_other=st.booleans(),
    was_other=st.booleans(), damage=st.sampled_from(["", "", "", "one less", "one more", "a bit"]),
)  # fmt: skip
def test_every_answer_is_what_a_naive_reading_gives(
    *, size: int, old: int, last: int | None, is_other: bool, was_other: bool, damage: str
) -> None:
    proof = list(naive_consistency(old, 0, size)) if 0 < old < size else []
    if damage == "one less":
        proof = proof[:-1]
    elif damage == "one more":
        proof = [*proof, LEAVES[0]]
    elif damage == "a bit" and proof:
        proof[0] = bytes([proof[0][0] ^ 1]) + proof[0][1:]
    root = OTHER[size] if is_other else naive_root(0, size)
    known = None if last is None else Checkpoint(LOG, last, OTHER[last] if was_other else naive_root(0, last))
    request = parse_request(asked(old, proof, head(size, root)))
    assert judge(request, known) is naive(request, known)


def test_what_two_histories_have_in_common_is_all_that_is_ever_cosigned_of_both() -> None:
    for then in range(1, 41):
        for now in range(then, 41):
            request = parse_request(asked(then, naive_consistency(then, 0, now) if then < now else (), head(now)))
            found = judge(request, Checkpoint(LOG, then, OTHER[then]))
            assert (found is Finding.SEEN) == (then <= 20), f"{then} to {now}"

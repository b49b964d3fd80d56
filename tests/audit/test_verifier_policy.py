"""Policies of C2SP tlog-policy: read as they are written, refused with the line that can't stand, met as a naive count says."""

import io
from collections.abc import Collection
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from audit import vkeys
from audit.verifier import verdict
from audit.verifier.archive import Unreadable
from audit.verifier.policy import parse_policy
from audit.verifier.verify import verify_pack
from audit.verifier.words import in_words
from tests.given import bare_python
from tests.given.hand_made_packs import ORIGIN, Trail, Wish, listed, pack, signing_key, unzipped, zipped
from tests.given.pack_samples import OTHER_VKEY, VKEY, samples
from tests.given.witnessing import ASH, ELM, NOVEMBER, OAK, Witness
from vouch import cli

pytestmark = pytest.mark.pure

WITNESSES = f"witness oak {OAK.vkey}\nwitness ash {ASH.vkey} https://vouch.ash.example/witness\nwitness elm {ELM.vkey}\n"
TWO_OF_THREE = f"# whom I know\nlog {VKEY}\n\n{WITNESSES}group others 2 oak ash elm\nquorum others\n"


def cosigned(*lines: bytes, sample: str = "complete") -> bytes:
    """The pack with these lines on its seal, and its list of files mended."""
    files = unzipped(samples()[sample])
    return zipped(listed({**files, "checkpoint": files["checkpoint"] + b"".join(lines)}))


def seal(sample: str = "complete") -> bytes:
    return unzipped(samples()[sample])["checkpoint"]


def check(data: bytes, policy: str, *, keys: tuple[str, ...] = ()) -> verdict.PackVerdict:
    return verify_pack(io.BytesIO(data), keys=keys, policy=io.BytesIO(policy.encode()))


def test_a_seal_that_enough_witnesses_saw_holds_and_says_who_and_when() -> None:
    found = check(cosigned(ASH.line(seal()), OAK.line(seal(), NOVEMBER + 60)), TWO_OF_THREE)
    assert found.facts
    assert (found.status, found.facts.trust) == ("holds", "given")
    names = [(one.name, one.at) for one in found.facts.seen or ()]
    assert names == [(ASH.name, "2026-11-04T10:00:00Z"), (OAK.name, "2026-11-04T10:01:00Z")]
    told = in_words(found)
    assert "Witnesses: seen by 2 others on 4 November 2026: vouch.ash.example/witness, vouch.oak.example/witness" in told
    later = check(cosigned(ASH.line(seal()), OAK.line(seal(), NOVEMBER + 86_400)), TWO_OF_THREE)
    assert "seen by 2 others from 4 November 2026 to 5 November 2026" in in_words(later)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (cosigned(ASH.line(seal())), "of the 3 that it names, 1 saw it"),
        (cosigned(ASH.line(seal()), ASH.line(seal())), "of the 3 that it names, 1 saw it"),
        (samples()["complete"], "of the 3 that it names, 0 saw it"),
        (cosigned(ASH.line(seal()), OAK.line(seal("earlier"))), "a signature of a witness on it is false"),
    ],
)
def test_a_seal_that_too_few_saw_fails_whatever_else_holds(data: bytes, why: str) -> None:
    found = check(data, TWO_OF_THREE)
    assert (found.status, found.fault, found.idx) == ("fails", "witnesses", None)
    assert found.what == f"The seal was not seen by those whom your policy asks for: {why}."


def test_a_pack_without_a_seal_is_seen_by_nobody() -> None:
    assert check(samples()["complete, not sealed"], TWO_OF_THREE).fault == "unsealed"
    found = check(samples()["complete, not sealed"], f"{WITNESSES}quorum oak")
    assert (found.fault, "the pack has no seal" in found.what) == ("witnesses", True)


def test_the_logs_of_a_policy_are_keys_and_their_names_are_those_of_the_trail() -> None:
    assert check(samples()["complete"], f"log {VKEY}\nquorum none").status == "holds"
    told = in_words(check(samples()["complete"], "quorum none"))
    assert "self-asserted" in told
    assert "Witnesses: seen by none that your policy names; it asks for none" in told
    assert check(samples()["complete"], f"log {OTHER_VKEY}\nquorum none").fault == "seal"
    assert check(samples()["complete"], f"log {OTHER_VKEY}\nquorum none", keys=(VKEY,)).status == "holds"
    made = Trail()
    made.add("trail", "key.rotated")
    stranger = signing_key(bytes(range(9, 41)), "vouch.example.or")
    found = check(pack(made, Wish(key=stranger)), f"log {vkeys.vkey_of(stranger)}\nquorum none")
    assert (found.fault, ORIGIN in found.what) == ("witnesses", True)


def test_an_installation_that_signs_with_two_keys_is_one_of_the_others() -> None:
    second = Witness(OAK.name, bytes(range(80, 112)))
    policy = f"{WITNESSES}witness oak2 {second.vkey}\ngroup either any oak oak2\nquorum either"
    found = check(cosigned(OAK.line(seal()), second.line(seal(), NOVEMBER - 1)), policy)
    assert found.facts
    assert [(one.name, one.at) for one in found.facts.seen or ()] == [(OAK.name, "2026-11-04T09:59:59Z")]


NO_POLICIES = {
    "": "it has no line quorum",
    f"{WITNESSES}quorum yew": "line 4: no line before this one says who yew is",
    f"quorum oak\n{WITNESSES}": "line 1: no line before this one says who oak is",
    f"{WITNESSES}quorum oak\nquorum none": "line 5: there is a line quorum already",
    f"{WITNESSES}quorum oak ash": "line 4: it is no line of a policy",
    f"{WITNESSES}group g 0 oak\nquorum g": "line 4: 0 is neither any nor all nor a number from 1 to 1",
    f"{WITNESSES}group g 2 oak\nquorum g": "line 4: 2 is neither",
    f"{WITNESSES}group g 01 oak\nquorum g": "line 4: 01 is neither",
    f"{WITNESSES}group g any\nquorum g": "line 4: it is no line of a policy",
    f"{WITNESSES}group g any g\nquorum g": "line 4: no line before this one says who g is",
    f"{WITNESSES}group g any oak none\nquorum g": "line 4: no line before this one says who none is",
    f"{WITNESSES}group g any oak oak\nquorum g": "line 4: oak is a member of a group already",
    f"{WITNESSES}group g any oak\ngroup h any oak ash\nquorum h": "line 5: oak is a member of a group already",
    f"{WITNESSES}group oak any ash\nquorum oak": "line 4: the name oak is taken",
    f"witness none {OAK.vkey}\nquorum none": "line 1: the name none is taken",
    f"witness a {OAK.vkey}\nwitness a {ASH.vkey}\nquorum a": "line 2: the name a is taken",
    f"witness a {OAK.vkey}\nwitness b {Witness('another.example', OAK.seed).vkey}\nquorum a": "line 2: another line has the same",
    f"log {VKEY}\nlog {VKEY} https://example.org\nquorum none": "line 2: another line has the same key",
    f"log {OAK.vkey}\nquorum none": "line 1: the verifier key is a witness's",
    f"witness a {VKEY}\nquorum a": "line 1: this is not the key of a witness",
    f"{WITNESSES}quorum oak\r\n": "control character",
    f"{WITNESSES}quorum\u00a0oak": "line 4: it is no line of a policy",
    "Quorum none": "line 1: it is no line of a policy",
    "#" * 1_000_001: "larger than a million bytes",
    "\n" * 10_001 + "quorum none": "more than 10,000 lines",
}


@pytest.mark.parametrize("policy", NO_POLICIES, ids=lambda policy: NO_POLICIES[policy][:40])
def test_a_policy_that_can_not_be_used_is_unreadable_and_the_line_is_named(policy: str) -> None:
    found = check(samples()["complete"], policy)
    assert (found.status, NO_POLICIES[policy] in found.what) == ("unreadable", True), found.what


def test_spaces_tabs_comments_and_names_in_any_letters_are_read() -> None:
    odd = f" \t#\u00a0\u1234 what\n\twitness  \u212a\u00a0x\t{OAK.vkey} http://x\xe9\n\n group  g\tall \u212a\u00a0x \n quorum g"
    read = parse_policy(odd.encode())
    assert (list(read.witnesses), read.groups["g"], read.quorum) == (["\u212a\u00a0x"], (1, ("\u212a\u00a0x",)), "g")
    latin = f"witness \xe9 {OAK.vkey}\nquorum \xe9\n".encode("latin-1")
    assert len(parse_policy(latin).witnesses) == 1
    with pytest.raises(Unreadable) as caught:
        parse_policy(latin.replace(b"quorum \xe9", b"quorum \xe8"))
    assert str(caught.value).isprintable()


def naive(name: str, groups: dict[str, tuple[int, tuple[str, ...]]], seen: Collection[str]) -> bool:
    if name == "none" or name in seen:
        return True
    least, members = groups.get(name, (1, ()))
    return sum(naive(member, groups, seen) for member in members) >= least


MADE = [Witness(f"w{n}.example", bytes([n]) * 32) for n in range(1, 8)]


@st.composite
def nested(draw: st.DrawFn) -> tuple[str, dict[str, tuple[int, tuple[str, ...]]], str]:
    """A policy's text with groups of groups, the same as a mapping, and its quorum."""
    free = [f"w{n}" for n in range(len(MADE))]
    text = "".join(f"witness w{n} {witness.vkey}\n" for n, witness in enumerate(MADE))
    groups: dict[str, tuple[int, tuple[str, ...]]] = {}
    for n in range(draw(st.integers(0, 4))):
        if not free:
            break
        members = draw(st.lists(st.sampled_from(free), min_size=1, max_size=4, unique=True))
        least = draw(st.integers(1, len(members)))
        said = {1: "any", len(members): "all"}.get(least, str(least))
        groups[f"g{n}"] = (least, tuple(members))
        text += f"group g{n} {said} {' '.join(members)}\n"
        free = [name for name in free if name not in members] + [f"g{n}"]
    quorum = draw(st.sampled_from([*groups, "w0", "none"]))
    return f"{text}quorum {quorum}\n", groups, quorum


@given(nested(), st.sets(st.integers(0, len(MADE) - 1)))
def test_a_quorum_is_met_exactly_when_a_naive_count_says_so(
    made: tuple[str, dict[str, tuple[int, tuple[str, ...]]], str], seen: set[int]
) -> None:
    text, groups, quorum = made
    policy = parse_policy(text.encode())
    found = {policy.witnesses[f"w{n}"] for n in seen}
    assert policy.is_met(found) == naive(quorum, groups, {f"w{n}" for n in seen})


@given(st.binary(max_size=300), st.integers(0, len(TWO_OF_THREE.encode()) - 1))
def test_whatever_a_policy_holds_the_verdict_is_a_sentence(noise: bytes, at: int) -> None:
    genuine = TWO_OF_THREE.encode()
    for data in (noise, genuine[:at] + noise + genuine[at:], genuine[:at]):
        found = verify_pack(io.BytesIO(samples()["complete"]), policy=io.BytesIO(data))
        assert verdict.printable(found.what) == found.what


def test_the_command_takes_a_policy(tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(cosigned(ASH.line(seal()), OAK.line(seal())))
    (tmp_path / "policy.txt").write_text(TWO_OF_THREE)
    asked = ["trail", "verify", str(tmp_path / "pack.zip"), "--policy", str(tmp_path / "policy.txt")]
    done = CliRunner(env={"VOUCH_DATABASE_URL": "nonsense"}).invoke(cli.vouch, asked)
    assert (done.exit_code, "seen by 2 others on 4 November 2026" in done.stdout) == (0, True)


@pytest.mark.program
def test_the_published_file_takes_a_policy_on_a_bare_python(tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(cosigned(ASH.line(seal())))
    (tmp_path / "policy.txt").write_text(TWO_OF_THREE)
    done = bare_python.run(tmp_path / "pack.zip", "--policy", tmp_path / "policy.txt")
    assert (done.returncode, "1 saw it" in done.stdout) == (1, True)
    assert bare_python.run(tmp_path / "pack.zip", "--policy", tmp_path / "none.txt").returncode == 2

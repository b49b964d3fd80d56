"""Cosignatures of C2SP tlog-cosignature: as a witness makes them by hand from the text, and as nobody may."""

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import cosignature, note, vkeys
from audit.cosignature import cosigner_of, seen_by
from audit.errors import VerificationError
from tests.given.hand_made_packs import SIGNING_KEY
from tests.given.pack_samples import VKEY
from tests.given.witnessing import ASH, NOVEMBER, OAK

pytestmark = pytest.mark.pure

HEAD = note.sign_note(note.checkpoint_text("vouch.example.org/trail/00", 7, bytes(32)), SIGNING_KEY)
KNOWN = [cosigner_of(OAK.vkey), cosigner_of(ASH.vkey)]
# From the tests of transparency-dev/formats: a witness that is in use.
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
# The example of tlog-cosignature, whose witness signed at 11:53 on 20 March 2023.
EXAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""


def forged(line: bytes, at: int) -> bytes:
    """The line with one bit of what it encodes turned over."""
    lead, _, encoded = line.decode().rstrip("\n").rpartition(" ")
    raw = bytearray(b64decode(encoded))
    raw[at] ^= 1
    return f"{lead} {b64encode(bytes(raw)).decode()}\n".encode()


def test_a_witness_is_known_by_its_line_and_says_when_it_saw_the_head() -> None:
    assert seen_by(HEAD, KNOWN) == {}
    assert seen_by(HEAD + OAK.line(HEAD), KNOWN) == {KNOWN[0]: NOVEMBER}
    both = HEAD + OAK.line(HEAD, 1_700_000_000) + ASH.line(HEAD) + OAK.line(HEAD)
    assert seen_by(both, KNOWN) == {KNOWN[0]: 1_700_000_000, KNOWN[1]: NOVEMBER}


def test_what_we_sign_is_what_the_text_of_c2sp_says(monkeypatch: pytest.MonkeyPatch) -> None:
    text = note.open_note(HEAD, [VKEY])[0]
    assert cosignature.cosignature_line(text, OAK.skey, NOVEMBER).encode() == OAK.line(HEAD)
    assert cosignature.cosigner_key_of(OAK.skey) == OAK.vkey
    secret, vkey = cosignature.new_cosigner("vouch.new.example/witness")
    line = cosignature.cosignature_line(text, secret, 1).encode()
    monkeypatch.setitem(__import__("sys").modules, "cryptography.exceptions", None)  # nor does it need the library
    assert seen_by(HEAD + line, [cosigner_of(vkey)]) == {cosigner_of(vkey): 1}


def test_a_log_does_not_take_a_witness_for_itself_nor_a_witness_a_log() -> None:
    assert note.open_note(HEAD + OAK.line(HEAD), [VKEY])[1] == ("vouch.example.org",)
    for key in (OAK.vkey, VKEY):
        with pytest.raises(VerificationError):
            (vkeys.key_name if key == OAK.vkey else cosigner_of)(key)


@pytest.mark.parametrize("at", [4, 11, 12, 50, 75])
def test_a_line_that_its_witness_did_not_sign_refuses_the_whole_note(at: int) -> None:
    with pytest.raises(VerificationError, match="not by the witness"):
        seen_by(HEAD + ASH.line(HEAD) + forged(OAK.line(HEAD), at), KNOWN)


def test_a_line_of_another_head_or_of_no_time_is_false() -> None:
    other = note.sign_note(note.checkpoint_text("vouch.example.org/trail/00", 8, bytes(32)), SIGNING_KEY)
    for line in (OAK.line(other), OAK.line(HEAD, 0), OAK.line(HEAD, cosignature.LAST_SECOND + 1)):
        with pytest.raises(VerificationError, match="not by the witness"):
            seen_by(HEAD + line, KNOWN)


def test_a_line_by_a_key_that_is_not_known_counts_for_nothing() -> None:
    assert seen_by(HEAD + forged(OAK.line(HEAD), 0), KNOWN) == {}
    assert seen_by(HEAD + OAK.line(HEAD), []) == {}


def test_the_published_example_is_read_as_a_cosignature_of_its_time() -> None:
    _, lines = note.split_note(EXAMPLE.encode())
    assert int.from_bytes(lines[1].signature[:8], "big") == 1_679_315_147
    assert cosigner_of(REMORA).name == "remora.n621.de"


@pytest.mark.parametrize("key", ["", "w+00000000+BAAA", OAK.vkey.replace("+", "+0", 1), OAK.vkey[:-4], OAK.skey, None, 7])
def test_what_is_no_key_of_a_witness_is_refused(key: object) -> None:
    with pytest.raises(VerificationError):
        cosigner_of(key)


def test_a_secret_is_never_repeated_and_no_other_key_cosigns() -> None:
    for wrong in (SIGNING_KEY, OAK.vkey, OAK.skey[:-4], ""):
        with pytest.raises(ValueError, match="got something else") as caught:
            cosignature.cosignature_line("a\n0\nb\n", wrong, 1)
        assert wrong[-20:] not in str(caught.value) or not wrong
    with pytest.raises(ValueError, match="got the time"):
        cosignature.cosignature_line("a\n0\nb\n", OAK.skey, 0)
    with pytest.raises(ValueError, match="key name"):
        cosignature.new_cosigner("two words")


@given(st.binary(max_size=200))
def test_whatever_stands_behind_the_text_nothing_else_is_raised(rest: bytes) -> None:
    try:
        found = seen_by(HEAD + rest, KNOWN)
    except VerificationError:
        return
    assert found == {}

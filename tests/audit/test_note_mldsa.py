"""A second kind of line on a seal: ML-DSA-44 as C2SP's tlog-cosignature has it, which signs checkpoints and nothing else."""

import sys
from base64 import b64decode
from hashlib import sha256
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import settings as how_often
from hypothesis import strategies as st

from audit.cosignature import cosignature_line, cosigner_of, seen_by
from audit.errors import VerificationError
from audit.note import checkpoint_text, cosign, cosigned_message, open_note, parse_checkpoint, sign_note, signers_of, split_note
from audit.vkeys import LONGEST_COSIGNER, MLDSA_TYPE, WITNESS_TYPE, key_name, new_key, read_vkey, vkey_of
from tests.given.checkout import ROOT
from tests.given.examples import examples
from tests.given.hand_made_packs import MLDSA_KEY, SIGNING_KEY
from tests.given.pack_samples import VKEY

pytestmark = pytest.mark.pure

# A log that signs by ML-DSA-44 alone: a test of FiloSottile/torchwood, made by Go's library (cmd/litewitness/testdata/mldsa.txt).
LOG_VKEY, LOG_NOTE = (ROOT / "tests/data/mldsa/torchwood.txt").read_text().split("\n\n", 1)
TEXT: Final = checkpoint_text("vouch.example.org/trail/00", 7, bytes(range(32)))
NOVEMBER: Final = 1_793_786_400
BOTH: Final = cosign(sign_note(TEXT, SIGNING_KEY), MLDSA_KEY, at=NOVEMBER)
NAME: Final = "vouch.example.org"
MLDSA_VKEY: Final = vkey_of(MLDSA_KEY)


def refused(note: bytes, *keys: str) -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        open_note(note, keys)
    return caught.value


@pytest.mark.parametrize("installed", ["with the library", "without it"])
def test_a_head_that_another_program_signed_opens(installed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if installed == "without it":
        monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    text, names = open_note(LOG_NOTE.encode(), [LOG_VKEY])
    assert names == ("example.com/mldsa-log",)
    assert parse_checkpoint(text).size == 1
    assert "not by the key" in refused(LOG_NOTE.replace("\n1\n", "\n2\n").encode(), LOG_VKEY).what


def test_what_is_signed_is_the_structure_of_c2sp() -> None:
    """Spelt by hand: label, name, time, origin, start, end and hash; behind the key's id the time stands before the signature."""
    origin, root = b"vouch.example.org/trail/00", bytes(range(32))
    message = b"subtree/v1\n\0" + b"\x11vouch.example.org" + NOVEMBER.to_bytes(8, "big") + bytes([len(origin)]) + origin
    message += bytes(8) + bytes([0, 0, 0, 0, 0, 0, 0, 7]) + root
    assert cosigned_message(NAME, NOVEMBER, parse_checkpoint(TEXT)) == message
    line = split_note(BOTH)[1][1]
    public = MLDSA44PrivateKey.from_seed_bytes(b64decode(MLDSA_KEY.split("+")[-1])[1:]).public_key()
    assert line.key_id == sha256(NAME.encode() + b"\n\x06" + public.public_bytes_raw()).digest()[:4]
    assert line.signature[:8] == NOVEMBER.to_bytes(8, "big")
    public.verify(line.signature[8:], message)


def test_either_key_opens_a_seal_with_both_lines_and_both_are_told_apart() -> None:
    assert open_note(BOTH, [VKEY]) == open_note(BOTH, [MLDSA_VKEY]) == open_note(BOTH, [MLDSA_VKEY, VKEY]) == (TEXT, (NAME,))
    assert [key.type for key in signers_of(BOTH, [MLDSA_VKEY, VKEY])[1]] == [b"\x01", b"\x06"]
    assert key_name(MLDSA_VKEY) == NAME


def test_signing_again_replaces_the_keys_own_line_alone() -> None:
    again = cosign(BOTH, MLDSA_KEY, at=NOVEMBER + 1)
    assert len(split_note(again)[1]) == 2
    assert again.startswith(sign_note(TEXT, SIGNING_KEY))


@how_often(max_examples=examples(25))
@given(st.data())
def test_every_single_bit_of_the_line_and_of_the_head_counts(data: st.DataObject) -> None:
    note = sign_note(TEXT, MLDSA_KEY, at=NOVEMBER)
    bit = data.draw(st.integers(0, 8 * len(note) - 1))
    changed = bytearray(note)
    changed[bit // 8] ^= 1 << bit % 8
    refused(bytes(changed), MLDSA_VKEY)


@pytest.mark.parametrize("text", [f"{TEXT}more\n", "no checkpoint\n", f"{TEXT}\n", "o\n07\nAAAA\n"])
def test_it_signs_nothing_but_a_checkpoint_without_extension_lines(text: str) -> None:
    with pytest.raises(ValueError, match="no checkpoint"):
        sign_note(text, MLDSA_KEY)
    line = split_note(BOTH)[1][1].line
    assert "not by the key" in refused(f"{text}\n{line}\n".encode(), MLDSA_VKEY).what


def test_an_extension_line_that_was_added_afterwards_refuses_the_note_though_the_head_is_the_same() -> None:
    added = sign_note(f"{TEXT}more\n", SIGNING_KEY).decode() + f"{split_note(BOTH)[1][1].line}\n"
    assert open_note(added.encode(), [VKEY])
    assert "not by the key" in refused(added.encode(), VKEY, MLDSA_VKEY).what


@pytest.mark.parametrize("at", [-1, 2**63, 2**64])
def test_a_time_that_cannot_be_told_is_not_signed(at: int) -> None:
    with pytest.raises(ValueError, match="time"):
        sign_note(TEXT, MLDSA_KEY, at=at)


def test_a_name_is_at_most_as_long_as_its_length_can_be_told() -> None:
    secret, vkey = new_key("n" * LONGEST_COSIGNER, MLDSA_TYPE)
    assert open_note(sign_note(TEXT, secret), [vkey])
    with pytest.raises(ValueError, match="255 bytes"):
        new_key("n" * (LONGEST_COSIGNER + 1), MLDSA_TYPE)
    with pytest.raises(ValueError, match="no checkpoint"):
        sign_note(checkpoint_text("o" * (LONGEST_COSIGNER + 1), 7, bytes(32)), secret)


@pytest.mark.parametrize("cut", [slice(0, -4), slice(0, -1), slice(4, None)])
def test_no_mangled_key_is_taken(cut: slice) -> None:
    for key in (
        MLDSA_VKEY,
        MLDSA_VKEY.replace("+Bg", "+AQ"),
        MLDSA_VKEY.replace("+Bg", "+Bw"),
        MLDSA_VKEY.replace("vouch", "vuoch"),
    ):
        if key != MLDSA_VKEY:
            refused(BOTH, key)
    refused(BOTH, MLDSA_VKEY[cut])
    assert "secret" in refused(BOTH, MLDSA_KEY).what


def test_a_witness_may_cosign_by_either_kind_of_key() -> None:
    for kind in (WITNESS_TYPE, MLDSA_TYPE):
        secret, vkey = new_key("witness.example/w", kind)
        seen = BOTH + cosignature_line(TEXT, secret, NOVEMBER).encode()
        assert seen_by(seen, [cosigner_of(vkey)]) == {read_vkey(vkey): NOVEMBER}
        assert open_note(seen, [VKEY, MLDSA_VKEY])[1] == (NAME,)


def test_ten_keys_and_as_many_witnesses_fit_into_what_a_pack_and_a_verifier_of_the_first_version_take() -> None:
    many = sign_note(TEXT, SIGNING_KEY)
    for n in range(19):
        many = cosign(many, new_key(f"vouch.example.org/{n}", MLDSA_TYPE)[0], at=NOVEMBER)
    assert len(many) <= 64 * 1_024

"""One verdict on a signature, whether a library gives it or plain Python does."""
# ruff: noqa: E501 - vectors as they were published

import sys

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import settings as how_often
from hypothesis import strategies as st

from audit.ed25519 import ed25519_verify, is_ed25519_key
from tests.given.examples import examples

pytestmark = pytest.mark.pure

ORDER = 2**252 + 27742317777372353535851937790883648493
RFC_8032 = (  # section 7.1: key, message, signature
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
)  # fmt: skip
WYCHEPROOF_KEY = "7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa"
TEST = "7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab0"
WYCHEPROOF = (  # of ed25519_test.json: what it shows, message, signature, good
    ("tcId 1", "", "d4fbdb52bfa726b44d1786a8c0d171c3e62ca83c9e5bbe63de0bb2483f8fd6cc1429ab72cafc41ab56af02ff8fcc43b99bfe4c7ae940f60f38ebaa9d311c4007", True),
    ("tcId 3", "54657374", TEST + "7a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b30d", True),
    ("all zero", "3f", "00" * 64, False),
    ("R neutral, S zero", "3f", "01" + "00" * 63, False),
    ("S one below the order", "3f", "00" * 32 + "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", False),
    ("S the order", "3f", "00" * 32 + "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", False),
    ("R is p", "3f", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f" + "00" * 32, False),
    ("empty", "54657374", "", False),
    ("S missing", "54657374", TEST, False),
    ("too short", "54657374", TEST + "7a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946", False),
    ("too long", "54657374", TEST + "7a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b30d2020", False),
    ("a bit of R", "313233343030", "647c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281c2b1d125e5538f38afbcc1c84e489521083041d24bc6240767029da063271a1ff0c", False),
    ("the sign of R", "313233343030", "657c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281cab227aedf259f910f0f3a759a335062665217925d019173b88917eae294f75d40f", False),
    ("R no point", "313233343030", "ff" * 32 + "463a1908382e7eb7693acef9884f7cf931a215e0791876be22c631a59881fd0e", False),
    ("S + L", "54657374", TEST + "67654bce3832c2d76f8f6f5dafc08d9339d4eef676573336a5c51eb6f946b31d", False),
)  # fmt: skip
WEAK_KEYS = {  # of C2SP/CCTV's ed25519vectors, and of the eight points of small order
    "zero, of order four": "0000000000000000000000000000000000000000000000000000000000000000",
    "the same with y not reduced": "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "the neutral point": "0100000000000000000000000000000000000000000000000000000000000000",
    "the neutral point with a sign": "0100000000000000000000000000000000000000000000000000000000000080",
    "minus one, of order two": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "of order eight": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "of order eight, the other": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "no point": "0200000000000000000000000000000000000000000000000000000000000000",
    "too short": "00",
}


@pytest.fixture(params=["with the library", "without it"])
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """``sys.modules[name] = None`` is how Python is told that a module can't be imported."""
    if request.param == "without it":
        monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)


@pytest.mark.usefixtures("_either_way")
class TestKnownAnswers:
    @pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
    def test_the_vectors_of_rfc_8032_hold(self, key: str, message: str, signature: str) -> None:
        assert ed25519_verify(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))
        assert not ed25519_verify(bytes.fromhex(key), bytes.fromhex(message) + b"x", bytes.fromhex(signature))

    @pytest.mark.parametrize(("what", "message", "signature", "good"), WYCHEPROOF, ids=[row[0] for row in WYCHEPROOF])
    def test_wycheproofs_edge_cases_are_judged_as_published(self, what: str, message: str, signature: str, *, good: bool) -> None:
        verdict = ed25519_verify(bytes.fromhex(WYCHEPROOF_KEY), bytes.fromhex(message), bytes.fromhex(signature))
        assert verdict is good, what

    @pytest.mark.parametrize("key", WEAK_KEYS.values(), ids=WEAK_KEYS)
    def test_a_key_that_anybody_could_sign_with_or_that_is_no_point_signs_nothing(self, key: str) -> None:
        assert not is_ed25519_key(bytes.fromhex(key))
        assert not ed25519_verify(bytes.fromhex(key), b"ed25519vectors 3", bytes(64))
        assert not ed25519_verify(bytes.fromhex(key), b"ed25519vectors 11", bytes(64))


@pytest.mark.usefixtures("_either_way")
def test_a_weak_key_would_let_anybody_sign() -> None:
    """Why small order is refused: this library takes a signature of zeros for one in eight messages by such a key."""
    key = Ed25519PublicKey.from_public_bytes(bytes(32))
    taken = [n for n in range(64) if _library_takes(key, f"ed25519vectors {n}".encode(), bytes(64))]
    assert taken
    assert not any(ed25519_verify(bytes(32), f"ed25519vectors {n}".encode(), bytes(64)) for n in taken)


@how_often(max_examples=examples(40))
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511), st.data())
def test_plain_python_agrees_with_the_library(seed: bytes, message: bytes, bit: int, data: st.DataObject) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    stretched = signature[:32] + (int.from_bytes(signature[32:], "little") + ORDER).to_bytes(32, "little")
    other = data.draw(st.binary(max_size=200))
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(sys.modules, "cryptography.exceptions", None)
        assert ed25519_verify(public, message, signature)
        assert not ed25519_verify(public, message, bytes(changed))
        assert not ed25519_verify(public, message, stretched)
        assert ed25519_verify(public, other, signature) is (other == message)


def _library_takes(key: Ed25519PublicKey, message: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True

"""A note holds when a known key signed it and none that it names failed; a checkpoint reads one way only."""

import base64
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import vkeys
from audit.errors import VerificationError
from audit.note import Checkpoint, checkpoint_text, cosign, open_note, parse_checkpoint, sign_note
from audit.vkeys import new_key, vkey_of

pytestmark = pytest.mark.pure

# The vectors of golang.org/x/mod/sumdb/note (BSD-3-Clause), which C2SP's signed-note describes.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
SIGNED = f"{TEXT}\n{BY_PETER}"

# Heads that the Go checksum database really signed, and the key that the go command has built in.
GO = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_HEAD = """\
go.sum database tree
63096908
8lHrQPRYe4KT4WQ9/Qk8/taKnD6IRHbFgfN7vQE2Y54=

— sum.golang.org Az3gri/oVBN1jAhNZ/iS+W31psFAWRT20/GyrhpU6taFwulQGetBkH5S7wpGXdS935jiIGiUUAXBVHzT/P6fYhqAmAk=
"""

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
EXAMPLE = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"  # of C2SP's tlog-checkpoint
BAD_SIZES = ("01", "00", "+1", "-1", " 1", "1 ", "1_0", "0x1", "1e3", "١", "²", str(2**63), "9" * 5000)
BAD_ROOTS = (ROOT[:-1], ROOT[:-2] + "J=", ROOT + " ", " " + ROOT, ROOT[:-4], ROOT + "AAAA", "AAAA", ROOT.replace("/", "_"))


def ascii_start(value: object) -> str:
    """A test's name for any value: pytest's own can't show huge numbers, and shows a million letters."""
    return "huge" if isinstance(value, int) and value > 99 else ascii(value)[:30]


def refused(signed: Any, *keys: Any) -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        open_note(signed.encode() if isinstance(signed, str) else signed, keys)
    assert caught.value.what
    return caught.value


class TestOpening:
    @pytest.fixture(autouse=True, params=["with the library", "without it"])
    def _either_way(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        if request.param == "without it":
            monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)

    def test_the_published_notes_open(self) -> None:
        both = f"{SIGNED}{BY_ENOCH}".encode()
        assert open_note(both, [PETER]) == (TEXT, ("PeterNeumann",))
        assert open_note(both, (PETER, ENOCH)) == (TEXT, ("PeterNeumann", "EnochRoot"))
        assert open_note(both, iter([ENOCH])) == (TEXT, ("EnochRoot",))

    def test_a_head_of_the_go_checksum_database_opens(self) -> None:
        text, names = open_note(GO_HEAD.encode(), [GO])
        assert names == ("sum.golang.org",)
        assert parse_checkpoint(text).size == 63096908
        refused(GO_HEAD.replace("63096908", "63096907"), GO)

    def test_a_signature_said_twice_counts_once(self) -> None:
        enoch_changed = f"{BY_ENOCH[:60]}ABCD{BY_ENOCH[60:]}"
        many = f"{TEXT}\n{BY_PETER}{BY_PETER}{BY_ENOCH}{BY_ENOCH}{enoch_changed}"
        assert open_note(many.encode(), [PETER]) == (TEXT, ("PeterNeumann",))

    def test_nobody_known_signed_it(self) -> None:
        assert refused(SIGNED).evidence == {"signed_by": ("PeterNeumann+c74f20a3",)}
        refused(SIGNED, ENOCH)

    def test_a_known_key_that_fails_refuses_the_note_though_another_holds(self) -> None:
        false = f"{BY_PETER[:60]}ABCD{BY_PETER[60:]}"
        assert refused(f"{TEXT}\n{false}", PETER).evidence == {"key": "PeterNeumann+c74f20a3"}
        refused(f"{TEXT}\n{BY_ENOCH}{false}", PETER, ENOCH)
        refused(f"{TEXT}\n{BY_PETER}{false}", PETER)
        refused(SIGNED.replace("cryptography", "cryptographY"), PETER)

    def test_a_signature_under_anothers_name_or_id_is_unknown(self) -> None:
        renamed = BY_PETER.replace("PeterNeumann", "Somebody")
        assert open_note(f"{SIGNED}{renamed}".encode(), [PETER])[1] == ("PeterNeumann",)
        refused(f"{TEXT}\n{renamed}", PETER)

    def test_the_text_may_hold_empty_lines_and_lines_like_signatures(self) -> None:
        for text in ("\n", "a\n\nb\n", "\n\n\n", f"{TEXT}\n{BY_PETER}", "ü — \u2028\n"):
            assert open_note(sign_note(text, PETER_SECRET), [PETER]) == (text, ("PeterNeumann",))

    @pytest.mark.parametrize(
        "signed",
        [
            "", "\n", "\n\n", TEXT, f"{TEXT}\n", SIGNED[:-1], f"\x01{SIGNED}", f"{TEXT}\r\n{BY_PETER}", f"\t{SIGNED}",
            SIGNED.replace("— ", "- "), SIGNED.replace("— ", "—"), SIGNED.replace("— ", "—\u00a0"),
            f"{TEXT}\n{BY_PETER.replace('PeterNeumann', 'Bad Name')}", f"{TEXT}\n{BY_PETER.replace('PeterNeumann', 'a+b')}",
            f"{TEXT}\n{BY_PETER.replace('PeterNeumann', '')}", f"{SIGNED}Unexpected line.\n", f"{SIGNED}\n",
            f"{TEXT}\n{BY_PETER}\n{BY_ENOCH}\x00", f"{TEXT}\n— PeterNeumann x08gow==\n", f"{TEXT}\n— PeterNeumann \n",
            f"{TEXT}\n— PeterNeumann\n", SIGNED.replace("nAM=", "nAM"), SIGNED.replace("nAM=", "nAN="),
            SIGNED.replace("x08g", "x0 8g"), SIGNED.replace("x08g", "x08-"), f"{TEXT}\n" + BY_PETER * 101,
            f"{'x' * 1_000_000}\n\n{BY_PETER}", b"\xff" + SIGNED.encode(), SIGNED.encode("utf-16"), None, SIGNED.split("\n"), 7,
        ],
        ids=ascii_start,
    )  # fmt: skip
    def test_what_is_no_note_is_refused(self, signed: Any) -> None:
        refused(signed, PETER)

    def test_a_hundred_signatures_are_the_limit(self) -> None:
        assert open_note(f"{TEXT}\n{BY_PETER}{BY_ENOCH * 99}".encode(), [PETER])[1] == ("PeterNeumann",)


class TestKeys:
    def test_no_mangled_verifier_key_is_taken(self) -> None:
        for start in range(len(PETER) + 1):
            for end in range(start + 1, len(PETER) + 1):
                if (start, end) != (0, len(PETER)):
                    refused(SIGNED, PETER[start:end])
        for n, letter in enumerate(PETER):
            refused(SIGNED, PETER[:n] + chr(ord(letter) + 1) + PETER[n + 1 :])

    @pytest.mark.parametrize(
        "key",
        [
            "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",  # too long, with its own id
            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  # unknown algorithm, with its own id
            "", None, 7, b"x", "\ud800+00000000+AAAA", "a+b", "++", 10**5000,
        ],
        ids=ascii_start,
    )  # fmt: skip
    def test_what_is_no_verifier_key_is_refused(self, key: Any) -> None:
        refused(SIGNED, PETER, key)

    def test_keys_that_are_no_keys_are_refused(self) -> None:
        for keys in (None, 7, "", b""):
            with pytest.raises(VerificationError):
                open_note(SIGNED.encode(), keys)  # type: ignore[arg-type]  # what a careless caller gives

    def test_a_key_that_anybody_could_sign_with_is_refused(self) -> None:
        weak = b"\x01" + bytes(32)
        key = f"weak+{vkeys.key_id_of('weak', vkeys.ED25519_TYPE + bytes(32)).hex()}+{base64.b64encode(weak).decode()}"
        assert "anybody" in refused(SIGNED, key).what

    def test_one_key_may_be_given_twice_but_two_may_not_share_a_name_and_an_id(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert open_note(SIGNED.encode(), [PETER, ENOCH, PETER])[1] == ("PeterNeumann",)
        _, other = new_key("PeterNeumann")
        monkeypatch.setattr(vkeys, "key_id_of", lambda *_: bytes.fromhex("c74f20a3"))
        name, _, data = other.split("+", 2)
        assert "false" in refused(SIGNED, PETER, f"{name}+c74f20a3+{data}").what

    def test_a_secret_given_by_mistake_is_never_repeated(self) -> None:
        error = refused(SIGNED, PETER_SECRET)
        assert PETER_SECRET[-20:] not in f"{error.what}{error.evidence}"
        for mangled in (PETER_SECRET[:-1], PETER_SECRET.replace("c74f20a3", "c74f20a4"), PETER):
            with pytest.raises(ValueError, match="got") as caught:
                sign_note(TEXT, mangled)
            assert mangled[-20:] not in str(caught.value)

    def test_no_mangled_signing_key_is_taken(self) -> None:
        for n, letter in enumerate(PETER_SECRET):
            with pytest.raises(ValueError, match="got"):
                vkey_of(PETER_SECRET[:n] + chr(ord(letter) + 1) + PETER_SECRET[n + 1 :])
            with pytest.raises(ValueError, match="got"):
                vkey_of(PETER_SECRET[:n])

    @pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\n", "\ud800"])
    def test_a_name_that_no_line_can_carry_gets_no_key(self, name: str) -> None:
        with pytest.raises(ValueError, match="key name"):
            new_key(name)


class TestSigning:
    def test_the_published_note_is_made_again_byte_for_byte(self) -> None:
        assert sign_note(TEXT, PETER_SECRET) == SIGNED.encode()
        assert vkey_of(PETER_SECRET) == PETER

    def test_a_new_key_signs_and_its_verifier_key_opens(self) -> None:
        secret, public = new_key("vouch.example.org/trail/8c1f")
        assert vkey_of(secret) == public
        assert open_note(sign_note(TEXT, secret), [public]) == (TEXT, ("vouch.example.org/trail/8c1f",))

    @pytest.mark.parametrize("text", ["abc", "", "a\x00\n", "a\r\n", "\ud800\n"])
    def test_a_text_that_no_note_may_hold_is_not_signed(self, text: str) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - UnicodeEncodeError is one too
            sign_note(text, PETER_SECRET)

    def test_a_second_key_adds_its_line_and_signing_again_replaces_its_own(self) -> None:
        secret, public = new_key("EnochRoot")
        both = cosign(SIGNED.encode(), secret)
        assert both.startswith(SIGNED.encode())
        assert open_note(both, [PETER, public])[1] == ("PeterNeumann", "EnochRoot")
        assert cosign(both, secret) == both
        again = cosign(both, PETER_SECRET).decode()
        assert again.count("PeterNeumann") == 1
        assert again.endswith(BY_PETER)
        with pytest.raises(VerificationError):
            cosign(b"no note", secret)


@given(st.integers(0, 8 * len(SIGNED.encode()) - 1))
def test_every_single_bit_of_a_note_counts(bit: int) -> None:
    changed = bytearray(SIGNED.encode())
    changed[bit // 8] ^= 1 << bit % 8
    refused(bytes(changed), PETER)


@given(st.binary() | st.text().map(str.encode) | st.just(SIGNED.encode()), st.lists(st.text() | st.just(PETER)))
def test_opening_raises_nothing_but_a_verification_error(signed: bytes, keys: list[str]) -> None:
    try:
        assert open_note(signed, keys) == (TEXT, ("PeterNeumann",))
    except VerificationError:
        pass


class TestCheckpoint:
    def test_the_published_example_reads_and_is_written_the_same(self) -> None:
        read = parse_checkpoint(EXAMPLE)
        assert read == Checkpoint("example.com/behind-the-sofa", 20852163, base64.b64decode(ROOT))
        assert checkpoint_text(read.origin, read.size, read.root) == EXAMPLE

    def test_extension_lines_are_passed_over(self) -> None:
        assert parse_checkpoint(f"{EXAMPLE}more\nand more\n") == parse_checkpoint(EXAMPLE)

    def test_sizes_run_from_nothing_to_the_largest_tree(self) -> None:
        for size in (0, 1, 2**63 - 1):
            assert parse_checkpoint(f"o\n{size}\n{ROOT}\n").size == size

    @pytest.mark.parametrize(
        "text",
        [
            "", "\n", "o\n", "o\n1\n", f"o\n1\n{ROOT}", f"\n1\n{ROOT}\n", f"o\n\n{ROOT}\n", f"{EXAMPLE}\n", f"{EXAMPLE}\nmore\n",
            *(f"o\n{size}\n{ROOT}\n" for size in BAD_SIZES), *(f"o\n1\n{root}\n" for root in BAD_ROOTS),
            f"o\n1\r\n{ROOT}\n", f"o\t\n1\n{ROOT}\n", None, 7, EXAMPLE.encode(),
        ],
        ids=ascii_start,
    )  # fmt: skip
    def test_anything_else_is_refused(self, text: Any) -> None:
        with pytest.raises(VerificationError):
            parse_checkpoint(text)

    @given(st.text())
    def test_reading_raises_nothing_but_a_verification_error(self, text: str) -> None:
        for tried in (text, f"{text}\n1\n{ROOT}\n", f"o\n{text}\n{ROOT}\n", f"o\n1\n{text}\n"):
            try:
                assert parse_checkpoint(tried).size >= 0
            except VerificationError:
                pass

    @pytest.mark.parametrize(
        ("origin", "size", "root"), [("", 1, bytes(32)), ("a\nb", 1, bytes(32)), ("o", -1, bytes(32)), ("o", 1, bytes(31))]
    )
    def test_what_would_not_read_back_is_not_written(self, origin: str, size: int, root: bytes) -> None:
        with pytest.raises(ValueError, match=r"checkpoint|origin"):
            checkpoint_text(origin, size, root)

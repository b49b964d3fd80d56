"""Signed notes, keys and lists of origins at the borders of C2SP signed-note and tlog-checkpoint."""

from base64 import b64encode
from hashlib import sha256
from random import Random
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from audit import note, vkeys
from audit.errors import VerificationError
from tests.given import odd_values
from tests.given.hand_made_packs import MLDSA_KEY, OTHER_KEY, OTHER_MLDSA_KEY, SEALED, SIGNING_KEY
from tests.given.pack_samples import OTHER_VKEY, VKEY
from tests.third_verifier import notes

# Names of keys: white space and what only looks like it, marks that can't be seen, plus signs.
NAMES: Final = (
    *(
        "vouch.example.org",
        "k",
        "",
        "a b",
        "a+b",
        "a\u00adb",
        "a\u200db",
        "a\ue000b",
        "a\u0085b",
        "a\u00a0b",
        "a\u180eb",
        "a\ufeffb",
        "a\u2028b",
    ),
    *(
        "a\u3000b",
        "a\x1cb",
        "a\x7fb",
        "\U0001f600",
        "a\u0378",
        "\u200b",
        "PRIVATE",
        "a\tb",
        "a\nb",
        "v\u043euch.example.org",
        "x" * 500,
        "x" * 501,
    ),
)
NO_POINTS: Final = (0, 1, 2, 2**255 - 20, 2**255 - 19, 2**255 - 18, 2**255 + 1, 2**256 - 1)
SIZES: Final = (
    "0",
    "00",
    "01",
    "-1",
    "+1",
    "1_0",
    "\u0661",
    "11 ",
    "9007199254740992",
    str(2**63 - 1),
    str(2**63),
    "9" * 19,
    "9" * 20,
    "",
)
MLDSA_VKEY: Final = vkeys.vkey_of(MLDSA_KEY)
OTHER_MLDSA_VKEY: Final = vkeys.vkey_of(OTHER_MLDSA_KEY)
FINGERPRINTS: Final = tuple(notes.fingerprint(notes.key_in(key)) for key in (VKEY, OTHER_VKEY, MLDSA_VKEY))
# Two seeds whose keys have one id under the name vouch.example.org: one of them was looked for.
TWINS: Final = (7208, 128088)


def vkey(name: str, data: bytes, key_id: bytes | None = None) -> str:
    """``data`` is the type byte and the key; its true id unless another is given."""
    made = sha256(name.encode() + b"\n" + data).digest()[:4] if key_id is None else key_id
    return f"{name}+{made.hex()}+{b64encode(data).decode()}"


def private(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big"))


def public(seed: int) -> bytes:
    return b"\x01" + private(seed).public_key().public_bytes_raw()


def a_key(chance: Random) -> str:
    """A verifier key, or nearly one."""
    kind = chance.randrange(9)
    if kind < 3:
        return chance.choice((VKEY, VKEY, OTHER_VKEY, OTHER_VKEY, MLDSA_VKEY, OTHER_MLDSA_VKEY, *FINGERPRINTS))
    if kind == 7:
        return vkey("vouch.example.org", public(chance.choice(TWINS)))
    if kind == 3:
        return vkey(chance.choice(NAMES), public(chance.randrange(3)))
    if kind == 4:
        return vkey("k", b"\x01" + (chance.choice(NO_POINTS) % 2**256).to_bytes(32, "little"))
    if kind == 5:
        return vkey(
            "k", chance.choice((b"\x02", b"\x04", b"\x06", b"\xff", b"\x01")) + bytes(chance.choice((0, 31, 32, 33))), b"abcd"
        )
    changed = chance.choice((VKEY.upper(), VKEY.replace("+", "-"), f"{VKEY}=", f" {VKEY}", f"{VKEY}\n", VKEY[:-1], "key", ""))
    return changed if kind == 6 else odd_values.mutated(chance, VKEY)


def some_keys(chance: Random) -> tuple[str, ...]:
    return tuple(a_key(chance) if chance.random() < 0.4 else VKEY for _ in range(chance.randrange(1, 4)))


def a_seal(chance: Random, origin: str, size: int, root: bytes) -> bytes:
    """A note about that head, or nearly."""
    said = [origin, str(size), b64encode(root).decode()]
    if chance.random() < 0.4:
        at = chance.randrange(3)
        said[at] = chance.choice((*SIZES, odd_values.text(chance), said[at] + "=", "AAAA"))
    said += ["extension"] * (chance.random() < 0.1) + [""] * (chance.random() < 0.05)
    text = "\n".join(said) + "\n"
    made = signed(chance, text)
    return made + _mldsa_line(chance, text) if chance.random() < 0.3 else made


def _mldsa_line(chance: Random, text: str) -> bytes:
    """By ML-DSA-44, true or not; where the text is no checkpoint, only of the right length."""
    key = chance.choice((MLDSA_KEY, MLDSA_KEY, OTHER_MLDSA_KEY))
    try:
        return note.signature_line(text, key, at=chance.choice((0, SEALED, 2**63 - 1))).encode()
    except (ValueError, VerificationError):
        data = b"\x06" + MLDSA44PrivateKey.from_seed_bytes(bytes(range(2, 34))).public_key().public_bytes_raw()
        return _line("vouch.example.org", data, bytes(2_428)).encode()


def a_list(chance: Random) -> bytes:
    """A list of origins, or nearly."""
    listed = ["vouch.example.org/trail/0011223344556677", *(odd_values.text(chance) for _ in range(chance.randrange(3)))]
    about = chance.choice(("school 100023", "school 148000", "school ", "trust 1", odd_values.text(chance)))
    return signed(chance, "\n".join([chance.choice(("vouch-origins/1", "vouch-origins/1", "x")), about, *listed]) + "\n")


def an_odd_note(chance: Random) -> bytes:
    return signed(chance, odd_values.text(chance) + "\n")


def signed(chance: Random, text: str) -> bytes:
    """The text with lines of signatures: by known keys and by others, true, false, and in no form."""
    found = [
        a_line(chance, text) for _ in range(chance.choice((0, 1, 1, 2, 3, 100, 101) if chance.random() < 0.1 else (1, 1, 2)))
    ]
    if chance.random() < 0.8:
        found.insert(chance.randrange(len(found) + 1), _line_by("vouch.example.org", SIGNING_KEY, text))
    whole = f"{text}\n{''.join(found)}".encode("utf-8", "surrogatepass")
    if chance.random() < 0.1:
        at = chance.randrange(len(whole) + 1)
        whole = (
            whole[:at] + chance.choice((b"\n", b"\r", b"\0", b"\x7f", b"\xff", b"\t", b" ")) + whole[at + chance.randrange(2) :]
        )
    return whole


def a_line(chance: Random, text: str) -> str:
    kind = chance.randrange(6)
    if kind == 0:
        return _line_by("vouch.example.org", chance.choice((SIGNING_KEY, OTHER_KEY)), chance.choice((text, "other\n")))
    if kind == 1:
        seed = chance.choice(TWINS)
        return _line("vouch.example.org", public(seed), private(seed).sign(text.encode()))
    name, seed = chance.choice(NAMES), chance.randrange(3)
    if kind == 2:
        return _line(name, public(seed), private(seed).sign(text.encode()))
    line = _line(name, public(seed), chance.randbytes(chance.choice((0, 1, 63, 64, 65, 72, 2428))))
    if kind == 3:
        return line
    return chance.choice(
        (
            line.replace("\u2014 ", "- "),
            line.replace(" ", "  "),
            line[:-2] + "\n",
            line[:-1] + "=\n",
            line.upper(),
            line[:-1] + " x\n",
            "\n",
        )
    )


def _line(name: str, data: bytes, signature: bytes) -> str:
    key_id = sha256(name.encode() + b"\n" + data).digest()[:4]
    return f"\u2014 {name} {b64encode(key_id + signature).decode()}\n"


def _line_by(name: str, key: str, text: str) -> str:
    try:
        return note.sign_note(text, key).decode().rpartition("\n\n")[2]
    except ValueError:  # a text that no note may hold
        return _line(name, public(1), bytes(64))
